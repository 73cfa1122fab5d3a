"""Answers a question for words to copy with the stored words. Called by the pipeline before the ordinary way."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.answer.quotation_wishes import QuotationWish, asks_for_quotation, names_kind
from bot.answer.quotations import is_refused_now, list_candidates, pick_quotations, quotes_somebody
from bot.answer.register import Place, Register, WithdrawnWords
from core.answers import UNTIMED, Answer, Evidence
from core.documents import Kind
from core.running_documents import Span
from index.passage_store import Scope
from index.search import FoundPassage

# Where companies keep their quotations, if they keep them in a sheet.
REGISTER_KINDS: tuple[Kind, ...] = ("case_study", "messaging", "other")
MOST_DOCUMENTS_READ = 4


class QuotationDesk:
    """Finds quotations in what a search found, and in every row of the registers that this asker may read."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def find(self, text: str, passages: Sequence[FoundPassage], scope: Scope) -> Answer | None:
        """The words that were asked for; None for every other question, and when none of them fit.

        `passages` are those that a search found for this question and scope, best first.
        """
        wish = asks_for_quotation(text)
        if wish is None or scope.on is None:
            return None
        if wish.kind == "quote":
            places = self._read_register(scope, scope.on)
        else:
            places = self._read_lines(wish, passages, scope)
        found = [(one.document, passage) for one in passages for passage in one.window or (one.passage,)]
        withdrawn = WithdrawnWords(self._register, REGISTER_KINDS, scope.on)
        candidates = list_candidates(wish, [*places, *found])
        claims = pick_quotations(wish, candidates, on=scope.on, is_withdrawn=withdrawn.has)
        return Answer("answered", "passages", claims, UNTIMED) if claims else None

    def list_unusable(self, evidence: Iterable[Evidence], scope: Scope) -> frozenset[str]:
        """Ids of those sentences that quote somebody whose consent does not stand (over, withdrawn, only verbal).

        For the ordinary way, which finds such a sentence like any other. Reads the register only where one quotes.
        """
        if scope.on is None:
            return frozenset()
        quoting = [one for one in evidence if quotes_somebody(one.sentence)]
        refused = self._register.list_withdrawn(REGISTER_KINDS, scope.on) if quoting else frozenset()
        return frozenset(
            one.sentence_id for one in quoting if is_refused_now(one.sentence, refused, scope.on)
        )

    def _read_register(self, scope: Scope, on: date) -> tuple[Place, ...]:
        """All rows, not the best few: a quotation may be about something without having its words."""
        documents = self._register.list_running((), Span(on, on), scope, row_kinds=REGISTER_KINDS)
        return self._register.read_rows(documents, scope) or ()

    def _read_lines(
        self, wish: QuotationWish, passages: Sequence[FoundPassage], scope: Scope
    ) -> tuple[Place, ...]:
        """The whole of the documents that speak of such lines, so that none of their texts is left out."""
        named = {
            one.document.document_id: one.document
            for one in passages
            if names_kind(wish.kind, "\n".join((one.document.title, *one.passage.heading_path, one.text)))
        }
        return self._register.read_whole(list(named.values())[:MOST_DOCUMENTS_READ], scope) or ()
