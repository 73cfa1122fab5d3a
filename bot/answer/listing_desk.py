"""Answers a question for all that run with every one of them. Called by the pipeline before its search."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from bot.answer.cells import meets
from bot.answer.listing_wishes import asks_for_listing
from bot.answer.listings import KINDS, MOST_LISTED, ROW_KINDS, explain_listing, list_running
from bot.answer.register import Register
from core.answers import UNTIMED, Answer
from core.documents import AnsweringDocument
from core.running_documents import Span
from index.passage_store import Scope


class ConfirmsDocuments(Protocol):
    """What this needs of index.search.PassageSearch."""

    def confirm(
        self, documents: Iterable[AnsweringDocument], scope: Scope
    ) -> Mapping[str, AnsweringDocument]:
        """Those documents that still answer for this scope."""


class ListingDesk:
    """Finds everything of a kind that runs, by the ledger's days. `scope.on` is the day on which it is asked."""

    def __init__(self, register: Register, search: ConfirmsDocuments) -> None:
        self._register = register
        self._search = search

    def find(self, text: str, scope: Scope) -> Answer | None:
        """The whole list; None for every other question, and when nothing that the asker may read is on it."""
        wish = asks_for_listing(text, today=scope.on) if scope.on else None
        if wish is None or scope.on is None:
            return None
        span = wish.span or Span(scope.on, scope.on)
        listed = self._register.list_running(KINDS[wish.kind], span, scope, row_kinds=ROW_KINDS)
        rows = self._register.read_rows(listed, scope)
        wholes = self._register.read_whole([one.document for one in listed if not one.is_row], scope)
        if rows is None or wholes is None:
            return None
        claims = list_running(wish, rows, wholes, on=scope.on)
        why = explain_listing(wish, count=len(claims), on=scope.on)
        return Answer("answered", "passages", claims[:MOST_LISTED], UNTIMED, why=why) if claims else None

    def confirm(
        self, text: str, documents: Iterable[AnsweringDocument], scope: Scope
    ) -> Mapping[str, AnsweringDocument]:
        """What still answers: on the day itself, or in the span that the question names ("in March").

        The pipeline asks this instead of `search.confirm`: what ran in March may be over today.
        """
        listed = list(documents)
        now = self._search.confirm(listed, scope)
        wish = asks_for_listing(text, today=scope.on) if scope.on else None
        if wish is None or wish.span is None or scope.on is None:
            return now
        first, last = wish.span.first, min(wish.span.last, scope.on)
        at_all = self._search.confirm(listed, replace(scope, on=None))
        in_span = {key: one for key, one in at_all.items() if meets(one.facts.validity, first, last)}
        return {**in_span, **now}
