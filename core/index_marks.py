"""The mark of a document: changes when what an index must hold of it changes. Read by core/index_builds.py."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, or_, select

from core.ledger import IndexTask, build_task
from core.tables import documents, revisions

FACTS: tuple[Column[Any], ...] = (
    *(documents.c.document_id, documents.c.source, documents.c.path, documents.c.status, documents.c.kind),
    *(documents.c.brand, documents.c.valid_from, documents.c.valid_until, documents.c.access),
    *(documents.c.latest_revision, documents.c.answering_revision),
)


@dataclass(frozen=True, slots=True)
class Behind:
    """What an index lacks: documents to write, with the marks that they get, and documents to remove."""

    changed: Mapping[str, str]
    gone: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.changed or self.gone)


def read_marks(connection: Connection) -> Mapping[str, str]:
    """Document id -> mark of every document that is not removed."""
    hashes = _read_text_hashes(connection)
    rows = connection.execute(select(*FACTS).where(documents.c.removed_at.is_(None)))
    return {row.document_id: _mark(build_task(row), hashes) for row in rows}


def compare_marks(wanted: Mapping[str, str], held: Mapping[str, str]) -> Behind:
    """What differs between the ledger's marks and those that an index holds."""
    changed = {key: mark for key, mark in sorted(wanted.items()) if held.get(key) != mark}
    return Behind(changed, frozenset(held.keys() - wanted.keys()))


def _mark(task: IndexTask, hashes: Mapping[tuple[str, int], str]) -> str:
    # The path is embedded too, so a moved file is written anew.
    kept = [
        [number, facts.digest(), hashes.get((task.document_id, number))]
        for number, facts in sorted(task.facts.items())
    ]
    return sha256(json.dumps([task.source, task.path, kept]).encode()).hexdigest()


def _read_text_hashes(connection: Connection) -> Mapping[tuple[str, int], str]:
    is_kept = or_(
        revisions.c.number == documents.c.latest_revision,
        revisions.c.number == documents.c.answering_revision,
    )
    query = (
        select(revisions.c.document_id, revisions.c.number, revisions.c.text_hash)
        .join(documents, documents.c.document_id == revisions.c.document_id)
        .where(documents.c.removed_at.is_(None), is_kept)
    )
    return {(row.document_id, row.number): row.text_hash for row in connection.execute(query)}
