"""Promises of bot/answer/coverage.py: which words of a question the passages have, and how much each weighs."""

import pytest

from bot.answer.coverage import correct_words, read_passage, read_question, share_covered
from tests.fakes.answer_world import build_found

LOGO = build_found("Keep clear space around the logo.", "Never change the colour.", heading=("Logo",))
DATES = build_found("Write dates as 15 October 2026.", document_id="doc-2", title="Writing style")
FOUND = (LOGO, DATES)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("sapce around the lgoo", "space around the logo"),
        ("colur of the logo", "colour of the logo"),
        ("octobber dates", "october dates"),
        ("the weaknesess", "the weaknesses"),
    ],
)
def test_slip_of_the_fingers_is_read_as_the_word_of_the_passages(asked: str, meant: str) -> None:
    assert correct_words(asked, FOUND) == meant


@pytest.mark.parametrize(
    "asked", ["what do we charge", "a spice", "logos", "the Sapce stand", "15 October 2027"]
)
def test_other_word_name_or_number_is_never_taken_for_a_misspelling(asked: str) -> None:
    assert correct_words(asked, FOUND) == asked


@pytest.mark.parametrize(
    ("asked", "written", "credit"),
    [("2027", "In 2026.", 0.0), ("market", "Our marketplace.", 0.9), ("plan", "The planet.", 0.0)],
)
def test_longer_form_counts_almost_as_the_word_and_another_number_or_word_not_at_all(
    asked: str, written: str, credit: float
) -> None:
    passage = read_passage(build_found(written, title="Page"))
    (word,) = read_question(asked, [passage])
    assert (word.credit if word.forms else 0.0) == pytest.approx(credit)


def test_word_that_no_passage_has_weighs_most_and_a_word_of_all_least() -> None:
    passages = [read_passage(found) for found in (LOGO, LOGO, DATES)]
    logo, dates, banner = read_question("logo dates banner", passages)
    assert logo.weight < dates.weight < banner.weight
    assert banner.forms == frozenset()


def test_word_that_frames_the_question_weighs_little() -> None:
    phrase, banner = read_question("phrase banner", [read_passage(DATES)])
    assert phrase.weight < banner.weight


def test_name_is_known_by_its_capital_unless_everything_has_one() -> None:
    passages = [read_passage(LOGO)]
    assert [word.is_name for word in read_question("logo of Obrenda", passages)] == [False, True]
    assert [word.is_name for word in read_question("LOGO OF OBRENDA", passages)] == [False, False]


def test_share_covered_is_one_when_all_words_are_there_and_zero_when_none_is() -> None:
    asked = read_question("clear logo space", [read_passage(LOGO)])
    assert share_covered(asked, read_passage(LOGO).everything) == pytest.approx(1.0)
    assert share_covered(asked, read_passage(DATES).everything) == 0.0
    assert share_covered((), read_passage(LOGO).everything) == 0.0
