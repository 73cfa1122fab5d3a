"""The ledger of documents and revisions: what exists, and which revision of it answers. It decides last."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, bindparam, func, select, update

from core.access import AccessList
from core.database import Database
from core.documents import HIDDEN_TEXT, AnsweringDocument, Facts, Status, Validity
from core.revisions import status_of_revision
from core.tables import documents, revisions
from core.world_facts import FIRST_GENERATION, check_generation

# SQLite refuses statements with very many parameters; PostgreSQL slows down.
IDS_PER_QUERY = 500
# What a source declared and a curator set is long, and read_document does not look at it.
_LEFT_OUT = {"declared", "curated", "content_hash"}
_SELECT_BY_ID = select(*(column for column in documents.c if column.name not in _LEFT_OUT)).where(
    documents.c.document_id.in_(bindparam("wanted", expanding=True))
)


@dataclass(frozen=True, slots=True)
class IndexTask:
    """What the index must hold for one document: the kept revisions, each with the facts it is filtered by."""

    document_id: str
    source: str
    path: str
    facts: Mapping[int, Facts]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document for lists: the ledger's word, plus what only a curator wants to know."""

    document: AnsweringDocument
    latest_revision: int
    curated: Mapping[str, Any]
    is_removed: bool
    hidden_text: int = 0
    """Characters of its file that nobody could see and that were left out when it was read."""


class Ledger:
    """Reads documents. Writes go through core.sync_ledger (sources) and core.document_acts (people)."""

    def __init__(self, database: Database, *, review_days: Mapping[str, int] | None = None) -> None:
        self._database = database
        self._review_days = review_days or {}

    def find_answering(self, document_ids: Collection[str]) -> Mapping[str, AnsweringDocument]:
        """The answering revision (or, where none answers, the latest) of each document that exists."""
        return {
            row.document_id: read_document(row, self._review_days)
            for row in self._select(document_ids)
            if row.removed_at is None
        }

    def list_documents(
        self, *, source: str | None = None, status: Status | None = None, include_removed: bool = False
    ) -> tuple[DocumentRow, ...]:
        """All documents by source and path; filtered where asked."""
        query = select(documents).order_by(documents.c.source, documents.c.path, documents.c.part)
        if source is not None:
            query = query.where(documents.c.source == source)
        if status is not None:
            query = query.where(documents.c.status == status)
        if not include_removed:
            query = query.where(documents.c.removed_at.is_(None))
        with self._database.read() as connection:
            return tuple(self._read_row(row) for row in connection.execute(query))

    def find_documents(self, words: Iterable[str]) -> Mapping[str, tuple[DocumentRow, ...]]:
        """Documents named by id, `source:path`, or path (all rows of a sheet share its path)."""
        rows = self.list_documents()
        return {word: tuple(row for row in rows if _is_named(row.document, word)) for word in words}

    def list_unsettled(self) -> tuple[IndexTask, ...]:
        """Documents whose passages in the index carry older facts than the ledger."""
        query = select(documents).where(documents.c.is_settled.is_(False), documents.c.removed_at.is_(None))
        with self._database.read() as connection:
            return tuple(build_task(row) for row in connection.execute(query))

    def list_tasks(self, document_ids: Collection[str] | None = None) -> tuple[IndexTask, ...]:
        """What the index must hold of these documents (None: of all) that are not removed."""
        if document_ids is not None:
            rows = [row for row in self._select(document_ids) if row.removed_at is None]
            return tuple(build_task(row) for row in rows)
        query = select(documents).where(documents.c.removed_at.is_(None)).order_by(documents.c.document_id)
        with self._database.read() as connection:
            return tuple(build_task(row) for row in connection.execute(query))

    def mark_settled(self, tasks: Sequence[IndexTask], *, generation: int = FIRST_GENERATION) -> None:
        """The index has caught up with these; one whose facts have changed again since is left out.

        Raises IndexSwitched when another generation answers than the one that has caught up.
        """
        with self._database.write() as connection:
            check_generation(connection, generation)
            for task in tasks:
                where = documents.c.document_id == task.document_id
                row = connection.execute(select(documents).where(where).with_for_update()).first()
                if row is not None and build_task(row) == task:
                    connection.execute(update(documents).where(where).values(is_settled=True))

    def load_parsed(self, document_id: str, revision: int) -> bytes | None:
        """Packed text of one revision (core.stored_text)."""
        query = select(revisions.c.parsed).where(
            revisions.c.document_id == document_id, revisions.c.number == revision
        )
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def count_all_passages(self) -> Mapping[tuple[str, int], int]:
        """(document id, revision) -> how many passages it has."""
        query = select(revisions.c.document_id, revisions.c.number, revisions.c.passages)
        with self._database.read() as connection:
            return {(row.document_id, row.number): row.passages for row in connection.execute(query)}

    def count_passages(self, document_id: str, numbers: Collection[int]) -> int:
        """How many passages these revisions of a document have."""
        query = select(func.coalesce(func.sum(revisions.c.passages), 0)).where(
            revisions.c.document_id == document_id, revisions.c.number.in_(numbers)
        )
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def count(self) -> Mapping[str, int]:
        """Number of documents by status, removed ones left out."""
        query = (
            select(documents.c.status, func.count())
            .where(documents.c.removed_at.is_(None))
            .group_by(documents.c.status)
        )
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def _read_row(self, row: Row[Any]) -> DocumentRow:
        document = read_document(row, self._review_days)
        hidden = int(row.declared.get(HIDDEN_TEXT, 0))
        return DocumentRow(document, row.latest_revision, row.curated, row.removed_at is not None, hidden)

    def _select(self, document_ids: Collection[str]) -> Sequence[Row[Any]]:
        wanted = sorted(document_ids)
        with self._database.read() as connection:
            return [
                row
                for start in range(0, len(wanted), IDS_PER_QUERY)
                for row in connection.execute(
                    _SELECT_BY_ID, {"wanted": wanted[start : start + IDS_PER_QUERY]}
                )
            ]


def read_facts(row: Row[Any], status: Status) -> Facts:
    """The filter facts in a row of `documents`, with the status of the revision in question."""
    clauses = tuple(frozenset(clause) for clause in row.access)
    return Facts(
        status=status,
        access=AccessList(clauses),
        validity=Validity(row.valid_from, row.valid_until),
        kind=row.kind,
        brand=row.brand,
    )


def read_document(row: Row[Any], review_days: Mapping[str, int]) -> AnsweringDocument:
    """A row of `documents` as the ledger's word; `review_days` are the days between reviews by kind."""
    revision = row.answering_revision or row.latest_revision
    updated: datetime | None = row.updated
    return AnsweringDocument(
        document_id=row.document_id,
        revision=revision,
        source=row.source,
        path=row.path,
        title=row.title,
        facts=read_facts(row, row.status),
        url=row.url,
        owner=row.owner,
        classification=row.classification,
        updated=updated,
        newer_draft=row.answering_revision is not None and row.answering_revision < row.latest_revision,
        is_settled=row.is_settled,
        review_by=_find_review_day(row, review_days),
    )


def _find_review_day(row: Row[Any], review_days: Mapping[str, int]) -> date | None:
    """A curator's day, else so many days after the last approval as the kind demands."""
    if row.review_by is not None or row.reviewed_on is None or row.kind not in review_days:
        return cast("date | None", row.review_by)
    return cast(date, row.reviewed_on) + timedelta(days=review_days[row.kind])


def build_task(row: Row[Any]) -> IndexTask:
    """What the index must hold of the document in a row of `documents`."""
    kept = {row.latest_revision, row.answering_revision or row.latest_revision}
    statuses = {
        number: status_of_revision(number, answering=row.answering_revision, status=row.status)
        for number in kept
    }
    facts = {number: read_facts(row, status) for number, status in statuses.items()}
    return IndexTask(row.document_id, row.source, row.path, facts)


def _is_named(document: AnsweringDocument, word: str) -> bool:
    return word in (document.document_id, document.path, f"{document.source}:{document.path}")
