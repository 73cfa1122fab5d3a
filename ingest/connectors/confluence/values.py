"""Reads single values of a site's answers. Pure; used by cloud_*.py and data_center_*.py."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from ingest.connectors.web_client import RequestRefused

MOST_KEYS = 50


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


def split_keys(keys: Collection[str]) -> list[list[str]]:
    """Space keys in portions that one CQL question takes."""
    ordered = sorted(keys)
    return [ordered[start : start + MOST_KEYS] for start in range(0, len(ordered), MOST_KEYS)]


@contextmanager
def expect_answers(form: Callable[[str], Exception]) -> Iterator[None]:
    """A refusal, and an answer in another form than ours, end as the error that `form` makes of a sentence."""
    try:
        yield
    except RequestRefused as error:
        raise form(str(error)) from error
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise form(
            f"the site answered in a form that is not known here ({type(error).__name__}: {error}); is the address "
            "that of a Confluence site?"
        ) from error


def quote_words(words: Collection[str]) -> str:
    """Words of a CQL list."""
    return ",".join(f'"{one}"' for one in sorted(words))


def write_includer_query(spaces: Collection[str]) -> str:
    """CQL for pages that hold a macro which includes another page. Never a folder: Data Center knows none."""
    return f'macro in ("include","excerpt-include") and type = page and space in ({quote_words(spaces)})'
