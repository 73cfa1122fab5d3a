"""A source in memory whose listings, versions and failures a test scripts. It keeps the connector's contract."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from core.access import OPEN_TO_ALL, AccessList
from ingest.connectors.connector import FileGone, FileReference, GroupListing, Listing


@dataclass(slots=True)
class Item:
    """One thing that the source holds."""

    path: str
    text: str
    version: int = 1
    access: AccessList = OPEN_TO_ALL
    stated: dict[str, object] = field(default_factory=lambda: {"status": "approved"})


@dataclass(slots=True)
class ListedSource:
    """`items` by id. Every change of an item is written to `changes`, from which later listings are made."""

    items: dict[str, Item] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    fetched: Counter[str] = field(default_factory=Counter)
    asked: list[str | None] = field(default_factory=list)
    fail_fetch: dict[str, Exception] = field(default_factory=dict)
    fail_listing: Exception | None = None
    knows_changes: bool = True

    def put(self, item_id: str, path: str, text: str) -> None:
        known = self.items.get(item_id)
        if known is None:
            self.items[item_id] = Item(path, text)
        else:
            self.items[item_id] = replace(known, path=path, text=text, version=known.version + 1)
        self.changes.append(item_id)

    def change(self, item_id: str, **fields: object) -> None:
        """Anything but the bytes: path, access, what is stated."""
        self.items[item_id] = replace(self.items[item_id], **fields)  # type: ignore[arg-type]
        self.changes.append(item_id)

    def remove(self, item_id: str) -> None:
        del self.items[item_id]
        self.changes.append(item_id)

    def check_credentials(self) -> None:
        if self.fail_listing:
            raise self.fail_listing

    def list_changes(self, since: str | None) -> Listing:
        self.check_credentials()
        self.asked.append(since)
        cursor = str(len(self.changes)) if self.knows_changes else None
        if since is None:
            return Listing(tuple(self._refer(one) for one in self.items), cursor=cursor)
        changed = dict.fromkeys(self.changes[int(since) :])
        files = tuple(self._refer(one) for one in changed if one in self.items)
        gone = frozenset(one for one in changed if one not in self.items)
        return Listing(files, is_complete=False, removed=gone, cursor=cursor)

    def fetch(self, file: FileReference) -> bytes:
        self.fetched[file.item_id] += 1
        if file.item_id in self.fail_fetch:
            raise self.fail_fetch[file.item_id]
        if file.item_id not in self.items:
            raise FileGone("is not there any more")
        return self.items[file.item_id].text.encode()

    def list_groups(self) -> GroupListing | None:
        return GroupListing(self.groups) if self.groups else None

    def _refer(self, item_id: str) -> FileReference:
        item = self.items[item_id]
        return FileReference(
            path=item.path,
            size=len(item.text),
            updated=datetime(2026, 3, 1, tzinfo=UTC),
            item_id=item_id,
            version=str(item.version),
            stated=item.stated,
            access=item.access,
        )
