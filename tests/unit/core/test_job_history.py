"""Ended jobs: the last of each kind is remembered for ever, the others for so many days."""

from datetime import timedelta

from sqlalchemy import update

from core.clock import Clock
from core.database import Database
from core.job_history import JobHistory
from core.job_tables import job_runs
from core.jobs import JobKind, JobRequest, Jobs, JobState


def end(
    database: Database, clock: Clock, state: JobState, *, kind: JobKind = "sync", days_ago: int = 0
) -> str:
    """A job that ended so long ago."""
    jobs = Jobs(database, clock)
    job = jobs.ask(JobRequest(kind, "kit" if kind == "sync" else "", {}, "Ada"))
    jobs.end(job.job_id, state)
    moment = clock.now() - timedelta(days=days_ago)
    with database.write() as connection:
        where = job_runs.c.job_id == job.job_id
        connection.execute(update(job_runs).where(where).values(ended_at=moment))
    return job.job_id


def test_last_job_of_each_kind_is_found_and_a_cancelled_one_hides_none(
    database: Database, clock: Clock
) -> None:
    end(database, clock, "done", days_ago=3)
    failed = end(database, clock, "failed", days_ago=2)
    end(database, clock, "cancelled", days_ago=1)
    upkeep = end(database, clock, "done", kind="upkeep", days_ago=9)
    found = {job.job_id for job in JobHistory(database, clock).list_latest_ended()}
    assert found == {failed, upkeep}


def test_old_jobs_are_forgotten_but_for_the_last_of_each_kind(database: Database, clock: Clock) -> None:
    end(database, clock, "done", days_ago=200)
    end(database, clock, "cancelled", days_ago=150)
    last = end(database, clock, "failed", days_ago=100)
    fresh = end(database, clock, "cancelled", days_ago=1)
    waiting = Jobs(database, clock).ask(JobRequest("sync", "kit", {}, "Ada"))
    assert JobHistory(database, clock).forget(days=90) == 2
    assert {job.job_id for job in Jobs(database, clock).list_jobs()} == {last, fresh, waiting.job_id}
