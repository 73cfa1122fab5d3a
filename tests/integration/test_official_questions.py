"""Two sets of questions on the sample company, written apart from the matcher, with the real embedder.

The first has been used to tune since; the second has not: what it reaches is what strangers' questions reach.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.answer.official import build_official_question, is_same_question
from bot.answer.official_serving import QuestionVectors
from index.onnx_embedder import OnnxEmbedder

HERE = Path(__file__).parent
OWN_NAMES = ("pelmarrow",)
# (file, least share of paraphrases served, most near questions served)
SETS = [("official_questions.jsonl", 0.87, 0), ("official_unseen.jsonl", 0.54, 1)]


@pytest.fixture(scope="module")
def vectors() -> QuestionVectors:
    return QuestionVectors(OnnxEmbedder("int8"))


def list_served(vectors: QuestionVectors, file: str, kind: str) -> Iterator[tuple[str, bool]]:
    """Each question of a kind, and whether it gets the official answer that it was written for."""
    lines: list[dict[str, Any]] = [
        json.loads(line) for line in (HERE / file).read_text(encoding="utf-8").splitlines()
    ]
    officials = {one["id"]: one for one in lines if one["kind"] == "official"}
    for one in lines:
        if one["kind"] == kind:
            yield one["question"], is_served(vectors, one["question"], officials[one["of"]])


def is_served(vectors: QuestionVectors, asked: str, official: dict[str, Any]) -> bool:
    phrasings = official.get("questions") or [official["question"]]
    texts = (official["text"], official["evidence"]["sentence"], *phrasings)
    return any(
        is_same_question(
            asked,
            build_official_question(phrasing, texts, own_names=OWN_NAMES),
            cosine=vectors.compare(asked, phrasing),
            measure_nearness=vectors.measure_nearness,
        )
        for phrasing in phrasings
    )


@pytest.mark.parametrize(("file", "least", "most"), SETS)
def test_as_many_are_served_and_no_more_near_ones_than_were_measured(
    vectors: QuestionVectors, file: str, least: float, most: int
) -> None:
    served = [is_right for _, is_right in list_served(vectors, file, "paraphrase")]
    wrong = [asked for asked, is_wrong in list_served(vectors, file, "near") if is_wrong]
    assert len(served) == 200
    assert sum(served) / len(served) >= least
    assert len(wrong) <= most, wrong
