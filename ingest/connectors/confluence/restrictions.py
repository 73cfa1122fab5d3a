"""Reads the restriction of one page, which both editions answer in the same form. Used by *_readers.py."""

from collections.abc import Callable, Mapping
from typing import Any

from ingest.connectors.confluence.paging import Params
from ingest.connectors.confluence.site import Account, Named
from ingest.connectors.confluence.values import read_mapping
from ingest.connectors.connector import SourceUnreadable
from ingest.connectors.web_client import RequestRefused, SourceBusy, WebClient

_OUT_OF_SIGHT = (403, 404)
_ASKED = 100
MOST_PAGES = 500


def read_restriction(
    client: WebClient, content: str, *, read_account: Callable[[dict[str, Any]], Account]
) -> Named | None:
    """Users and groups of the page's own restriction; None when it is out of our sight.

    Ancestors are never expanded here: one that is out of sight makes the whole answer 404 (CONFCLOUD-77618).
    """
    users: list[Account] = []
    groups: list[tuple[str, str]] = []
    others = start = 0
    for _ in range(MOST_PAGES):
        parts = _ask(client, f"{content}/restriction/byOperation/read", start)
        if parts is None:
            return None
        found = {name: _read_part(part, content) for name, part in parts.items()}
        users += [read_account(row) for row in found.get("user", [])]
        groups += [(str(row["name"]), str(row.get("id") or row["name"])) for row in found.get("group", [])]
        others += sum(_count(part, rows) for part, rows in _pair(parts, found))
        if not any(_has_more(part, found[name]) for name, part in parts.items()):
            return Named(tuple(users), tuple(groups), others=others)
        start += max(len(rows) for rows in found.values())
    raise SourceBusy(f"{content}: its restriction has no end; it is tried again later")


def _ask(client: WebClient, path: str, start: int) -> Mapping[str, Any] | None:
    params: Params = {"expand": "restrictions.user,restrictions.group", "start": start, "limit": _ASKED}
    try:
        answer = client.get_json(path, params)
    except RequestRefused as error:
        if error.status in _OUT_OF_SIGHT:
            return None
        raise
    parts = read_mapping(read_mapping(answer).get("restrictions"))
    if "user" not in parts or "group" not in parts:
        raise SourceUnreadable(f"{path}: the answer does not say who may read; nothing was synced")
    return {name: part for name, part in parts.items() if isinstance(part, dict)}


def _read_part(part: Mapping[str, Any], content: str) -> list[dict[str, Any]]:
    rows = part.get("results", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceUnreadable(f"{content}: the answer does not say who may read; nothing was synced")
    return rows


def _pair(
    parts: Mapping[str, Any], found: Mapping[str, list[dict[str, Any]]]
) -> list[tuple[Mapping[str, Any], list[dict[str, Any]]]]:
    return [(part, [] if name not in ("user", "group") else found[name]) for name, part in parts.items()]


def _count(part: Mapping[str, Any], rows: list[dict[str, Any]]) -> int:
    """How many are named there beyond those that we can read: they keep it a restriction."""
    return max(int(part.get("size") or 0), len(part.get("results", []))) - len(rows)


def _has_more(part: Mapping[str, Any], rows: list[dict[str, Any]]) -> bool:
    has_next = bool(read_mapping(part.get("_links")).get("next"))
    return bool(rows) and (has_next or len(rows) >= int(part.get("limit") or _ASKED))
