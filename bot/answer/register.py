"""Reads stored passages of all documents in force, by kind: for answers that must be complete. Used by the desks.

Every read is judged twice: by the ledger's word (index.search.is_answering) and by the store's own filter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Protocol

from bot.answer.cells import is_refused, meets, read_cells, read_days
from bot.answer.quotations import Candidate, to_same_words
from bot.answer.quoted_speech import read_row_quotation
from core.access import LOCAL_OWNER
from core.documents import STATUSES, AnsweringDocument, Kind, Passage
from core.running_documents import ListedDocument, Span
from index.passage_store import PassageKey, Scope
from index.search import is_answering

Place = tuple[AnsweringDocument, Passage]
# One answer reads no more than this: beyond it nobody could say in time that a list is complete.
MOST_PASSAGES = 3000


class ListsDocuments(Protocol):
    """What this needs of core.running_documents.RunningDocuments."""

    def list_running(
        self, kinds: Collection[Kind], span: Span, *, today: date, row_kinds: Collection[Kind] = ()
    ) -> tuple[ListedDocument, ...]:
        """Approved documents whose days meet the span."""

    def list_rows(self, kinds: Collection[Kind]) -> tuple[ListedDocument, ...]:
        """Every row of a sheet, whatever its status."""


class ReadsPassages(Protocol):
    """What this needs of index.passage_store.PassageStore."""

    def read(self, keys: Collection[PassageKey], *, scope: Scope) -> Mapping[PassageKey, Passage]:
        """Passages by name, filtered by `scope`."""

    def count(self, document_id: str | None = None) -> int:
        """Number of passages of a document."""


class Register:
    """Documents by kind and days, with their passages."""

    def __init__(self, documents: ListsDocuments, store: ReadsPassages) -> None:
        self._documents = documents
        self._store = store

    def list_running(
        self, kinds: Collection[Kind], span: Span, scope: Scope, *, row_kinds: Collection[Kind] = ()
    ) -> tuple[ListedDocument, ...]:
        """Documents in force in this span that this asker may read. `scope.on` is the day on which it is asked."""
        today = scope.on or span.last
        open_scope = replace(scope, on=None)
        return tuple(
            one
            for one in self._documents.list_running(kinds, span, today=today, row_kinds=row_kinds)
            if is_answering(one.document, open_scope)
        )

    def read_rows(self, documents: Iterable[ListedDocument], scope: Scope) -> tuple[Place, ...] | None:
        """The first passage of each document that is a row of a sheet; None when there are too many to read."""
        keys = {_name(one.document, 0): one.document for one in documents if one.is_row}
        if len(keys) > MOST_PASSAGES:
            return None
        read = self._store.read(keys, scope=replace(scope, on=None))
        return tuple((document, read[key]) for key, document in keys.items() if key in read)

    def read_whole(self, documents: Iterable[AnsweringDocument], scope: Scope) -> tuple[Place, ...] | None:
        """Every passage of these documents in reading order; None when there are too many to read."""
        keys: dict[PassageKey, AnsweringDocument] = {}
        for document in documents:
            # Every kept revision counts, so this is enough for each of them.
            count = self._store.count(document.document_id)
            keys |= {_name(document, ordinal): document for ordinal in range(count)}
            if len(keys) > MOST_PASSAGES:
                return None
        read = self._store.read(keys, scope=replace(scope, on=None))
        return tuple((document, read[key]) for key, document in keys.items() if key in read)

    def list_withdrawn(self, kinds: Collection[Kind], on: date) -> frozenset[str]:
        """Words of quotations that every row of a register refuses: consent over, withdrawn, or only verbal.

        Read with the owner's eyes, since a consent also ends for those who may not read the register; only ever
        used to leave words out.
        """
        everything = Scope(LOCAL_OWNER, None, statuses=STATUSES)
        places = self.read_rows(self._documents.list_rows(kinds), everything) or ()
        refused: set[str] = set()
        given: set[str] = set()
        for document, passage in places:
            for words, is_open in _read_consents(document, passage, on):
                (given if is_open else refused).add(words)
        return frozenset(refused - given)


class WithdrawnWords:
    """Says of a candidate whether its words are withdrawn; the register is read when the first one is asked about."""

    def __init__(self, register: Register, kinds: Collection[Kind], on: date) -> None:
        self._register, self._kinds, self._on = register, kinds, on
        self._words: frozenset[str] | None = None

    def has(self, candidate: Candidate) -> bool:
        """True when a register refuses these very words."""
        if self._words is None:
            self._words = self._register.list_withdrawn(self._kinds, self._on)
        return to_same_words(candidate.quotation) in self._words


def _read_consents(document: AnsweringDocument, passage: Passage, on: date) -> Iterator[tuple[str, bool]]:
    for index, sentence in enumerate(passage.sentence_texts()):
        quotation = read_row_quotation(passage, index, sentence)
        if quotation is not None:
            cells, validity = read_cells(sentence), document.facts.validity
            is_over = not meets(read_days(cells), on, on) or not meets(validity, on, on)
            is_closed = is_over or is_refused(cells) or document.facts.status == "retired"
            yield to_same_words(quotation), not is_closed


def _name(document: AnsweringDocument, ordinal: int) -> PassageKey:
    return PassageKey(document.source, document.document_id, document.revision, ordinal)
