"""Promises of bot/answer/refusal.py: when the evidence is too thin to answer."""

from dataclasses import replace

import pytest

from bot.answer.refusal import has_evidence, is_near, weigh_evidence
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


def test_meaning_words_are_stems_without_small_words() -> None:
    assert list_content_words("What's our approved logo spacing?") == ("logo", "spac")
    assert list_content_words("do we write 15th October") == list_content_words("15 October")


def test_forms_of_a_word_with_a_doubled_letter_or_another_vowel_are_the_same_word() -> None:
    assert list_content_words("mapped") == list_content_words("map")
    assert list_content_words("shipping") == list_content_words("ship")
    assert list_content_words("lost") == list_content_words("lose")
    assert list_content_words("holds") == list_content_words("held")


def test_both_ways_of_writing_a_title_a_country_and_a_share_are_the_same_words() -> None:
    assert list_content_words("a CFO") == list_content_words("Chief Financial Officer")
    assert list_content_words("in the US") == list_content_words("in the United States")
    assert list_content_words("38%") == list_content_words("38 percent")
    assert "usa" not in list_content_words("tell us")


def test_name_that_no_passage_has_weighs_more_than_another_word() -> None:
    plain = weigh_evidence("clear space around the brightlode logo", found_with(0.5))
    named = weigh_evidence("clear space around the Brightlode logo", found_with(0.5))
    assert named.has_unknown_name
    assert not plain.has_unknown_name
    assert named.total < plain.total


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("how many people came to the Oslo stand", "Many people came to the stand in Oslo."),
        ("who designed the key visual", "The key visual was designed with care."),
        ("what does the Oslo stand cost", "The stand in Oslo has a cost that we watch."),
        ("when does the Oslo campaign end", "The Oslo campaign has an end."),
    ],
)
def test_sentence_without_the_kind_of_thing_asked_for_is_weaker_evidence(
    question: str, sentence: str
) -> None:
    without = [replace(build_found(sentence), cosine=0.5)]
    told = sentence.removesuffix(".") + ", as Ada Brook said on 3 March 2026 of the 240 guests and €900."
    with_it = [replace(build_found(told), cosine=0.5)]
    assert weigh_evidence(question, without).untold == 1.0
    assert weigh_evidence(question, with_it).untold < 0.5
    assert weigh_evidence(question, without).total < weigh_evidence(question, with_it).total


def test_words_far_apart_in_one_passage_count_less_than_words_of_one_sentence() -> None:
    filler = ("Nothing of the sort stands here.", "Nor does it stand here.", "This is about other matters.")
    apart = build_found("Obrenda sells forms.", *filler, "Customer data stays in Dublin.")
    together = build_found("Obrenda keeps customer data in Dublin.", *filler)
    question = "does Obrenda keep customer data in Dublin"
    assert (
        weigh_evidence(question, [replace(apart, cosine=0.5)]).covered
        < weigh_evidence(question, [replace(together, cosine=0.5)]).covered
    )


def test_words_decide_alone_while_there_is_no_vector() -> None:
    unseen = [replace(LOGO, cosine=None), replace(SPELLING, cosine=None)]
    assert has_evidence("clear space around the logo?", unseen)
    assert not has_evidence("which TikTok hashtags do we use", unseen)


def test_passage_that_shares_a_good_part_of_the_question_is_near_though_it_does_not_answer() -> None:
    question = "approved logo for Brightlode"
    assert not has_evidence(question, found_with(0.3))
    assert not is_near("which TikTok hashtags do we use", found_with(0.3))
    assert is_near("how much clear space do Brightlode partners need", found_with(0.3))
