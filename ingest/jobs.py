"""The one door to DBOS: carries jobs out in durable steps, wherever a worker is free. Opened by ingest/worker.py.

The rows of core/jobs.py say what is wanted and how it ended; DBOS remembers only which steps are done.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from threading import Event, Semaphore

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID
from sqlalchemy.exc import SQLAlchemyError

from core.errors import OnbrandError, PermanentError, TransientError, UsageError
from core.jobs import STEPS_VERSION, JobRow
from core.sync_ledger import Writer
from core.workers import WorkerReplaced
from ingest.run_here import RunWhole, run_whole
from ingest.sync_job import Batch, SyncJob, SyncWorld

ALL_AT_ONCE = 64
"""Batches of one sync that are waiting or at work at the same time."""
RETRY_SECONDS: tuple[float, ...] = (2.0, 10.0, 30.0)
"""An endpoint or a store that is down is asked again after these times, before the rest is given up."""
AT_HAND = 1
"""Batches that a worker takes beside each one at work: it looks for new ones so seldom that it would stand idle."""
SLOT_LOOK_SECONDS = 0.2
JOBS, BATCHES = "jobs", "batches"
GONE = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobParts:
    """What the steps need. `runners` carry out kinds of jobs that are no syncs; `polling` is in seconds."""

    world: SyncWorld
    writer: Writer
    worker: str
    runners: Mapping[str, RunWhole]
    batches_at_once: int = 2
    polling: float = 1.0


def name_line(job: JobRow) -> str:
    """Jobs of one line follow each other: syncs of one source, and those of a kind that has none."""
    return job.subject or job.kind


class JobEngine:
    """DBOS, launched on the database of the ledger. One for a process: DBOS allows no second."""

    def __init__(self, parts: JobParts) -> None:
        self._parts = parts

    def start(self) -> None:
        """Launch; what this worker was at when it was killed goes on at its next step."""
        _Steps.parts, _Steps.stopping = self._parts, Event()
        _Steps.slots = Semaphore(self._parts.batches_at_once)
        DBOS(config=_configure(self._parts))
        try:
            DBOS.launch()
            self._register_queues()
        except BaseException:
            # Half of it would stand in the way of the next attempt.
            DBOS.destroy()
            raise

    def _register_queues(self) -> None:
        polling = self._parts.polling
        DBOS.register_queue(JOBS, partition_concurrency=1, polling_interval_sec=polling)
        taken = self._parts.batches_at_once * (1 + AT_HAND)
        DBOS.register_queue(BATCHES, worker_concurrency=taken, polling_interval_sec=polling)

    def stop(self, patience_seconds: int) -> None:
        """Let steps under way come to their end; what is left goes on at the next start."""
        _Steps.stopping.set()
        DBOS.destroy(workflow_completion_timeout_sec=patience_seconds)

    def carry_out(self, job: JobRow) -> None:
        """Have a job carried out by whichever worker is free; said twice, it is done once."""
        options = SetEnqueueOptions(priority=job.priority, queue_partition_key=name_line(job))
        with SetWorkflowID(job.run_id), options:
            run = DBOS.enqueue_workflow(JOBS, _run_job, job.job_id, job.run_id)
        if run.get_status().status in GONE:
            reason = "its run broke off without a word; see the log of the worker"
            self._parts.world.jobs.end(job.job_id, "failed", error=reason)

    def recover(self, worker: str) -> int:
        """Give the unfinished steps of a dead worker to those that live; their number.

        DBOS has no public call that leaves a job alone which has gone on already, so its own recovery is used.
        """
        return len(DBOS._recover_pending_workflows([worker]))  # noqa: SLF001


class _Stopping(BaseException):
    """Ends a run without a word (DBOS writes down exceptions alone): it goes on at the next start, or elsewhere."""


class _Steps:
    """DBOS knows functions by name alone: here they find the world of their process."""

    parts: JobParts
    stopping: Event
    slots: Semaphore

    @classmethod
    @contextmanager
    def take_slot(cls) -> Iterator[None]:
        """One of the places for batches at work, held to the end of the batch."""
        while not cls.slots.acquire(timeout=SLOT_LOOK_SECONDS):
            cls.wait(0)
        try:
            yield
        finally:
            cls.slots.release()

    @classmethod
    def wait(cls, seconds: float) -> None:
        """Wait, unless the worker stops: whoever waits is at no step."""
        if cls.stopping.wait(seconds):
            raise _Stopping

    @classmethod
    def open_job(cls, run_id: str) -> JobRow | None:
        """The job, if this is its present run: of a resumed job, what an old run still does counts no more."""
        job = cls.parts.world.jobs.get(run_id.partition(".")[0])
        return job if job.run_id == run_id and job.is_under_way else None

    @classmethod
    def open_sync(cls, run_id: str) -> SyncJob | None:
        # The first failure ends a batch: it is tried again later, which a batch that goes on would only put off.
        job = cls.open_job(run_id)
        return SyncJob(cls.parts.world, job, cls.parts.writer, most_failures=1) if job else None

    @classmethod
    def check(cls) -> None:
        with cls.parts.world.database.write() as connection:
            cls.parts.writer.guard(connection)


@DBOS.workflow(name="job")
def _run_job(job_id: str, run_id: str) -> None:
    kind, priority = _begin(job_id, run_id)
    try:
        if kind in ("sync", "recheck"):
            _run_sync(run_id, priority)
        elif kind:
            _run_whole(run_id)
    except Exception as error:  # noqa: BLE001 - whatever it is, the job must come to an end that says so
        _log.exception("job %s failed", job_id)
        _break_off(run_id, _explain(error))


def _explain(error: Exception) -> str:
    # A step that was repeated in vain gives the list of its errors.
    inner = (getattr(error, "errors", None) or [error])[-1]
    is_ours = isinstance(inner, OnbrandError)
    return str(inner) if is_ours else f"it failed inside ({type(inner).__name__}); see the log of the worker"


def _run_sync(run_id: str, priority: int) -> None:
    batches = _look(run_id)
    if batches is None:
        return
    for start in range(0, len(batches), ALL_AT_ONCE):
        handles = []
        for first, count in batches[start : start + ALL_AT_ONCE]:
            with SetWorkflowID(f"{run_id}:{first}"), SetEnqueueOptions(priority=priority):
                handles.append(DBOS.enqueue_workflow(BATCHES, _ingest_batch, run_id, first, count))
        for handle in handles:
            _wait_for(handle.workflow_id)
            handle.get_result(polling_interval_sec=_Steps.parts.polling)
    _finish(run_id)


def _wait_for(run_id: str) -> None:
    """Until a batch is at its end, wherever it is carried out. DBOS itself would wait on while the worker stops."""
    while True:
        # Outside of the run's context: looking is no step of it.
        rows = Context().run(
            lambda: DBOS.list_workflows(workflow_ids=[run_id], load_input=False, load_output=False)
        )
        if any(row.status in GONE for row in rows):
            return
        _Steps.wait(_Steps.parts.polling)


@DBOS.workflow(name="batch")
def _ingest_batch(run_id: str, first: int, count: int) -> None:
    _Steps.wait(0)
    with _Steps.take_slot():
        _Steps.wait(0)
        for seconds in RETRY_SECONDS:
            if _ingest(run_id, first, count) is None:
                return
            _Steps.wait(seconds)
            _put_back(run_id, first, count)
        reason = _ingest(run_id, first, count)
        if reason is not None:
            _give_up(run_id, reason)


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, TransientError | SQLAlchemyError) and not isinstance(error, WorkerReplaced)


# A database that does not answer for a moment is waited for; what no waiting mends is caught inside the step.
_repeatable = DBOS.step(
    retries_allowed=True, max_attempts=6, interval_seconds=0.5, backoff_rate=2.0, should_retry=_may_pass
)


@_repeatable
def _begin(job_id: str, run_id: str) -> tuple[str, int]:
    """Kind and priority; no kind where the job has ended, or goes on as a later run."""
    parts = _Steps.parts
    job = parts.world.jobs.get(job_id)
    if job.run_id != run_id:
        return "", job.priority
    job = parts.world.jobs.begin(job_id, parts.worker)
    return (job.kind if job.is_under_way else ""), job.priority


@_repeatable
def _look(run_id: str) -> list[tuple[int, int]] | None:
    steps = _Steps.open_sync(run_id)
    if steps is None:
        return None
    try:
        return [(batch.first, batch.count) for batch in steps.look()]
    except (PermanentError, UsageError) as error:
        _end_failed(steps.job, str(error))
        return None


@_repeatable
def _ingest(run_id: str, first: int, count: int) -> str | None:
    steps = _Steps.open_sync(run_id)
    return None if steps is None else steps.ingest(Batch(first, count))


@_repeatable
def _put_back(run_id: str, first: int, count: int) -> None:
    steps = _Steps.open_sync(run_id)
    if steps is not None:
        steps.put_back(Batch(first, count))


@_repeatable
def _give_up(run_id: str, reason: str) -> None:
    job = _Steps.open_job(run_id)
    if job is not None:
        _Steps.parts.world.jobs.give_up(job.job_id, reason)


@_repeatable
def _finish(run_id: str) -> None:
    steps = _Steps.open_sync(run_id)
    if steps is not None:
        _Steps.check()
        steps.finish()


@_repeatable
def _break_off(run_id: str, reason: str) -> None:
    job = _Steps.open_job(run_id)
    if job is not None:
        _end_failed(job, reason)


@_repeatable
def _run_whole(run_id: str) -> None:
    job = _Steps.open_job(run_id)
    if job is not None:
        run_whole(_Steps.parts.world.jobs, job.job_id, _Steps.parts.runners)


def _end_failed(job: JobRow, reason: str) -> None:
    _Steps.check()  # whoever was frozen may see what is wrong with their machine alone
    _Steps.parts.world.jobs.end(job.job_id, "failed", error=reason)


def _configure(parts: JobParts) -> DBOSConfig:
    url = parts.world.database.engine.url
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql")
    return {
        "name": "onbrand",
        "system_database_url": url.render_as_string(hide_password=False),
        "executor_id": parts.worker,
        "application_version": STEPS_VERSION,
        "enable_otlp": False,
        "console_log_level": "WARNING",
        "notification_listener_polling_interval_sec": max(parts.polling, 1.0),
    }
