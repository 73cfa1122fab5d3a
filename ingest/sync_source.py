"""The walk of a sync: list, follow moves, remove what is gone, then read and index what is new. Run by commands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.clock import Stopwatch
from core.documents import HIDDEN_TEXT
from core.errors import OnbrandError, PermanentError, TransientError
from core.revisions import KnownDocument
from core.sources import Source
from core.sync_ledger import FileRecord, SyncLedger
from core.sync_plan import DocumentPlan
from core.trust import TRUSTED, TrustRule, TrustRules
from index.unit_vectors import EmbeddingsUnusable
from ingest.connectors.connector import Connector, FileReference, Listing, SourceGone
from ingest.coverage import find_trusted
from ingest.ingest_batch import IndexParts, PlannedFile, ingest_batch, plan_read_document
from ingest.read_file import ReadDocument, describe_warnings, hash_content, hash_declared, read_file
from ingest.sync_report import SyncReport

BATCH_FILES = 64
BATCH_PASSAGES = 256
# A folder that held so many documents and now holds none is more likely a disk that is not there than a decision.
HELD_DOCUMENTS = 10
# An endpoint or a store that fails twice running is down: asking on would only keep it down.
MOST_FAILURES_RUNNING = 2

Report = Callable[[Mapping[str, Any]], None]
"""Takes `{"done": files, "total": files, "document": path}`."""


class NotTried(PermanentError):
    """The sync had given up before it came to this file."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not tried: {reason}")


class SourceEmpty(PermanentError):
    """Nothing is there where documents were: more likely a lost mount or right than a decision."""


@dataclass(slots=True)
class SourceSync:
    """One sync of one source. `full` reads every file again, whatever is remembered of it.

    `allow_empty`: a source without a single file is right, and silences all that was known of it.
    """

    source: Source
    connector: Connector
    ledger: SyncLedger
    parts: IndexParts
    report_progress: Report
    full: bool = False
    allow_empty: bool = False
    trust: TrustRules | None = None
    report: SyncReport = field(init=False)
    _seen: Mapping[str, Any] = field(init=False)
    _known: dict[str, dict[str, KnownDocument]] = field(init=False)
    _rules: tuple[TrustRule, ...] = field(init=False, default=())
    _failures_running: int = field(init=False, default=0)
    _stop_reason: str | None = field(init=False, default=None)

    def run(self) -> SyncReport:
        """Raises SourceUnreadable when the source cannot be listed, SourceEmpty when it holds nothing any more.

        A file that fails ends in the report.
        """
        watch = Stopwatch()
        self.report = SyncReport(self.source.name)
        self._read_ledger()
        listing = self._list().place_trust(self._rules)
        self._follow_moves(listing)
        self._remove_missing(listing)
        self._ingest(listing.files)
        self._report_trust()
        self.report.seconds = round(watch.milliseconds() / 1000, 2)
        return self.report

    def _read_ledger(self) -> None:
        self._seen = self.ledger.read_files()
        self._known = {}
        for (path, part), document in self.ledger.read_known().items():
            self._known.setdefault(path, {})[part] = document
        self._rules = self.trust.list_rules(self.source.name) if self.trust else ()

    def _list(self) -> Listing:
        """The listing; one without any file is believed when little was known, or when somebody said so."""
        count = sum(not one.is_removed for parts in self._known.values() for one in parts.values())
        way_on = f"if that is right, run `onbrand sync {self.source.name} --allow-empty`"
        try:
            listing = self.connector.list_changes()
        except SourceGone as error:
            if self.allow_empty:
                return Listing(())
            raise SourceGone(f"{error}; {count} document(s) are known of it; {way_on}") from error
        if count >= HELD_DOCUMENTS and not listing.files and not self.allow_empty:
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
        self.report.moved += 1

    def _remove_missing(self, listing: Listing) -> None:
        """Only a complete listing proves that something is gone."""
        if not listing.is_complete:
            return
        listed = {file.path for file in listing.files}
        # A file that was moved and not read since is known by its documents alone.
        answering = {
            path for path, parts in self._known.items() if not all(one.is_removed for one in parts.values())
        }
        gone = sorted((self._seen.keys() | answering) - listed)
        documents = [one for path in gone for one in self._known.get(path, {}).values() if not one.is_removed]
        self._remove(documents, gone)
        self.report.removed = len(gone)

    def _remove(self, documents: Sequence[KnownDocument], paths: Sequence[str]) -> None:
        self.ledger.mark_removed([document.document_id for document in documents], paths)
        self.parts.store.remove_documents([document.document_id for document in documents])

    def _ingest(self, files: Sequence[FileReference]) -> None:
        batch: list[PlannedFile] = []
        self.report.listed = len(files)
        for done, file in enumerate(files):
            self.report_progress({"done": done, "total": len(files), "document": file.path})
            planned = self._plan(file)
            if planned is not None:
                batch.append(planned)
            if _is_full(batch):
                self._flush(batch)
                batch = []
        self._flush(batch)
        self.report_progress({"done": len(files), "total": len(files), "document": ""})

    def _flush(self, batch: Sequence[PlannedFile]) -> None:
        """Index a batch; what stops it becomes the reason of each of its files, and none of them is visible."""
        try:
            self._refuse_when_stopped()
            self._write(batch)
        except EmbeddingsUnusable as error:
            if len(batch) == 1:
                return self._fail(batch, error)
            # One text that the model cannot take fails its own file, not the neighbours.
            for planned in batch:
                self._flush([planned])
        except PermanentError as error:
            self._fail(batch, error)
        except TransientError as error:
            self._fail(batch, error)
            self._failures_running += 1
            if self._failures_running >= MOST_FAILURES_RUNNING:
                self._stop_reason = self._explain(error)
        return None

    def _refuse_when_stopped(self) -> None:
        if self._stop_reason is not None:
            raise NotTried(self._stop_reason)

    def _fail(self, batch: Sequence[PlannedFile], error: OnbrandError) -> None:
        # Nothing is remembered of them: the next sync tries these files again.
        self.report.failed += [(planned.record.path, self._explain(error)) for planned in batch]

    def _explain(self, error: OnbrandError) -> str:
        # What the ledger holds already, only another full sync would write again.
        is_told = not self.full or isinstance(error, NotTried)
        return str(error) if is_told else f"{error}; run `onbrand sync --full` again"

    def _write(self, batch: Sequence[PlannedFile]) -> None:
        if not batch:
            return
        outdated = ingest_batch(batch, self.parts, self.ledger)
        written = [planned for planned in batch if planned.record.path not in outdated]
        self._failures_running = 0
        self._count(written)
        self.report.failed += [(path, f"{reason}; sync again") for path, reason in outdated.items()]

    def _count(self, written: Sequence[PlannedFile]) -> None:
        documents = [document for planned in written for document in planned.documents]
        self.report.ingested += len(written)
        self.report.documents += len(documents)
        self.report.passages += sum(len(document.passages) for document in documents)

    def _plan(self, file: FileReference) -> PlannedFile | None:
        if file.skip_reason is not None:
            self.report.skipped.append((file.path, file.skip_reason))
            return None
        try:
            content = self.connector.fetch(file)
            record = FileRecord(file.path, hash_content(content), hash_declared(self.source, file))
            if self._is_remembered(record):
                return None
            self._refuse_when_stopped()
            return self._read(file, content, record)
        except PermanentError as error:
            self.report.failed.append((file.path, str(error)))
            return None

    def _is_remembered(self, record: FileRecord) -> bool:
        row = self._seen.get(record.path)
        if self.full or row is None:
            return False
        if (row.content_hash, row.declared_hash) != (record.content_hash, record.declared_hash):
            return False
        if row.error is not None:
            # The same bytes fail the same way: said again, not tried again.
            self.report.failed.append((record.path, row.error))
        else:
            self.report.unchanged += 1
        return True

    def _read(self, file: FileReference, content: bytes, record: FileRecord) -> PlannedFile:
        try:
            documents = read_file(self.source, file, content)
        except PermanentError as error:
            self.ledger.record_file(replace(record, error=str(error)))
            raise
        warnings = describe_warnings(documents)
        self.report.warnings += [(file.path, warning) for warning in warnings]
        known = self._known.get(file.path, {})
        planned = [
            plan_read_document(one, self._plan_document(one, file), again=self.full) for one in documents
        ]
        present = {document.incoming.part for document in documents}
        gone = [one.document_id for part, one in known.items() if part not in present and not one.is_removed]
        return PlannedFile(record, tuple(planned), tuple(gone))

    def _plan_document(self, read: ReadDocument, file: FileReference) -> DocumentPlan:
        plan = self.ledger.plan(read.incoming, self._known.get(file.path, {}).get(read.incoming.part))
        trusted = find_trusted(self.source, file, read)
        # What decided in bulk is kept with the document, for the report and for the day on which a rule ends; what
        # was hidden in it is kept for the curator who will look at it.
        beside = {TRUSTED: trusted, HIDDEN_TEXT: read.parsed.hidden}
        return replace(plan, values={**plan.values, "declared": {**plan.values["declared"], **beside}})

    def _report_trust(self) -> None:
        if self.trust is None:
            return
        outlived = self.trust.find_outlived(self.source.name, self._rules)
        if outlived:
            self.ledger.mark_removed(tuple(outlived), sorted(set(outlived.values())))
            why = "was trusted by a rule that has ended, and could not be read again: silent until it can"
            self.report.warnings += [(path, why) for path in sorted(set(outlived.values()))]
        self.parts.store.remove_documents(outlived)
        self.report.trusted = self.trust.list_trusted(self.source, self._rules)

    def _try_hash(self, file: FileReference) -> str:
        try:
            return hash_content(self.connector.fetch(file))
        except PermanentError:
            return ""


def _is_full(batch: Sequence[PlannedFile]) -> bool:
    passages = sum(len(document.passages) for file in batch for document in file.documents)
    return len(batch) >= BATCH_FILES or passages >= BATCH_PASSAGES
