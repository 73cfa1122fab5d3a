"""Notices an index folder that is not the one which the ledger left, and makes good what differs. At every start.

Ledger and folder carry the same mark; it is renewed when a world that has written is closed. A folder that was put
back, lost, or belongs to another ledger has another mark; after kill -9 it has the same one, left open.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast
from uuid import uuid4

from core.database import Database
from core.errors import OnbrandError
from core.index_state import INDEX_MARK, forget_builds, unsettle
from core.world_facts import read_fact, write_fact
from index.compare_index import Depth, FolderStore, IndexComparison, OpenIndex, read_stored
from index.embedders import is_same_embedder, name_index
from index.index_mark import IndexMark, read_mark, write_mark

LAST_REPAIR = "index_repair"
"""Name of the world fact that holds the last report, for whoever restores a backup."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RepairReport:
    """`checked` documents were compared (0: index and ledger are known to belong together).

    `silent` ones differed and are silent until the index is settled; passages of `foreign` ones were removed.
    """

    checked: int = 0
    silent: int = 0
    foreign: int = 0

    def __str__(self) -> str:
        return (
            f"{self.silent} of {self.checked} documents are silent until their passages are written anew from the "
            f"stored text; passages of {self.foreign} that the ledger does not know were removed"
        )


@contextmanager
def keep_in_step(index: OpenIndex, database: Database) -> Iterator[RepairReport]:
    """Repair, then note what the folder was left like when the block ends. On a server: nothing."""
    first = _narrow(index)
    yield repair_index(first, database) if first else RepairReport()
    last = _narrow(index)
    if last is not None:
        # A generation that was put in its place meanwhile has been written by this very process.
        _close_mark(last, database, is_new=first is None or last.store is not first.store)


def repair_index(index: OpenIndex, database: Database) -> RepairReport:
    """Compare one generation with the ledger where they may differ. What differs is silent until it is settled.

    Raises IndexTooNew; DiskFull when the ledger cannot be told.
    """
    store = index.store
    if not isinstance(store, FolderStore) or index.restore is None:
        return RepairReport()
    mark, noted = read_mark(store.folder), read_fact(database, INDEX_MARK)
    report = RepairReport()
    if mark is None or mark.is_open or mark.token != noted or not _is_of(mark, index):
        report = _make_good(index, store, database, _choose_depth(mark, noted, index))
        _renew_mark(store, index, database, report)
    store.before_next_write(partial(_open_mark, store.folder))
    return report


def _choose_depth(mark: IndexMark | None, noted: str | None, index: OpenIndex) -> Depth:
    """What has to be compared; `everything` is to be written anew."""
    if mark is not None and not _is_of(mark, index):
        return "everything"
    # In the folder that a crash left open the same revision is the same text.
    return "facts" if mark is not None and mark.token == noted else "text"


def _is_of(mark: IndexMark, index: OpenIndex) -> bool:
    return is_same_embedder(mark.fingerprint, name_index(index.embedder))


def _narrow(index: OpenIndex) -> OpenIndex | None:
    """The index with the parts of the generation that answers; None where none does."""
    if index.generations is None:
        return index
    current = index.generations.current
    return cast(OpenIndex, index.narrow(current)) if current else None


def _make_good(index: OpenIndex, store: FolderStore, database: Database, depth: Depth) -> RepairReport:
    tasks = index.ledger.list_tasks()
    stored = read_stored(store, with_text=depth == "text")
    comparison = IndexComparison(index, depth, index.ledger.count_all_passages(), stored)
    foreign = stored.keys() - {task.document_id for task in tasks}
    states = {task.document_id: comparison.judge(task) for task in tasks}
    silent = [document_id for document_id, state in states.items() if state != "whole"]
    # Silent first: from here on a crash leaves nothing that answers wrongly.
    unsettle(database, silent)
    store.remove_documents([one for one in silent if states[one] == "other text"])
    store.remove_documents(foreign)
    report = RepairReport(len(tasks), len(silent), len(foreign))
    if silent or foreign:
        if depth != "facts":
            forget_builds(database)
        # What a crash leaves behind is nobody's business.
        level = logging.INFO if depth == "facts" else logging.WARNING
        _log.log(level, "the index folder is not the one that the ledger left: %s", report)
    return report


def _renew_mark(
    store: FolderStore, index: OpenIndex, database: Database, report: RepairReport | None
) -> None:
    mark = IndexMark(uuid4().hex, name_index(index.embedder))
    try:
        if report is not None:
            write_fact(database, LAST_REPAIR, json.dumps(asdict(report)))
        write_fact(database, INDEX_MARK, mark.token)
        write_mark(store.folder, mark)
    except (OnbrandError, OSError) as error:
        # A full disk, say: with marks that differ, the next start compares again.
        _log.warning("index and ledger could not be marked as belonging together: %s", error)


def _open_mark(folder: Path) -> None:
    mark = read_mark(folder)
    if mark is not None:
        write_mark(folder, replace(mark, is_open=True))


def _close_mark(index: OpenIndex, database: Database, *, is_new: bool) -> None:
    store = index.store
    if not isinstance(store, FolderStore):
        return
    mark = read_mark(store.folder)
    if not is_new and (mark is None or not mark.is_open):
        return
    # A sync that was left behind may still write: not in between, and not unnoticed afterwards.
    with store.held_still():
        _renew_mark(store, index, database, None)
        store.before_next_write(partial(_open_mark, store.folder))
