"""Carries a job out in this process, from its first step to its last: where no worker is at work.

Called by admin's job desk; the step of jobs that have only one is shared with ingest/jobs.py.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.errors import OnbrandError, PermanentError, UsageError
from core.jobs import JobRow, Jobs
from core.sync_ledger import Writer
from ingest.sync_job import SyncJob, SyncWorld
from ingest.sync_source import Report

RunWhole = Callable[[JobRow], Mapping[str, Any]]
"""Carries out a job that is one repeatable step; gives its report."""
ALONE = "local"
"""The worker's name where only one can be: the owner of an embedded world."""
HERE = "command"
"""The worker's name of jobs that a command carries out itself."""


def run_here(
    world: SyncWorld, job: JobRow, runners: Mapping[str, RunWhole], *, writer: Writer, tell: Report
) -> None:
    """The whole job, telling how far it is. What stops it becomes its error, and is raised as well."""
    job = world.jobs.begin(job.job_id, HERE, is_anew=True)
    if not job.is_under_way:
        return
    try:
        if job.kind in ("sync", "recheck"):
            _run_sync(SyncJob(world, job, writer, tell))
        else:
            run_whole(world.jobs, job.job_id, runners)
    except Exception as error:
        # Left as it is it would seem to be at work for ever, and the next of its kind would join it.
        is_ours = isinstance(error, OnbrandError)
        reason = str(error) if is_ours else f"it failed inside ({type(error).__name__}); see the log"
        world.jobs.end(job.job_id, "failed", error=reason)
        raise


def run_whole(jobs: Jobs, job_id: str, runners: Mapping[str, RunWhole]) -> None:
    """A job that is one repeatable step; what it cannot do becomes its error."""
    job = jobs.get(job_id)
    if not job.is_under_way:
        return
    try:
        report = runners[job.kind](job)
    except (PermanentError, UsageError) as error:
        jobs.end(job_id, "failed", error=str(error))
        return
    _end(jobs, job_id, report)


def _end(jobs: Jobs, job_id: str, report: Mapping[str, Any]) -> None:
    """A report says itself when the job failed (a check stood against it) or was cancelled in time."""
    if report.get("state") == "failed":
        jobs.end(job_id, "failed", report=report, error="; ".join(report.get("reasons", ())))
    elif report.get("state") == "cancelled":
        jobs.end(job_id, "cancelled", report=report)
    else:
        jobs.end(job_id, "done", report=report)


def _run_sync(steps: SyncJob) -> None:
    for batch in steps.look():
        reason = steps.ingest(batch)
        if reason is not None:
            steps.world.jobs.give_up(steps.job.job_id, reason)
    steps.finish()
