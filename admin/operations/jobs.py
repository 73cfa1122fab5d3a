"""`jobs list`, `show`, `cancel`, `resume`, `retry-failed`: what the workers are at, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from admin.world import World
from core.access import Person
from core.acts import ADMINS
from core.errors import NotAllowed, UsageError
from core.jobs import STATES, STEPS_VERSION, JobRequest, JobRow
from core.local_socket import Report
from core.workers import Workers


def list_jobs(world: World, arguments: Mapping[str, Any], _report: Report) -> list[dict[str, Any]]:
    """Arguments: state, source, limit. The newest first, without their reports."""
    state = arguments.get("state")
    if state is not None and state not in STATES:
        raise UsageError(f"no job is ever {state!r}; allowed: {', '.join(STATES)}")
    found = world.jobs.list_jobs(
        state=state, subject=arguments.get("source"), limit=int(arguments.get("limit") or 50)
    )
    return [describe_job(world, job) for job in found]


def show_job(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Arguments: job. One job with what it did, file by file where something was in the way."""
    job = world.jobs.get(str(arguments["job"]))
    return {**describe_job(world, job), "arguments": dict(job.arguments), "report": job.report}


def cancel_job(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Arguments: job, as. One that waits ends at once; one at work, after the batch that it is at."""
    _check_admin(world, arguments)
    return describe_job(world, world.jobs.cancel(world.jobs.get(str(arguments["job"])).job_id))


def resume_job(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Arguments: job, wait, as. A failed or cancelled job goes on: what it has ingested stays."""
    _check_admin(world, arguments)
    job = world.jobs.resume(world.jobs.get(str(arguments["job"])).job_id)
    return _begin(world, job, arguments, report)


def retry_failed(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Arguments: job, wait, as. A new sync of just the files that failed, whatever is remembered of them."""
    by = _check_admin(world, arguments)
    job = world.jobs.get(str(arguments["job"]))
    if job.is_under_way:
        raise UsageError(f"job {job.job_id} is still {job.state}; wait for its end")
    paths = sorted({one["document"] for one in (job.report or {}).get("failed", ())})
    if job.kind != "sync" or not paths:
        raise UsageError(f"no file failed in job {job.job_id}: there is nothing to try again")
    asked = world.desk.ask(JobRequest("sync", job.subject, {"only": paths}, by.label()))
    return _begin(world, asked, arguments, report)


def read_jobs_health(world: World, _arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """What waits and for how long, who works, who has fallen silent, and what another version left unfinished."""
    under_way = world.jobs.list_under_way()
    workers = {one.name: one for one in Workers(world.database, world.clock).list_workers()}
    waits = [
        (world.clock.now() - job.asked_at).total_seconds() for job in under_way if job.state == "waiting"
    ]
    return {
        "waiting": len(waits),
        "longest_wait_seconds": round(max(waits, default=0.0)),
        "running": sum(job.state == "running" for job in under_way),
        "workers": sorted(one.name for one in workers.values() if not one.has_ended and not one.is_dead),
        "silent_workers": sorted(one.name for one in workers.values() if one.is_dead),
        "other_versions": sorted(
            job.job_id
            for job in under_way
            if job.worker in workers and workers[job.worker].version != STEPS_VERSION
        ),
        "is_carried_out_here": world.desk.must_wait,
    }


def _begin(world: World, job: JobRow, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    if arguments.get("wait") or world.desk.must_wait:
        job = world.desk.carry_out(world, job, report)
    elif world.desk.worker is not None:
        world.desk.worker.wake()
    return {**describe_job(world, job), "report": job.report}


def _check_admin(world: World, arguments: Mapping[str, Any]) -> Person:
    by = world.identify(arguments.get("as"))
    if not by.has_role(ADMINS):
        raise NotAllowed(f"{by.label()} may not steer jobs (role: {by.role or 'none'}); it takes admin")
    return by


def describe_job(world: World, job: JobRow) -> dict[str, Any]:
    """One job without its report, JSON-ready."""
    moments = {name: _format(getattr(job, name)) for name in ("asked_at", "started_at", "ended_at")}
    return {
        "job": job.job_id,
        "kind": job.kind,
        "source": job.subject or None,
        "state": "cancelling" if job.is_cancel_asked and job.is_under_way else job.state,
        "asked_by": job.asked_by,
        **moments,
        "worker": job.worker,
        "attempt": job.attempt,
        "done": job.done,
        "total": job.total,
        "current": job.current,
        **_measure(job, world.clock.now()),
        "failed": len((job.report or {}).get("failed", ())),
        "error": job.error,
    }


def _measure(job: JobRow, now: datetime) -> dict[str, float | None]:
    """Files a second, and seconds that are left at that rate."""
    if job.started_at is None:
        return {"per_second": None, "seconds_left": None}
    seconds = ((job.ended_at or now) - job.started_at).total_seconds()
    rate = job.done / seconds if seconds > 0 and job.done else None
    left = (job.total - job.done) / rate if rate and job.is_under_way else None
    return {
        "per_second": round(rate, 1) if rate else None,
        "seconds_left": round(left) if left is not None else None,
    }


def _format(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
