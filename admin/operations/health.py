"""What the owner of a world knows about its own state; read by `onbrand doctor`."""

import os
from collections.abc import Mapping
from typing import Any

from admin.world import World
from core.local_socket import Report


def ping(_world: World, _arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Says that somebody is there."""
    return {"process": os.getpid()}


def read_health(world: World, _arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Counts of ledger and index, sources with their last sync, and which process says so."""
    return {
        "process": os.getpid(),
        "documents": dict(world.ledger.count()),
        "passages": world.index.store.count(),
        "embedder": world.index.embedder.fingerprint,
        "sources": [
            {
                "name": source.name,
                "last_synced_at": source.last_synced_at.isoformat() if source.last_synced_at else None,
                "failed": len((source.last_sync or {}).get("failed", [])),
            }
            for source in world.sources.list_sources()
        ],
        "unsettled": len(world.ledger.list_unsettled()),
    }
