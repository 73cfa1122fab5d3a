"""The walk of a sync: list, follow moves, remove what is gone, then read and index what is new. Run by jobs.

`look` and what `open_ingest` gives are the steps of a durable sync (ingest/sync_job.py); `run` takes both at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.clock import Stopwatch
from core.errors import PermanentError
from core.job_files import FileOutcome
from core.revisions import KnownDocument
from core.source_groups import SourceGroups
from core.sources import Source
from core.sync_cursors import ListedChanges, SyncCursors
from core.sync_ledger import SyncLedger
from core.sync_writes import FileRecord
from core.trust import TrustRule, TrustRules
from ingest.connectors.connector import Connector, FileReference, Listing, SourceGone
from ingest.file_outcomes import describe_remembered
from ingest.ingest_files import FileIngest, HoldParts, RecordBeside
from ingest.listing_plan import count_unlisted, find_gone, find_moves, part_namesakes
from ingest.look import Look, SourceEmpty, SourceShrunk, SyncWishes, begin_report
from ingest.read_file import hash_basis, hash_content, hash_declared
from ingest.sync_report import SyncReport

# A folder that held so many documents and now holds none is more likely a disk that is not there than a decision.
HELD_DOCUMENTS = 10
STEP_FILES = 64

Report = Callable[[Mapping[str, Any]], None]
"""Takes `{"done": files, "total": files, "document": path}`."""


@dataclass(slots=True)
class SourceSync:
    """One sync of one source. `cursors` and `groups` serve sources that know of changes, and of groups."""

    source: Source
    connector: Connector
    ledger: SyncLedger
    hold_parts: HoldParts
    report_progress: Report = lambda _progress: None
    wishes: SyncWishes = field(default_factory=SyncWishes)
    trust: TrustRules | None = None
    cursors: SyncCursors | None = None
    groups: SourceGroups | None = None
    most_removed_percent: float = 20.0
    _seen: Mapping[str, Any] = field(init=False)
    _known: dict[str, dict[str, KnownDocument]] = field(init=False)
    _moved: int = field(init=False, default=0)

    def run(self) -> SyncReport:
        """Raises SourceUnreadable when the source cannot be listed, SourceEmpty when it holds nothing any more.

        A file that fails ends in the report.
        """
        watch = Stopwatch()
        look = self.look()
        report = begin_report(self.source.name, look)
        work = self.open_ingest()
        for start in range(0, len(look.to_read), STEP_FILES):
            files = look.to_read[start : start + STEP_FILES]
            self._tell(start, len(look.to_read), files[0].path)
            report.take(work.run(files))
        self._tell(len(look.to_read), len(look.to_read), "")
        self.close(report)
        report.seconds = round(watch.milliseconds() / 1000, 2)
        return report

    def look(self) -> Look:
        """The first step: repeatable, and what takes something away is done before anything new is read."""
        self._moved = 0
        self._read_ledger()
        listing = self._list()
        self._take_groups()
        gone: list[str] = []
        self._follow_moves(listing)
        if self.wishes.only is None:
            gone = find_gone(listing, self._known, self._seen)
        applied = self._apply_beside(listing)
        self._remove(gone)
        to_read, settled = self._sort_out(listing, applied)
        unlisted = count_unlisted(listing, self._known, gone)
        return Look(
            to_read=tuple(to_read),
            settled=tuple(settled),
            skipped=tuple((one.path, one.skip_reason) for one in listing.files if one.skip_reason),
            listed=len(listing.files) + unlisted,
            moved=self._moved,
            removed=len(gone),
            unlisted=unlisted,
            notes=tuple((one.path, one.note) for one in listing.files if one.note),
        )

    def open_ingest(self, record: RecordBeside | None = None) -> FileIngest:
        """The second step, to be run over the files of a look in portions of any size."""
        return FileIngest(
            self.source,
            self.connector,
            self.ledger,
            self.hold_parts,
            full=self.wishes.full or self.wishes.only is not None,
            record_beside=record,
        )

    def close(self, report: SyncReport) -> None:
        """The last step: how far changes are known, and what is trusted in bulk or lost that trust.

        Where anything is left to try again, the next sync goes on from where this one began.
        """
        if self.cursors is not None and not self._is_partial_wish() and not report.must_retry:
            self.cursors.keep()
        if self.trust is None:
            return
        rules = self._list_rules()
        outlived = self.trust.find_outlived(self.source.name, rules)
        if outlived:
            self.ledger.mark_removed(tuple(outlived), sorted(set(outlived.values())))
            why = "was trusted by a rule that has ended, and could not be read again: silent until it can"
            report.warnings += [(path, why) for path in sorted(set(outlived.values()))]
        with self.hold_parts() as parts:
            parts.store.remove_documents(outlived)
        report.trusted = self.trust.list_trusted(self.source, rules)

    def _tell(self, done: int, total: int, path: str) -> None:
        self.report_progress({"done": done, "total": total, "document": path})

    def _list_rules(self) -> tuple[TrustRule, ...]:
        return self.trust.list_rules(self.source.name) if self.trust else ()

    def _read_ledger(self) -> None:
        self._seen = self.ledger.read_files()
        self._known = {}
        for (path, part), document in self.ledger.read_known().items():
            self._known.setdefault(path, {})[part] = document

    def _list(self) -> Listing:
        """The listing; one without any file is believed when little was known, or when somebody said so."""
        count = sum(not one.is_removed for parts in self._known.values() for one in parts.values())
        way_on = f"if that is right, run `onbrand sync {self.source.name} --allow-removals`"
        try:
            listing = self._list_changes()
        except SourceGone as error:
            if self.wishes.allow_empty:
                if self.cursors is not None and not self._is_partial_wish():
                    # Should it come back, everything of it is listed.
                    self.cursors.hold(ListedChanges(None, "", is_complete=True))
                return Listing(())
            raise SourceGone(f"{error}; {count} document(s) are known of it; {way_on}") from error
        is_empty = listing.is_complete and not listing.files
        if count >= HELD_DOCUMENTS and is_empty and not self.wishes.allow_empty:
            raise SourceEmpty(f"{self.source.name}: found nothing where {count} document(s) were; {way_on}")
        return listing

    def _list_changes(self) -> Listing:
        """From the cursor on where there is one; everything where changes alone would not do."""
        rules = self._list_rules()
        basis = hash_basis(self.source, rules)
        since = None
        if self.cursors is not None and not self.wishes.full and not self._is_partial_wish():
            since = self.cursors.find(basis)
        listing = self.connector.list_changes(since)
        if self.cursors is not None and not self._is_partial_wish():
            self.cursors.hold(ListedChanges(listing.cursor, basis, listing.is_complete))
        return part_namesakes(listing.place_rules(rules, self.source), self._known)

    def _is_partial_wish(self) -> bool:
        """True when this sync leaves changes unread: its listing is no ground to go on from."""
        return self.wishes.only is not None or self.wishes.is_recheck

    def _take_groups(self) -> None:
        found = self.connector.list_groups() if self.groups is not None and self.wishes.only is None else None
        if found is not None and self.groups is not None:
            self.groups.replace(self.source.name, found.groups, is_complete=found.is_complete)

    def _follow_moves(self, listing: Listing) -> None:
        """What is known by its id is found again by it; elsewhere the very bytes of a missing file are that file."""
        moves = find_moves(listing, self._known)
        if moves:
            self.ledger.move_items(moves)
            self._moved += len(moves)
            self._read_ledger()
        if self.wishes.only is None:
            self._follow_bytes(listing)

    def _follow_bytes(self, listing: Listing) -> None:
        if not listing.is_complete:
            return  # what is only out of sight has not moved: its copy elsewhere is a document of its own
        listed = {file.path for file in listing.files}
        missing = {
            row.content_hash: path
            for path, row in self._seen.items()
            if path not in listed and path in self._known and not row.version
        }
        if not missing:
            return
        for file in listing.files:
            if file.path in self._seen or file.skip_reason:
                continue
            old_path = missing.pop(self._try_hash(file), None)
            if old_path is not None and file.path not in self._known:
                self._move(old_path, file.path)

    def _move(self, old_path: str, new_path: str) -> None:
        documents = self._known.pop(old_path, {})
        self.ledger.move([one.document_id for one in documents.values()], old_path, new_path)
        self._known[new_path] = {part: replace(one, path=new_path) for part, one in documents.items()}
        self._seen = {path: row for path, row in self._seen.items() if path != old_path}
        self._moved += 1

    def _remove(self, gone: list[str]) -> None:
        """Silence what is gone. So much at once that it is more likely a fault waits for somebody to say so."""
        documents = [one for path in gone for one in self._known.get(path, {}).values() if not one.is_removed]
        known = sum(not one.is_removed for parts in self._known.values() for one in parts.values())
        most = max(HELD_DOCUMENTS, known * self.most_removed_percent / 100)
        if len(documents) > most and not self.wishes.allow_empty:
            raise SourceShrunk(
                f"{self.source.name}: {len(documents)} of {known} document(s) are gone, which is more than "
                f"{self.most_removed_percent:.0f} % (ONBRAND_MOST_REMOVED_PERCENT); none was removed. If that is "
                f"right, run `onbrand sync {self.source.name} --allow-removals`"
            )
        ids = [document.document_id for document in documents]
        self.ledger.mark_removed(ids, gone)
        with self.hold_parts() as parts:
            parts.store.remove_documents(ids)

    def _apply_beside(self, listing: Listing) -> dict[str, FileOutcome]:
        """What is said anew of files whose text is at hand holds before anything is fetched."""
        known = [file for file in listing.files if file.version and self._is_said_anew(file)]
        if not known:
            return {}
        outcomes = self.open_ingest().apply_beside(known)
        self._seen = {**self._seen, **self.ledger.read_files([file.path for file in known])}
        return {one.path: one for one in outcomes}

    def _is_said_anew(self, file: FileReference) -> bool:
        row = self._seen.get(file.path)
        if row is None or file.path not in self._known:
            return False
        return bool(row.declared_hash != hash_declared(self.source, file))

    def _sort_out(
        self, listing: Listing, applied: Mapping[str, FileOutcome]
    ) -> tuple[list[FileReference], list[FileOutcome]]:
        """Files to read, those first of which something said beside them has changed (access); and the rest."""
        beside: list[FileReference] = []
        changed: list[FileReference] = []
        settled: list[FileOutcome] = []
        wished = [file for file in listing.files if not file.skip_reason and self._is_wished(file)]
        for done, file in enumerate(wished):
            self._tell(done, 0, file.path)
            outcome, is_said_anew = self._compare(file)
            if file.path in applied and (outcome is not None or self.wishes.is_recheck):
                outcome = applied[file.path]
            if outcome is not None:
                settled.append(outcome)
            elif is_said_anew or not self.wishes.is_recheck:
                (beside if is_said_anew else changed).append(file)
        return [*beside, *changed], settled

    def _is_wished(self, file: FileReference) -> bool:
        return self.wishes.only is None or file.path in self.wishes.only

    def _compare(self, file: FileReference) -> tuple[FileOutcome | None, bool]:
        """What became of a file without reading it (None: it must be read), and if other things are said beside it."""
        row = self._seen.get(file.path)
        if file.version:
            content_hash = row.content_hash if row is not None and row.version == file.version else ""
        else:
            try:
                content_hash = hash_content(self.connector.fetch(file))
            except PermanentError as error:
                return FileOutcome(file.path, "failed", str(error)), False
        record = FileRecord(file.path, content_hash, hash_declared(self.source, file))
        is_said_anew = row is not None and row.declared_hash != record.declared_hash
        is_all_read = self.wishes.full or self.wishes.only is not None
        if is_all_read and file.path not in self.wishes.done:
            return None, is_said_anew
        return describe_remembered(row, record), is_said_anew

    def _try_hash(self, file: FileReference) -> str:
        try:
            return hash_content(self.connector.fetch(file))
        except PermanentError:
            return ""
