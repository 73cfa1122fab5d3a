"""Names a full disk, and keeps the index from running into one. Used by core/database.py and index/edge_store.py."""

import shutil
from pathlib import Path

from core.errors import TransientError

# The index writes through mapped files, which it grows by up to 32 MB each: a disk that is full at that moment
# kills the process (SIGBUS) instead of raising. A new index takes 120 MB at once.
LEAST_FREE_BYTES = 200_000_000
# Where less than this is left, whatever could not be written could not for that reason.
NOTHING_LEFT_BYTES = 1_000_000


class DiskFull(TransientError):
    """Nothing can be written; what is there goes on answering."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(
            f"the disk is full, or its quota used up: {str(path)!r} cannot be written ({reason}). What was there "
            "before is kept. Free some space, then run the same command again; a sync goes on where it stopped"
        )


def check_free_space(path: Path) -> None:
    """Raise DiskFull when the disk of `path`, which need not exist yet, has too little left to write an index."""
    free = read_free_bytes(path)
    if free < LEAST_FREE_BYTES:
        raise DiskFull(
            path, f"{free / 1e6:.0f} MB are free, at least {LEAST_FREE_BYTES / 1e6:.0f} MB are needed"
        )


def read_free_bytes(path: Path) -> int:
    """Bytes that we may still write on the disk of `path`, which need not exist yet."""
    existing = next(one for one in (path, *path.absolute().parents) if one.exists())
    return shutil.disk_usage(existing).free
