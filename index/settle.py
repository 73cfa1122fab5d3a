"""Brings the index in line with the ledger: after acts, at the end of a sync, and at every start."""

from core.ledger import Ledger
from index.passage_store import PassageStore


def settle_index(ledger: Ledger, store: PassageStore) -> int:
    """Give every unsettled document's passages the ledger's facts; number of documents. Repeatable at any time."""
    tasks = ledger.list_unsettled()
    for task in tasks:
        for revision, facts in task.facts.items():
            store.set_facts(task.document_id, revision, facts)
        store.remove(task.document_id, keep_revisions=task.facts.keys())
        ledger.mark_settled(task)
    return len(tasks)
