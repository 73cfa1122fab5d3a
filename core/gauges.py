"""Reads the gauges that the database knows: documents, jobs, workers, syncs. Asked by admin/probes.py at a scrape."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, func, select

from core.clock import Clock
from core.database import Database
from core.job_tables import job_runs, workers
from core.metrics import DOCUMENTS, JOB_RUNS, SYNC_AGE, SYNC_STALE, WORKER_BEAT_AGE, Sample
from core.tables import documents, sources

HOUR_SECONDS = 3600


def read_gauges(database: Database, clock: Clock) -> tuple[Sample, ...]:
    """All of them in one short read transaction; raises DatabaseUnreachable."""
    with database.read() as connection:
        now = clock.now()
        return (
            *_count_documents(connection),
            *_count_jobs(connection),
            *_measure_syncs(connection, now),
            *_measure_workers(connection, now),
        )


def _count_documents(connection: Connection) -> Iterator[Sample]:
    status = documents.c.status
    query = select(status, func.count()).where(documents.c.removed_at.is_(None)).group_by(status)
    for name, number in connection.execute(query):
        yield Sample(DOCUMENTS, number, (name,))


def _count_jobs(connection: Connection) -> Iterator[Sample]:
    kind, state = job_runs.c.kind, job_runs.c.state
    for row in connection.execute(select(kind, state, func.count()).group_by(kind, state)):
        yield Sample(JOB_RUNS, row[2], (row[0], row[1]))


def _measure_syncs(connection: Connection, now: datetime) -> Iterator[Sample]:
    columns = sources.c
    query = select(columns.name, columns.added_at, columns.last_synced_at, columns.stale_after_hours)
    for row in connection.execute(query.where(columns.removed_at.is_(None))):
        if row.last_synced_at is not None:
            yield Sample(SYNC_AGE, _seconds_since(row.last_synced_at, now), (row.name,))
        if row.stale_after_hours is not None:
            # One that was never synced is late as well: its time runs from when it was added.
            age = _seconds_since(row.last_synced_at or row.added_at, now)
            yield Sample(SYNC_STALE, float(age > row.stale_after_hours * HOUR_SECONDS), (row.name,))


def _measure_workers(connection: Connection, now: datetime) -> Iterator[Sample]:
    query = select(workers.c.name, workers.c.beat_at).where(workers.c.ended_at.is_(None))
    for row in connection.execute(query):
        yield Sample(WORKER_BEAT_AGE, _seconds_since(row.beat_at, now), (row.name,))


def _seconds_since(moment: datetime, now: datetime) -> float:
    # The clock of another machine may be a little ahead of ours.
    return max(0.0, (now - moment).total_seconds())
