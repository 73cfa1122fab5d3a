"""The matcher's own set, with the real embedder: what it was tuned on must stay as good as it was."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.answer.official import build_official_question, is_same_question
from bot.answer.official_serving import QuestionVectors
from index.onnx_embedder import OnnxEmbedder

FILE = Path(__file__).parents[1] / "unit/bot/answer/official_development.jsonl"
LEAST_SERVED = 0.89


@pytest.fixture(scope="module")
def vectors() -> QuestionVectors:
    return QuestionVectors(OnnxEmbedder("int8"))


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def is_served(vectors: QuestionVectors, case: dict[str, Any], asked: str) -> bool:
    texts = (case["text"], *case["evidence"], *case["questions"])
    return any(
        is_same_question(
            asked,
            build_official_question(question, texts),
            cosine=vectors.compare(asked, question),
            measure_nearness=vectors.measure_nearness,
        )
        for question in case["questions"]
    )


def test_no_near_question_with_another_meaning_is_served(
    vectors: QuestionVectors, cases: list[dict[str, Any]]
) -> None:
    wrong = [near for case in cases for near in case["near"] if is_served(vectors, case, near)]
    assert wrong == []


def test_as_many_paraphrases_are_served_as_were_measured(
    vectors: QuestionVectors, cases: list[dict[str, Any]]
) -> None:
    served = [is_served(vectors, case, asked) for case in cases for asked in case["paraphrases"]]
    assert len(served) > 200
    assert sum(served) / len(served) >= LEAST_SERVED
