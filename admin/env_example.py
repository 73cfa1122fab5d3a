"""Writes `.env.example` from the settings, so that the file can be checked against them."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

from core.settings import list_settings

HEAD = """\
# Every setting of onbrand. Copy to .env, or set in the environment; nothing is required to start.
# Without Slack tokens the commands work; without a model endpoint answers are passages."""


def build_env_example() -> str:
    """The whole file; each setting commented out with its default."""
    blocks, group = [HEAD], ""
    for name, field in list_settings().items():
        extra = field.json_schema_extra
        if extra["group"] != group:
            group = extra["group"]
            blocks.append(f"\n# --- {group} ---")
        allowed = f" Allowed: {extra['allowed']}." if extra["allowed"] else ""
        comment = textwrap.fill(field.description + allowed, 110, initial_indent="# ", subsequent_indent="# ")
        blocks.append(f"{comment}\n#{name}={_show(field.default)}")
    return "\n".join(blocks) + "\n"


def _show(default: object) -> str:
    if default is None or default == ():
        return ""
    if isinstance(default, Mapping):
        return ",".join(f"{name}={value}" for name, value in default.items())
    return default.as_posix() if isinstance(default, Path) else str(default)
