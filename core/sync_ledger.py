"""The ledger's side of a sync: what is known of a source, and the one write that makes a document visible."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.clock import Clock
from core.database import Database
from core.documents import OnChange
from core.errors import TransientError
from core.known_documents import cut_values, read_known
from core.revision_numbers import give_back_numbers, take_numbers
from core.revisions import KnownDocument
from core.sync_plan import DocumentPlan, IncomingDocument, plan_document
from core.sync_writes import (
    DocumentWrite,
    FileRecord,
    FileWrite,
    Move,
    aside,
    is_current,
    list_new,
    lock_rows,
    write_revision,
)
from core.tables import documents, files, sources

Guard = Callable[[Connection], None]
"""Raises inside a write that may not be made (any more), so that nothing of it is kept."""
Beside = Callable[[Connection, Sequence[str]], None]
"""Writes what belongs to the same moment: (connection, paths that have become visible)."""


class PlanOutdated(TransientError):
    """The ground moved between plan and write; plan again."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: `holder` of the numbers of new revisions, the guard that every write asks first, and the worker.

    `holder` tells apart two tenures of one worker, of which the first may only be frozen.
    """

    holder: str = "local"
    guard: Guard = lambda _connection: None
    worker: str = "local"


class SyncLedger:
    """Reads and writes documents of one source. One instance for one sync, or for one batch of it."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        source: str,
        on_change: OnChange,
        writer: Writer | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._source = source
        self._on_change = on_change
        self._writer = writer or Writer()

    def read_files(self, paths: Collection[str] | None = None) -> Mapping[str, Row[Any]]:
        """Path -> row of `files` as of the last sync; of all files, or of these."""
        query = select(files).where(files.c.source == self._source)
        with self._database.read() as connection:
            parts = cut_values(paths, files.c.path)
            rows = [row for part in parts for row in connection.execute(query.where(part))]
        return {row.path: row for row in rows}

    def read_known(self, paths: Collection[str] | None = None) -> Mapping[tuple[str, str], KnownDocument]:
        """(path, part) -> document, removed ones too; all of the source, or those of these files."""
        with self._database.read() as connection:
            return read_known(connection, self._source, paths)

    def plan(self, incoming: IncomingDocument, known: KnownDocument | None) -> DocumentPlan:
        """Decide what happens to one document; a document not known yet gets its id."""
        new_id = "" if known else self._make_id(incoming)
        return plan_document(incoming, known, new_id=new_id, on_change=self._on_change)

    def take_numbers(self, plans: Sequence[DocumentPlan]) -> tuple[DocumentPlan, ...]:
        """The plans, each new revision with a number that nobody else writes passages under.

        Where a worker took the number before and may still be writing, the next one is taken.
        """
        if not any(plan.decision.is_new for plan in plans):
            return tuple(plans)
        with self._database.write() as connection:
            self._writer.guard(connection)
            return take_numbers(connection, plans, holder=self._writer.holder)

    def commit(self, batch: Sequence[FileWrite], beside: Beside | None = None) -> Mapping[str, str]:
        """The one write by which files become visible. Gives path -> reason of those left out as they were.

        A file is left out when one of its documents changed (an act, another sync) between plan and write.
        """
        with self._database.write() as connection:
            self._writer.guard(connection)
            if self._is_source_removed(connection):
                reason = f"the source {self._source!r} was removed while it was being indexed"
                return {file.record.path: reason for file in batch}
            rows = lock_rows(connection, batch)
            outdated = {file.record.path for file in batch if not is_current(file, rows)}
            for file in batch:
                if file.record.path not in outdated:
                    self._write_documents(connection, file, rows)
            give_back_numbers(connection, list_new(batch))
            if beside is not None:
                beside(connection, [one.record.path for one in batch if one.record.path not in outdated])
        return {path: f"{path} changed while it was being indexed" for path in sorted(outdated)}

    def unsettle(self, document_ids: Sequence[str]) -> None:
        """Passages of these documents may carry older facts: they are silent until the index has been settled."""
        if not document_ids:
            return
        with self._database.write() as connection:
            self._writer.guard(connection)
            for document_id in document_ids:
                where = documents.c.document_id == document_id
                connection.execute(update(documents).where(where).values(is_settled=False))

    def record_file(self, file: FileRecord) -> None:
        """Remember how a file ended, so that the same bytes are not read again."""
        with self._database.write() as connection:
            self._writer.guard(connection)
            self._write_file(connection, file)

    def move(self, document_ids: Sequence[str], old_path: str, new_path: str) -> None:
        """A file was renamed or moved: its documents keep their ids, revisions and acts."""
        with self._database.write() as connection:
            self._writer.guard(connection)
            connection.execute(delete(files).where(files.c.source == self._source, files.c.path == old_path))
            for document_id in document_ids:
                where = documents.c.document_id == document_id
                connection.execute(update(documents).where(where).values(path=new_path))

    def move_items(self, moves: Sequence[Move]) -> None:
        """The same for files that the source knows by an id: what was read of them holds, and two may change places."""
        with self._database.write() as connection:
            self._writer.guard(connection)
            # First out of each other's way, then to where they are now.
            for one in moves:
                self._rename(connection, one, one.old_path, aside(one))
            for one in moves:
                # What lies there without a document (it could not be read) is another file's.
                here = (files.c.source == self._source) & (files.c.path == one.new_path)
                connection.execute(delete(files).where(here))
                self._rename(connection, one, aside(one), one.new_path)

    def _rename(self, connection: Connection, move: Move, old: str, new: str) -> None:
        for document_id in move.document_ids:
            where = documents.c.document_id == document_id
            connection.execute(update(documents).where(where).values(path=new))
        file = (files.c.source == self._source) & (files.c.path == old)
        connection.execute(update(files).where(file).values(path=new))

    def mark_removed(self, document_ids: Sequence[str], paths: Sequence[str]) -> None:
        """The documents stop answering with this write; their acts are kept should they come back."""
        with self._database.write() as connection:
            self._writer.guard(connection)
            self._mark_removed(connection, document_ids)
            for path in paths:
                connection.execute(delete(files).where(files.c.source == self._source, files.c.path == path))

    def list_removed(self, since: datetime) -> tuple[str, ...]:
        """Documents that have stopped answering since then and are still silent."""
        query = select(documents.c.document_id).where(
            documents.c.source == self._source, documents.c.removed_at >= since
        )
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def _is_source_removed(self, connection: Connection) -> bool:
        # Locked for reading where many write at once: a removal waits, and then finds the documents to silence.
        query = select(sources.c.removed_at).where(sources.c.name == self._source).with_for_update(read=True)
        row = connection.execute(query).first()
        return row is None or row.removed_at is not None

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

    def _write_documents(self, connection: Connection, file: FileWrite, rows: Mapping[str, Row[Any]]) -> None:
        for one in file.documents:
            self._write_document(connection, one, rows.get(one.plan.document_id))
        self._mark_removed(connection, file.gone)
        self._write_file(connection, file.record)

    def _write_document(self, connection: Connection, write: DocumentWrite, row: Row[Any] | None) -> None:
        plan, where = write.plan, documents.c.document_id == write.plan.document_id
        values = {**plan.values, "is_settled": not plan.needs_refacting}
        if plan.decision.answering is not None and (
            row is None or row.answering_revision != plan.decision.answering
        ):
            values["reviewed_on"] = self._clock.today()
        if row is None:
            connection.execute(insert(documents).values(document_id=plan.document_id, curated={}, **values))
        else:
            connection.execute(update(documents).where(where).values(**values))
        write_revision(connection, write, at=self._clock.now())

    def _write_file(self, connection: Connection, file: FileRecord) -> None:
        row = {
            "content_hash": file.content_hash,
            "declared_hash": file.declared_hash,
            "error": file.error,
            "version": file.version,
            "is_skipped": file.is_skipped,
            "seen_at": self._clock.now(),
        }
        where = (files.c.source == self._source) & (files.c.path == file.path)
        if connection.execute(update(files).where(where).values(**row)).rowcount == 0:
            connection.execute(insert(files).values(source=self._source, path=file.path, **row))
