"""`sync`: one source or all of them, as jobs."""

from collections.abc import Mapping
from typing import Any

from admin.operations.jobs import describe_job
from admin.world import World
from core.errors import PermanentError, TransientError, UsageError
from core.jobs import PRIORITY_ACCESS, JobRequest, JobRow
from core.local_socket import Report
from core.sources import Source
from ingest.sync_report import SyncReport


class SyncUnderWay(TransientError):
    """Somebody syncs the source at this moment."""


def sync(world: World, arguments: Mapping[str, Any], report: Report) -> list[dict[str, Any]]:
    """Arguments: name (None: all), full, allow_empty, access_only, wait, as. Result: one report a source.

    Without `wait`, and where somebody else works, the jobs instead, as they stand.

    A sync that is under way with the same wishes is joined. Of several sources, a bad one stops no other.
    """
    name = arguments.get("name")
    sources = [world.sources.get(name)] if name else list(world.sources.list_sources())
    if not sources:
        raise UsageError("there is no source yet; add one with `onbrand source add folder NAME --path DIR`")
    if arguments.get("allow_empty") and not name:
        raise UsageError(
            "--allow-removals silences what is gone; name the source: onbrand sync NAME --allow-removals"
        )
    jobs = [ask_for_sync(world, source, arguments) for source in sources]
    if not arguments.get("wait", True) and not world.desk.must_wait:
        return [describe_job(world, job) for job in jobs]
    if len(jobs) == 1:
        return [_wait(world, jobs[0], report)]
    return [_try_wait(world, job, report) for job in jobs]


def ask_for_sync(world: World, source: Source, arguments: Mapping[str, Any]) -> JobRow:
    """The job of a sync, or the one under way that does the same."""
    wishes = {name: True for name in ("full", "allow_empty") if arguments.get(name)}
    by = world.identify(arguments.get("as")).label()
    if arguments.get("access_only"):
        return world.desk.ask(JobRequest("recheck", source.name, wishes, by, PRIORITY_ACCESS))
    return world.desk.ask(JobRequest("sync", source.name, wishes, by))


def refuse_while_syncing(world: World, name: str) -> None:
    """Raises SyncUnderWay when this source is being synced; a sync that begins later finds it as it is then."""
    if world.desk.is_at_work_on(name):
        raise SyncUnderWay(f"{name} is being synced; wait for it to end, or cancel it (`onbrand jobs list`)")


def _wait(world: World, job: JobRow, report: Report) -> dict[str, Any]:
    ended = world.desk.carry_out(world, job, report)
    if ended.state == "failed":
        raise PermanentError(ended.error or f"job {ended.job_id} failed")
    if ended.state == "cancelled":
        raise PermanentError(
            f"the sync of {job.subject} was cancelled; `onbrand jobs resume {job.job_id}` goes on where it stopped"
        )
    return dict(ended.report or {})


def _try_wait(world: World, job: JobRow, report: Report) -> dict[str, Any]:
    try:
        return _wait(world, job, report)
    except (PermanentError, TransientError) as error:
        return dict(SyncReport(job.subject, failed=[(job.subject, str(error))]).as_json())
