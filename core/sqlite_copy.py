"""Copies an SQLite database while it is in use, whole or not at all. Called before migrations and by backups."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from core.disk_space import DiskFull
from core.file_copy import CopyFailed, naming_failures

INTACT = "ok"


def copy_sqlite(source: sqlite3.Connection, target: Path) -> None:
    """The database as of one moment, in one file that only we may read; checked and on the disk when this returns.

    Raises DiskFull or CopyFailed; `target` is then as it was.
    """
    building = target.with_name(f"{target.name}.partial")
    with _naming_sqlite_failures(target), naming_failures(target):
        building.unlink(missing_ok=True)
        os.close(os.open(building, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            _copy(source, building)
            building.replace(target)
        finally:
            building.unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, building: Path) -> None:
    with closing(sqlite3.connect(building)) as copy:
        source.backup(copy)
        # One file: what would stay in a log beside it could be left behind.
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA quick_check").fetchone()[0]
    if found != INTACT:
        raise CopyFailed(f"the database is damaged: {found}; put a backup back with `onbrand restore`")
    with building.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _naming_sqlite_failures(target: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE:
            raise DiskFull(target, str(error)) from error
        raise CopyFailed(f"the database could not be copied to {str(target)!r}: {error}") from error
