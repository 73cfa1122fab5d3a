"""What a backup is: a folder with the database, the index and a manifest that says what each file must be like.

Made by admin/operations/backup.py, put back by core/restore.py.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

from core.database import Database
from core.errors import PermanentError, UsageError
from core.file_copy import FileMark, make_folder, mark_file, naming_failures
from core.index_state import INDEX_MARK
from core.sqlite_copy import copy_sqlite
from core.world_facts import FIRST_GENERATION, GENERATION, IndexSwitched

MANIFEST = "manifest.json"
DATABASE_FILE = "onbrand.sqlite3"
BACKUP_FORMAT = 1

_COUNTS = {
    "documents": "SELECT count(*) FROM documents WHERE removed_at IS NULL",
    "people": "SELECT count(*) FROM people",
    "receipts": "SELECT count(*) FROM receipts",
    "acts": "SELECT count(*) FROM audit",
}


class BackupUnusable(PermanentError):
    """A backup is not whole, or not one that this onbrand can read."""


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """What a backup says of itself. `index` is the folder of the index below ONBRAND_HOME."""

    onbrand: str
    created_at: str
    fingerprint: str
    generation: int
    index: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of manifest.json; `files` by path inside the backup, the manifest itself left out."""

    facts: BackupFacts
    schema: str
    counts: Mapping[str, int]
    files: Mapping[str, FileMark]
    format: int = BACKUP_FORMAT


@contextmanager
def building_backup(folder: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `folder` when the block succeeds; after a failure nothing is left of it."""
    _refuse_used(folder)
    building = folder.with_name(f".{folder.name}.partial")
    with naming_failures(folder):
        rmtree(building, ignore_errors=True)
        make_folder(folder.parent)
        building.mkdir(mode=0o700)
        try:
            yield building
            building.rename(folder)
        finally:
            rmtree(building, ignore_errors=True)


def copy_database(database: Database, folder: Path) -> None:
    """The whole database as of this moment, while others go on writing."""
    with database.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        copy_sqlite(driver, folder / DATABASE_FILE)


def mark_copied_database(folder: Path, token: str, *, generation: int) -> None:
    """Pair the copied database with the copied index; let it know of no other generation.

    Raises IndexSwitched when another generation than the copied one answers in it.
    """
    facts = "SELECT value FROM world_facts WHERE name = ?"
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as copy, copy:
        answering = int((copy.execute(facts, (GENERATION,)).fetchone() or (FIRST_GENERATION,))[0])
        if answering != generation:
            raise IndexSwitched(generation, answering)
        copy.execute("INSERT OR REPLACE INTO world_facts (name, value) VALUES (?, ?)", (INDEX_MARK, token))
        # Generations beside the answering one are not copied: whoever goes back to one writes all of it anew.
        copy.execute("DELETE FROM index_build_documents")


def write_manifest(folder: Path, facts: BackupFacts) -> Manifest:
    """Look at every file that has been copied, and say what it is like."""
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as copy:
        schema = str(copy.execute("SELECT version_num FROM alembic_version").fetchone()[0])
        counts = {name: int(copy.execute(query).fetchone()[0]) for name, query in _COUNTS.items()}
    files = {name: mark_file(folder / name) for name in list_files(folder)}
    manifest = Manifest(facts, schema, counts, files)
    with naming_failures(folder):
        target = folder / MANIFEST
        target.touch(mode=0o600)
        target.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Raises BackupUnusable when there is none, or none that can be read."""
    try:
        stored = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if stored["format"] != BACKUP_FORMAT:
            raise BackupUnusable(
                f"the backup {str(folder)!r} has format {stored['format']!r}, this onbrand knows {BACKUP_FORMAT}; "
                "install the onbrand that made it"
            )
        files = {name: FileMark(**mark) for name, mark in stored.pop("files").items()}
        return Manifest(facts=BackupFacts(**stored.pop("facts")), files=files, **stored)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupUnusable(
            f"{str(folder)!r} is no backup that can be used: its {MANIFEST} cannot be read "
            f"({type(error).__name__}: {error}); name a folder that `onbrand backup` has made"
        ) from error


def list_files(folder: Path) -> list[str]:
    """Paths of all files of a backup but its manifest."""
    with naming_failures(folder):
        paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
        return sorted(path for path in paths if path != MANIFEST)


def _refuse_used(folder: Path) -> None:
    if folder.is_mount():
        raise UsageError(f"{str(folder)!r} is a disk of its own; name a new folder on it")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{str(folder)!r} is not empty; a backup needs a new or empty folder")
