"""A listing of what has changed since a cursor. Where the log does not tell enough, None: everything is listed again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.connectors.connector import Listing, SourceGone
from ingest.connectors.drive.calls import ChangeLog
from ingest.connectors.drive.cursor import Cursor
from ingest.connectors.drive.forms import choose_form, list_twin_names
from ingest.connectors.drive.item import Item
from ingest.connectors.drive.listing import Reading, list_folder_ids, name_outside
from ingest.connectors.drive.outside import Reached, Seed
from ingest.connectors.drive.placing import Placed, place_files
from ingest.connectors.drive.realms import OWN_CORPUS, Realm
from ingest.connectors.drive.walk import Holding, list_named, list_trash_below, read_below, read_realm


@dataclass(slots=True)
class _Sorted:
    """The changes of one realm: files to list, folders to list again with all below them, ids that are gone."""

    files: dict[str, Item] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    shortcuts: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class NewsReader:
    """Reads the logs of all realms."""

    reading: Reading
    cursor: Cursor

    def list_news(self) -> Listing | None:
        """Changed files and ids that are gone; None where only a whole listing can tell."""
        realms = self.reading.need_realms()
        if not self._know_realms(realms):
            return None
        logs: dict[str, ChangeLog] = {}
        for realm in realms:
            log = self.reading.calls.list_changes(realm.id, self.cursor.tokens[realm.id])
            if log is None or self._needs_all(log, realm):
                return None
            logs[realm.id] = log
        due = self.cursor.list_due(self.reading.now)
        is_quiet = not any(log.changes for log in logs.values()) and not due
        if is_quiet and not self.cursor.outside and not self.reading.finder.scope.files:
            return Listing((), is_complete=False, cursor=self._move_on(logs).write())
        return self._list_changed(realms, logs, due)

    def _know_realms(self, realms: Sequence[Realm]) -> bool:
        """False where there is a realm without a token, or one that has no log to rely on."""
        ids = {realm.id for realm in realms}
        lost = set(self.cursor.tokens) - ids
        if lost:
            raise SourceGone(
                f"{len(lost)} shared drive(s) that were read before are not there any more, or this account is no longer "
                f"a member ({', '.join(sorted(lost))}). Add it again; if that is right, name the others in --drives"
            )
        # The account's own log says nothing of drives that it is no member of.
        foreign = any(
            folder.drive_id for realm in realms if realm.id == OWN_CORPUS for folder in realm.folders
        )
        return ids == set(self.cursor.tokens) and not foreign

    def _needs_all(self, log: ChangeLog, realm: Realm) -> bool:
        """True where a drive's members or name changed, or a folder vanished with whatever it held."""
        known = set(self.cursor.folders)
        return any(
            (change.is_drive and realm.id != OWN_CORPUS) or (change.item is None and change.id in known)
            for change in log.changes
        )

    def _list_changed(
        self, realms: Sequence[Realm], logs: Mapping[str, ChangeLog], due: Sequence[str]
    ) -> Listing | None:
        calls = self.reading.calls
        holdings = [read_realm(calls, realm, is_whole=False) for realm in realms]
        found = {
            holding.realm.id: self._sort_changes(logs[holding.realm.id], holding) for holding in holdings
        }
        moved_out = {id_ for changes in found.values() for id_ in changes.gone} & set(self.cursor.folders)
        if moved_out - {id_ for holding in holdings for id_ in holding.tree.folders}:
            return None
        gone = self._add_due(due, holdings, found)
        inside: list[Placed] = []
        for holding in holdings:
            inside += self._place(found[holding.realm.id], holding)
            gone |= found[holding.realm.id].gone
        known = {placed.item.id for placed in inside}
        reached = self._read_outside(holdings, found, known)
        return self._finish(logs, holdings, (inside, reached, gone))

    def _finish(
        self,
        logs: Mapping[str, ChangeLog],
        holdings: Sequence[Holding],
        found: tuple[list[Placed], Reached, set[str]],
    ) -> Listing:
        inside, reached, gone = found
        files = self.reading.make_references(inside, reached)
        listed = {file.item_id for file in files}
        outside = name_outside(reached)
        before = {id_ for ids in self.cursor.outside.values() for id_ in ids}
        gone |= before - {id_ for ids in outside.values() for id_ in ids}
        moved = self._move_on(logs)
        cursor = Cursor(moved.scope, moved.listed, moved.tokens, list_folder_ids(holdings), outside)
        ends = {id_: end for id_, end in self.cursor.ends.items() if id_ not in listed | gone}
        return Listing(
            files,
            is_complete=False,
            removed=frozenset(gone - listed),
            cursor=self.reading.write_cursor(cursor, ends),
        )

    def _move_on(self, logs: Mapping[str, ChangeLog]) -> Cursor:
        tokens = {id_: log.token for id_, log in logs.items()}
        old = self.cursor
        return Cursor(old.scope, old.listed, tokens, old.folders, old.outside, old.ends)

    def _sort_changes(self, log: ChangeLog, holding: Holding) -> _Sorted:
        found = _Sorted()
        for change in log.changes:
            item = change.item
            if change.is_drive:
                continue
            if item is None or item.is_trashed:
                found.gone.add(change.id)
                if item is not None and item.is_folder:
                    found.gone |= list_trash_below(self.reading.calls, item)
            elif item.is_folder:
                self._sort_folder(item, holding, found)
            elif not holding.holds(item):
                found.gone.add(item.id)
            elif item.is_shortcut:
                found.shortcuts.add(item.id)
            else:
                found.files[item.id] = item
        return found

    def _sort_folder(self, item: Item, holding: Holding, found: _Sorted) -> None:
        if holding.tree.find_path(item.id) is not None and item.id in holding.tree.folders:
            found.folders.add(item.id)
        elif item.id in self.cursor.folders:
            found.gone.add(item.id)

    def _add_due(
        self, due: Iterable[str], holdings: Sequence[Holding], found: Mapping[str, _Sorted]
    ) -> set[str]:
        """Files of which a grant has ended: nothing of that needs to stand in a log."""
        gone: set[str] = set()
        for id_ in due:
            item = self.reading.calls.find_item(id_)
            holder = next((one for one in holdings if item is not None and one.holds(item)), None)
            if item is None or item.is_trashed:
                gone.add(id_)
            elif holder is not None:
                found[holder.realm.id].files[id_] = item
        return gone

    def _place(self, changes: _Sorted, holding: Holding) -> list[Placed]:
        below = read_below(self.reading.calls, holding, changes.folders) if changes.folders else []
        items = {item.id: item for item in below} | changes.files
        changes.shortcuts |= {item.id for item in below if item.is_shortcut}
        for twin in self._find_twins(changes.files.values(), holding):
            items.setdefault(twin.id, twin)
        return list(place_files(items.values(), holding.tree, max_bytes=self.reading.max_bytes))

    def _find_twins(self, files: Iterable[Item], holding: Holding) -> list[Item]:
        """Files that have the same name in the same folder: which of them keeps it is decided among all."""
        wanted: dict[str, set[str]] = {}
        for item in files:
            form = choose_form(item, max_bytes=self.reading.max_bytes)
            wanted.setdefault(item.parent, set()).update(list_twin_names(form))
        return [
            twin
            for parent, names in wanted.items()
            if parent
            for twin in list_named(self.reading.calls, parent, names, holding.realm.id)
            if not twin.is_folder
        ]

    def _read_outside(
        self, holdings: Sequence[Holding], found: Mapping[str, _Sorted], known: set[str]
    ) -> Reached:
        """Ways out that led outside before, or may do so now; all others lead to what is in scope."""
        changed = {id_ for changes in found.values() for id_ in changes.shortcuts | changes.gone}
        seeds = [seed for seed in self.reading.list_seeds(holdings) if seed.target not in known]
        return self.reading.read_outside(
            [seed for seed in seeds if self._may_lead_out(seed, changed)], holdings
        )

    def _may_lead_out(self, seed: Seed, changed: set[str]) -> bool:
        return not seed.id or seed.target in self.cursor.outside or bool({seed.id, seed.target} & changed)
