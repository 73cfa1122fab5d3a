"""Copies the index for a backup, and keeps everybody else from it during a restore. Called by admin."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from core.file_copy import copy_file, copy_files, measure_files
from core.restore import INDEX, LOCKS
from index.compare_index import FolderStore
from index.index_mark import MARK_FILE, IndexMark, write_mark
from index.store_errors import IndexInUse


def measure_index(store: FolderStore) -> int:
    """Bytes that a copy takes."""
    return measure_files(store.folder)


def copy_index(store: FolderStore, home: Path, target: Path) -> None:
    """Copy the folder that answers, and what lies beside it to name it, to the same place below `target`.

    Call it while the store is held still.
    """
    index = home / INDEX
    copy_files(store.folder, target / store.folder.relative_to(home))
    for path in index.iterdir():
        if path.is_file() and not path.match(LOCKS):
            copy_file(path, target / INDEX / path.name)


def mark_copy(folder: Path, mark: IndexMark) -> None:
    """The copy's mark: open, for the copy was taken in the middle of the day and is to be looked at once."""
    (folder / MARK_FILE).unlink(missing_ok=True)
    write_mark(folder, replace(mark, is_open=True))
    (folder / MARK_FILE).chmod(0o600)


@contextmanager
def own_index(home: Path) -> Iterator[None]:
    """Hold all locks of a home's index, or raise IndexInUse."""
    index = home / INDEX
    index.mkdir(parents=True, exist_ok=True, mode=0o700)
    with ExitStack() as held:
        for path in sorted({index / "passages.lock", *index.glob(LOCKS)}):
            lock = held.enter_context(path.open("a"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise IndexInUse(index) from None
        yield
