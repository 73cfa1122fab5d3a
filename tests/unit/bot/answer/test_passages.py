"""Promises of bot/answer/passages.py: which stored sentences are shown without a model."""

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answer.passages import MAX_SENTENCES, build_claims, is_worth_showing, pick_sentences
from tests.fakes.answer_world import WordEmbedder, build_found

FILLER = tuple(f"Some other matter number {n} stands in this place." for n in range(20))


def test_sentence_that_answers_is_shown_as_the_stored_text() -> None:
    passages = [build_found(*FILLER[:5], "Keep  clear space\naround the logo.", *FILLER[5:9])]
    picked = pick_sentences("how much clear space around the logo", passages, WordEmbedder())
    assert "Keep  clear space\naround the logo." in [one.sentence for one in picked]
    assert len(picked) == MAX_SENTENCES


def test_sentence_that_no_nearness_in_meaning_could_lift_is_not_embedded() -> None:
    embedded: list[str] = []

    class Noting(WordEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
            embedded.extend(texts)
            return super().embed_passages(texts)

    good = [f"Logo {word}: keep clear space around the logo." for word in ("red", "blue", "green", "gold")]
    passages = [build_found(*good, *FILLER)]
    picked = pick_sentences("how much clear space around the logo", passages, Noting(), limit=2)
    assert len(picked) == 2
    assert len(embedded) < len(good) + len(FILLER)


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_embedding_fewer_sentences_changes_none_that_are_shown(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = Random(3)
    words = ["logo", "space", "clear", "keep", "around", "print", "colour"]
    texts = [" ".join(drawn.sample(words, 4)) + f" in case {n}." for n in range(30)]
    passages = [
        build_found(*texts[start : start + 6], document_id=f"doc-{start}") for start in range(0, 30, 6)
    ]
    fewer = pick_sentences("clear space around the logo", passages, WordEmbedder(), limit=limit)
    monkeypatch.setattr("bot.answer.passages.FIRST_BEYOND_LIMIT", 100)
    assert pick_sentences("clear space around the logo", passages, WordEmbedder(), limit=limit) == fewer


def test_repeated_sentence_is_shown_once() -> None:
    same = [build_found("Keep clear space around the logo.", document_id=f"doc-{n}") for n in range(3)]
    assert len(pick_sentences("logo space", same, WordEmbedder())) == 1


def test_fragment_is_skipped_unless_it_carries_a_number_or_code() -> None:
    assert [
        is_worth_showing(one) for one in ("Overview", "Our logo", "#1F8A8C", "24 mm", "Use the logo")
    ] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_nothing_found_shows_nothing() -> None:
    assert pick_sentences("logo", [], WordEmbedder()) == ()


def test_each_shown_sentence_is_one_claim_that_proves_itself() -> None:
    (evidence,) = pick_sentences("logo", [build_found("Keep the logo clear.")], WordEmbedder())
    (claim,) = build_claims([evidence])
    assert claim.text == evidence.sentence
    assert claim.evidence == (evidence,)


def test_best_passage_comes_first_and_its_sentences_stand_as_they_were_written() -> None:
    far = build_found("The logo has a story.", "Colours have another.", document_id="far")
    near = build_found(
        "Print needs more.",
        "Keep clear space around the logo.",
        "Measure it by the logo.",
        document_id="near",
    )
    picked = pick_sentences("how much clear space around the logo", [far, near], WordEmbedder())
    assert [one.document_id for one in picked[:3]] == ["near", "near", "near"]
    assert [one.sentence for one in picked[:3]] == list(near.passage.sentence_texts())


def test_sentence_that_holds_what_is_asked_for_goes_before_one_that_repeats_the_question() -> None:
    passage = build_found("The campaign has a budget of its own.", "The campaign has a budget of €92,000.")
    (picked,) = pick_sentences("what is the budget of the campaign", [passage], WordEmbedder(), limit=1)
    assert "€92,000" in picked.sentence


def test_misspelled_question_finds_the_sentence_of_the_word_that_was_meant() -> None:
    passage = build_found(*FILLER[:3], "Keep clear space around the logo.", *FILLER[3:5])
    (picked,) = pick_sentences("clear sapce", [passage], WordEmbedder(), limit=1)
    assert picked.sentence == "Keep clear space around the logo."
