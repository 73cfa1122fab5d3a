"""Other words for what a question names."""

import pytest

from index.keyword_vectors import SYNONYM_WEIGHT, KeywordVectors
from index.passage_store import KeywordVector
from index.synonyms import GROUPS, find_synonyms

ENGLISH = KeywordVectors()


def weigh(asked: KeywordVector, held: KeywordVector) -> list[float]:
    weights = dict(zip(asked.indices, asked.values, strict=True))
    return [weights[index] for index in held.indices if index in weights]


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("May I shorten our name?", "Never abbreviate it."),
        ("What are our brand colours?", "The palette is small."),
        ("Which fonts do we use?", "Our typeface is Inter."),
        ("Is title case right?", "Capitalisation follows the sentence."),
        ("How much clear space?", "Leave padding around it."),
        ("Can I write e.g. there?", "Avoid Latin abbreviations."),
    ],
)
def test_question_finds_a_rule_in_other_words_at_the_lower_weight(question: str, passage: str) -> None:
    found = weigh(ENGLISH.of_question(question), ENGLISH.of_passage(passage))
    assert found
    assert set(found) == {SYNONYM_WEIGHT}


def test_word_that_was_asked_weighs_more_than_its_synonyms() -> None:
    question = ENGLISH.of_question("logo colours")
    assert weigh(question, ENGLISH.of_passage("logo")) == [1.0]
    assert weigh(question, ENGLISH.of_passage("wordmark")) == [SYNONYM_WEIGHT]


@pytest.mark.parametrize("text", ["", "Where is the deck?", "catalogo", "pricingX"])
def test_text_that_names_nothing_of_the_field_has_no_synonyms(text: str) -> None:
    assert find_synonyms(text) == ()


def test_other_language_is_left_as_it_is() -> None:
    german = KeywordVectors("german")
    assert len(german.of_question("Logo").indices) == 1


def test_no_word_stands_in_two_lines_unless_both_are_the_same_idea() -> None:
    words = [word.strip() for line in GROUPS.strip().splitlines() for word in line.split(",")]
    assert {word for word in words if words.count(word) > 1} == set()
