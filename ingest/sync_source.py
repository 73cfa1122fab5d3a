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
from core.sources import Source
from core.sync_ledger import FileRecord, SyncLedger
from core.trust import TrustRule, TrustRules
from ingest.connectors.connector import Connector, FileReference, Listing, SourceGone
from ingest.ingest_files import FileIngest, HoldParts, RecordBeside, describe_remembered
from ingest.read_file import hash_content, hash_declared
from ingest.sync_report import SyncReport

# A folder that held so many documents and now holds none is more likely a disk that is not there than a decision.
HELD_DOCUMENTS = 10
STEP_FILES = 64

Report = Callable[[Mapping[str, Any]], None]
"""Takes `{"done": files, "total": files, "document": path}`."""


class SourceEmpty(PermanentError):
    """Nothing is there where documents were: more likely a lost mount or right than a decision."""


@dataclass(frozen=True, slots=True)
class SyncWishes:
    """How a sync is wanted. `full` reads every file again, whatever is remembered of it.

    `allow_empty`: a source without a single file is right, and silences all that was known of it.
    `only`: just these paths, and nothing else is looked at (they failed before).
    `is_recheck`: what takes access away or has gone, and what is said beside files; no changed content.
    `done`: paths that the same job has read before it was interrupted; their bytes are not read once more.
    """

    full: bool = False
    allow_empty: bool = False
    only: frozenset[str] | None = None
    is_recheck: bool = False
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the source has found and done: files to read in order, and what needs no reading."""

    to_read: tuple[FileReference, ...]
    settled: tuple[FileOutcome, ...]
    skipped: tuple[tuple[str, str], ...]
    listed: int
    moved: int
    removed: int


@dataclass(slots=True)
class SourceSync:
    """One sync of one source."""

    source: Source
    connector: Connector
    ledger: SyncLedger
    hold_parts: HoldParts
    report_progress: Report = lambda _progress: None
    wishes: SyncWishes = field(default_factory=SyncWishes)
    trust: TrustRules | None = None
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
        listing = self._list().place_trust(self._list_rules())
        removed = 0
        if self.wishes.only is None:
            self._follow_moves(listing)
            removed = self._remove_missing(listing)
        to_read, settled = self._sort_out(listing)
        return Look(
            to_read=tuple(to_read),
            settled=tuple(settled),
            skipped=tuple((one.path, one.skip_reason) for one in listing.files if one.skip_reason),
            listed=len(listing.files),
            moved=self._moved,
            removed=removed,
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
        """The last step: what is trusted in bulk, by whom, and what lost that trust and cannot be read again."""
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
        way_on = f"if that is right, run `onbrand sync {self.source.name} --allow-empty`"
        try:
            listing = self.connector.list_changes()
        except SourceGone as error:
            if self.wishes.allow_empty:
                return Listing(())
            raise SourceGone(f"{error}; {count} document(s) are known of it; {way_on}") from error
        if count >= HELD_DOCUMENTS and not listing.files and not self.wishes.allow_empty:
            raise SourceEmpty(f"{self.source.name}: found nothing where {count} document(s) were; {way_on}")
        return listing

    def _follow_moves(self, listing: Listing) -> None:
        """A new path with the very bytes of a missing one is that document at a new place."""
        if not listing.is_complete:
            return  # what is only out of sight has not moved: its copy elsewhere is a document of its own
        listed = {file.path for file in listing.files}
        missing = {
            row.content_hash: path
            for path, row in self._seen.items()
            if path not in listed and path in self._known
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

    def _remove_missing(self, listing: Listing) -> int:
        """Only a complete listing proves that something is gone."""
        if not listing.is_complete:
            return 0
        listed = {file.path for file in listing.files}
        # A file that was moved and not read since is known by its documents alone.
        answering = {
            path for path, parts in self._known.items() if not all(one.is_removed for one in parts.values())
        }
        gone = sorted((self._seen.keys() | answering) - listed)
        documents = [one for path in gone for one in self._known.get(path, {}).values() if not one.is_removed]
        ids = [document.document_id for document in documents]
        self.ledger.mark_removed(ids, gone)
        with self.hold_parts() as parts:
            parts.store.remove_documents(ids)
        return len(gone)

    def _sort_out(self, listing: Listing) -> tuple[list[FileReference], list[FileOutcome]]:
        """Files to read, those first of which something said beside them has changed (access); and the rest."""
        beside: list[FileReference] = []
        changed: list[FileReference] = []
        settled: list[FileOutcome] = []
        wished = [file for file in listing.files if not file.skip_reason and self._is_wished(file)]
        for done, file in enumerate(wished):
            self._tell(done, 0, file.path)
            outcome, is_said_anew = self._compare(file)
            if outcome is not None:
                settled.append(outcome)
            elif is_said_anew or not self.wishes.is_recheck:
                (beside if is_said_anew else changed).append(file)
        return [*beside, *changed], settled

    def _is_wished(self, file: FileReference) -> bool:
        return self.wishes.only is None or file.path in self.wishes.only

    def _compare(self, file: FileReference) -> tuple[FileOutcome | None, bool]:
        """What became of a file without reading it (None: it must be read), and if other things are said beside it."""
        try:
            content_hash = hash_content(self.connector.fetch(file))
        except PermanentError as error:
            return FileOutcome(file.path, "failed", str(error)), False
        row = self._seen.get(file.path)
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


def begin_report(name: str, look: Look) -> SyncReport:
    """The report as it stands after a look."""
    report = SyncReport(name, listed=look.listed, moved=look.moved, removed=look.removed)
    report.skipped = list(look.skipped)
    report.take(look.settled)
    return report
