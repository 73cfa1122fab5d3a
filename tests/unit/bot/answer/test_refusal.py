"""Promises of bot/answer/refusal.py: when the evidence is too thin to answer."""

from dataclasses import replace

import pytest

from bot.answer.refusal import has_evidence, match_word, weigh_evidence
from bot.answer.words import list_content_words
from index.search import FoundPassage
from tests.fakes.answer_world import build_found

LOGO = build_found("Keep clear space around the logo equal to the letter P.", heading=("Logo",))
SPELLING = build_found("Write dates as 15 October 2026.", document_id="doc-2", title="Writing style")


def found_with(cosine: float) -> list[FoundPassage]:
    return [replace(LOGO, cosine=cosine), replace(SPELLING, cosine=None)]


@pytest.mark.parametrize(
    "question", ["clear space around the logo?", "how much sapce around the logo", "logo clearance"]
)
def test_question_whose_words_are_in_a_passage_has_evidence(question: str) -> None:
    assert has_evidence(question, found_with(0.6))


@pytest.mark.parametrize(
    "question", ["which TikTok hashtags do we use", "approved positioning against Brightlode?"]
)
def test_question_about_what_no_passage_names_has_none(question: str) -> None:
    assert not has_evidence(question, found_with(0.4))


def test_no_passage_is_no_evidence() -> None:
    assert not has_evidence("logo?", [])


def test_title_and_headings_count_as_words_of_the_passage() -> None:
    assert weigh_evidence("writing style dates", found_with(0.1)).covered == 1.0


def test_question_of_small_words_only_is_weighed_by_its_vector() -> None:
    assert has_evidence("what do we do?", found_with(0.9))
    assert not has_evidence("what do we do?", found_with(0.1))


def test_words_spread_over_passages_count_less_than_words_together() -> None:
    together = weigh_evidence("logo space", found_with(0.5))
    apart = weigh_evidence("logo dates", found_with(0.5))
    assert together.covered > apart.covered
    assert apart.missing == 0.0


def test_number_is_never_matched_by_a_similar_number() -> None:
    assert match_word("2027", frozenset({"2026"})) == 0.0


def test_meaning_words_are_stems_without_small_words() -> None:
    assert list_content_words("What's our approved logo spacing?") == ("logo", "spac")
    assert list_content_words("do we write 15th October") == list_content_words("15 October")
