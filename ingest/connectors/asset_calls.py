"""What asking a DAM takes, whichever it is: a listing that is whole or none, and an original that may not be had.

Used by the connectors of DAMs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from core.errors import TransientError
from ingest.connectors.asset_file import Asset, build_asset_file, explain_unread, most_original_bytes
from ingest.connectors.connector import CredentialsRefused, FileGone, SourceUnreadable
from ingest.connectors.web_client import RequestRefused, WebClient
from ingest.parsers.clean_text import drop_invisible

ROUNDS, READINGS = 4, 2
DEEPEST = 10
NOT_GIVEN = "its source does not give out the file"


class ListingUnsteady(TransientError):
    """The source kept changing while it was listed: what was read may lack something, so it is not used."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a listing, and how many rows the whole listing has."""

    total: int
    rows: Sequence[Mapping[str, Any]]


def clean_json(value: Any, depth: int = DEEPEST) -> Any:
    """The same reply without characters that nobody sees and no database takes; what is nested deeper is left out."""
    if isinstance(value, str):
        return drop_invisible(value)
    if isinstance(value, list | dict) and not depth:
        return None
    if isinstance(value, list):
        return [clean_json(one, depth - 1) for one in value]
    if isinstance(value, dict):
        return {drop_invisible(name): clean_json(one, depth - 1) for name, one in value.items()}
    return value


def list_whole(
    fetch_page: Callable[[int, int], Page], *, identify: Callable[[Mapping[str, Any]], str], name: str
) -> dict[str, Mapping[str, Any]]:
    """All rows by their ids. `fetch_page(number, offset)` counts pages from 1 and rows from 0.

    A reading counts when it brought as many different rows as the source says it has. Of several pages two readings
    are joined: where one row goes and another comes meanwhile, pages slide, and a row that was always there stands on
    none of them. Raises ListingUnsteady when four readings do not give two that count.
    """
    rows: dict[str, Mapping[str, Any]] = {}
    read = 0
    for _ in range(ROUNDS):
        found = _read_round(fetch_page, identify)
        if found is None:
            continue
        rows, pages = rows | found.rows, found.pages
        read += 1
        if pages == 1 or read == READINGS:
            return rows
    raise ListingUnsteady(
        f"{name}: the listing kept changing or broke off in {ROUNDS} readings; nothing was changed, it is tried again"
    )


@dataclass(frozen=True, slots=True)
class _Round:
    rows: dict[str, Mapping[str, Any]]
    pages: int


def _read_round(
    fetch_page: Callable[[int, int], Page], identify: Callable[[Mapping[str, Any]], str]
) -> _Round | None:
    rows: dict[str, Mapping[str, Any]] = {}
    total, offset, number = None, 0, 1
    for number in count(1):
        page = fetch_page(number, offset)
        total = page.total if total is None else total
        if page.total != total:
            return None
        rows |= {identify(row): row for row in page.rows}
        offset += len(page.rows)
        if offset >= total or not page.rows:
            break
    return _Round(rows, number) if len(rows) == total else None


def write_asset_file(
    asset: Asset, find_address: Callable[[], str | None], client: WebClient, *, max_bytes: int
) -> bytes:
    """The asset file, with its original where that is a text which may be had; else it says why not.

    Raises FileGone where the original lies on a host that is not allowed: only an admin can change that.
    """
    if asset.original is None:
        return build_asset_file(asset)
    unread = explain_unread(asset.original, max_bytes=max_bytes)
    address = None if unread else find_address()
    if address is None:
        return build_asset_file(asset, unread=unread or NOT_GIVEN)
    try:
        content = client.get_bytes(address, max_bytes=most_original_bytes(max_bytes))
    except CredentialsRefused:
        raise
    except SourceUnreadable as error:
        raise FileGone(
            f"its original is not fetched ({error}); a host that is right is named by --asset-hosts"
        ) from error
    except RequestRefused as error:
        return build_asset_file(asset, unread=f"{NOT_GIVEN} (HTTP {error.status})")
    except FileGone as error:
        return build_asset_file(asset, unread=str(error))
    return build_asset_file(asset, content)
