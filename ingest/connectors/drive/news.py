"""A listing of what has changed since a cursor; None where the log does not tell enough and all must be listed.

Used by connector.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.connectors.connector import Listing, SourceGone
from ingest.connectors.drive.calls import ChangeLog
from ingest.connectors.drive.changes import SortedChanges, sort_changes
from ingest.connectors.drive.cursor import Cursor
from ingest.connectors.drive.forms import choose_form, list_twin_names
from ingest.connectors.drive.item import Item
from ingest.connectors.drive.listing import Reading, list_folder_ids, list_marked, name_outside
from ingest.connectors.drive.outside import Reached, Seed
from ingest.connectors.drive.placing import Placed, place_files
from ingest.connectors.drive.realms import OWN_CORPUS, Realm
from ingest.connectors.drive.walk import Holding, list_named, read_below, read_realm


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
        if self._is_quiet(logs):
            return Listing(
                (), is_complete=False, cursor=replace(self.cursor, tokens=_take_tokens(logs)).write()
            )
        return self._list_changed(realms, logs)

    def _know_realms(self, realms: Sequence[Realm]) -> bool:
        """False where there is a realm without a token, or one that has no log to rely on."""
        ids = {realm.id for realm in realms}
        lost = set(self.cursor.tokens) - ids
        if lost and not self.reading.finder.scope.is_named:
            raise SourceGone(
                f"shared drives that were read before are not there any more, or this account is no longer a member: "
                f"{', '.join(sorted(lost))}. Add it again; if that is right, name the other drives in --drives"
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

    def _is_quiet(self, logs: Mapping[str, ChangeLog]) -> bool:
        """True where nothing happened, and nothing is read that writes no line into these logs."""
        reaches_out = self.cursor.outside or self.reading.finder.scope.files
        has_news = any(log.changes for log in logs.values()) or self.cursor.list_due(self.reading.now)
        return not reaches_out and not has_news

    def _list_changed(self, realms: Sequence[Realm], logs: Mapping[str, ChangeLog]) -> Listing | None:
        calls = self.reading.calls
        holdings = [read_realm(calls, realm, is_whole=False) for realm in realms]
        found = {
            holding.realm.id: sort_changes(calls, logs[holding.realm.id].changes, holding, self.cursor)
            for holding in holdings
        }
        if any(changes.has_lost_folder for changes in found.values()):
            return None
        gone = self._add_unlogged(holdings, found).union(*(changes.gone for changes in found.values()))
        inside = [placed for holding in holdings for placed in self._place(found[holding.realm.id], holding)]
        reached = self._read_outside(holdings, found, {placed.item.id for placed in inside})
        files = self.reading.make_references(inside, reached)
        outside = name_outside(reached)
        gone |= _list_ids(self.cursor.outside) - _list_ids(outside)
        listed = {file.item_id for file in files}
        ends = {id_: end for id_, end in self.cursor.ends.items() if id_ not in listed | gone}
        cursor = replace(
            self.cursor,
            tokens=_take_tokens(logs),
            folders=list_folder_ids(holdings),
            outside=outside,
            ends=ends | self.reading.maker.ends,
            marked=list_marked(inside, holdings),
        )
        return Listing(files, is_complete=False, removed=frozenset(gone - listed), cursor=cursor.write())

    def _add_unlogged(self, holdings: Sequence[Holding], found: Mapping[str, SortedChanges]) -> set[str]:
        """Files of which a grant has ended or a twin may have gone: the log says nothing of them.

        The result are the ids of those that are not there any more.
        """
        gone: set[str] = set()
        folders = {id_ for holding in holdings for id_ in holding.tree.folders} | set(self.cursor.folders)
        for id_ in {*self.cursor.list_due(self.reading.now), *self.cursor.marked} - folders:
            item = self.reading.calls.find_item(id_)
            holder = next((one for one in holdings if item is not None and one.holds(item)), None)
            if item is None or item.is_trashed:
                gone.add(id_)
            elif holder is not None:
                found[holder.realm.id].files[id_] = item
        return gone

    def _place(self, changes: SortedChanges, holding: Holding) -> list[Placed]:
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
            if holding.tree.is_seen(parent)
            for twin in list_named(self.reading.calls, parent, names, holding.realm.id)
            if not twin.is_folder and not twin.is_shortcut
        ]

    def _read_outside(
        self, holdings: Sequence[Holding], found: Mapping[str, SortedChanges], known: set[str]
    ) -> Reached:
        """Ways out that led outside before, or may do so now; all others lead to what is in scope."""
        changed = {id_ for changes in found.values() for id_ in changes.shortcuts | changes.gone}
        seeds = [seed for seed in self.reading.list_seeds(holdings) if seed.target not in known]
        return self.reading.read_outside(
            [seed for seed in seeds if self._may_lead_out(seed, changed)], holdings
        )

    def _may_lead_out(self, seed: Seed, changed: set[str]) -> bool:
        return not seed.id or seed.target in self.cursor.outside or bool({seed.id, seed.target} & changed)


def _take_tokens(logs: Mapping[str, ChangeLog]) -> dict[str, str]:
    return {id_: log.token for id_, log in logs.items()}


def _list_ids(outside: Mapping[str, Iterable[str]]) -> set[str]:
    return {id_ for ids in outside.values() for id_ in ids}
