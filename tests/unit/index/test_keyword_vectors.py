"""BM25 vectors of passages and questions."""

import pytest

from core.errors import UsageError
from index.keyword_vectors import KeywordVectors, find_exact_terms
from index.passage_store import KeywordVector

ENGLISH = KeywordVectors()


def test_question_and_passage_share_the_ids_of_their_words() -> None:
    passage = ENGLISH.of_passage("Our leading platforms protect customer data.")
    question = ENGLISH.of_question("Which platform is leading?")
    assert set(question.indices) <= set(passage.indices)


def test_every_word_of_a_question_weighs_one() -> None:
    assert set(ENGLISH.of_question("data data security").values) == {1.0}


def test_repeated_word_weighs_more_and_longer_passage_less() -> None:
    (once,) = ENGLISH.of_passage("data").values
    (twice,) = ENGLISH.of_passage("data data").values
    long = ENGLISH.of_passage("data " + " ".join(f"word{number}" for number in range(300)))
    assert twice > once > long.values[long.indices.index(ENGLISH.of_question("data").indices[0])]


def test_average_length_moves_what_counts_as_long() -> None:
    text = "data and security for customers"
    short, long = (KeywordVectors(average_words=words).of_passage(text).values[0] for words in (2, 500))
    assert short < long


@pytest.mark.parametrize("text", ["", "   ", "the and of", "😀 🚀", "…!?"])
def test_text_without_content_words_gives_an_empty_vector(text: str) -> None:
    assert ENGLISH.of_question(text) == ENGLISH.of_passage(text) == KeywordVector((), ())


@pytest.mark.parametrize(("written", "asked"), [("café", "cafe"), ("Zürich", "zurich"), ("NAÏVE", "naive")])
def test_accents_and_case_do_not_matter(written: str, asked: str) -> None:
    assert ENGLISH.of_passage(written).indices == ENGLISH.of_question(asked).indices != ()


def test_same_text_gives_the_same_vector_in_every_instance() -> None:
    text = "approved messaging on data security, PMS 286 C"
    assert KeywordVectors().of_passage(text) == ENGLISH.of_passage(text)


def test_stop_words_belong_to_the_language() -> None:
    german = KeywordVectors("german")
    assert german.of_question("der die das").indices == ()
    assert german.of_question("Häuser").indices == german.of_question("Haus").indices


def test_unknown_language_is_named_with_what_is_allowed() -> None:
    with pytest.raises(UsageError, match=r"'klingon'.*'english' or 'german'"):
        KeywordVectors("klingon")


def test_terms_that_a_word_splitter_breaks_are_kept_whole() -> None:
    text = (
        'Use e.g. or "v2.1", #FF0044; 38% don’t C++ 24/7. The end. (Dr.) plain words, 12 — https://www.example.com/'
        + "a" * 20
    )
    assert find_exact_terms(text) == {"e.g.", "v2.1", "#ff0044", "38%", "don't", "c++", "24/7"}


@pytest.mark.parametrize("term", ["e.g.", "don't", "C++", "#FF0044"])
def test_question_of_one_exact_term_meets_the_passage_that_holds_it(term: str) -> None:
    words = KeywordVectors()
    asked, held = words.of_question(term), words.of_passage(f"Never write {term}, please.")
    other = words.of_passage("Never write that, please.")
    assert set(asked.indices) & set(held.indices)
    assert not set(asked.indices) & set(other.indices)
