"""Promises of an answer while the embedder is down: found and chosen by words alone, and it says so."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answer.passages import pick_sentences
from bot.answer.pipeline import AnswerPipeline
from bot.answer.why import MEANING_IS_DOWN, NOTHING_FOUND, explain_model_failure
from bot.blocks.answer_blocks import build_answer
from core.answers import Answer
from core.llm import ChatModel, ModelUnavailable
from index.embedder import EmbedderUnavailable
from tests.fakes.answer_world import WordEmbedder, WorldSearch, ask, build_found
from tests.fakes.scripted_model import ScriptedModel, find_id, write_answer

SPACE = "Keep 24 mm of clear space around the logo."
QUESTION = "how much clear space around the logo"
OTHERS = ("Dates are written in full.", "Our office is in the north.")


class Down(WordEmbedder):
    """Gives no vector for a question; `takes_passages` says whether it would for sentences."""

    def embed_question(self, text: str) -> NDArray[np.float32]:
        raise EmbedderUnavailable("no answer")

    def embed_passages(self, texts: object) -> NDArray[np.float32]:
        raise AssertionError("nobody waits for vectors that cannot be compared")


class DownForSentences(WordEmbedder):
    """Gives a vector for a question and none for sentences."""

    def embed_passages(self, texts: object) -> NDArray[np.float32]:
        raise EmbedderUnavailable("it took too long")


def run(model: ChatModel | None = None, question: str = QUESTION) -> Answer:
    found = replace(build_found(*OTHERS, SPACE), cosine=None)
    search = WorldSearch([found], legs=("bm25",))
    pipeline = AnswerPipeline(search=search, model=model, embedder=Down())
    *_, answer = pipeline.answer(ask(question))
    assert isinstance(answer, Answer)
    return answer


def test_passages_found_by_words_alone_say_so() -> None:
    answer = run()
    assert answer.verdict == "answered"
    assert SPACE in [claim.text for claim in answer.claims]
    assert answer.why == MEANING_IS_DOWN


def test_written_answer_from_words_alone_says_so() -> None:
    model = ScriptedModel(
        lambda prompt, _schema: write_answer({"text": "Leave 24 mm.", "ids": [find_id(prompt, SPACE)]})
    )
    answer = run(model)
    assert (answer.mode, answer.verdict, answer.why) == ("model", "answered", MEANING_IS_DOWN)


def test_failure_of_the_model_and_of_the_embedder_are_both_told() -> None:
    def fail(*_: object) -> str:
        raise ModelUnavailable("it took too long")

    assert run(ScriptedModel(fail)).why == f"{explain_model_failure('it took too long')} {MEANING_IS_DOWN}"


def test_refusal_says_that_meaning_was_not_looked_at() -> None:
    answer = run(question="annual revenue of the northern subsidiary")
    assert answer.verdict == "not_found"
    assert answer.why == f"{NOTHING_FOUND} {MEANING_IS_DOWN}"


def test_reader_in_slack_sees_that_meaning_was_not_looked_at() -> None:
    assert MEANING_IS_DOWN in str(build_answer(run()))


@pytest.mark.parametrize("embedder", [Down(), DownForSentences()], ids=["question", "sentences"])
def test_sentences_are_chosen_by_their_words_when_there_is_no_vector(embedder: WordEmbedder) -> None:
    passages = [build_found(*OTHERS), build_found(SPACE, document_id="doc-2")]
    assert pick_sentences(QUESTION, passages, embedder, limit=1)[0].sentence == SPACE


def test_answer_by_both_legs_says_nothing_of_it() -> None:
    search = WorldSearch([build_found(SPACE)])
    *_, answer = AnswerPipeline(search=search, model=None, embedder=WordEmbedder()).answer(ask(QUESTION))
    assert isinstance(answer, Answer)
    assert answer.why == ""
