"""Brings the index in line with the ledger: after acts, at the end of a sync, and at every start."""

from collections.abc import Callable, Sequence

from core.ledger import IndexTask, Ledger
from core.world_facts import FIRST_GENERATION
from index.passage_store import FactsChange, PassageStore

# So many documents become audible together: one write to index and ledger costs the same for one as for all.
TOGETHER = 128

Restore = Callable[[IndexTask], object]
"""Writes the passages of a document's kept revisions anew, from the stored text."""


def settle_index(
    ledger: Ledger,
    store: PassageStore,
    restore: Restore | None = None,
    *,
    generation: int = FIRST_GENERATION,
) -> int:
    """Give every unsettled document's passages the ledger's facts; number of documents. Repeatable at any time.

    Without `restore` a document whose passages are missing stays unsettled, and so silent. Raises IndexSwitched
    when another generation than that of `store` answers by now.
    """
    tasks = ledger.list_unsettled()
    for start in range(0, len(tasks), TOGETHER):
        settled = _settle_together(tasks[start : start + TOGETHER], ledger, store, restore)
        ledger.mark_settled(settled, generation=generation)
    return len(tasks)


def _settle_together(
    tasks: Sequence[IndexTask], ledger: Ledger, store: PassageStore, restore: Restore | None
) -> Sequence[IndexTask]:
    settled: list[IndexTask] = []
    broken: list[IndexTask] = []
    for task in tasks:
        (settled if _is_whole(task, ledger, store) else broken).append(task)
    store.set_facts(
        [
            FactsChange(task.document_id, revision, facts)
            for task in settled
            for revision, facts in task.facts.items()
        ]
    )
    if restore is not None:
        # An undone act lets a revision answer whose passages were swept.
        for task in broken:
            # Cut by an older version it may have had more passages: their tail must not stay.
            store.remove(task.document_id)
            restore(task)
            settled.append(task)
    return settled


def _is_whole(task: IndexTask, ledger: Ledger, store: PassageStore) -> bool:
    """True when the index holds all passages of the kept revisions; those of others are swept first."""
    expected = ledger.count_passages(task.document_id, task.facts.keys())
    if store.count(task.document_id) != expected:
        store.remove(task.document_id, keep_revisions=task.facts.keys())
    return store.count(task.document_id) == expected
