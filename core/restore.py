"""Puts a backup into a home that nobody owns: checked first, then placed; what was there is kept. Called by admin."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePosixPath
from shutil import move, rmtree

from core.backup import DATABASE_FILE, BackupUnusable, Manifest, list_files, read_manifest
from core.database import NEWEST_SCHEMA, SchemaTooNew
from core.errors import UsageError
from core.file_copy import check_room, copy_file, make_folder, naming_failures

STAGED = "restore.partial"
INDEX = "index"
# The locks of the index stay where they are: whoever holds one goes on keeping others out.
LOCKS = "*.lock"


def stage_backup(folder: Path, home: Path) -> Manifest:
    """Copy a backup beside its place and compare every file with the manifest. Nothing else is touched.

    Raises BackupUnusable naming the first file that differs, SchemaTooNew or DiskFull.
    """
    manifest = read_manifest(folder)
    if manifest.schema > NEWEST_SCHEMA:
        raise SchemaTooNew(
            f"the backup was made by onbrand {manifest.facts.onbrand} with schema {manifest.schema}, this onbrand "
            f"knows up to {NEWEST_SCHEMA}; install the newer onbrand"
        )
    _check_names(folder, manifest)
    staging = home / STAGED
    rmtree(staging, ignore_errors=True)
    check_room(home, sum((folder / name).stat().st_blocks * 512 for name in manifest.files))
    try:
        for name in manifest.files:
            _copy_checked(folder, name, manifest, staging)
    except BaseException:
        discard_staged(home)
        raise
    return manifest


def place_staged(home: Path, database: Path) -> None:
    """Move what was staged to its place, which is empty; the database last, for it makes a home a used one."""
    staging = home / STAGED
    with naming_failures(home):
        make_folder(home / INDEX)
        # Nothing is staged of an index that is to be built anew.
        for path in sorted((staging / INDEX).glob("*")):
            path.rename(home / INDEX / path.name)
        make_folder(database.parent)
        move(staging / DATABASE_FILE, database)
    discard_staged(home)


def discard_staged(home: Path) -> None:
    """Leave nothing half."""
    rmtree(home / STAGED, ignore_errors=True)


def find_used(home: Path, database: Path) -> tuple[Path, ...]:
    """What a restore would overwrite: databases with their logs, and all of the index but its locks."""
    databases = {*home.glob("*.sqlite3*"), *database.parent.glob(f"{database.name}*")}
    index = [path for path in (home / INDEX).glob("*") if not path.match(LOCKS)]
    return (*sorted(databases), *sorted(index))


def move_aside(home: Path, used: Iterable[Path], *, at: datetime) -> Path:
    """Keep what was there; gives the folder that holds it now. Nothing is ever deleted."""
    kept = home / f"before-restore-{at:%Y%m%dT%H%M%SZ}"
    with naming_failures(kept):
        make_folder(kept)
        for path in used:
            target = kept / INDEX if path.parent == home / INDEX else kept
            make_folder(target)
            move(path, target / path.name)
    return kept


def refuse_used(home: Path, used: tuple[Path, ...]) -> None:
    """Raise UsageError when there is anything."""
    if used:
        raise UsageError(
            f"{str(home)!r} is in use: it holds {', '.join(repr(path.name) for path in used)}. Nothing was changed. "
            "Set ONBRAND_HOME to a new folder, or give --replace: what is there is then moved aside and kept"
        )


def _copy_checked(folder: Path, name: str, manifest: Manifest, staging: Path) -> None:
    if copy_file(folder / name, staging / name) != manifest.files[name]:
        raise _differs(folder, name, "is not what the manifest says: it was changed or is torn")


def _check_names(folder: Path, manifest: Manifest) -> None:
    names = set(list_files(folder))
    for name in sorted(manifest.files.keys() | names):
        path = PurePosixPath(name)
        if name not in names or (folder / name).is_symlink():
            raise _differs(folder, name, "is missing")
        if name not in manifest.files:
            raise _differs(folder, name, "is not in the manifest")
        if path.is_absolute() or ".." in path.parts or (name != DATABASE_FILE and path.parts[0] != INDEX):
            raise _differs(folder, name, "does not belong into a backup")
    if DATABASE_FILE not in manifest.files:
        raise _differs(folder, DATABASE_FILE, "is missing")


def _differs(folder: Path, name: str, how: str) -> BackupUnusable:
    return BackupUnusable(
        f"the backup {str(folder)!r} cannot be used: {name!r} {how}. Nothing was changed; use another backup"
    )
