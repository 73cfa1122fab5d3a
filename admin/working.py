"""The worker of a process: started by `onbrand up` beside the bot, or by `onbrand worker` alone."""

import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from admin.owner import own_world
from admin.probes import serve_probes
from admin.world import World
from core.errors import UsageError
from core.settings import Settings

if TYPE_CHECKING:
    from ingest.worker import Worker

Say = Callable[[str], None]


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


def run_worker(settings: Settings, say: Say, *, name: str) -> None:
    """`onbrand worker`: carry out jobs until SIGTERM or SIGINT."""
    if not settings.is_shared:
        raise UsageError(
            "several workers need PostgreSQL (ONBRAND_DATABASE_URL) and a Qdrant server (ONBRAND_QDRANT_URL); "
            "without them `onbrand up` carries out the jobs itself"
        )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stop.set())
    with own_world(settings) as world, serve_probes(world, awaited=("start",)) as probes:
        worker = start_worker(world, name=name)
        probes.arrived("start")
        say(
            f"Worker {worker.tenure.name} carries out jobs. Stop with Ctrl-C: the batch under way is finished."
        )
        stop.wait()
        probes.begin_stop()
        stop_worker(world, worker)
