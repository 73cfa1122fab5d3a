"""Reads some files of a source and indexes what has changed in them. Called by sync_source, one batch at a time."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from core.documents import HIDDEN_TEXT
from core.errors import OnbrandError, PermanentError, TransientError
from core.job_files import FileOutcome
from core.revisions import KnownDocument
from core.sources import Source
from core.sync_ledger import SyncLedger
from core.sync_plan import DocumentPlan
from core.sync_writes import FileRecord
from core.trust import TRUSTED
from core.workers import WorkerReplaced
from core.world_facts import IndexSwitched, check_generation
from index.unit_vectors import EmbeddingsUnusable
from ingest.connectors.connector import Connector, FileReference, FileWithdrawn, SourceUnreadable
from ingest.coverage import find_trusted
from ingest.file_outcomes import describe_ingested, describe_remembered
from ingest.ingest_batch import (
    IndexParts,
    PlannedFile,
    ingest_batch,
    plan_read_document,
)
from ingest.parsers.parser import FileSaysNothing
from ingest.read_file import (
    ReadDocument,
    hash_content,
    hash_declared,
    read_file,
)
from ingest.stored_files import StoredFile, read_stored_file

BATCH_FILES = 64
BATCH_PASSAGES = 256
# An endpoint or a store that fails twice running is down: asking on would only keep it down.
MOST_FAILURES_RUNNING = 2

RecordBeside = Callable[[Connection, Sequence[FileOutcome]], None]
"""Keeps what became of files in the very transaction that makes them visible."""


HoldParts = Callable[[], AbstractContextManager[IndexParts]]
"""The index for one write: its parts belong together until the block ends, whatever is exchanged meanwhile."""


class NotTried(TransientError):
    """The sync had given up before it came to this file."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not tried: {reason}")


@dataclass(slots=True)
class FileIngest:
    """One source, some of its files. `full` reads every file again, whatever is remembered of it.

    `stop_reason` is set once what is needed (an endpoint, a store) has failed `most_failures` times running.
    """

    source: Source
    connector: Connector
    ledger: SyncLedger
    hold_parts: HoldParts
    full: bool = False
    record_beside: RecordBeside | None = None
    most_failures: int = MOST_FAILURES_RUNNING
    stop_reason: str | None = None
    outcomes: list[FileOutcome] = field(init=False, default_factory=list)
    _seen: Mapping[str, Any] = field(init=False, default_factory=dict)
    _known: dict[str, dict[str, KnownDocument]] = field(init=False, default_factory=dict)
    _failures_running: int = field(init=False, default=0)

    def run(self, files: Sequence[FileReference]) -> tuple[FileOutcome, ...]:
        """Index them; an outcome for each. Raises what no file is to blame for (the worker was replaced).

        A file whose document was changed meanwhile by an act is planned and written once more.
        """
        outcomes = self._run_once(files)
        late = {one.path for one in outcomes if one.state == "outdated"}
        if not late:
            return outcomes
        again = {one.path: one for one in self._run_once([file for file in files if file.path in late])}
        return tuple(again.get(one.path, one) for one in outcomes)

    def apply_beside(self, files: Sequence[FileReference]) -> tuple[FileOutcome, ...]:
        """What is said of files now, put to the text that was read of them before: nothing is fetched."""
        self._begin(files)
        batch: list[PlannedFile] = []
        for file in files:
            planned = self._plan_stored(file)
            if planned is not None:
                batch.append(planned)
        for start in range(0, len(batch), BATCH_FILES):
            self._flush(batch[start : start + BATCH_FILES])
        return tuple(self.outcomes)

    def _plan_stored(self, file: FileReference) -> PlannedFile | None:
        known = tuple(self._known.get(file.path, {}).values())
        with self.hold_parts() as parts:
            stored = read_stored_file(
                self.source, file, StoredFile(self._seen[file.path], known), parts.ledger
            )
        if stored is None:
            return None
        record, reads = stored
        return PlannedFile(
            record, tuple(plan_read_document(read, self._plan_document(read, file)) for read in reads)
        )

    def _begin(self, files: Sequence[FileReference]) -> None:
        self.outcomes = []
        paths = [file.path for file in files]
        self._seen, self._known = self.ledger.read_files(paths), {}
        for (path, part), document in self.ledger.read_known(paths).items():
            self._known.setdefault(path, {})[part] = document

    def _run_once(self, files: Sequence[FileReference]) -> tuple[FileOutcome, ...]:
        self._begin(files)
        batch: list[PlannedFile] = []
        for file in files:
            planned = self._plan(file)
            if planned is not None:
                batch.append(planned)
            if _is_full(batch):
                self._flush(batch)
                batch = []
        if batch:
            self._flush(batch)
        return tuple(self.outcomes)

    def _flush(self, batch: Sequence[PlannedFile]) -> None:
        """Index a batch; what stops it becomes the reason of each of its files, and none of them is visible."""
        try:
            self._refuse_when_stopped()
            self._write(batch)
        except EmbeddingsUnusable as error:
            if len(batch) == 1:
                self._fail(batch, error)
                return
            # One text that the model cannot take fails its own file, not the neighbours.
            for planned in batch:
                self._flush([planned])
        except WorkerReplaced:
            raise
        except (PermanentError, TransientError) as error:
            self._fail(batch, error)
            self._count_failure(error)

    def _count_failure(self, error: OnbrandError) -> None:
        if isinstance(error, PermanentError | NotTried):
            return
        self._failures_running += 1
        if self._failures_running >= self.most_failures:
            self.stop_reason = self._explain(error)

    def _refuse_when_stopped(self) -> None:
        if self.stop_reason is not None:
            raise NotTried(self.stop_reason)

    def _fail(self, batch: Sequence[PlannedFile], error: OnbrandError) -> None:
        # Nothing is remembered of them: the next sync tries these files again.
        reason, is_elsewhere = self._explain(error), isinstance(error, TransientError)
        self.outcomes += [
            FileOutcome(planned.record.path, "failed", reason, is_worth_retrying=is_elsewhere)
            for planned in batch
        ]

    def _explain(self, error: OnbrandError) -> str:
        # What the ledger holds already, only another full sync would write again.
        is_told = not self.full or isinstance(error, NotTried)
        return str(error) if is_told else f"{error}; run `onbrand sync --full` again"

    def _write(self, batch: Sequence[PlannedFile]) -> None:
        batch = self._take_numbers(batch)
        made = {planned.record.path: describe_ingested(planned) for planned in batch}

        def record(connection: Connection, paths: Sequence[str]) -> None:
            check_generation(connection, parts.generation)
            if self.record_beside is not None:
                self.record_beside(connection, [made[path] for path in paths])

        try:
            with self.hold_parts() as parts:
                outdated = ingest_batch(batch, parts, self.ledger, record)
        except IndexSwitched as error:
            outdated = {path: str(error) for path in made}
        self._failures_running = 0
        self.outcomes += [outcome for path, outcome in made.items() if path not in outdated]
        self.outcomes += [
            FileOutcome(path, "outdated", f"{reason}; sync again", is_worth_retrying=True)
            for path, reason in outdated.items()
        ]

    def _take_numbers(self, batch: Sequence[PlannedFile]) -> list[PlannedFile]:
        plans = self.ledger.take_numbers([one.plan for file in batch for one in file.documents])
        by_id = {plan.document_id: plan for plan in plans}
        return [
            replace(
                file,
                documents=tuple(replace(one, plan=by_id[one.plan.document_id]) for one in file.documents),
            )
            for file in batch
        ]

    def _plan(self, file: FileReference) -> PlannedFile | None:
        try:
            content = self.connector.fetch(file)
            record = self._build_record(file, content)
            if self._is_remembered(record):
                return None
            self._refuse_when_stopped()
            return self._read(file, content, record)
        except WorkerReplaced:
            raise
        except FileWithdrawn as error:
            self._withdraw(file, error)
        except SourceUnreadable as error:
            # The key has ended in the middle, say: no other file would fare better.
            self.stop_reason = str(error)
            self.outcomes.append(FileOutcome(file.path, "failed", str(error), is_worth_retrying=True))
        except (PermanentError, TransientError) as error:
            is_elsewhere = isinstance(error, TransientError)
            self._count_failure(error)
            self.outcomes.append(FileOutcome(file.path, "failed", str(error), is_worth_retrying=is_elsewhere))
        return None

    def _build_record(self, file: FileReference, content: bytes) -> FileRecord:
        declared_hash = hash_declared(self.source, file)
        return FileRecord(file.path, hash_content(content), declared_hash, version=file.version)

    def _withdraw(self, file: FileReference, error: FileWithdrawn) -> None:
        """The source has taken the file away since it was listed: it is silent from now on."""
        documents = [one.document_id for one in self._known.get(file.path, {}).values() if not one.is_removed]
        self.ledger.mark_removed(documents, [file.path])
        with self.hold_parts() as parts:
            parts.store.remove_documents(documents)
        self.outcomes.append(FileOutcome(file.path, "failed", str(error)))

    def _is_remembered(self, record: FileRecord) -> bool:
        row = self._seen.get(record.path)
        known = None if self.full else describe_remembered(row, record)
        if known is None or row is None:
            return False
        if row.version != record.version:
            # Another version of the same bytes: next time it need not be fetched to know.
            self.ledger.record_file(replace(record, error=row.error, is_skipped=row.is_skipped))
        self.outcomes.append(known)
        return True

    def _read(self, file: FileReference, content: bytes, record: FileRecord) -> PlannedFile | None:
        try:
            documents = read_file(self.source, file, content)
        except FileSaysNothing as error:
            self._skip(file, replace(record, error=str(error), is_skipped=True))
            return None
        except PermanentError as error:
            self.ledger.record_file(replace(record, error=str(error)))
            raise
        known = self._known.get(file.path, {})
        planned = [
            plan_read_document(one, self._plan_document(one, file), again=self.full) for one in documents
        ]
        present = {document.incoming.part for document in documents}
        gone = [one.document_id for part, one in known.items() if part not in present and not one.is_removed]
        return PlannedFile(record, tuple(planned), tuple(gone))

    def _skip(self, file: FileReference, record: FileRecord) -> None:
        """Nothing to read in it (a picture without a word): what it held before is silent."""
        documents = [one.document_id for one in self._known.get(file.path, {}).values() if not one.is_removed]
        self.ledger.mark_removed(documents, [file.path])
        with self.hold_parts() as parts:
            parts.store.remove_documents(documents)
        self.ledger.record_file(record)
        self.outcomes.append(FileOutcome(file.path, "skipped", record.error))

    def _plan_document(self, read: ReadDocument, file: FileReference) -> DocumentPlan:
        plan = self.ledger.plan(read.incoming, self._known.get(file.path, {}).get(read.incoming.part))
        trusted = find_trusted(self.source, file, read)
        # What decided in bulk is kept with the document, for the report and for the day on which a rule ends; what
        # was hidden in it is kept for the curator who will look at it.
        beside = {TRUSTED: trusted, HIDDEN_TEXT: read.parsed.hidden}
        return replace(plan, values={**plan.values, "declared": {**plan.values["declared"], **beside}})


def _is_full(batch: Sequence[PlannedFile]) -> bool:
    passages = sum(len(document.passages) for file in batch for document in file.documents)
    return len(batch) >= BATCH_FILES or passages >= BATCH_PASSAGES
