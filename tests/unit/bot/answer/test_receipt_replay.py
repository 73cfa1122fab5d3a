"""Keeping a receipt from the answer walk, and running the checks of its claims again."""

from dataclasses import replace
from datetime import date

import pytest

from bot.answer.claim_checks import CHECKS
from bot.answer.receipt_keeping import ReceiptKeeper
from bot.answer.receipt_replay import list_unproved
from core.answers import Answer, Claim, OfficialRef, Question
from core.receipt_body import ReceiptBody, TextHashes, build_body
from tests.unit.core.receipt_samples import TEAL, ask, say

HASHES = TextHashes("q", None, "a", None)


class ListedReceipts:
    """Stands in for core.receipts.Receipts."""

    def __init__(self) -> None:
        self.kept: list[tuple[Question, Answer, str, tuple[str, ...]]] = []

    def keep(self, question: Question, answer: Answer, *, index_fingerprint: str, passed: object = ()) -> str:
        assert isinstance(passed, tuple)
        self.kept.append((question, answer, index_fingerprint, passed))
        return "r-1"


def build(answer: Answer) -> ReceiptBody:
    return build_body(ask(), answer, hashes=HASHES, index="i")


def test_receipt_is_kept_as_of_the_day_that_the_question_names() -> None:
    receipts = ListedReceipts()
    keeper = ReceiptKeeper(receipts, name_index=lambda: "words:512")
    answer = say(TEAL)
    assert keeper.keep(ask("Which colour was active as of 1 February 2026?"), answer) == "r-1"
    assert keeper.keep(ask(), answer) == "r-1"
    assert [one[0].on for one in receipts.kept] == [date(2026, 2, 1), date(2026, 3, 3)]
    assert receipts.kept[0][1:] == (answer, "words:512", CHECKS)


def test_stored_sentence_is_proved_in_either_mode() -> None:
    assert list_unproved(build(say(TEAL))) == ()
    assert list_unproved(build(say(TEAL, mode="model"))) == ()
    assert list_unproved(build(say())) == ()


@pytest.mark.parametrize("words", ["Our main colour is Marrow Teak.", TEAL + " ", "Teal."])
def test_other_words_than_the_stored_sentence_are_unproved_in_passages_mode(words: str) -> None:
    assert list_unproved(build(say(TEAL, text=words))) == ("claim 1: is not the stored text",)


def test_harmful_edit_in_the_models_words_is_unproved_and_named() -> None:
    answer = say(TEAL, mode="model")
    claims = (*answer.claims, Claim("Our main colour is not Marrow Teal.", answer.claims[0].evidence))
    (problem,) = list_unproved(build(replace(answer, claims=claims)))
    assert problem.startswith("claim 2: does not pass ")
    assert "polarity" in problem


def test_official_text_needs_no_sentence_that_says_the_same() -> None:
    answer = replace(say(TEAL, text="Use teal, please."), official=OfficialRef("a1", None, None))
    assert list_unproved(build(answer)) == ()
