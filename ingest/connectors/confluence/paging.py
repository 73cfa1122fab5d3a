"""Follows listings to their end, or raises: a page that fails, repeats or leads nowhere fails its listing.

Used by cloud_*.py and data_center_*.py.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from ingest.connectors.connector import SourceUnreadable
from ingest.connectors.web_client import Answer, SourceBusy, WebClient

Params = Mapping[str, str | int]
MOST_A_PAGE = 250
MOST_EMPTY_PAGES = 50


def follow_cursors(client: WebClient, path: str, params: Params | None = None) -> Iterator[dict[str, Any]]:
    """All results of a listing with cursors.

    Only the cursor is taken from `next`: host and path are ours, so that no context is doubled and no other host asked.
    """
    asked = {"limit": MOST_A_PAGE, **(params or {})}
    seen = _Seen(path)
    while True:
        answer = client.get_response(path, asked)
        results = read_results(answer.json, path)
        yield from results
        cursor = _find_cursor(answer, path)
        if cursor is None:
            return
        seen.add(results, cursor)
        asked["cursor"] = cursor


def follow_offsets(client: WebClient, path: str, params: Params | None = None) -> Iterator[dict[str, Any]]:
    """All results of a listing with start and limit. The server may give fewer than were asked for."""
    asked: dict[str, str | int] = {"limit": MOST_A_PAGE, **(params or {}), "start": 0}
    seen = _Seen(path)
    while True:
        page = client.get_json(path, asked)
        results = read_results(page, path)
        yield from results
        if not read_links(page).get("next"):
            return
        if not results:
            raise SourceBusy(f"{path}: an empty page says that more follow; it is tried again later")
        # What was received, not what was asked for: the limit may have been lowered.
        start = int(asked["start"]) + len(results)
        seen.add(results, str(start))
        asked["start"] = start


def read_results(page: Any, path: str) -> list[dict[str, Any]]:
    """The results of one page; raises SourceUnreadable when it is no such page."""
    results = page.get("results") if isinstance(page, dict) else None
    if not isinstance(results, list) or not all(isinstance(one, dict) for one in results):
        raise SourceUnreadable(f"{path}: the answer is no page of a listing; nothing was synced")
    return results


def read_links(page: Any) -> dict[str, Any]:
    """`_links` of an answer, empty when there are none."""
    links = page.get("_links") if isinstance(page, dict) else None
    return links if isinstance(links, dict) else {}


class _Seen:
    """Notices a listing that goes round in circles."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._ids: set[str] = set()
        self._cursors: set[str] = set()
        self._empty = 0

    def add(self, results: list[dict[str, Any]], cursor: str) -> None:
        ids = {str(one["id"]) for one in results if "id" in one}
        self._empty += not results
        if cursor in self._cursors or self._empty > MOST_EMPTY_PAGES or (ids and ids <= self._ids):
            raise SourceBusy(f"{self._path}: the listing repeats itself; it is tried again later")
        self._cursors.add(cursor)
        self._ids |= ids


def _find_cursor(answer: Answer, path: str) -> str | None:
    following = read_links(answer.json).get("next") or _read_link_header(answer.headers.get("Link", ""))
    if not following:
        return None
    cursors = parse_qs(urlsplit(str(following)).query).get("cursor")
    if not cursors:
        raise SourceUnreadable(f"{path}: the next page has no cursor; nothing was synced")
    return cursors[0]


def _read_link_header(header: str) -> str | None:
    if not header:
        return None
    response = httpx.Response(200, headers={"Link": header})
    return response.links.get("next", {}).get("url")
