"""The worker of a process: beside the bot, alone, or for as long as a command waits for its job."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from admin.world import World

if TYPE_CHECKING:
    from ingest.worker import Worker


def start_worker(world: World, *, name: str = "") -> "Worker":
    """A worker that carries out the jobs of this world; jobs asked for in this process go to it."""
    # Imported here: the engine of jobs costs half a second that no single command need pay.
    from ingest.worker import Worker, WorkerPlan

    settings = world.settings
    plan = WorkerPlan(
        name,
        is_alone=not settings.is_shared,
        runners=world.desk.runners,
        batches_at_once=settings.job_batches,
    )
    worker = Worker(world, plan)
    worker.start()
    world.desk.worker = worker
    return worker


def stop_worker(world: World, worker: "Worker") -> None:
    """Steps under way come to their end; the rest goes on at the next start, or with another worker."""
    worker.stop()
    world.desk.worker = None


@contextmanager
def working(world: World) -> Iterator[None]:
    """Make this process a worker until the block ends."""
    worker = start_worker(world)
    try:
        yield
    finally:
        stop_worker(world, worker)
