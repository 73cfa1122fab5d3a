"""What the ledger knows of a source's documents before a sync. Used by core/sync_ledger.py."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, true

from core.ledger import IDS_PER_QUERY, read_facts
from core.revisions import KnownDocument
from core.tables import documents, revisions


def read_known(
    connection: Connection, source: str, paths: Collection[str] | None
) -> Mapping[tuple[str, str], KnownDocument]:
    """(path, part) -> document, removed ones too; all of the source (None), or those of these files."""
    query = select(documents).where(documents.c.source == source)
    parts = cut_values(paths, documents.c.path)
    rows = [row for part in parts for row in connection.execute(query.where(part))]
    approved = {one for part in parts for one in _approved_once(connection, source, part)}
    hashes = {key: value for part in parts for key, value in _latest_hashes(connection, source, part).items()}
    return {
        (row.path, row.part): _read_known(
            row, hashes[row.document_id], was_approved=row.document_id in approved
        )
        for row in rows
    }


def cut_values(values: Collection[str] | None, column: ColumnElement[str]) -> Sequence[ColumnElement[bool]]:
    """Conditions that together say "one of these" in portions that a database takes; None: no condition."""
    if values is None:
        return [true()]
    wanted = sorted(values)
    return [column.in_(wanted[at : at + IDS_PER_QUERY]) for at in range(0, len(wanted), IDS_PER_QUERY)]


def _read_known(row: Row[Any], text_hash: str, *, was_approved: bool) -> KnownDocument:
    return KnownDocument(
        document_id=row.document_id,
        path=row.path,
        part=row.part,
        content_hash=row.content_hash,
        text_hash=text_hash,
        latest_revision=row.latest_revision,
        answering_revision=row.answering_revision,
        facts=read_facts(row, row.status),
        is_settled=row.is_settled,
        declared_status=row.declared["status"],
        curated=row.curated,
        was_approved=was_approved,
        is_removed=row.removed_at is not None,
        item_id=row.item_id,
    )


def _approved_once(connection: Connection, source: str, part: ColumnElement[bool]) -> frozenset[str]:
    query = (
        select(revisions.c.document_id)
        .join(documents, documents.c.document_id == revisions.c.document_id)
        .where(documents.c.source == source, revisions.c.status == "approved", part)
    )
    return frozenset(connection.execute(query.distinct()).scalars())


def _latest_hashes(connection: Connection, source: str, part: ColumnElement[bool]) -> Mapping[str, str]:
    query = (
        select(revisions.c.document_id, revisions.c.text_hash)
        .join(documents, documents.c.document_id == revisions.c.document_id)
        .where(documents.c.source == source, revisions.c.number == documents.c.latest_revision, part)
    )
    return {row.document_id: row.text_hash for row in connection.execute(query)}
