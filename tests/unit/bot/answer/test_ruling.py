"""Promises of bot/answer/ruling.py: a ruling stands on the sentence that rules, or is not given."""

import pytest

from bot.answer.evidence import list_evidence
from bot.answer.ruling import asks_for_ruling, bind_ruling, list_rulings
from core.answers import Claim, Ruling
from tests.fakes.answer_world import build_found

MAY_WE = "May we use the teal logo on dark photos?"
RULES: dict[str, Ruling] = {
    "The teal logo may be used on dark photos.": "allowed",
    "The teal logo must not be used on dark photos.": "not_allowed",
    "Never use the teal logo on dark photos.": "not_allowed",
    "The teal logo may be used on dark photos only if the brand team agrees.": "conditional",
    "The teal logo may be used on dark photos until 31 December 2026.": "conditional",
    "The teal logo may be used on dark photos, except in print.": "conditional",
}
RULINGS: tuple[Ruling, ...] = ("allowed", "not_allowed", "conditional")


def cite(*sentences: str) -> list[Claim]:
    return [Claim(one.sentence, (one,)) for one in list_evidence(build_found(*sentences))]


@pytest.mark.parametrize(("sentence", "ruling"), RULES.items())
def test_ruling_is_that_of_the_cited_sentence_and_no_other(sentence: str, ruling: Ruling) -> None:
    given = {one: bind_ruling(MAY_WE, one, cite(sentence)) for one in RULINGS}
    assert given == {one: ruling if one == ruling else None for one in RULINGS}


@pytest.mark.parametrize(
    ("question", "sentence", "ruling"),
    [
        ("Can I set text in the amber colour?", "Signal Amber is never used for text.", "not_allowed"),
        ("Are partners allowed to use our logo?", "Partners may use our logo.", "allowed"),
        ("May we say leading platform?", "Never say “leading platform” in any copy.", "not_allowed"),
        ("Dürfen wir das Logo drehen?", "Das Logo darf nicht gedreht werden.", "not_allowed"),
    ],
)
def test_ruling_is_found_in_other_forms_of_question_and_sentence(
    question: str, sentence: str, ruling: Ruling
) -> None:
    assert bind_ruling(question, ruling, cite(sentence)) == ruling


def test_one_cited_sentence_that_rules_is_enough_beside_others() -> None:
    claims = cite("Quarterly results come in March.", "The teal logo must not be used on dark photos.")
    assert bind_ruling(MAY_WE, "not_allowed", claims) == "not_allowed"


@pytest.mark.parametrize(
    "sentence",
    [
        "The teal logo has 24 mm of clear space.",
        "Quarterly results are published in March.",
        "Vendors must not enter the server room.",
        "Our partners may order flyers.",
    ],
)
@pytest.mark.parametrize("ruling", RULINGS)
def test_sentence_that_does_not_rule_on_what_is_asked_gives_no_ruling(sentence: str, ruling: Ruling) -> None:
    assert list_rulings(MAY_WE, sentence) == frozenset()
    assert bind_ruling(MAY_WE, ruling, cite(sentence)) is None


@pytest.mark.parametrize(
    "question",
    [
        "how much clear space around the logo",
        "What is the teal logo on dark photos?",
        "which logo for dark photos",
        "teal logo dark photos",
    ],
)
def test_who_does_not_ask_for_permission_gets_no_ruling_whatever_the_model_says(question: str) -> None:
    assert not asks_for_ruling(question)
    claims = cite("The teal logo must not be used on dark photos.")
    assert [bind_ruling(question, one, claims) for one in RULINGS] == [None, None, None]


@pytest.mark.parametrize(
    "question",
    [
        "May we say so?",
        "so can I crop the logo",
        "Is it allowed to crop the logo?",
        "what are partners permitted to do",
        "Which fonts are we approved to use?",
        "Dürfen wir das?",
        "Peut-on tourner le logo ?",
        "¿Se puede girar el logo?",
    ],
)
def test_question_for_permission_is_known_by_its_words(question: str) -> None:
    assert asks_for_ruling(question)


def test_without_a_ruling_of_the_model_or_without_a_claim_there_is_none() -> None:
    assert bind_ruling(MAY_WE, None, cite("The teal logo may be used on dark photos.")) is None
    assert bind_ruling(MAY_WE, "allowed", []) is None
