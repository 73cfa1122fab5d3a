"""`backup`: a copy of the whole world while it is being used. Runs in the process that owns it."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

from admin.server_backups import refuse_servers
from admin.world import World
from core.acts import ADMINS, ActRequest
from core.backup import (
    DATABASE_FILE,
    MANIFEST,
    BackupFacts,
    Manifest,
    building_backup,
    copy_database,
    mark_copied_database,
    write_manifest,
)
from core.clock import Stopwatch
from core.errors import TransientError, UsageError
from core.file_copy import check_room, mark_file
from core.index_builds import FINGERPRINT
from core.local_socket import Report
from core.version import read_version
from core.world_facts import read_fact
from index.compare_index import FolderStore
from index.index_copy import copy_index, mark_copy, measure_index
from index.index_mark import IndexMark

MADE = "backup.made"

_one_at_a_time = Lock()


class BackupUnderWay(TransientError):
    """Another backup of this world is being made."""


def back_up(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Arguments: folder (absolute, new or empty), as, reason. Result: what was copied and how long writers waited."""
    folder, watch = Path(str(arguments.get("folder") or "")), Stopwatch()
    if not folder.is_absolute():
        raise UsageError(f"a backup needs a folder, received {str(folder)!r}; allowed: an absolute path")
    act = ActRequest(
        MADE, "backup", world.identify(arguments.get("as")), str(arguments.get("reason") or ""), ADMINS
    )
    if not act.by.has_role(ADMINS):
        world.acts.perform(act, lambda _connection: ({}, {}))
    refuse_servers(world.settings)
    if not _one_at_a_time.acquire(blocking=False):
        raise BackupUnderWay("a backup is being made already; try again when it is done")
    try:
        manifest, waited = _write(world, folder)
    finally:
        _one_at_a_time.release()
    done = {
        "folder": str(folder),
        "manifest": mark_file(folder / MANIFEST).sha256,
        **asdict(manifest.facts),
        "schema": manifest.schema,
        **manifest.counts,
        "files": len(manifest.files),
    }
    world.acts.perform(act, lambda _connection: ({}, done))
    seconds = round(watch.milliseconds() / 1000, 2)
    return {**done, "writers_waited_milliseconds": waited, "seconds": seconds}


def _write(world: World, folder: Path) -> tuple[Manifest, float]:
    home = world.settings.home
    with world.index.held() as index, building_backup(folder) as building:
        store = index.store
        if not isinstance(store, FolderStore):
            raise UsageError("the index lies in no folder of this machine; back it up where it lies")
        check_room(folder, measure_index(store) + _measure_database(world))
        # With the index held still, any moment of the ledger fits it: it is what a crash at that moment would leave.
        with store.held_still():
            watch = Stopwatch()
            copy_database(world.database, building)
            copy_index(store, home, building)
            waited = watch.milliseconds()
        facts = BackupFacts(
            onbrand=read_version(),
            created_at=world.clock.now().isoformat(timespec="seconds"),
            fingerprint=read_fact(world.database, FINGERPRINT) or "",
            generation=index.number,
            index=store.folder.relative_to(home).as_posix(),
        )
        # A mark of its own: put under another ledger, this index is looked at passage by passage.
        mark = IndexMark(uuid4().hex, facts.fingerprint)
        mark_copy(building / facts.index, mark)
        mark_copied_database(building, mark.token, generation=index.number)
        return write_manifest(building, facts), waited


def _measure_database(world: World) -> int:
    file = Path(world.database.engine.url.database or world.settings.home / DATABASE_FILE)
    return sum(path.stat().st_size for path in file.parent.glob(f"{file.name}*"))
