"""How one setting is declared: its variable, default, description and group. Used by the settings files of core."""

from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

Group = Literal[
    "Where things live",
    "Slack",
    "Language model",
    "Index",
    "Sources",
    "Limits",
    "People",
    "Curation",
    "Operation",
]


def declare_setting(
    name: str, default: Any, description: str, group: Group, *, allowed: str = "", **limits: Any
) -> Any:
    """A field of a settings class; `allowed` says in words what may stand there."""
    extra: dict[str, Any] = {"group": group, "allowed": allowed}
    return Field(default, validation_alias=name, description=description, json_schema_extra=extra, **limits)


def check_web_address(value: str | None) -> str | None:
    """The value, if it is unset or an http(s) address with a host."""
    parts = urlsplit(value or "http://unset")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not a web address")
    return value
