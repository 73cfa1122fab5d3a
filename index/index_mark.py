"""The mark that an index folder carries: which state of the ledger it belongs to. Written by index/repair.py."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import PermanentError

MARK_FILE = "onbrand.json"
INDEX_FORMAT = 1
"""Raised when passages are stored in another form; a folder without a mark is older than all of them."""


class IndexTooNew(PermanentError):
    """A newer onbrand has written this index folder."""

    def __init__(self, folder: Path, found: object) -> None:
        super().__init__(
            f"the index at {str(folder)!r} has format {found!r}, this onbrand knows up to {INDEX_FORMAT}. Nothing "
            "was changed. Install the newer onbrand again, or move the folder away: it is built anew from the "
            "stored text at the next start"
        )


@dataclass(frozen=True, slots=True)
class IndexMark:
    """`token` is the ledger's as well. `is_open`: written to since, and not closed in an orderly way yet."""

    token: str
    fingerprint: str
    is_open: bool = False
    format: int = INDEX_FORMAT


def read_mark(folder: Path) -> IndexMark | None:
    """The folder's mark; None when it has none, or none that can be read. Raises IndexTooNew."""
    try:
        stored = json.loads((folder / MARK_FILE).read_text(encoding="utf-8"))
        found = stored["format"]
        if found == INDEX_FORMAT:
            return IndexMark(**stored)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if isinstance(found, int) and found < INDEX_FORMAT:
        return None
    raise IndexTooNew(folder, found)


def write_mark(folder: Path, mark: IndexMark) -> None:
    """Replace the folder's mark, whole and on the disk when this returns. Raises OSError."""
    target = folder / MARK_FILE
    building = target.with_name(f"{MARK_FILE}.new")
    with building.open("w", encoding="utf-8") as file:
        json.dump(asdict(mark), file)
        file.flush()
        os.fsync(file.fileno())
    building.replace(target)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
