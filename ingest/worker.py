"""A worker: carries out jobs, gives signs of life, and takes over from workers that have died. Run by `onbrand up`.

Threads: the beat (its own, so that no long step delays it) and the patrol, which begins jobs and looks for the dead.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from core.audit import Act, record_act
from core.clock import Stopwatch, pause
from core.errors import OnbrandError
from core.jobs import PRIORITY_CLOCK, PRIORITY_UPKEEP, STEPS_VERSION, JobRequest, JobRow
from core.schedules import Schedules
from core.sync_ledger import Writer
from core.workers import (
    CALLED_DEAD_AFTER_SECONDS,
    Tenure,
    WorkerNameTaken,
    WorkerReplaced,
    WorkerRow,
    Workers,
)
from ingest.jobs import JobEngine, JobParts, name_line
from ingest.run_here import ALONE, RunWhole
from ingest.sync_job import SyncWorld

BEAT_SECONDS = 3.0
PATROL_SECONDS = 0.5
SWEEP_SECONDS = 5.0
UPKEEP_HOURS = 24.0
# Silent for so long it begins nothing; a little later it leaves, well before it is called dead.
HOLD_BACK_SECONDS = 9.0
LEAVE_SECONDS = 12.0
EXIT_REPLACED = 75
STOP_PATIENCE_SECONDS = 20
MOST_SLOTS = 64
NAME_PATIENCE_SECONDS = CALLED_DEAD_AFTER_SECONDS + 5.0

_log = logging.getLogger(__name__)


def leave() -> None:
    """End the process at once: whatever it would still write belongs to somebody else by now."""
    os._exit(EXIT_REPLACED)


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """How a worker works. `is_alone`: it owns the world, so nobody can take over from it, nor it from others."""

    name: str
    is_alone: bool
    runners: dict[str, RunWhole] = field(default_factory=dict)
    batches_at_once: int = 2
    polling: float = 1.0
    leave: Callable[[], None] = leave


class Worker:
    """One worker of one world; start and stop it once."""

    def __init__(self, world: SyncWorld, plan: WorkerPlan) -> None:
        self._world = world
        self._plan = plan
        self._workers = Workers(world.database, world.clock)
        self._schedules = Schedules(world.database, world.clock)
        self._stopping, self._wake, self._ended = threading.Event(), threading.Event(), threading.Event()
        self._since_beat = Stopwatch()

    def start(self) -> None:
        """Register, go on with what this worker was at, and begin to look for jobs."""
        self.tenure = self._register()
        parts = JobParts(
            self._world,
            Writer(self._name_holder(), self._guard, self.tenure.name),
            self.tenure.name,
            self._plan.runners,
            batches_at_once=self._plan.batches_at_once,
            polling=self._plan.polling,
        )
        self._engine = JobEngine(parts)
        self._engine.start()
        self._heart = threading.Thread(target=self._beat_on, name="worker-beat", daemon=True)
        self._patrol = threading.Thread(target=self._patrol_on, name="worker-patrol", daemon=True)
        self._heart.start()
        self._patrol.start()

    def stop(self) -> None:
        """Take on nothing more, wait a while for the steps under way, and say goodbye."""
        self._stopping.set()
        self._wake.set()
        self._patrol.join()
        # It gives signs of life until its last step has ended: nobody may take that step over meanwhile.
        self._engine.stop(STOP_PATIENCE_SECONDS)
        self._ended.set()
        self._heart.join()
        self._workers.end(self.tenure)

    def wake(self) -> None:
        """There is a new job: look now."""
        self._wake.set()

    @property
    def is_stopping(self) -> bool:
        """It takes on nothing more."""
        return self._stopping.is_set()

    def _register(self) -> Tenure:
        workers, plan = self._workers, self._plan
        if plan.is_alone:
            return workers.register(plan.name or ALONE, version=STEPS_VERSION, is_alone=True)
        if plan.name:
            return self._register_named(plan.name)
        # A place among the workers of this machine: after a crash the same one is taken again.
        host = socket.gethostname()
        for slot in range(1, MOST_SLOTS):
            try:
                return workers.register(f"{host}-{slot}", version=STEPS_VERSION, is_alone=False)
            except WorkerNameTaken:
                continue
        raise WorkerNameTaken(f"{MOST_SLOTS} workers of {host} are at work; name this one (--name)")

    def _register_named(self, name: str) -> Tenure:
        """A worker that was killed and comes back at once waits until its silence is long enough."""
        watch = Stopwatch()
        while True:
            try:
                return self._workers.register(name, version=STEPS_VERSION, is_alone=False)
            except WorkerNameTaken:
                if watch.milliseconds() > NAME_PATIENCE_SECONDS * 1000:
                    raise
                pause(0.5)

    def _name_holder(self) -> str:
        # A worker of the same name that was only frozen may still write under the numbers that it took.
        return self.tenure.name if self._plan.is_alone else f"{self.tenure.name}/{self.tenure.epoch}"

    def _guard(self, connection: Connection) -> None:
        try:
            self.tenure.check(connection)
        except WorkerReplaced as error:
            if not self._ended.is_set():
                _log.error("%s", error)
                self._plan.leave()
            raise

    def _beat_on(self) -> None:
        while not self._ended.wait(BEAT_SECONDS):
            self._beat()

    def _beat(self) -> None:
        try:
            self._workers.beat(self.tenure)
            self._since_beat = Stopwatch()
        except WorkerReplaced as error:
            _log.error("%s", error)
            self._plan.leave()
        except OnbrandError as error:
            _log.warning("no sign of life could be written: %s", error)
        except Exception:  # noqa: BLE001 - without a beat the patrol holds back for ever
            _log.exception("no sign of life could be written")
        if self._count_silence() > LEAVE_SECONDS and not self._plan.is_alone:
            _log.error("no sign of life for %d s: leaving, before the work is given away", LEAVE_SECONDS)
            self._plan.leave()

    def _count_silence(self) -> float:
        return self._since_beat.milliseconds() / 1000

    def _patrol_on(self) -> None:
        since_sweep = Stopwatch()
        self._try(self._sweep)
        while not self._stopping.is_set():
            self._wake.wait(PATROL_SECONDS)
            self._wake.clear()
            if self._count_silence() > HOLD_BACK_SECONDS:
                continue
            self._try(self._ask_for_scheduled)
            self._try(self._begin_jobs)
            if since_sweep.milliseconds() > SWEEP_SECONDS * 1000:
                since_sweep = Stopwatch()
                self._try(self._sweep)
                self._try(self._ask_for_upkeep)

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except OnbrandError as error:
            _log.warning("the worker's patrol: %s", error)
        except Exception:  # noqa: BLE001 - a patrol that ended would leave every job waiting
            _log.exception("the worker's patrol failed")

    def _ask_for_scheduled(self) -> None:
        for name in self._schedules.take_due():
            self._world.jobs.ask(JobRequest("sync", name, {}, "schedule", PRIORITY_CLOCK))

    def _ask_for_upkeep(self) -> None:
        if "upkeep" in self._plan.runners and self._world.jobs.is_due("upkeep", hours=UPKEEP_HOURS):
            self._world.jobs.ask(JobRequest("upkeep", "", {}, "schedule", PRIORITY_UPKEEP))

    def _begin_jobs(self) -> None:
        # Of each line the first alone is handed over: the engine tells two of the same moment not apart, and one
        # that is asked for later may have to go first.
        first: dict[str, JobRow] = {}
        for job in self._world.jobs.list_under_way():
            if job.state == "waiting":
                first.setdefault(name_line(job), job)
        for job in first.values():
            if not self._stopping.is_set():
                self._engine.carry_out(job)

    def _sweep(self) -> None:
        """Call the silent dead, and go on with what those who are gone left unfinished."""
        for worker in self._workers.list_workers():
            if self._plan.is_alone or worker.name == self.tenure.name:
                continue
            is_gone = worker.has_ended or (worker.is_dead and self._call_dead(worker))
            count = self._engine.recover(worker.name) if is_gone else 0
            if count:
                _log.warning("%d unfinished step(s) of worker %s go on here", count, worker.name)

    def _call_dead(self, worker: WorkerRow) -> bool:
        def take_back(connection: Connection) -> None:
            self._world.jobs.take_back(connection, worker.name)
            reason = f"no sign of life for {worker.silent_seconds:.0f} s"
            facts = {"epoch": worker.epoch}, {"epoch": worker.epoch + 1, "taken_over_by": self.tenure.name}
            act = Act("onbrand", "worker.take_over", f"worker {worker.name}", reason, *facts)
            record_act(connection, act, at=self._world.clock.now())

        return self._workers.call_dead(worker, take_back)
