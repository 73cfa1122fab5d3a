"""What a sync writes of files and documents, and the rows that it meets there. Used by core/sync_ledger.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from core.ledger import IDS_PER_QUERY
from core.sync_plan import DocumentPlan, IncomingDocument
from core.tables import documents, revisions


@dataclass(frozen=True, slots=True)
class DocumentWrite:
    """A plan whose passages are in the index, ready to become visible."""

    plan: DocumentPlan
    incoming: IncomingDocument
    passages: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """How a file ended: hash of its bytes, hash of what is declared beside it, and its error if it has one.

    `version` is the source's own for these bytes, where it has one. `is_skipped`: there is nothing to read in them.
    """

    path: str
    content_hash: str
    declared_hash: str
    error: str | None = None
    version: str = ""
    is_skipped: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """Documents of a file that is known again at another path."""

    document_ids: tuple[str, ...]
    old_path: str
    new_path: str


@dataclass(frozen=True, slots=True)
class FileWrite:
    """Documents of one file, which become visible together, and rows that are `gone` from it."""

    record: FileRecord
    documents: tuple[DocumentWrite, ...]
    gone: tuple[str, ...] = ()


def write_revision(connection: Connection, write: DocumentWrite, *, at: datetime) -> None:
    """A new revision's row; of one that is known, what its file says of itself now."""
    plan, decision = write.plan, write.plan.decision
    if decision.is_new:
        connection.execute(
            insert(revisions).values(
                document_id=plan.document_id,
                number=decision.number,
                text_hash=write.incoming.text_hash,
                status=plan.facts.status,
                passages=write.passages,
                parsed=write.incoming.packed,
                created_at=at,
            )
        )
        return
    where = (revisions.c.document_id == plan.document_id) & (revisions.c.number == decision.number)
    # The same text, perhaps with other metadata of its own.
    values: dict[str, Any] = {"parsed": write.incoming.packed}
    if decision.answering == decision.number:
        values["status"] = "approved"
    connection.execute(update(revisions).where(where).values(**values))


def aside(move: Move) -> str:
    """A path that nothing has, for the moment in which two files change places."""
    return f"{move.old_path}\x1fmoving"


def lock_rows(connection: Connection, batch: Sequence[FileWrite]) -> dict[str, Row[Any]]:
    """Rows of the documents that are known, by id."""
    ids = sorted(one.plan.document_id for file in batch for one in file.documents)
    rows: dict[str, Row[Any]] = {}
    for start in range(0, len(ids), IDS_PER_QUERY):
        some = documents.c.document_id.in_(ids[start : start + IDS_PER_QUERY])
        # Locked where many write at once (PostgreSQL): no act may slip in between this look and the write.
        query = select(documents).where(some).order_by(documents.c.document_id).with_for_update()
        rows |= {row.document_id: row for row in connection.execute(query)}
    return rows


def is_current(file: FileWrite, rows: Mapping[str, Row[Any]]) -> bool:
    """True when no document of the file has changed between plan and write."""
    return all(_stamp(rows.get(one.plan.document_id)) == _stamp_of_plan(one.plan) for one in file.documents)


def _stamp(row: Row[Any] | None) -> object:
    return None if row is None else (row.latest_revision, row.answering_revision, row.curated, row.path)


def _stamp_of_plan(plan: DocumentPlan) -> object:
    known = plan.known
    return (
        None
        if known is None
        else (known.latest_revision, known.answering_revision, known.curated, known.path)
    )


def list_new(batch: Sequence[FileWrite]) -> list[str]:
    """Ids of documents that get a new revision."""
    return [one.plan.document_id for file in batch for one in file.documents if one.plan.decision.is_new]
