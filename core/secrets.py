"""Secrets of sources: read from the environment or a file of their own, never stored, never shown."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that shows as `***` wherever it is printed."""

    _value: str

    def reveal(self) -> str:
        """The value itself, for the request that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


def name_variable(source: str, option: str) -> str:
    """The variable of a source's secret: `wiki` and `token` give `ONBRAND_SOURCE_WIKI_TOKEN`."""
    return "ONBRAND_SOURCE_" + re.sub(r"[^A-Z0-9]", "_", f"{source}_{option}".upper())


def read_secrets_file(path: Path) -> Mapping[str, str]:
    """`NAME=value` lines; raises UsageError when the file cannot be read or others may read it too."""
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the secrets file {path} cannot be read ({type(error).__name__}); see ONBRAND_SECRETS_FILE"
        ) from error
    if mode & 0o077:
        raise UsageError(f"the secrets file {path} may be read by other users; run `chmod 600 {path}`")
    lines = [line.strip() for line in text.splitlines()]
    pairs = [line.split("=", 1) for line in lines if "=" in line and not line.startswith("#")]
    return {name.strip(): value.strip().strip("'\"") for name, value in pairs}


def pick_secrets(source: str, options: Iterable[str], variables: Mapping[str, str]) -> Mapping[str, Secret]:
    """The secrets of one source among variables of any origin."""
    found = {name: variables.get(name_variable(source, name), "") for name in options}
    return {name: Secret(value) for name, value in found.items() if value}
