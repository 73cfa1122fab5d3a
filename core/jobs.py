"""The door for jobs: who asked for what, how far it is, how it ended. Bot, console and commands ask here.

Who carries them out (ingest/worker.py, or a command on its own) reads and writes the same rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, select, update

from core.clock import Clock
from core.database import Database
from core.errors import TransientError, UsageError
from core.job_tables import job_runs

JobKind = Literal["sync", "recheck", "reindex", "upkeep"]
JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
UNDER_WAY: tuple[JobState, ...] = ("waiting", "running")
STATES: tuple[JobState, ...] = get_args(JobState)

# Lower goes first: what takes access away before content, and what a person waits for before what the clock asks.
PRIORITY_ACCESS, PRIORITY_PERSON, PRIORITY_CLOCK, PRIORITY_UPKEEP = 1, 5, 10, 20


STEPS_VERSION = "1"
"""Raised only when the order of steps or their arguments change: workers leave unfinished jobs of another one alone."""


class UnknownJob(UsageError):
    """No job has this id."""


class JobUnderWay(TransientError):
    """Another job is at work that this one would get in the way of."""


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What is asked for. `subject` is the source of a sync, else empty; `arguments` are JSON-ready."""

    kind: JobKind
    subject: str
    arguments: Mapping[str, Any]
    asked_by: str
    priority: int = PRIORITY_PERSON


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job. `report` is what it did, `error` why it ended before its end; `done` of `total` are files."""

    job_id: str
    kind: JobKind
    subject: str
    arguments: Mapping[str, Any]
    priority: int
    state: JobState
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    worker: str | None
    attempt: int
    is_cancel_asked: bool
    done: int
    total: int
    current: str
    report: Mapping[str, Any] | None
    error: str | None

    @property
    def is_under_way(self) -> bool:
        """True until it has ended."""
        return self.state in UNDER_WAY

    @property
    def run_id(self) -> str:
        """Names this attempt: a resumed job is another run of the same job."""
        return f"{self.job_id}.{self.attempt}"


class Jobs:
    """Asks for jobs, reads and changes their rows. Instances may be used from any thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def ask(self, request: JobRequest) -> JobRow:
        """A new job, or the one that is under way and does the same.

        Raises JobUnderWay for a second re-index: two would fight for one place.
        """
        with self._database.write() as connection:
            found = self._find_alike(connection, request)
            if found is not None:
                return found
            job_id = uuid4().hex[:12]
            values = {
                "kind": request.kind,
                "subject": request.subject,
                "arguments": dict(request.arguments),
                "priority": request.priority,
                "state": "waiting",
                "asked_by": request.asked_by,
                "asked_at": self._clock.now(),
            }
            connection.execute(insert(job_runs).values(job_id=job_id, **values))
            return _get(connection, job_id)

    def get(self, job_id: str) -> JobRow:
        """One job by its id, or by the beginning of it; raises UnknownJob."""
        with self._database.read() as connection:
            query = select(job_runs).where(job_runs.c.job_id.startswith(job_id, autoescape=True)).limit(2)
            rows = connection.execute(query).all()
        if len(rows) != 1 or not job_id:
            raise UnknownJob(f"no job (or more than one) {job_id!r}; `onbrand jobs list` shows them")
        return read_job(rows[0])

    def list_jobs(
        self, *, state: str | None = None, subject: str | None = None, limit: int = 50
    ) -> tuple[JobRow, ...]:
        """The newest first."""
        query = select(job_runs).order_by(job_runs.c.asked_at.desc(), job_runs.c.job_id).limit(limit)
        if state is not None:
            query = query.where(job_runs.c.state == state)
        if subject is not None:
            query = query.where(job_runs.c.subject == subject)
        with self._database.read() as connection:
            return tuple(read_job(row) for row in connection.execute(query))

    def list_under_way(self) -> tuple[JobRow, ...]:
        """Waiting and running ones, in the order in which they are to begin."""
        query = (
            select(job_runs)
            .where(job_runs.c.state.in_(UNDER_WAY))
            .order_by(job_runs.c.priority, job_runs.c.asked_at)
        )
        with self._database.read() as connection:
            return tuple(read_job(row) for row in connection.execute(query))

    def is_due(self, kind: JobKind, *, hours: float) -> bool:
        """True when no job of this kind was asked for in so many hours."""
        latest = select(func.max(job_runs.c.asked_at)).where(job_runs.c.kind == kind)
        with self._database.read() as connection:
            moment: datetime | None = connection.execute(latest).scalar_one()
        return moment is None or self._clock.now() - moment >= timedelta(hours=hours)

    def begin(self, job_id: str, worker: str, *, is_anew: bool = False) -> JobRow:
        """It is at work now; begun again after a crash it keeps its first moment.

        `is_anew`: from its first step on, whatever was begun before, which thereby is an old run of it.
        """
        with self._database.write() as connection:
            job = _get(connection, job_id)
            values: dict[str, Any] = {"state": "running", "worker": worker}
            if job.started_at is None:
                values["started_at"] = self._clock.now()
            elif is_anew:
                values["attempt"] = job.attempt + 1
            if job.is_under_way:
                connection.execute(update(job_runs).where(job_runs.c.job_id == job_id).values(**values))
            return _get(connection, job_id)

    def tell(self, job_id: str, *, done: int, total: int, current: str = "") -> None:
        """How far it is; it is at work, whoever took it over."""
        self._set(job_id, state="running", done=done, total=total, current=current)

    def keep_report(self, job_id: str, report: Mapping[str, Any]) -> None:
        """What is known of its outcome so far."""
        self._set(job_id, report=dict(report))

    def give_up(self, job_id: str, reason: str) -> None:
        """What is left of it is not tried, for this reason; it still comes to its end."""
        self._set(job_id, error=reason)

    def end(
        self,
        job_id: str,
        state: JobState,
        *,
        report: Mapping[str, Any] | None = None,
        error: str | None = None,
    ) -> None:
        """It has ended. Said a second time (a step that is repeated after a crash) nothing changes."""
        values = {
            "state": state,
            "report": report,
            "error": error,
            "current": "",
            "ended_at": self._clock.now(),
        }
        with self._database.write() as connection:
            where = (job_runs.c.job_id == job_id) & job_runs.c.state.in_(UNDER_WAY)
            connection.execute(update(job_runs).where(where).values(**values))

    def cancel(self, job_id: str) -> JobRow:
        """One that waits ends at once; one that is at work, after the batch that it is at."""
        with self._database.write() as connection:
            job = _get(connection, job_id)
            if not job.is_under_way:
                raise UsageError(f"job {job_id} has ended already ({job.state})")
            values: dict[str, Any] = {"cancel_asked": True}
            if job.state == "waiting":
                values |= {"state": "cancelled", "ended_at": self._clock.now()}
            connection.execute(update(job_runs).where(job_runs.c.job_id == job_id).values(**values))
            return _get(connection, job_id)

    def resume(self, job_id: str) -> JobRow:
        """Begin an ended job again where it stopped; raises UsageError for one that is done or under way."""
        with self._database.write() as connection:
            job = _get(connection, job_id)
            if job.state not in ("failed", "cancelled"):
                raise UsageError(f"job {job_id} is {job.state}; only failed and cancelled ones are resumed")
            alike = self._find_alike(
                connection, JobRequest(job.kind, job.subject, job.arguments, job.asked_by)
            )
            if alike is not None:
                raise JobUnderWay(f"job {alike.job_id} does the same already; wait for it")
            _set_back(connection, job_id, attempt=job.attempt + 1)
            return _get(connection, job_id)

    def take_back(self, connection: Connection, worker: str) -> None:
        """What a dead worker was at waits again. Joins the transaction that calls it dead."""
        where = (job_runs.c.state == "running") & (job_runs.c.worker == worker)
        connection.execute(update(job_runs).where(where).values(state="waiting", worker=None))

    def take_back_left(self, worker: str) -> None:
        """The same for a worker that is known to be gone, in a write of its own where there is anything to write."""
        if any(job.worker == worker for job in self.list_under_way()):
            with self._database.write() as connection:
                self.take_back(connection, worker)

    def _set(self, job_id: str, **values: Any) -> None:
        # A step that is repeated after a crash may come late: of a job that has ended nothing changes.
        where = (job_runs.c.job_id == job_id) & job_runs.c.state.in_(UNDER_WAY)
        with self._database.write() as connection:
            connection.execute(update(job_runs).where(where).values(**values))

    def _find_alike(self, connection: Connection, request: JobRequest) -> JobRow | None:
        query = select(job_runs).where(
            job_runs.c.state.in_(UNDER_WAY),
            job_runs.c.kind == request.kind,
            job_runs.c.subject == request.subject,
        )
        for row in connection.execute(query):
            if row.arguments == request.arguments and not row.cancel_asked:
                return read_job(row)
            if request.kind == "reindex":
                raise JobUnderWay(f"a re-index is under way (job {row.job_id}); wait for it or cancel it")
        return None


def _set_back(connection: Connection, job_id: str, *, attempt: int) -> None:
    values = {
        "state": "waiting",
        "attempt": attempt,
        "cancel_asked": False,
        "started_at": None,
        "ended_at": None,
        "worker": None,
        "error": None,
    }
    connection.execute(update(job_runs).where(job_runs.c.job_id == job_id).values(**values))


def _get(connection: Connection, job_id: str) -> JobRow:
    row = connection.execute(select(job_runs).where(job_runs.c.job_id == job_id).with_for_update()).first()
    if row is None:
        raise UnknownJob(f"no job {job_id!r}; `onbrand jobs list` shows them")
    return read_job(row)


def read_job(row: Row[Any]) -> JobRow:
    """A row of `job_runs`."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values["is_cancel_asked"] = values.pop("cancel_asked")
    return JobRow(**values)
