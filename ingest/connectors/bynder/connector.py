"""Assets of a Bynder portal: listed with all that Bynder says of them, each as one asset file (asset_file.py)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from core.errors import UsageError
from ingest.connectors.asset_calls import write_asset_file
from ingest.connectors.asset_file import digest_asset, explain_unread, name_asset_file, state_facts
from ingest.connectors.bynder.asset_words import Reading, Wishes, read_asset, read_signals
from ingest.connectors.bynder.portal import START, Catalogue, Portal, Row, read_moment, write_moment
from ingest.connectors.connector import FileReference, FileWithdrawn, GroupListing, Listing, SourceUnreadable
from ingest.connectors.options import Option, SourceSetup, SourceType
from ingest.connectors.web_client import RequestRefused

# Search indexes lag: what was modified shortly before the newest entry that we saw may not have been listed yet.
OVERLAP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The newest change that was seen, how many entries the listings had, and a digest of how they were read."""

    since: str
    total: int
    reading: str


class BynderConnector:
    """One portal, or the collections, brands and metaproperties that the options name."""

    def __init__(self, setup: SourceSetup) -> None:
        self._portal = Portal(setup)
        self._max_bytes = setup.max_bytes
        self._wishes = _read_wishes(setup)
        self._collections = setup.list_words("collections")
        self._brands = setup.list_words("brands")
        self._filters = _read_filters(setup)
        self._catalogue: Catalogue | None = None

    def check_credentials(self) -> None:
        """One small question that every reader of assets may ask."""
        with _as_unreadable():
            self._portal.count_media({})

    def list_changes(self, since: str | None) -> Listing:
        """What was modified and thrown away since the cursor; everything where that does not add up."""
        with _as_unreadable():
            self._catalogue = self._portal.read_catalogue()
            cursor = _read_cursor(since)
            is_known = cursor is not None and cursor.reading == self._digest_reading()
            listing = self._list_since(cursor) if cursor and is_known and not self._is_part() else None
            return listing or self._list_all()

    def fetch(self, file: FileReference) -> bytes:
        """The asset file as of now."""
        row = self._portal.get_media(file.item_id)
        if row is None:
            raise FileWithdrawn("is not in Bynder any more, or not for this credential")
        if self._catalogue is None:
            self._catalogue = self._portal.read_catalogue()
        asset = read_asset(row, self._reading())
        return write_asset_file(
            asset,
            lambda: self._portal.find_download(file.item_id),
            self._portal.client,
            max_bytes=self._max_bytes,
        )

    def list_groups(self) -> GroupListing | None:
        """Bynder's rights are coarse: the admin maps collections, brands or properties to readers."""
        return None

    def _is_part(self) -> bool:
        # An asset that leaves a collection is neither modified nor thrown away: a part is always listed whole.
        return bool(self._collections or self._brands or self._filters)

    def _list_since(self, cursor: _Cursor) -> Listing | None:
        """None where counting shows that something came or went without a trace: restored, or deleted for good."""
        removed = self._portal.list_removed(cursor.since)
        after = read_moment(cursor.since)
        if after is None or removed is None:
            return None
        seen = self._list_rows([{"dateModified": write_moment(after - OVERLAP)}])
        total = self._portal.count_media({}) + self._portal.count_media({"archive": "1"})
        new = sum(write_moment(row.get("dateCreated")) > cursor.since for row in seen)
        if total != cursor.total + new - len(removed):
            return None
        # The search lags behind the trash: what was thrown away may still be found.
        files = self._refer(row for row in seen if row["id"] not in removed)
        return Listing(
            files,
            is_complete=False,
            removed=frozenset(removed),
            cursor=self._write_cursor(total, [cursor.since, *removed.values(), *_list_moments(seen)]),
        )

    def _list_all(self) -> Listing:
        seen = self._list_rows(self._build_queries())
        newest = max(_list_moments(seen), default=START)
        removed = self._portal.list_removed(newest) or {}
        return Listing(self._refer(seen), cursor=self._write_cursor(len(seen), [newest, *removed.values()]))

    def _list_rows(self, queries: Sequence[Mapping[str, str]]) -> list[Row]:
        """Archived assets are asked for as well: a portal may list them only then. One may stand here twice."""
        wanted = [asked for query in queries for asked in (query, {**query, "archive": "1"})]
        return [row for asked in wanted for row in self._portal.list_media(asked).values()]

    def _build_queries(self) -> list[Mapping[str, str]]:
        catalogue = self._catalogue or Catalogue()
        names = {key: name for key, (name, _) in catalogue.collections.items()}
        collections = [
            {"collectionId": one} for one in _find_ids("collection", self._collections, names)
        ] or [{}]
        brands = [{"brandId": one} for one in _find_ids("brand", self._brands, catalogue.brands)] or [{}]
        return [{**self._filters, **first, **second} for first in collections for second in brands]

    def _list_members(self) -> Mapping[str, list[str]]:
        """Asset -> names of the collections that hold it."""
        catalogue = self._catalogue or Catalogue()
        members: dict[str, list[str]] = {}
        for key, (name, _) in sorted(catalogue.collections.items()):
            for item_id in self._portal.list_members(key):
                members.setdefault(item_id, []).append(name)
        return members

    def _refer(self, seen: Iterable[Row]) -> tuple[FileReference, ...]:
        rows = {str(row["id"]): row for row in seen}
        members = self._list_members() if rows else {}
        return tuple(self._build_reference(row, members.get(item_id, ())) for item_id, row in rows.items())

    def _build_reference(self, row: Row, collections: Sequence[str]) -> FileReference:
        reading = self._reading()
        asset = read_asset(row, reading, collections=collections)
        return FileReference(
            path=name_asset_file(asset),
            size=asset.original.size if asset.original else 0,
            updated=read_moment(row.get("dateModified")),
            item_id=asset.item_id,
            version=digest_asset(asset),
            stated=state_facts(asset),
            signals=read_signals(row, reading.catalogue, collections=collections),
            note=explain_unread(asset.original, max_bytes=self._max_bytes),
        )

    def _reading(self) -> Reading:
        return Reading(self._portal.url, self._catalogue or Catalogue(), self._wishes)

    def _write_cursor(self, total: int, moments: Iterable[str]) -> str:
        return json.dumps({"since": max(moments), "total": total, "reading": self._digest_reading()})

    def _digest_reading(self) -> str:
        # With other names in the portal, and with other options, each asset may read otherwise.
        said = (self._reading(), self._collections, self._brands, self._filters)
        return sha256(repr(said).encode()).hexdigest()[:16]


@contextmanager
def _as_unreadable() -> Iterator[None]:
    try:
        yield
    except RequestRefused as error:
        raise SourceUnreadable(
            f"{error}; check what the credential may see in Bynder, then sync again"
        ) from error


def _list_moments(rows: Iterable[Row]) -> list[str]:
    return [write_moment(row.get("dateModified")) for row in rows]


def _read_cursor(text: str | None) -> _Cursor | None:
    try:
        said = json.loads(text or "")
        return _Cursor(str(said["since"]), int(said["total"]), str(said["reading"]))
    except (ValueError, TypeError, KeyError):
        return None


def _find_ids(kind: str, wanted: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Ids of what the admin named by id or name; raises SourceUnreadable for what the portal does not have."""
    found = {one: [key for key, name in names.items() if one in (key, name)] for one in wanted}
    missing = [one for one, keys in found.items() if not keys]
    if missing:
        known = ", ".join(sorted(names.values())) or "none that this credential sees"
        raise SourceUnreadable(f"the {kind} {missing[0]!r} is not in Bynder; there: {known}")
    return [key for keys in found.values() for key in keys]


def _read_filters(setup: SourceSetup) -> Mapping[str, str]:
    pairs = [_split_pair("filters", one) for one in setup.list_words("filters")]
    return {f"property_{name}": value for name, value in pairs}


def _read_wishes(setup: SourceSetup) -> Wishes:
    approved = setup.get("approved-when").strip()
    return Wishes(
        ends=setup.get("ends-property").strip().lower(),
        owner=setup.get("owner-property").strip().lower(),
        approved=_split_pair("approved-when", approved.lower()) if approved else None,
    )


def _split_pair(option: str, text: str) -> tuple[str, str]:
    name, sign, value = (part.strip() for part in text.partition("="))
    if not (name and sign and value):
        raise UsageError(f"--{option} received {text!r}; allowed: Property=Value")
    return name, value


TYPE = SourceType(
    name="bynder",
    title="Bynder",
    options=(
        Option("url", "address of the portal, https://brand.example.com", is_required=True),
        Option("token", "permanent token, or client-id and client-secret of an OAuth app", is_secret=True),
        Option("client-id", "id of an OAuth app with the grant type 'client credentials'", is_secret=True),
        Option("client-secret", "its secret", is_secret=True),
        Option("collections", "only these collections (names or ids, joined by commas)"),
        Option("brands", "only these brands (names or ids, joined by commas)"),
        Option("filters", "only assets with Property=Option (names in the database), joined by commas"),
        Option("approved-when", "Property=Value that says an asset is approved; without it none is"),
        Option("ends-property", "metaproperty that holds the last day of use"),
        Option("owner-property", "metaproperty that names who owns an asset"),
        Option(
            "asset-hosts", "hosts that originals are downloaded from, beside the portal, joined by commas"
        ),
    ),
    open=BynderConnector,
    requests_per_second=10,
)
