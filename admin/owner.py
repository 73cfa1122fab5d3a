"""Runs operations where they belong: in the process that owns the world, or here when nobody owns it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from admin.operations import run_operation
from admin.world import World, make_home, open_world
from core.clock import Stopwatch, pause
from core.local_socket import NobodyListens, Report, call_owner, serve_commands
from core.settings import Settings
from index.store_errors import IndexInUse

# The owner may be a command that is just starting or about to end; within this time one of both is done.
OWNER_PATIENCE_SECONDS = 10.0

Run = Callable[[str, Mapping[str, Any], Report], Any]
"""Run(operation, arguments, report progress) -> result."""


@contextmanager
def own_world(settings: Settings) -> Iterator[World]:
    """Open the world as its owner and answer other commands meanwhile; raises IndexInUse when it has one."""
    with open_world(settings) as world:
        if settings.is_shared:
            yield world
            return

        def handle(name: str, arguments: Mapping[str, Any], report: Report) -> Any:
            return run_operation(world, name, arguments, report)

        with serve_commands(settings.home, handle):
            yield world


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


def _has_owner(settings: Settings) -> bool:
    try:
        call_owner(settings.home, "ping", {}, lambda _progress: None)
    except NobodyListens:
        return False
    return True
