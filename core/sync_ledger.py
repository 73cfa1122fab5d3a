"""The ledger's side of a sync: what is known of a source, and the one write that makes a document visible."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.clock import Clock
from core.database import Database
from core.documents import OnChange
from core.errors import TransientError
from core.ledger import read_facts
from core.revisions import KnownDocument
from core.sync_plan import DocumentPlan, IncomingDocument, plan_document
from core.tables import documents, files, revisions, sources


class PlanOutdated(TransientError):
    """The document changed (an act, another sync) between plan and write; plan again."""


@dataclass(frozen=True, slots=True)
class DocumentWrite:
    """A plan whose passages are in the index, ready to become visible."""

    plan: DocumentPlan
    incoming: IncomingDocument
    passages: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """How a file ended: hash of its bytes, hash of what is declared beside it, and its error if it has one."""

    path: str
    content_hash: str
    declared_hash: str
    error: str | None = None


class SyncLedger:
    """Reads and writes documents of one source. One instance for one sync."""

    def __init__(self, database: Database, clock: Clock, *, source: str, on_change: OnChange) -> None:
        self._database = database
        self._clock = clock
        self._source = source
        self._on_change = on_change

    def read_files(self) -> Mapping[str, Row[Any]]:
        """Path -> row of `files` as of the last sync."""
        with self._database.read() as connection:
            rows = connection.execute(select(files).where(files.c.source == self._source)).all()
        return {row.path: row for row in rows}

    def read_known(self) -> Mapping[tuple[str, str], KnownDocument]:
        """(path, part) -> document, removed ones too."""
        with self._database.read() as connection:
            rows = connection.execute(select(documents).where(documents.c.source == self._source)).all()
            approved = _approved_once(connection, self._source)
            hashes = _latest_hashes(connection, self._source)
        return {
            (row.path, row.part): _read_known(
                row, hashes[row.document_id], was_approved=row.document_id in approved
            )
            for row in rows
        }

    def plan(self, incoming: IncomingDocument, known: KnownDocument | None) -> DocumentPlan:
        """Decide what happens to one document; a document not known yet gets its id."""
        new_id = "" if known else self._make_id(incoming)
        return plan_document(incoming, known, new_id=new_id, on_change=self._on_change)

    def commit(self, writes: Sequence[DocumentWrite], file: FileRecord, *, gone: Sequence[str] = ()) -> None:
        """The one write by which a file's documents become visible, and rows that are `gone` from it silent.

        Raises PlanOutdated when the ground has moved.
        """
        with self._database.write() as connection:
            self._refuse_removed(connection)
            for one in writes:
                self._write_document(connection, one)
            self._mark_removed(connection, gone)
            self._write_file(connection, file)

    def unsettle(self, document_ids: Sequence[str]) -> None:
        """Passages of these documents may carry older facts: they are silent until the index has been settled."""
        with self._database.write() as connection:
            for document_id in document_ids:
                where = documents.c.document_id == document_id
                connection.execute(update(documents).where(where).values(is_settled=False))

    def record_file(self, file: FileRecord) -> None:
        """Remember how a file ended, so that the same bytes are not read again."""
        with self._database.write() as connection:
            self._write_file(connection, file)

    def move(self, document_ids: Sequence[str], old_path: str, new_path: str) -> None:
        """A file was renamed or moved: its documents keep their ids, revisions and acts."""
        with self._database.write() as connection:
            connection.execute(delete(files).where(files.c.source == self._source, files.c.path == old_path))
            for document_id in document_ids:
                where = documents.c.document_id == document_id
                connection.execute(update(documents).where(where).values(path=new_path))

    def mark_removed(self, document_ids: Sequence[str], paths: Sequence[str]) -> None:
        """The documents stop answering with this write; their acts are kept should they come back."""
        with self._database.write() as connection:
            self._mark_removed(connection, document_ids)
            for path in paths:
                connection.execute(delete(files).where(files.c.source == self._source, files.c.path == path))

    def _refuse_removed(self, connection: Connection) -> None:
        # Locked for reading where many write at once: a removal waits, and then finds the documents to silence.
        query = select(sources.c.removed_at).where(sources.c.name == self._source).with_for_update(read=True)
        row = connection.execute(query).first()
        if row is None or row.removed_at is not None:
            raise PlanOutdated(f"the source {self._source!r} was removed while it was being indexed")

    def _mark_removed(self, connection: Connection, document_ids: Sequence[str]) -> None:
        for document_id in document_ids:
            where = documents.c.document_id == document_id
            connection.execute(update(documents).where(where).values(removed_at=self._clock.now()))

    def _make_id(self, incoming: IncomingDocument) -> str:
        # From the first path, so that the same folder gives the same ids in every world; a path that was left
        # by a move and is used again gets a free one.
        with self._database.read() as connection:
            for attempt in range(1000):
                seed = f"{incoming.source}\x1f{incoming.path}\x1f{incoming.part}\x1f{attempt or ''}"
                document_id = sha256(seed.encode()).hexdigest()[:16]
                taken = select(documents.c.document_id).where(documents.c.document_id == document_id)
                if connection.execute(taken).first() is None:
                    return document_id
        raise PlanOutdated(f"no free id for {incoming.path}")

    def _write_document(self, connection: Connection, write: DocumentWrite) -> None:
        plan, where = write.plan, documents.c.document_id == write.plan.document_id
        # Locked where many write at once (PostgreSQL): no act may slip in between this look and the write.
        row = connection.execute(select(documents).where(where).with_for_update()).first()
        if _stamp(row) != _stamp_of_plan(plan):
            raise PlanOutdated(f"{write.incoming.path} changed while it was being indexed")
        values = {**plan.values, "is_settled": not plan.needs_refacting}
        if plan.decision.answering is not None and (
            row is None or row.answering_revision != plan.decision.answering
        ):
            values["reviewed_on"] = self._clock.today()
        if row is None:
            connection.execute(insert(documents).values(document_id=plan.document_id, curated={}, **values))
        else:
            connection.execute(update(documents).where(where).values(**values))
        _write_revision(connection, write, at=self._clock.now())

    def _write_file(self, connection: Connection, file: FileRecord) -> None:
        row = {
            "content_hash": file.content_hash,
            "declared_hash": file.declared_hash,
            "error": file.error,
            "seen_at": self._clock.now(),
        }
        where = (files.c.source == self._source) & (files.c.path == file.path)
        if connection.execute(update(files).where(where).values(**row)).rowcount == 0:
            connection.execute(insert(files).values(source=self._source, path=file.path, **row))


def _write_revision(connection: Connection, write: DocumentWrite, *, at: datetime) -> None:
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
    elif decision.answering == decision.number:
        where = (revisions.c.document_id == plan.document_id) & (revisions.c.number == decision.number)
        connection.execute(update(revisions).where(where).values(status="approved"))


def _stamp(row: Row[Any] | None) -> object:
    return None if row is None else (row.latest_revision, row.answering_revision, row.curated, row.path)


def _stamp_of_plan(plan: DocumentPlan) -> object:
    known = plan.known
    return (
        None
        if known is None
        else (known.latest_revision, known.answering_revision, known.curated, known.path)
    )


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
    )


def _approved_once(connection: Connection, source: str) -> frozenset[str]:
    query = (
        select(revisions.c.document_id)
        .join(documents, documents.c.document_id == revisions.c.document_id)
        .where(documents.c.source == source, revisions.c.status == "approved")
    )
    return frozenset(connection.execute(query.distinct()).scalars())


def _latest_hashes(connection: Connection, source: str) -> Mapping[str, str]:
    query = (
        select(revisions.c.document_id, revisions.c.text_hash)
        .join(documents, documents.c.document_id == revisions.c.document_id)
        .where(documents.c.source == source, revisions.c.number == documents.c.latest_revision)
    )
    return {row.document_id: row.text_hash for row in connection.execute(query)}
