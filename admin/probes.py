"""Says how a process is: /healthz, /readyz, /metrics, and traces where an address is set. Used by all that stay."""

import json
import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from sqlalchemy import select

from admin.world import World
from core.disk_space import read_free_bytes
from core.errors import TransientError, UsageError
from core.gauges import read_gauges
from core.lookout import Lookout
from core.metrics import (
    DISK_FREE,
    MODEL_RESTING,
    PASSAGES,
    READY,
    SLACK_CONNECTED,
    Metric,
    Sample,
    count_into,
)
from core.probe_server import Page, Pages, ProbeServer
from core.tables import world_facts
from core.watch_settings import PROBES_OFF, split_address

# All that one page may ask together must be within the ten seconds that Prometheus waits.
LOOK_SECONDS = 3.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of this process that has a life of its own. `gauge` shows 1 while it is ready."""

    name: str
    is_ready: Callable[[], bool]
    list_dead_threads: Callable[[], Sequence[str]] = tuple
    gauge: Metric | None = None


class Probes:
    """What is known of this process. `awaited`: what must arrive before it is ready, by name. Thread-safe."""

    def __init__(self, world: World, awaited: Sequence[str] = ()) -> None:
        self._world = world
        self._awaited = dict.fromkeys(awaited, "is not there yet; the process is starting")
        self._parts: tuple[Part, ...] = ()
        self._is_stopping = False
        self.port: int | None = None
        """The port that was really opened, for port 0; None while nothing is served."""
        self._database = Lookout("database", self._ask_database, seconds=LOOK_SECONDS)
        self._index = Lookout("index", self._count_passages, seconds=LOOK_SECONDS)
        self._gauges = Lookout(
            "database", lambda: read_gauges(world.database, world.clock), seconds=LOOK_SECONDS
        )

    def arrived(self, name: str) -> None:
        """What was awaited under this name is there."""
        self._awaited.pop(name, None)

    def watch(self, part: Part) -> None:
        """From now on this part counts; it takes the place of what was awaited under its name."""
        self._parts = (*self._parts, part)
        self.arrived(part.name)

    def begin_stop(self) -> None:
        """No more questions, please: it is alive and not ready until it ends."""
        self._is_stopping = True

    def close(self) -> None:
        """Wait for what is just being asked of database and index."""
        for lookout in (self._database, self._index, self._gauges):
            lookout.close()

    def list_dead_threads(self) -> list[str]:
        """Names of threads that should be at work and are not."""
        if self._is_stopping:
            return []
        return [name for part in self._parts for name in part.list_dead_threads()]

    def list_missing(self) -> list[tuple[str, str]]:
        """Each part without which nobody gets an answer here, and why. Without words of errors: see the log."""
        missing = list(self._awaited.items())
        if self._is_stopping:
            missing.append(("process", "it is stopping"))
        missing += [(one.name, "it is not connected") for one in self._parts if not one.is_ready()]
        for name, lookout in (("database", self._database), ("index", self._index)):
            try:
                lookout.read()
            except Exception as error:  # noqa: BLE001 - whatever it is, that part cannot be used
                missing.append((name, f"it does not answer ({type(error).__name__}); see `onbrand doctor`"))
        return missing

    def read_process(self) -> Iterator[Sample]:
        """Gauges of this process."""
        yield Sample(DISK_FREE, float(read_free_bytes(self._world.settings.home)))
        model = self._world.pipeline.model
        yield Sample(MODEL_RESTING, float(model is not None and model.is_resting))
        for part in self._parts:
            if part.gauge is not None:
                yield Sample(part.gauge, float(part.is_ready()))
        yield Sample(READY, float(not self.list_missing()))

    def read_index(self) -> Iterator[Sample]:
        """Gauges of the index."""
        yield Sample(PASSAGES, float(self._index.read()))

    def read_database(self) -> tuple[Sample, ...]:
        """Gauges that the database knows."""
        return self._gauges.read()

    def build_pages(self, render_metrics: Callable[[], Page]) -> Pages:
        """What is served, by path."""
        return {"/healthz": self._build_health, "/readyz": self._build_readiness, "/metrics": render_metrics}

    def _build_health(self) -> Page:
        dead = self.list_dead_threads()
        return _build_page({"alive": not dead, "dead": dead}, is_good=not dead)

    def _build_readiness(self) -> Page:
        missing = self.list_missing()
        degraded = [*self._world.pipeline.list_degraded()]
        body = {
            "ready": not missing,
            "missing": [{"part": part, "reason": reason} for part, reason in missing],
            "degraded": [{"part": part, "reason": reason} for part, reason in degraded],
        }
        return _build_page(body, is_good=not missing)

    def _count_passages(self) -> int:
        # Looked up each time: a re-index puts another store in its place.
        return self._world.index.store.count()

    def _ask_database(self) -> None:
        database = self._world.database
        path = database.engine.url.database
        # SQLite goes on reading a file that has been removed, or whose disk was taken away.
        if database.engine.dialect.name == "sqlite" and path and not Path(path).exists():
            raise TransientError(f"the database {path!r} is gone")
        with database.read() as connection:
            connection.execute(select(world_facts.c.name).limit(1)).all()


@contextmanager
def serve_probes(world: World, *, awaited: Sequence[str] = ()) -> Iterator[Probes]:
    """Serve until the block ends, at ONBRAND_PROBE_ADDRESS, and send traces to ONBRAND_OTLP_URL if it is set.

    Raises UsageError when an address that was set on purpose is not to be had; the default one is only missed.
    """
    probes, settings = Probes(world, awaited), world.settings
    with ExitStack() as stack:
        stack.callback(probes.close)
        if settings.probe_address != PROBES_OFF:
            _serve(probes, world, stack)
        if settings.otlp_url is not None:
            # Imported here: it takes long, and most worlds send no traces.
            from core.trace_export import trace_to

            process = f"{socket.gethostname()}-{os.getpid()}"
            stack.enter_context(trace_to(settings.otlp_url, process=process))
        yield probes


def watch_slack(service: Any) -> Part:
    """Slack's side as a part: bot.app.SlackService."""
    return Part("slack", service.is_healthy, service.list_dead_threads, SLACK_CONNECTED)


def _serve(probes: Probes, world: World, stack: ExitStack) -> None:
    # Imported here: commands that end at once import this room too.
    from core.metrics_page import CONTENT_TYPE, MetricsPage

    page = MetricsPage(
        {"process": probes.read_process, "index": probes.read_index, "database": probes.read_database}
    )
    pages = probes.build_pages(lambda: Page(HTTPStatus.OK, page.render(), CONTENT_TYPE))
    host, port = split_address(world.settings.probe_address)
    try:
        server = ProbeServer(host, port, pages)
    except OSError as error:
        _refuse_or_warn(world, error)
        return
    stack.enter_context(count_into(page))
    stack.enter_context(server.serve())
    probes.port = server.port
    _log.info("health and metrics at %s port %d", host, server.port)


def _refuse_or_warn(world: World, error: OSError) -> None:
    address = world.settings.probe_address
    message = (
        f"health and metrics cannot be served at {address!r} ({error.strerror or error}); another onbrand may have "
        "this port. Set ONBRAND_PROBE_ADDRESS to HOST:PORT with a port that is free, or to off"
    )
    if "probe_address" in world.settings.model_fields_set:
        raise UsageError(message) from error
    _log.warning("%s. This process goes on without", message)


def _build_page(body: dict[str, Any], *, is_good: bool) -> Page:
    status = HTTPStatus.OK if is_good else HTTPStatus.SERVICE_UNAVAILABLE
    return Page(status, json.dumps(body).encode() + b"\n")
