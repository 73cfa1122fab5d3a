"""The worker of a process: beside the bot, alone, or for as long as a command waits for its job."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from admin.world import World

if TYPE_CHECKING:
    from ingest.worker import Worker

RETRY_SECONDS = 10.0

_log = logging.getLogger(__name__)


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
    """Make this process a worker until the block ends. Raises what keeps it from beginning."""
    worker = start_worker(world)
    try:
        yield
    finally:
        stop_worker(world, worker)


@contextmanager
def working_when_possible(world: World) -> Iterator[None]:
    """The same for who has more to do than jobs: what keeps it from beginning is logged, and it is tried again."""
    ending = Event()
    started: list[Worker] = []

    def begin() -> bool:
        try:
            started.append(start_worker(world))
        except Exception as error:  # noqa: BLE001 - a full disk, say: questions are answered all the same
            _log.warning("jobs wait, for they cannot be written down: %s", error)
        return bool(started)

    def begin_later() -> None:
        while not ending.wait(RETRY_SECONDS) and not begin():
            pass

    later = Thread(target=begin_later, name="worker-start", daemon=True)
    if not begin():
        later.start()
    try:
        yield
    finally:
        ending.set()
        if later.is_alive():
            later.join()
        for worker in started:
            stop_worker(world, worker)
