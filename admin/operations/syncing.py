"""`sync`: one source or all of them, one after another."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from admin.world import World
from core.errors import TransientError, UsageError
from core.local_socket import Report
from core.sources import Source
from ingest.assembly import open_sync


class SyncUnderWay(TransientError):
    """Somebody syncs the same source at this moment."""


def sync(world: World, arguments: Mapping[str, Any], report: Report) -> list[dict[str, Any]]:
    """Arguments: name (None: all), full. Result: one report a source."""
    name = arguments.get("name")
    sources = [world.sources.get(name)] if name else list(world.sources.list_sources())
    if not sources:
        raise UsageError("there is no source yet; add one with `onbrand source add folder NAME --path DIR`")
    return [_sync_one(world, source, report, full=bool(arguments.get("full"))) for source in sources]


@contextmanager
def hold_source(world: World, name: str) -> Iterator[None]:
    """Nobody else syncs or removes this source until the block ends; raises SyncUnderWay when somebody does."""
    lock = world.sync_locks[name]
    if not lock.acquire(blocking=False):
        raise SyncUnderWay(f"{name} is being synced already; wait for it to end")
    try:
        yield
    finally:
        lock.release()


def _sync_one(world: World, source: Source, report: Report, *, full: bool) -> dict[str, Any]:
    def tell(progress: Mapping[str, Any]) -> None:
        report({"source": source.name, **progress})

    with hold_source(world, source.name):
        walk = open_sync(world.settings, world.database, world.clock, world.index, source=source)
        walk.report_progress, walk.full = tell, full
        result = dict(walk.run().as_json())
    world.sources.record_sync(source.name, result)
    return result
