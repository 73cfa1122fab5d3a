"""Who works on jobs, who has fallen silent, and whose writes still count. Used by ingest's worker and ledger writes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from core.clock import Clock
from core.database import Database
from core.errors import TransientError
from core.job_tables import workers

CALLED_DEAD_AFTER_SECONDS = 18.0
"""A worker that has been silent for so long is taken over."""


class WorkerReplaced(TransientError):
    """A worker was silent for too long and its work was given away: it may write nothing more."""


class WorkerNameTaken(TransientError):
    """A worker of this name is at work."""


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One worker as the database knows it. `silent_seconds` is measured by the database's clock."""

    name: str
    epoch: int
    version: str
    started_at: datetime
    silent_seconds: float
    has_ended: bool

    @property
    def is_dead(self) -> bool:
        """True when it neither ended nor gave a sign of life."""
        return not self.has_ended and self.silent_seconds > CALLED_DEAD_AFTER_SECONDS


@dataclass(frozen=True, slots=True)
class Tenure:
    """The right of one worker to write, from its registration until its epoch is raised."""

    name: str
    epoch: int

    def check(self, connection: Connection) -> None:
        """Raises WorkerReplaced. Call it inside the transaction that writes: the row stays locked until its end."""
        query = select(workers.c.epoch).where(workers.c.name == self.name).with_for_update(read=True)
        if connection.execute(query).scalar_one_or_none() != self.epoch:
            raise WorkerReplaced(
                f"worker {self.name!r} was replaced while it was silent; it writes nothing more"
            )


class Workers:
    """Registers workers, takes their signs of life, and finds those that are dead."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def register(self, name: str, *, version: str, is_alone: bool) -> Tenure:
        """Begin to work under a name. `is_alone`: whoever had it is gone for certain (its lock was free).

        Raises WorkerNameTaken when a worker of that name gave a sign of life lately.
        """
        with self._database.write() as connection:
            now = self._read_now(connection)
            row = connection.execute(select(workers).where(workers.c.name == name).with_for_update()).first()
            values = {"version": version, "started_at": now, "beat_at": now, "ended_at": None}
            if row is None:
                connection.execute(insert(workers).values(name=name, epoch=1, **values))
                return Tenure(name, 1)
            if not is_alone and row.ended_at is None and not _is_silent(row.beat_at, now):
                raise WorkerNameTaken(f"a worker named {name!r} is at work; name this one otherwise (--name)")
            epoch = row.epoch + 1
            connection.execute(update(workers).where(workers.c.name == name).values(epoch=epoch, **values))
            return Tenure(name, epoch)

    def beat(self, tenure: Tenure) -> None:
        """A sign of life; raises WorkerReplaced when it came too late."""
        with self._database.write() as connection:
            where = (workers.c.name == tenure.name) & (workers.c.epoch == tenure.epoch)
            now = self._read_now(connection)
            if connection.execute(update(workers).where(where).values(beat_at=now)).rowcount == 0:
                raise WorkerReplaced(f"worker {tenure.name!r} was replaced while it was silent")

    def end(self, tenure: Tenure) -> None:
        """The worker has stopped by itself; a step that it could not wait for may write nothing any more."""
        with self._database.write() as connection:
            where = (workers.c.name == tenure.name) & (workers.c.epoch == tenure.epoch)
            now = self._read_now(connection)
            connection.execute(update(workers).where(where).values(ended_at=now, epoch=tenure.epoch + 1))

    def list_workers(self) -> tuple[WorkerRow, ...]:
        """All that ever worked, by name."""
        with self._database.read() as connection:
            now = self._read_now(connection)
            rows = connection.execute(select(workers).order_by(workers.c.name)).all()
        return tuple(
            WorkerRow(
                row.name,
                row.epoch,
                row.version,
                row.started_at,
                (now - row.beat_at).total_seconds(),
                has_ended=row.ended_at is not None,
            )
            for row in rows
        )

    def call_dead(self, worker: WorkerRow, on_death: Callable[[Connection], None]) -> bool:
        """Raise the epoch of a silent worker. True for the one caller who did; `on_death` joins its transaction."""
        with self._database.write() as connection:
            now = self._read_now(connection)
            where = (workers.c.name == worker.name) & (workers.c.epoch == worker.epoch)
            row = connection.execute(select(workers).where(where).with_for_update()).first()
            if row is None or row.ended_at is not None or not _is_silent(row.beat_at, now):
                return False
            values = {"epoch": worker.epoch + 1, "ended_at": now}
            connection.execute(update(workers).where(where).values(**values))
            on_death(connection)
            return True

    def _read_now(self, connection: Connection) -> datetime:
        # Several machines never agree on the time to the second: the database's clock is everybody's.
        if connection.dialect.name != "postgresql":
            return self._clock.now()
        moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return moment


def _is_silent(beat_at: datetime, now: datetime) -> bool:
    return now - beat_at > timedelta(seconds=CALLED_DEAD_AFTER_SECONDS)
