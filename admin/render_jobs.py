"""Jobs as a person at a terminal wants to read them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from admin.render import render_sync
from admin.render_index import render_reindexed

Result = Mapping[str, Any]


def render_jobs(jobs: Sequence[Result]) -> str:
    """A line for each job, the newest first."""
    if not jobs:
        return "No job yet. `onbrand sync` begins one."
    return "\n".join(_line(job) for job in jobs)


def render_job(job: Result) -> str:
    """One job with what it did."""
    lines = [_line(job), *_moments(job)]
    report = job.get("report")
    if report and job["kind"] in ("sync", "recheck"):
        lines.append(render_sync(report))
    elif report and job["kind"] == "reindex" and "state" in report:
        lines.append(render_reindexed(report))
    if job["failed"] and not _is_under_way(job):
        lines.append(f"Try just these files again: onbrand jobs retry-failed {job['job']}")
    if job["state"] in ("failed", "cancelled"):
        lines.append(f"Go on where it stopped: onbrand jobs resume {job['job']}")
    return "\n".join(lines)


def _line(job: Result) -> str:
    what = " ".join(filter(None, (job["kind"], job["source"])))
    words = [f"{job['job']}  {job['state']:<10}  {what}"]
    if _is_under_way(job) and job["total"]:
        things = "files" if job["source"] else "documents"
        words.append(f"{job['done']} of {job['total']} {things}{_rate(job)}")
    if job["failed"]:
        words.append(f"{job['failed']} failed")
    if job["error"]:
        words.append(job["error"])
    return " · ".join(words)


def _rate(job: Result) -> str:
    if job["per_second"] is None:
        return ""
    left = f", about {_describe_seconds(job['seconds_left'])} left" if job["seconds_left"] is not None else ""
    return f" ({job['per_second']} a second{left})"


def _describe_seconds(seconds: int) -> str:
    if seconds < 120:  # noqa: PLR2004 - up to two minutes people count seconds
        return f"{seconds} s"
    return f"{round(seconds / 60)} min"


def _moments(job: Result) -> Iterator[str]:
    yield f"asked for by {job['asked_by']} at {job['asked_at']}"
    if job["started_at"]:
        tries = f", attempt {job['attempt']}" if job["attempt"] > 1 else ""
        yield f"begun at {job['started_at']} by worker {job['worker']}{tries}"
    if job["ended_at"]:
        yield f"ended at {job['ended_at']}"


def _is_under_way(job: Result) -> bool:
    return job["state"] in ("waiting", "running", "cancelling")
