"""Brings the index in line with the ledger: after acts, at the end of a sync, and at every start."""

from collections.abc import Callable

from core.ledger import IndexTask, Ledger
from index.passage_store import PassageStore

Restore = Callable[[IndexTask], object]
"""Writes the passages of a document's kept revisions anew, from the stored text."""


def settle_index(ledger: Ledger, store: PassageStore, restore: Restore | None = None) -> int:
    """Give every unsettled document's passages the ledger's facts; number of documents. Repeatable at any time.

    Without `restore` a document whose passages are missing stays unsettled, and so silent.
    """
    tasks = ledger.list_unsettled()
    for task in tasks:
        if _is_complete(task, ledger, store):
            for revision, facts in task.facts.items():
                store.set_facts(task.document_id, revision, facts)
        elif restore is None:
            continue
        else:
            # An undone act lets a revision answer whose passages were swept.
            restore(task)
        ledger.mark_settled(task)
    return len(tasks)


def _is_complete(task: IndexTask, ledger: Ledger, store: PassageStore) -> bool:
    """True when the index holds all passages of the kept revisions; those of others are swept first."""
    expected = ledger.count_passages(task.document_id, task.facts.keys())
    if store.count(task.document_id) != expected:
        store.remove(task.document_id, keep_revisions=task.facts.keys())
    return store.count(task.document_id) == expected
