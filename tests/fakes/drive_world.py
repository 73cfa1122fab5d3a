"""The state of the fake Drive: drives, folders, files, who they are shared with, and the log of what has changed."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
DOC = "application/vnd.google-apps.document"
SHEET = "application/vnd.google-apps.spreadsheet"
SLIDES = "application/vnd.google-apps.presentation"
MARKDOWN = "text/markdown"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@dataclass(slots=True)
class Grant:
    """One permission. `who` is an e-mail, a domain's name, or "" for anyone."""

    who: str
    kind: str = "user"
    role: str = "reader"
    is_discoverable: bool = False
    expires: datetime | None = None
    is_deleted: bool = False
    is_pending_owner: bool = False
    view: str = ""

    @property
    def id(self) -> str:
        """One id a grantee, as in the service; what can be searched for has another than what has a link."""
        sign = (
            f"{self.kind}:{self.who}:{self.view}:{self.is_discoverable and self.kind in ('domain', 'anyone')}"
        )
        return hashlib.sha256(sign.encode()).hexdigest()[:16]


@dataclass(slots=True)
class Item:
    """A file, folder or shortcut. `exports` holds what a Docs editors' file gives, by MIME type."""

    id: str
    name: str
    mime: str
    parent: str
    drive: str
    created: datetime
    modified: datetime
    owner: str = ""
    content: bytes = b""
    exports: dict[str, bytes] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    version: int = 1
    revision: int = 1
    is_trashed: bool = False
    is_limited: bool = False
    can_download: bool = True
    hides_grants: bool = False
    target: str = ""
    key: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    approvals: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class SharedDrive:
    """A shared drive and its members."""

    id: str
    name: str
    created: datetime
    members: list[Grant]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log: `corpus` is the shared drive's id, or "" for everything else."""

    number: int
    corpus: str
    id: str
    is_drive: bool = False


@dataclass(slots=True)
class DriveWorld:
    """What the service holds. Every act moves its clock by a minute and is written into the log."""

    account: str = "onbrand@project.example"
    now: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    drives: dict[str, SharedDrive] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    groups: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    group_aliases: dict[str, list[str]] = field(default_factory=dict)
    directory_readers: set[str] = field(default_factory=set)
    delegated_scopes: set[str] = field(default_factory=set)
    log: list[Entry] = field(default_factory=list)
    _made: int = 0

    def add_drive(self, name: str, *members: Grant) -> str:
        """A shared drive in which the account is a member, too."""
        id_ = self._make_id("drive")
        self.drives[id_] = SharedDrive(id_, name, self.now, [Grant(self.account, role="organizer"), *members])
        self._note(id_, id_, is_drive=True)
        return id_

    def add_item(self, parent: str, name: str, mime: str, **fields: Any) -> str:
        """Anything, below a drive, a folder, or "" (somebody's own space)."""
        drive = parent if parent in self.drives else (self.items[parent].drive if parent else "")
        id_ = self._make_id("item")
        item = Item(id_, name, mime, parent, drive, self.now, self.now, **fields)
        if not drive:
            item.owner = item.owner or "owner@brand.example"
            item.grants = [Grant(item.owner, role="owner"), *item.grants]
        self.items[id_] = item
        self._note(item.drive, id_)
        return id_

    def add_folder(self, parent: str, name: str, **fields: Any) -> str:
        """A folder."""
        return self.add_item(parent, name, FOLDER, **fields)

    def add_file(self, parent: str, name: str, content: bytes, *, mime: str = MARKDOWN, **fields: Any) -> str:
        """A file with bytes of its own."""
        return self.add_item(parent, name, mime, content=content, **fields)

    def add_doc(self, parent: str, name: str, text: str, **fields: Any) -> str:
        """A Docs document."""
        exports = {MARKDOWN: text.encode(), WORD: b"PK-docx " + text.encode()}
        return self.add_item(parent, name, DOC, exports=exports, **fields)

    def add_shortcut(self, parent: str, name: str, target: str, **fields: Any) -> str:
        """A shortcut; its target may be anywhere."""
        return self.add_item(parent, name, SHORTCUT, target=target, **fields)

    def write(self, id_: str, content: bytes, *, modified: datetime | None = None) -> None:
        """A new revision. `modified`: the date that the uploader claims."""
        item = self.items[id_]
        if item.exports:
            item.exports = dict.fromkeys(item.exports, content)
        else:
            item.content = content
        item.revision += 1
        self._touch(item)
        item.modified = modified or self.now

    def change(self, id_: str, **fields: Any) -> None:
        """Set fields of an item (name, is_trashed, is_limited, grants, fields …)."""
        item = self.items[id_]
        for name, value in fields.items():
            assert hasattr(item, name), name
            setattr(item, name, value)
        self._touch(item)

    def move(self, id_: str, parent: str) -> None:
        """Below another folder or drive. Only the moved item is written into the log, not what it holds."""
        item = self.items[id_]
        before = item.drive
        item.parent = parent
        drive = parent if parent in self.drives else self.items[parent].drive
        for one in self.list_below(id_):
            one.drive = drive
        self._touch(item)
        if before != drive:
            self._note(before, id_)

    def remove(self, id_: str) -> None:
        """Deleted for good, with everything below."""
        gone = self.list_below(id_)
        for one in gone:
            del self.items[one.id]
        self.now += timedelta(minutes=1)
        self._note(gone[0].drive, id_)

    def remove_drive(self, id_: str) -> None:
        """The whole shared drive."""
        del self.drives[id_]
        self.items = {key: item for key, item in self.items.items() if item.drive != id_}
        self._note(id_, id_, is_drive=True)

    def set_members(self, drive: str, *members: Grant) -> None:
        """Other members than before, beside the account."""
        self.drives[drive].members = [Grant(self.account, role="organizer"), *members]
        self._note(drive, drive, is_drive=True)

    def list_below(self, id_: str) -> list[Item]:
        """The item itself and everything below it."""
        found, queue = [], [id_]
        while queue:
            here = queue.pop(0)
            if here in self.items and self.items[here] not in found:
                found.append(self.items[here])
                queue += [item.id for item in self.items.values() if item.parent == here]
        return found

    def is_trashed(self, item: Item) -> bool:
        """Itself, or a folder above it."""
        above = self.items.get(item.parent)
        return item.is_trashed or (above is not None and self.is_trashed(above))

    def list_grants(self, item: Item) -> Iterator[tuple[Grant, str]]:
        """Every permission that reaches the item, with the id that it comes from ("": its own)."""
        for grant in item.grants:
            yield grant, ""
        for grant, source in self._list_inherited(item):
            if not item.is_limited or grant.role in ("owner", "organizer"):
                yield grant, source

    def list_shut_out(self, item: Item) -> Iterator[tuple[Grant, str]]:
        """What a limited folder keeps out: such people see the folder's name and nothing else."""
        if item.is_limited:
            for grant, source in self._list_inherited(item):
                if grant.role not in ("owner", "organizer"):
                    yield grant, source

    def may_find(self, person: str, id_: str) -> bool:
        """The service's own rule: may this person find the item without being handed a link?"""
        return any(self._lets_find(grant, person) for grant, _ in self.list_grants(self.items[id_]))

    def may_open(self, person: str, id_: str, keys: Mapping[str, str]) -> bool:
        """As may_find, or with a link (and its key, where it has one)."""
        item = self.items[id_]
        links = [grant for grant, _ in self.list_grants(item) if grant.kind == "anyone"]
        return self.may_find(person, id_) or (bool(links) and item.key in ("", keys.get(id_)))

    def list_members(self, group: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
        """Everybody in a group, over groups in groups."""
        found: set[str] = set()
        for member in self.groups.get(group, []):
            if member["type"] == "GROUP" and member["email"] not in seen:
                found |= self.list_members(member["email"], seen | {group})
            elif member["type"] == "USER" and member.get("status", "ACTIVE") == "ACTIVE":
                found.add(member["email"])
        return frozenset(found)

    def list_changes(self, corpus: str, since: int) -> list[Entry]:
        """The last line of each file since a number, oldest first."""
        last = {
            (entry.is_drive, entry.id): entry
            for entry in self.log
            if entry.corpus == corpus and entry.number >= since
        }
        return sorted(last.values(), key=lambda entry: entry.number)

    def _list_inherited(self, item: Item) -> Iterator[tuple[Grant, str]]:
        if item.parent in self.items:
            for grant, source in self.list_grants(self.items[item.parent]):
                yield grant, source or item.parent
        elif item.parent in self.drives:
            for grant in self.drives[item.parent].members:
                yield grant, item.parent

    def _lets_find(self, grant: Grant, person: str) -> bool:
        if grant.is_deleted or grant.is_pending_owner or grant.view:
            return False
        if grant.expires and grant.expires <= self.now:
            return False
        if grant.kind == "group":
            return person in self.list_members(grant.who)
        if grant.kind == "user":
            return person == grant.who
        reaches = grant.kind == "anyone" or person.endswith(f"@{grant.who}")
        return grant.is_discoverable and reaches

    def _touch(self, item: Item) -> None:
        self.now += timedelta(minutes=1)
        item.version += 1
        self._note(item.drive, item.id)

    def _note(self, corpus: str, id_: str, *, is_drive: bool = False) -> None:
        self.log.append(Entry(len(self.log) + 1, corpus, id_, is_drive))

    def _make_id(self, kind: str) -> str:
        self._made += 1
        self.now += timedelta(minutes=1)
        return f"{kind}-{self._made:04d}-{hashlib.sha256(str(self._made).encode()).hexdigest()[:8]}"
