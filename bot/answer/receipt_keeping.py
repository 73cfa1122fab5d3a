"""Keeps the receipt of every answer. Handed to the pipeline by bot/assembly.py."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.answer.claim_checks import CHECKS
from bot.answer.pipeline import build_scope
from core.answers import Answer, Question


class AppendsReceipts(Protocol):
    """What this needs of core.receipts.Receipts."""

    def keep(
        self, question: Question, answer: Answer, *, index_fingerprint: str, passed: Sequence[str] = ()
    ) -> str:
        """Append the receipt of an answer; gives its id."""


class ReceiptKeeper:
    """Knows which index is searched, and which checks a claim has passed that is shown."""

    def __init__(self, receipts: AppendsReceipts, *, name_index: Callable[[], str]) -> None:
        self._receipts = receipts
        self._name_index = name_index

    def keep(self, question: Question, answer: Answer) -> str:
        """The id of the receipt. Raises what the database raises: an answer without proof is not to be shown."""
        # The day that the question itself names is the one whose evidence was searched for.
        asked = replace(question, on=build_scope(question).on or question.on)
        return self._receipts.keep(asked, answer, index_fingerprint=self._name_index(), passed=CHECKS)
