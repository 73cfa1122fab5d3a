"""Which approved documents are in force in a span of days: all of them, not the best few. Used by bot/answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from core.database import Database
from core.documents import AnsweringDocument, Kind
from core.ledger import read_document
from core.tables import documents


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document as the ledger has it; `is_row` when it is one row of a sheet."""

    document: AnsweringDocument
    is_row: bool


class RunningDocuments:
    """Reads the ledger by kind and days. Access is not judged here: the caller asks index.search.is_answering."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_running(
        self, kinds: Collection[Kind], span: Span, *, today: date, row_kinds: Collection[Kind] = ()
    ) -> tuple[ListedDocument, ...]:
        """Approved documents whose days meet `span`, in order of source, path and part: all of `kinds`, rows of
        sheets also of `row_kinds`.

        What is not in force before tomorrow is left out, whatever the span: words of a question open no embargo.
        """
        from_, until = documents.c.valid_from, documents.c.valid_until
        return self._list(
            _is_of(kinds, row_kinds),
            documents.c.status == "approved",
            or_(from_.is_(None), from_ <= min(span.last, today)),
            or_(until.is_(None), until >= span.first),
        )

    def list_rows(self, kinds: Collection[Kind]) -> tuple[ListedDocument, ...]:
        """Every row of a sheet, whatever its status and days: only to see what has been withdrawn."""
        return self._list(_is_of((), kinds))

    def _list(self, *conditions: ColumnElement[bool]) -> tuple[ListedDocument, ...]:
        query = (
            select(documents)
            .where(documents.c.removed_at.is_(None), *conditions)
            .order_by(documents.c.source, documents.c.path, documents.c.part)
        )
        with self._database.read() as connection:
            return tuple(
                ListedDocument(read_document(row, {}), bool(row.part)) for row in connection.execute(query)
            )


def _is_of(kinds: Collection[Kind], row_kinds: Collection[Kind]) -> ColumnElement[bool]:
    is_row = and_(documents.c.kind.in_(sorted(row_kinds)), documents.c.part != "")
    return or_(documents.c.kind.in_(sorted(kinds)), is_row)
