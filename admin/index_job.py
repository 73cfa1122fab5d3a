"""A re-index or a rollback as a job: told in its row, and never switched twice. Given to the desk by job_runners.py."""

from collections.abc import Mapping
from typing import Any

from admin.operations.reindexing import ROLLBACK, run_reindex, run_rollback
from admin.world import World
from core.clock import Stopwatch
from core.index_builds import IndexBuilds, read_generation
from core.jobs import JobRow
from ingest.reindex_report import ReindexReport

TELL_MILLISECONDS = 1000.0
BEGUN_AT = "begun_at_generation"
"""What the row of a job remembers from its begin on."""


def run_index_job(world: World, job: JobRow) -> dict[str, Any]:
    """What a job of kind `reindex` does; how far it is stands in its row.

    Repeated after a crash that came behind its switch, it does not switch once more: a rollback would go forward.
    """
    with world.database.read() as connection:
        answering = read_generation(connection)
    begun_at = (job.report or {}).get(BEGUN_AT)
    if begun_at is None:
        world.jobs.keep_report(job.job_id, {BEGUN_AT: answering})
    elif begun_at != answering:
        return _describe_switched(world, begun_at, answering)
    since_told = Stopwatch()

    def tell(progress: Mapping[str, Any]) -> None:
        nonlocal since_told
        if since_told.milliseconds() >= TELL_MILLISECONDS:
            since_told = Stopwatch()
            world.jobs.tell(job.job_id, done=int(progress["done"]), total=int(progress["total"]))

    def is_cancelled() -> bool:
        return world.jobs.get(job.job_id).is_cancel_asked

    run = run_rollback if job.arguments.get(ROLLBACK) else run_reindex
    return run(world, job.arguments, tell, is_cancelled)


def _describe_switched(world: World, before: int, answering: int) -> dict[str, Any]:
    builds = {
        one.generation: one.fingerprint for one in IndexBuilds(world.database, world.clock).list_builds()
    }
    report = ReindexReport(
        "switched",
        answering,
        before,
        builds.get(answering, ""),
        builds.get(before, ""),
        notes=("The switch was made, then the process ended; what it had counted is lost.",),
    )
    return {**report.as_json(), "settings": []}
