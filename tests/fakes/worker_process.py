"""The real `onbrand up` or `onbrand worker` in processes that start at once and are killed. For fault tests of jobs.

They are forked from a server that has imported everything already, so that a test can kill many of them.
"""

import faulthandler
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Self

from tests.fakes.bot_process import build_environment

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["admin.up", "admin.working", "ingest.worker", "index.qdrant_store", "index.endpoint_embedder", __name__]
)


@dataclass(frozen=True)
class Pace:
    """How fast a worker of a test lives; the product's own constants where None. Seconds."""

    beat: float | None = None
    dead: float | None = None
    sweep: float | None = None
    polling: float = 0.05
    files: int | None = None
    """Files of a batch."""
    slow: float = 0.0
    """So long each file takes to be parsed."""
    deaths: int | None = None
    """So many deaths of workers over one file make it the culprit."""
    poison: str = ""
    """A file that holds this word ends the process that parses it."""


@dataclass
class WorkerProcess:
    """`onbrand up` (without a name) or `onbrand worker --name NAME` as a child that can be started again and again."""

    home: Path
    settings: Mapping[str, str]
    name: str = ""
    pace: Pace = Pace()
    _process: ForkServerProcess | None = field(init=False, default=None)

    def start(self) -> Self:
        """Start it; returns before it works."""
        environment = {**build_environment(self.home), **self.settings}
        arguments = (self.home, environment, self.name, self.pace)
        self._process = _FORKS.Process(target=run_worker_process, args=arguments)
        self._process.start()
        return self

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send(signal.SIGKILL)
        self.wait()

    def stop(self) -> int | None:
        """Ask it to end, and give its exit code."""
        self.send(signal.SIGTERM)
        return self.wait()

    def send(self, number: int) -> None:
        """Send a signal, where it still runs."""
        if self._process is not None and self._process.is_alive():
            os.kill(self._process.pid or 0, number)

    def wait(self, seconds: float = 60) -> int | None:
        """Wait until it has ended; its exit code (None: it has not)."""
        if self._process is None:
            return None
        self._process.join(seconds)
        return self._process.exitcode

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def read_log(self) -> str:
        """All it has logged, over restarts."""
        return log_path(self.home, self.name).read_text()


def log_path(home: Path, name: str) -> Path:
    """Where a worker's words go."""
    return home / f"{name or 'up'}.log"


def run_worker_process(home: Path, environment: Mapping[str, str], name: str, pace: Pace) -> None:
    """What the child does: `onbrand up` or `onbrand worker` with other constants, until SIGTERM."""
    from admin.up import run_up, run_worker
    from core.logs import start_logging
    from core.settings import Settings

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(home)
    log = os.open(log_path(home, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(log, stream.fileno())
    faulthandler.register(signal.SIGUSR1)
    _set_pace(pace)
    settings = Settings.from_environment()
    start_logging(settings.log_level)
    logging.getLogger(__name__).info("process %d starts", os.getpid())
    if name:
        run_worker(settings, print, name=name)
    else:
        run_up(settings, print)


def _set_pace(pace: Pace) -> None:
    from core import database
    from core import workers as names
    from ingest import read_file, sync_job, worker

    changed: dict[tuple[Any, str], Any] = {
        (worker, "BEAT_SECONDS"): pace.beat,
        (worker, "SWEEP_SECONDS"): pace.sweep,
        (worker, "HOLD_BACK_SECONDS"): pace.dead and pace.dead / 2,
        (worker, "LEAVE_SECONDS"): pace.dead and pace.dead * 2 / 3,
        (database, "IDLE_TRANSACTION_SECONDS"): pace.dead and round(pace.dead * 2 / 3),
        (names, "CALLED_DEAD_AFTER_SECONDS"): pace.dead,
        (sync_job, "BATCH_FILES"): pace.files,
        (sync_job, "MOST_ATTEMPTS"): pace.deaths,
        (worker, "WorkerPlan"): partial(worker.WorkerPlan, polling=pace.polling),
    }
    for (module, attribute), value in changed.items():
        if value is not None:
            setattr(module, attribute, value)
    reading: Any = read_file
    parse = reading.parse_apart

    def parse_slowly(name: str, content: bytes, **options: Any) -> Any:
        from core.clock import pause

        if pace.poison and pace.poison.encode() in content:
            os._exit(9)
        pause(pace.slow)
        return parse(name, content, **options)

    if pace.slow or pace.poison:
        reading.parse_apart = parse_slowly
