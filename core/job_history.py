"""Ended jobs: the last of each kind, and how long the others are kept. Used by the watchman and by upkeep."""

from datetime import timedelta

from sqlalchemy import and_, delete, func, select

from core.clock import Clock
from core.database import Database
from core.job_tables import job_runs
from core.jobs import UNDER_WAY, JobRow, read_job


class JobHistory:
    """Reads and thins out the rows of jobs that have ended."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def list_latest_ended(self) -> tuple[JobRow, ...]:
        """Of each kind and source the last job that was done or failed; a cancelled one says nothing."""
        said = job_runs.c.state.in_(("done", "failed"))
        latest = (
            select(job_runs.c.kind, job_runs.c.subject, func.max(job_runs.c.ended_at).label("ended_at"))
            .where(said)
            .group_by(job_runs.c.kind, job_runs.c.subject)
            .subquery()
        )
        names = ("kind", "subject", "ended_at")
        query = select(job_runs).join(latest, and_(*(job_runs.c[name] == latest.c[name] for name in names)))
        with self._database.read() as connection:
            return tuple(read_job(row) for row in connection.execute(query.where(said)))

    def forget(self, *, days: int) -> int:
        """Delete what ended so long ago, but for the last of each kind and source; number of jobs."""
        kept = [job.job_id for job in self.list_latest_ended()]
        where = (
            (job_runs.c.ended_at < self._clock.now() - timedelta(days=days))
            & job_runs.c.state.not_in(UNDER_WAY)
            & job_runs.c.job_id.not_in(kept)
        )
        with self._database.write() as connection:
            return connection.execute(delete(job_runs).where(where)).rowcount
