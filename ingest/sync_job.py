"""A sync in durable steps: `look`, then `ingest` for each batch, then `finish`. Each may be repeated after a crash.

Carried out by ingest/jobs.py (wherever a worker is free) or, where nobody works, by run_here.py.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from threading import Condition
from typing import Protocol

from core.errors import PermanentError, TransientError
from core.job_files import FileOutcome, JobFiles, WaitingFile
from core.jobs import JobRow, Jobs
from core.metrics import JOB_FILES, JOB_SECONDS, count, observe
from core.sources import Sources
from core.sync_ledger import Writer
from core.sync_writes import FileRecord
from core.tracing import span
from core.workers import WorkerReplaced
from ingest.assembly import OpenWorld, open_sync
from ingest.ingest_files import MOST_FAILURES_RUNNING, FileIngest
from ingest.look import Look, SyncWishes, begin_report
from ingest.read_file import hash_content, hash_declared
from ingest.reference_json import dump_reference, load_reference
from ingest.sync_report import read_report
from ingest.sync_source import Report, SourceSync

BATCH_FILES = 32
# Begun so often together, files are read one by one: one of them may be what kills the worker.
MOST_ATTEMPTS_TOGETHER = 2
# Alone, so many more deaths are no chance.
MOST_ATTEMPTS = MOST_ATTEMPTS_TOGETHER + 2

_log = logging.getLogger(__name__)


class SyncWorld(OpenWorld, Protocol):
    """What the steps take of an open world."""

    @property
    def sources(self) -> Sources:
        """Reads sources and remembers how their syncs ended."""

    @property
    def jobs(self) -> Jobs:
        """The rows of jobs."""


@dataclass(frozen=True, slots=True)
class Batch:
    """`count` files of the job's list, from number `first` on."""

    first: int
    count: int


@dataclass(slots=True)
class SyncJob:
    """The steps of one sync. `writer` is whoever carries them out.

    `most_failures`: so often running an endpoint or a store may fail before the rest is not tried.
    """

    world: SyncWorld
    job: JobRow
    writer: Writer = field(default_factory=Writer)
    report_progress: Report = lambda _progress: None
    most_failures: int = MOST_FAILURES_RUNNING
    files: JobFiles = field(init=False)
    _work: FileIngest | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.files = JobFiles(self.world.database, self.job.job_id, guard=self.writer.guard)

    def look(self) -> list[Batch]:
        """Remove and move first, then lay out what is to be read. Raises what SourceSync.look raises."""
        sync, done = self._open_sync(), self.files.list_ingested()
        sync.wishes = replace(sync.wishes, done=done)
        look = sync.look()
        first = self.files.lay_out([(file.path, dump_reference(file)) for file in look.to_read])
        self._keep_report(look, done)
        self._tell()
        end = first + len(look.to_read)
        return [Batch(at, min(BATCH_FILES, end - at)) for at in range(first, end, BATCH_FILES)]

    def ingest(self, batch: Batch) -> str | None:
        """One batch; None, or why the rest needs not be tried: an endpoint or a store fails."""
        job = self.world.jobs.get(self.job.job_id)
        if job.is_cancel_asked or not job.is_under_way:
            return None
        if job.worker is None:
            # Whoever was at it is dead: the steps go on here, and so does the job.
            self.world.jobs.begin(job.job_id, self.writer.worker)
        self._sweep(batch)
        if job.error is None:
            # A step that was repeated: what it left for want of an endpoint or a store is not left yet.
            self.put_back(batch)
        is_suspect = self.files.count_attempts(batch.first, batch.count) >= MOST_ATTEMPTS_TOGETHER
        with span("batch", kind=job.kind, files=batch.count):
            reason = (self._ingest_alone if is_suspect else self._ingest_together)(batch, job.error)
        self._tell()
        return reason

    def put_back(self, batch: Batch) -> None:
        """Files of the batch that failed for want of an endpoint or a store wait again."""
        self.files.put_back(batch.first, batch.count)

    def finish(self) -> None:
        """The report, what is trusted in bulk, and the end of the job."""
        job = self.world.jobs.get(self.job.job_id)
        if not job.is_under_way:
            return
        report = read_report(job.report or {}, job.subject)
        report.take(self.files.list_outcomes())
        if job.is_cancel_asked:
            self.world.jobs.end(job.job_id, "cancelled", report=report.as_json())
            return
        sync = self._open_sync()
        with sync.hold_parts() as parts:
            # Whoever silenced them may have died before it removed their passages.
            parts.store.remove_documents(sync.ledger.list_removed(job.asked_at))
        sync.close(report)
        began = job.started_at or job.asked_at
        report.seconds = round((self.world.clock.now() - began).total_seconds(), 2)
        # Only a whole sync says that the source is as known: a recheck leaves changed content where it is.
        if job.kind == "sync" and job.arguments.get("only") is None:
            self.world.sources.record_sync(job.subject, report.as_json())
        self.world.jobs.end(job.job_id, "done", report=report.as_json())
        observe(JOB_SECONDS, report.seconds, job.kind)

    def _keep_report(self, look: Look, done: frozenset[str]) -> None:
        """The report so far. What an earlier attempt did is counted once: its files stand on the list already."""
        settled = tuple(one for one in look.settled if one.path not in done or one.state != "unchanged")
        report = begin_report(self.job.subject, replace(look, settled=settled))
        before = read_report(self.world.jobs.get(self.job.job_id).report or {}, self.job.subject)
        report.moved, report.removed = report.moved + before.moved, report.removed + before.removed
        self.world.jobs.keep_report(self.job.job_id, report.as_json())

    def _sweep(self, batch: Batch) -> None:
        """Files that are visible already: whoever ingested them may have died before it swept what they replace."""
        paths = self.files.list_ingested(batch.first, batch.count)
        if not paths:
            return
        sync = self._open_sync()
        with sync.hold_parts() as parts:
            for one in sync.ledger.read_known(paths).values():
                if not one.is_removed:
                    kept = {one.latest_revision, one.answering_revision or one.latest_revision}
                    parts.store.remove(one.document_id, keep_revisions=kept, up_to=one.latest_revision)
            parts.settle()

    def _ingest_together(self, batch: Batch, stop_reason: str | None) -> str | None:
        with _TURNS.together():
            return self._ingest(batch, stop_reason)

    def _ingest_alone(self, batch: Batch, stop_reason: str | None) -> str | None:
        reasons: list[str | None] = []
        for number in range(batch.first, batch.first + batch.count):
            with _TURNS.alone():
                reasons.append(self._ingest(Batch(number, 1), stop_reason))
        return next((reason for reason in reasons if reason), None)

    def _ingest_one_by_one(self, batch: Batch, stop_reason: str | None) -> str | None:
        reasons = [
            self._ingest(Batch(number, 1), stop_reason)
            for number in range(batch.first, batch.first + batch.count)
        ]
        return next((reason for reason in reasons if reason), None)

    def _ingest(self, batch: Batch, stop_reason: str | None) -> str | None:
        waiting = self.files.begin(batch.first, batch.count)
        if len(waiting) == 1 and waiting[0].attempts >= MOST_ATTEMPTS:
            self._shelve(waiting[0], f"reading it has ended {MOST_ATTEMPTS} workers")
            return None
        try:
            return self._run(waiting, stop_reason)
        except (WorkerReplaced, PermanentError, TransientError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is that file's and stays with it
            _log.exception("a batch of %d file(s) failed", len(waiting))
            if len(waiting) == 1:
                self._shelve(waiting[0], f"reading it failed inside ({type(error).__name__}; see the log)")
                return None
            return self._ingest_one_by_one(batch, stop_reason)

    def _run(self, waiting: Sequence[WaitingFile], stop_reason: str | None) -> str | None:
        work = self._work = self._work or self._open_sync().open_ingest(self.files.record)
        work.most_failures = self.most_failures
        work.stop_reason = work.stop_reason or stop_reason
        outcomes = work.run([load_reference(file.reference) for file in waiting])
        for one in outcomes:
            count(JOB_FILES, one.state)
        self.files.record_now([one for one in outcomes if one.state != "ingested"])
        return None if stop_reason else work.stop_reason

    def _shelve(self, file: WaitingFile, why: str) -> None:
        """The same bytes are not tried again: changed ones are, and so is the file when somebody asks for it."""
        sync, reference = self._open_sync(), load_reference(file.reference)
        reason = f"{why}; left out until its bytes change, or `onbrand jobs retry-failed {self.job.job_id}`"
        # One that is gone meanwhile has no bytes to be remembered by; the next sync finds out by itself.
        with suppress(PermanentError):
            content = sync.connector.fetch(reference)
            record = FileRecord(
                file.path, hash_content(content), hash_declared(sync.source, reference), reason
            )
            sync.ledger.record_file(record)
        self.files.record_now([FileOutcome(file.path, "failed", reason)])

    def _tell(self) -> None:
        done, total = self.files.count()
        self.world.jobs.tell(self.job.job_id, done=done, total=total)
        self.report_progress({"done": done, "total": total, "document": ""})

    def _open_sync(self) -> SourceSync:
        source = self.world.sources.get(self.job.subject)
        sync = open_sync(self.world, source, writer=self.writer)
        sync.wishes = read_wishes(self.job)
        return sync


class _Turns:
    """Batches run beside each other. A file that may be what kills workers runs alone: no neighbour is blamed."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._running = self._suspects = 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """Beside others, once no suspect waits or runs."""
        with self._changed:
            self._changed.wait_for(lambda: not self._suspects)
            self._running += 1
        try:
            yield
        finally:
            self._change(running=-1)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Beside nobody."""
        with self._changed:
            self._suspects += 1
            self._changed.wait_for(lambda: not self._running)
            self._running += 1
        try:
            yield
        finally:
            self._change(running=-1, suspects=-1)

    def _change(self, *, running: int, suspects: int = 0) -> None:
        with self._changed:
            self._running += running
            self._suspects += suspects
            self._changed.notify_all()


# One for a process: it is the process that dies.
_TURNS = _Turns()


def read_wishes(job: JobRow) -> SyncWishes:
    """How the job wants its sync."""
    only: Iterable[str] | None = job.arguments.get("only")
    return SyncWishes(
        full=bool(job.arguments.get("full")),
        allow_empty=bool(job.arguments.get("allow_empty")),
        only=None if only is None else frozenset(only),
        is_recheck=job.kind == "recheck",
    )
