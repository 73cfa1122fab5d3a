"""Runs operations where they belong: in the process that owns the world, or here when nobody owns it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Condition
from typing import Any

from admin.job_runners import build_runners
from admin.operations import run_operation
from admin.working import working
from admin.world import World, make_home, open_world
from core.clock import Stopwatch, pause
from core.local_socket import NobodyListens, Report, call_owner, serve_commands
from core.settings import Settings
from index.store_errors import IndexInUse
from ingest.run_here import ALONE, HERE

# The owner may be a command that is just starting or about to end; within this time one of both is done.
OWNER_PATIENCE_SECONDS = 10.0

Run = Callable[[str, Mapping[str, Any], Report], Any]
"""Run(operation, arguments, report progress) -> result."""


@contextmanager
def own_world(settings: Settings, *, longest_wait_seconds: float | None = None) -> Iterator[World]:
    """Open the world as its owner and answer other commands meanwhile; raises IndexInUse when it has one.

    At the end, commands of others that are under way are waited for (None: however long they take).
    """
    with open_world(settings) as world:
        world.desk.runners.update(build_runners(world))
        world.desk.open_worker = partial(working, world)
        if settings.is_shared:
            yield world
            return

        # Whoever owns this world is alone: what somebody was at when it was killed waits again. Asked before anybody
        # is let in to begin anything.
        for worker in (HERE, ALONE):
            world.jobs.take_back_left(worker)
        under_way = _UnderWay()

        def handle(name: str, arguments: Mapping[str, Any], report: Report) -> Any:
            with under_way.counted():
                return run_operation(world, name, arguments, report)

        try:
            with serve_commands(settings.home, handle):
                yield world
        finally:
            under_way.wait(longest_wait_seconds)


@contextmanager
def reach_world(settings: Settings) -> Iterator[Run]:
    """A way to run operations: through the owner's socket, or on a world that is opened for this block."""
    make_home(settings)
    with ExitStack() as stack:
        yield _reach(settings, stack)


def _reach(settings: Settings, stack: ExitStack) -> Run:
    watch = Stopwatch()
    while True:
        if not settings.is_shared and _has_owner(settings):
            return lambda name, arguments, report: call_owner(settings.home, name, arguments, report)
        try:
            world = stack.enter_context(own_world(settings))
        except IndexInUse:
            if watch.milliseconds() > OWNER_PATIENCE_SECONDS * 1000:
                raise
            pause(0.1)
        else:
            return lambda name, arguments, report: run_operation(world, name, arguments, report)


class _UnderWay:
    """Counts commands of other processes: a short command may have taken in somebody's long sync."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._number = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        self._change(1)
        try:
            yield
        finally:
            self._change(-1)

    def wait(self, longest_seconds: float | None) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._number == 0, longest_seconds)

    def _change(self, by: int) -> None:
        with self._changed:
            self._number += by
            self._changed.notify_all()


def _has_owner(settings: Settings) -> bool:
    try:
        call_owner(settings.home, "ping", {}, lambda _progress: None)
    except NobodyListens:
        return False
    return True
