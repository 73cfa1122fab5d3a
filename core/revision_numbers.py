"""Numbers of new revisions, taken before their passages are written: no two workers ever write the same one.

Used by core/sync_ledger.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from core.job_tables import taken_revisions
from core.known_documents import cut_values
from core.sync_plan import DocumentPlan, renumber_plan


def take_numbers(
    connection: Connection, plans: Sequence[DocumentPlan], *, holder: str
) -> tuple[DocumentPlan, ...]:
    """The plans, each new revision under a number that is its own.

    A number that `holder` itself took and never used (it was killed) is used again; behind one that another took,
    who may still be writing under it, the next is taken.
    """
    new = [plan for plan in plans if plan.decision.is_new]
    ids = [plan.document_id for plan in new]
    taken = _read_taken(connection, ids)
    numbers = {plan.document_id: _choose_number(plan, taken.get(plan.document_id), holder) for plan in new}
    give_back_numbers(connection, sorted(taken))
    rows = [{"document_id": key, "number": number, "holder": holder} for key, number in numbers.items()]
    connection.execute(insert(taken_revisions), rows)
    return tuple(
        renumber_plan(plan, numbers[plan.document_id]) if plan.decision.is_new else plan for plan in plans
    )


def give_back_numbers(connection: Connection, document_ids: Sequence[str]) -> None:
    """These revisions are visible, or will be taken anew."""
    for part in cut_values(document_ids, taken_revisions.c.document_id):
        connection.execute(delete(taken_revisions).where(part))


def _choose_number(plan: DocumentPlan, row: Row[Any] | None, holder: str) -> int:
    if row is None or row.number < plan.decision.number:
        return plan.decision.number
    return int(row.number) if row.holder == holder else int(row.number) + 1


def _read_taken(connection: Connection, ids: Sequence[str]) -> Mapping[str, Row[Any]]:
    query = select(taken_revisions).with_for_update()
    parts = cut_values(ids, taken_revisions.c.document_id)
    return {row.document_id: row for part in parts for row in connection.execute(query.where(part))}
