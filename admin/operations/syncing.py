"""`sync`: one source or all of them, one after another."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from admin.world import World
from core.errors import PermanentError, TransientError, UsageError
from core.local_socket import Report
from core.sources import Source
from ingest.assembly import open_sync
from ingest.sync_report import SyncReport
from ingest.sync_source import SyncWishes


class SyncUnderWay(TransientError):
    """Somebody syncs the same source at this moment."""


def sync(world: World, arguments: Mapping[str, Any], report: Report) -> list[dict[str, Any]]:
    """Arguments: name (None: all), full, allow_empty. Result: one report a source.

    Of several sources, a bad one stops no other.
    """
    name = arguments.get("name")
    sources = [world.sources.get(name)] if name else list(world.sources.list_sources())
    if not sources:
        raise UsageError("there is no source yet; add one with `onbrand source add folder NAME --path DIR`")
    if arguments.get("allow_empty") and not name:
        raise UsageError("--allow-empty silences all of one source; name it: onbrand sync NAME --allow-empty")
    if name or len(sources) == 1:
        return [_sync_one(world, source, report, arguments) for source in sources]
    return [_try_sync(world, source, report, arguments) for source in sources]


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


def _try_sync(world: World, source: Source, report: Report, arguments: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return _sync_one(world, source, report, arguments)
    except (PermanentError, TransientError) as error:
        return dict(SyncReport(source.name, failed=[(source.name, str(error))]).as_json())


def _sync_one(world: World, source: Source, report: Report, arguments: Mapping[str, Any]) -> dict[str, Any]:
    def tell(progress: Mapping[str, Any]) -> None:
        report({"source": source.name, **progress})

    with hold_source(world, source.name):
        walk = open_sync(world, source)
        walk.report_progress = tell
        walk.wishes = SyncWishes(
            full=bool(arguments.get("full")), allow_empty=bool(arguments.get("allow_empty"))
        )
        result = dict(walk.run().as_json())
    world.sources.record_sync(source.name, result)
    return result
