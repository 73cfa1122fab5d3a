"""Copies files with their holes, readable by us alone, and hashes them on the way. Used by backup and restore."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from core.disk_space import LEAST_FREE_BYTES, DiskFull, read_free_bytes
from core.errors import PermanentError

BLOCK_BYTES = 1 << 18
_HOLE = bytes(BLOCK_BYTES)
# No space, quota used up, file larger than allowed.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class CopyFailed(PermanentError):
    """A file could not be read or written, and the disk is not full."""


@dataclass(frozen=True, slots=True)
class FileMark:
    """What a file must be like: its length and the SHA-256 of its content."""

    bytes: int
    sha256: str


def copy_file(source: Path, target: Path) -> FileMark:
    """Copy to a new file, on the disk when this returns; gives what was copied. Raises DiskFull or CopyFailed."""
    with naming_failures(target):
        make_folder(target.parent)
        number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as written, source.open("rb") as read:
            mark = _copy_blocks(read, written)
            os.fsync(number)
    return mark


def copy_files(source: Path, target: Path) -> dict[str, FileMark]:
    """Copy every file below a folder; path from there -> what was copied."""
    with naming_failures(source):
        files = sorted(path for path in source.rglob("*") if path.is_file() and not path.is_symlink())
    return {
        path.relative_to(source).as_posix(): copy_file(path, target / path.relative_to(source))
        for path in files
    }


def mark_file(path: Path) -> FileMark:
    """Length and hash of a file."""
    with naming_failures(path), path.open("rb") as read:
        digest, size = sha256(), 0
        for block in _read_blocks(read):
            digest.update(block)
            size += len(block)
    return FileMark(size, digest.hexdigest())


def make_folder(folder: Path) -> None:
    """Make it with its parents; those that are new are ours alone."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def measure_files(folder: Path) -> int:
    """Bytes that the files below a folder take on the disk, holes left out."""
    with naming_failures(folder):
        return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*"))


def check_room(folder: Path, needed: int) -> None:
    """Raise DiskFull when the disk of a folder, which need not exist yet, would be left with too little."""
    free, wanted = read_free_bytes(folder), needed + LEAST_FREE_BYTES
    if free < wanted:
        raise DiskFull(folder, f"{free / 1e6:.0f} MB are free, {wanted / 1e6:.0f} MB are needed")


@contextmanager
def naming_failures(path: Path) -> Iterator[None]:
    """What the system refuses becomes DiskFull or CopyFailed."""
    try:
        yield
    except OSError as error:
        where = Path(error.filename or path)
        if error.errno in _FULL:
            raise DiskFull(where, error.strerror or "") from error
        raise CopyFailed(
            f"{str(where)!r} cannot be copied ({error.strerror}); nothing was changed"
        ) from error


def _copy_blocks(read: BinaryIO, written: BinaryIO) -> FileMark:
    digest, size = sha256(), 0
    for block in _read_blocks(read):
        digest.update(block)
        size += len(block)
        # The engine's mapped files are mostly holes.
        if block == _HOLE[: len(block)]:
            written.seek(len(block), os.SEEK_CUR)
        else:
            written.write(block)
    written.truncate(size)
    written.flush()
    return FileMark(size, digest.hexdigest())


def _read_blocks(read: BinaryIO) -> Iterator[bytes]:
    while block := read.read(BLOCK_BYTES):
        yield block
