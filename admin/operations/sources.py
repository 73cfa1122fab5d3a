"""`source add`, `list`, `remove`."""

from collections.abc import Mapping
from typing import Any, cast

from admin.operations.syncing import hold_source
from admin.world import World
from core.access import parse_access
from core.documents import ON_CHANGE, Kind, OnChange, Status
from core.errors import UsageError
from core.local_socket import Report
from core.metadata import check_field
from core.sources import Source
from ingest.assembly import open_source


def add_source(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Checks that the source can be read, adds it, and says what a sync would read."""
    source = _read_source(arguments)
    listing = open_source(world.settings, source).list_changes()
    world.source_acts.add(source, by=world.identify(arguments.get("as")))
    skipped = [file for file in listing.files if file.skip_reason]
    return {
        **_describe(source),
        "files": len(listing.files) - len(skipped),
        "skipped": [{"document": file.path, "reason": file.skip_reason} for file in skipped],
    }


def list_sources(world: World, _arguments: Mapping[str, Any], _report: Report) -> list[dict[str, Any]]:
    """All sources with the outcome of their last sync."""
    return [_describe(source) for source in world.sources.list_sources()]


def remove_source(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Removes the source, its documents and their passages. The files themselves are not touched."""
    source = world.sources.get(str(arguments["name"]))
    with hold_source(world, source.name):
        document_ids = world.source_acts.remove(source.name, by=world.identify(arguments.get("as")))
        for document_id in document_ids:
            world.index.store.remove(document_id)
    return {"name": source.name, "documents": len(document_ids)}


def _read_source(arguments: Mapping[str, Any]) -> Source:
    on_change = arguments.get("on_change") or "keep_approved"
    if on_change not in ON_CHANGE:
        raise UsageError(f"on-change {on_change!r} is not known; allowed: {', '.join(ON_CHANGE)}")
    return Source(
        name=str(arguments["name"]),
        type=str(arguments["type"]),
        options={key: str(value) for key, value in (arguments.get("options") or {}).items()},
        brand=check_field("brand", arguments.get("brand")),
        status=cast(Status, check_field("status", arguments.get("status") or "draft")),
        kind=cast(Kind, check_field("kind", arguments.get("kind") or "other")),
        access=parse_access(arguments.get("access") or "source"),
        on_change=cast(OnChange, on_change),
    )


def _describe(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "type": source.type,
        **source.options,
        "brand": source.brand,
        "status": source.status,
        "document_kind": source.kind,
        "access": source.access.describe(),
        "on_change": source.on_change,
        "last_sync": source.last_sync,
        "last_synced_at": source.last_synced_at.isoformat(timespec="seconds")
        if source.last_synced_at
        else None,
    }
