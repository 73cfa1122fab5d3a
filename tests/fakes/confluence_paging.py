"""Pages of listings, and the two CQL questions that we ask: what both faces of the stand-in for Confluence share."""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.confluence_faults import Faults, Refused
from tests.fakes.confluence_state import Attachment, ConfluenceState, Content

Query = Mapping[str, Sequence[str]]


def read_one(query: Query, name: str, default: str = "") -> str:
    """The value of a parameter that is given once."""
    return query.get(name, [default])[0]


def cut_listing(
    items: Sequence[Any], start: int, asked: int, *, faults: Faults, path: str
) -> tuple[list[Any], int | None]:
    """One page from `start`, and where the next one starts (None: this was the last)."""
    most = min(asked, faults.most_per_page or asked)
    if faults.repeats_page and faults.repeats_page in path:
        return list(items[:most]), most
    end = start + most
    return list(items[start:end]), end if end < len(items) else None


def write_cursor(start: int) -> str:
    """Opaque to whoever gets it."""
    return base64.urlsafe_b64encode(f"at:{start}".encode()).decode()


def read_cursor(cursor: str) -> int:
    """Where a cursor stands; 0 without one."""
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("at:"))
    except ValueError:
        raise Refused(400, "the cursor is not valid") from None


def find_content(state: ConfluenceState, content_id: str, *, kind: str | None = None) -> Content:
    """A content as the account that crawls may see it; 404 otherwise."""
    found = state.contents.get(content_id)
    if (
        found is None
        or found.is_hidden
        or found.status in ("deleted", "draft")
        or kind not in (None, found.kind)
    ):
        raise Refused(404, "no content with this id, or no right to view it")
    return found


def list_pages(state: ConfluenceState, space: str, status: str) -> list[Content]:
    """Pages of a space in the order of their ids."""
    return [
        one
        for one in state.contents.values()
        if one.kind == "page" and one.space == space and one.status == status and not one.is_hidden
    ]


def search_pages(state: ConfluenceState, cql: str) -> list[Content] | None:
    """`macro in (…) and type = page and space in (…)`; None when the question is another one."""
    found = re.fullmatch(r"macro in \(([^)]*)\) and type = page and space in \(([^)]*)\)", cql)
    if not found:
        return None
    macros, spaces = (re.findall(r'"([^"]+)"', one) for one in found.groups())
    return [
        page
        for space in spaces
        for page in list_pages(state, space, "current")
        if any(f'ac:name="{macro}"' in page.body for macro in macros)
    ]


def search_attachments(
    state: ConfluenceState, cql: str, *, zone_hours: int
) -> list[tuple[Content, Attachment]]:
    """`type = attachment and space in (…) and lastmodified >= "…"`, read to the minute in the server's own zone."""
    found = re.fullmatch(
        r"type = attachment and space in \(([^)]*)\) and "
        r'lastmodified >= "(\d{4}-\d\d-\d\d \d\d:\d\d)" order by lastmodified asc',
        cql,
    )
    if not found:
        raise Refused(400, f"cannot parse the query {cql!r}")
    since = datetime.strptime(found[2], "%Y-%m-%d %H:%M").replace(tzinfo=UTC) - timedelta(hours=zone_hours)
    spaces = re.findall(r'"([^"]+)"', found[1])
    pairs = [
        (page, one)
        for space in spaces
        for page in list_pages(state, space, "current")
        for one in page.attachments.values()
        if one.modified.replace(second=0) >= since
    ]
    return sorted(pairs, key=lambda pair: pair[1].modified)
