"""Reads single values of a site's answers. Pure; used by cloud_*.py and data_center_*.py."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit


def read_moment(text: Any) -> datetime | None:
    """A time with its zone, in UTC; None when it is none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def read_mapping(value: Any) -> Mapping[str, Any]:
    """An object, empty where there is none."""
    return value if isinstance(value, dict) else {}


def build_link(base: Any, path: Any) -> str:
    """The address that people open; "" unless it is one that may be shown."""
    if not base or not path or not str(path).startswith("/"):
        return ""
    link = f"{str(base).rstrip('/')}{path}"
    return link if urlsplit(link).scheme == "https" else ""


def quote_words(words: Any) -> str:
    """Words of a CQL list."""
    return ",".join(f'"{one}"' for one in sorted(words))


def write_includer_query(spaces: Any) -> str:
    """CQL for pages that hold a macro which includes another page. Never a folder: Data Center knows none."""
    return f'macro in ("include","excerpt-include") and type = page and space in ({quote_words(spaces)})'
