"""Jobs that are no syncs, by kind: each is one step that may be repeated. Given to the desk by admin/owner.py."""

from collections.abc import Mapping
from typing import Any

from admin.index_job import run_index_job
from admin.world import World
from core.access import LOCAL_OWNER
from core.job_history import JobHistory
from core.review_queue import list_review_items
from ingest.run_here import RunWhole

JOB_DAYS = 90
"""Ended jobs are kept so long; the last of each kind and source for ever."""


def build_runners(world: World) -> Mapping[str, RunWhole]:
    """How each kind is carried out in this world."""
    return {"upkeep": lambda _job: keep_up(world), "reindex": lambda job: run_index_job(world, job)}


def keep_up(world: World) -> dict[str, Any]:
    """Once a day: remove what was kept long enough, and count what expires soon or waits for a curator."""
    removed = world.retention.run(by=LOCAL_OWNER, reason="once a day")
    gone = {person.email for person in world.people.list_people() if not person.active}
    waiting = list_review_items(world.ledger.list_documents(), gone=gone, on=world.clock.today())
    forgotten = JobHistory(world.database, world.clock).forget(days=JOB_DAYS)
    return {"removed": {**removed.as_json(), "jobs": forgotten}, "waiting_for_curators": len(waiting)}
