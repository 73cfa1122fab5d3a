"""`onbrand restore`: puts a backup into a home that nobody owns, opens it once and says what was done."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url

from admin.owner import own_world
from admin.server_backups import refuse_servers
from admin.world import World, make_home
from core.access import LOCAL_OWNER
from core.acts import ADMINS, ActRequest
from core.backup import DATABASE_FILE, MANIFEST, Manifest
from core.clock import Clock, Stopwatch
from core.database import NEWEST_SCHEMA
from core.errors import TransientError
from core.file_copy import mark_file
from core.local_socket import Report, serve_commands
from core.restore import (
    INDEX,
    STAGED,
    discard_staged,
    find_used,
    move_aside,
    place_staged,
    refuse_used,
    stage_backup,
)
from core.settings import Settings
from core.world_facts import read_fact
from index.embedders import is_same_embedder, name_index, open_embedder
from index.index_copy import own_index
from index.repair import LAST_REPAIR

RESTORED = "backup.restored"


class RestoreUnderWay(TransientError):
    """A backup is being put back into this home."""


@dataclass(frozen=True, slots=True)
class _Placed:
    manifest: Manifest
    kept: Path | None
    with_index: bool


def restore_world(settings: Settings, folder: Path, *, replace: bool, reason: str) -> dict[str, Any]:
    """Check, place, open once. Raises, with nothing changed, what core.restore raises, HomeInUse or IndexInUse."""
    refuse_servers(settings)
    watch = Stopwatch()
    make_home(settings)
    with _nobody_else(settings.home):
        placed = _place(settings, folder, replace=replace)
    # Opening migrates an older schema (a backup of it is made first) and makes good what differs in the index.
    with own_world(settings) as world:
        done = _describe(world, folder, placed)
        act = ActRequest(RESTORED, "backup", LOCAL_OWNER, reason, ADMINS)
        world.acts.perform(act, lambda _connection: ({}, done))
    return {**done, "seconds": round(watch.milliseconds() / 1000, 2)}


@contextmanager
def _nobody_else(home: Path) -> Iterator[None]:
    """Answer at the socket and hold the index, so that no other command takes the half-placed home for a new one."""
    with serve_commands(home, _refuse), own_index(home):
        yield


def _refuse(_name: str, _arguments: Mapping[str, Any], _report: Report) -> Any:
    raise RestoreUnderWay("a backup is being put back here; try again when that is done")


def _place(settings: Settings, folder: Path, *, replace: bool) -> _Placed:
    home, database = settings.home, _locate_database(settings)
    used = find_used(home, database)
    if not replace:
        refuse_used(home, used)
    manifest = stage_backup(folder, home)
    try:
        with_index = _fits(settings, manifest)
        if not with_index:
            rmtree(home / STAGED / INDEX, ignore_errors=True)
        clock = Clock(ZoneInfo(settings.timezone), settings.today)
        kept = move_aside(home, used, at=clock.now()) if used else None
        place_staged(home, database)
    finally:
        discard_staged(home)
    return _Placed(manifest, kept, with_index)


def _fits(settings: Settings, manifest: Manifest) -> bool:
    """True when the backup's index is of the embedder that is named now; else it is built anew from the text."""
    built_by = manifest.facts.fingerprint
    return is_same_embedder(built_by, name_index(open_embedder(settings, built_by=built_by)))


def _locate_database(settings: Settings) -> Path:
    file = make_url(settings.database_url).database if settings.database_url else None
    return Path(file) if file else settings.home / DATABASE_FILE


def _describe(world: World, folder: Path, placed: _Placed) -> dict[str, Any]:
    facts, schema = placed.manifest.facts, placed.manifest.schema
    return {
        "folder": str(folder),
        "manifest": mark_file(folder / MANIFEST).sha256,
        "home": str(world.settings.home.absolute()),
        "created_at": facts.created_at,
        "onbrand": facts.onbrand,
        **placed.manifest.counts,
        "migrated": None if schema == NEWEST_SCHEMA else f"{schema} → {NEWEST_SCHEMA}",
        "replaced": str(placed.kept.absolute()) if placed.kept else None,
        "with_index": placed.with_index,
        "index": json.loads(read_fact(world.database, LAST_REPAIR) or "null"),
        "silent": len(world.ledger.list_unsettled()),
    }
