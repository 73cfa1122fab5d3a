"""Turns a placed file into the reference that the sync works with: readers, status, signals. For listing.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ingest.connectors.connector import FileReference
from ingest.connectors.drive.access import NOBODY, Readers, read_permissions
from ingest.connectors.drive.calls import DriveCalls
from ingest.connectors.drive.forms import name_version
from ingest.connectors.drive.groups import Directory
from ingest.connectors.drive.item import Item
from ingest.connectors.drive.outside import Seed
from ingest.connectors.drive.placing import Placed
from ingest.connectors.drive.signals import find_latest, judge_approvals, list_signals


@dataclass(slots=True)
class ReferenceMaker:
    """Asks for what the listing itself does not hold: permissions in shared drives, approvals."""

    calls: DriveCalls
    directory: Directory
    now: datetime
    reads_approvals: bool = True
    ends: dict[str, str] = field(default_factory=dict)
    """When the first grant of an item ends, of all that were made."""
    _may_read_groups: bool | None = None

    def make(self, placed: Placed) -> FileReference:
        """One reference. A file that is not read gets no readers, so nothing is asked for it."""
        item, form = placed.item, placed.form
        is_read = form.skip_reason is None
        readers = self._find_readers(placed) if is_read or form.is_restricted else NOBODY
        if readers.until:
            self.ends[item.id] = readers.until.isoformat()
        approvals = self.calls.list_approvals(item) if is_read and self.reads_approvals else None
        latest = find_latest(approvals)
        return FileReference(
            path=placed.path,
            size=item.size,
            updated=item.modified,
            skip_reason=form.skip_reason,
            item_id=item.id,
            version=name_version(item, form),
            stated=_state(placed, judge_approvals(approvals, item)),
            access=readers.access,
            signals=list_signals(item, folders=placed.folders, drive=placed.drive, approval=latest),
            handle=_write_handle(item, form.export),
            note=note_readers(readers, may_read_groups=self._know_groups(readers)),
        )

    def _find_readers(self, placed: Placed) -> Readers:
        entries = placed.item.permissions
        if entries is None:
            entries = self.calls.list_permissions(placed.item)
        return read_permissions(entries, now=self.now, shut=placed.shut)

    def _know_groups(self, readers: Readers) -> bool:
        if not readers.groups:
            return True
        if self._may_read_groups is None:
            self._may_read_groups = self.directory.may_read()
        return self._may_read_groups


def make_dead_reference(seed: Seed) -> FileReference:
    """A shortcut or a single file that leads nowhere, for the report."""
    name = seed.name or seed.target
    return FileReference(
        path=f"{seed.path}/{name}" if seed.path else name,
        size=0,
        updated=None,
        skip_reason="leads to a file that is not there (any more) or not shared with this account",
        item_id=f"dead:{seed.id or seed.target}",
        version="dead",
        access=NOBODY.access,
    )


def note_readers(readers: Readers, *, may_read_groups: bool) -> str:
    """What an admin should know about who cannot read it."""
    if not readers.is_known:
        return (
            "nobody reads it: whom it is shared with is hidden from this account. Make it a content manager of the "
            "shared drive, or an editor of the folder"
        )
    if may_read_groups:
        return ""
    return (
        f"groups that it is shared with: {readers.groups}; their members are hidden from this account, so they open "
        "nothing. Grant it the scope admin.directory.group.readonly and a role that may read groups"
    )


def _state(placed: Placed, status: str | None) -> Mapping[str, Any]:
    item = placed.item
    link = str(item.raw.get("webViewLink", ""))
    stated = {
        "title": _name_title(placed),
        "url": link if link.startswith("https://") else "",
        "owner": item.owner,
        "status": status or "",
    }
    return {name: value for name, value in stated.items() if value}


def _name_title(placed: Placed) -> str:
    """The name without the suffix of a file; Docs editors' files have none of their own."""
    name = placed.item.name.strip()
    stem, dot, suffix = name.rpartition(".")
    is_suffix = bool(stem and dot) and placed.form.name.lower().endswith(f".{suffix.lower()}")
    return stem if is_suffix and not placed.form.export else name


def _write_handle(item: Item, export: str) -> Mapping[str, str]:
    handle = {"export": export, "keys": item.key_header.get("X-Goog-Drive-Resource-Keys", "")}
    return {name: value for name, value in handle.items() if value}
