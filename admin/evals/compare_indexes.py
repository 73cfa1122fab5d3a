"""Asks the golden questions of two indexes and says what was lost. Called by admin/operations/reindexing.py."""

from collections.abc import Callable, Sequence
from functools import partial

from admin.evals.as_json import shorten
from admin.evals.questions import EvalQuestion
from admin.evals.score_retrieval import (
    MISS_DEPTH,
    QuestionScore,
    RetrievalScore,
    Retrieved,
    is_hit,
    score_retrieval,
)
from ingest.index_checks import GoldenCheck

Retrieve = Callable[[EvalQuestion], Retrieved]


def compare_indexes(
    questions: Sequence[EvalQuestion], before: Retrieve | None, after: Retrieve
) -> GoldenCheck:
    """Hit@5 of passages on both sides. `before` is None where the old index cannot be asked: nothing is lost then."""
    new = score_retrieval(questions, after)
    old = score_retrieval(questions, before) if before else None
    is_lost = partial(_is_lost, {one.question.question_id: one for one in old.scores} if old else {})
    lost = tuple(
        {
            "id": one.question.question_id,
            "question": shorten(one.question.text),
            "rank": one.passage_rank,
            "instead": [found.path for found in one.retrieved.passages[:MISS_DEPTH]],
        }
        for one in new.scores
        if is_lost(one)
    )
    return GoldenCheck(len(new.scores), _read_share(old) if old else None, _read_share(new), lost)


def _is_lost(old: dict[str, QuestionScore], new: QuestionScore) -> bool:
    before = old.get(new.question.question_id)
    return (
        before is not None
        and is_hit(before.passage_rank, MISS_DEPTH)
        and not is_hit(new.passage_rank, MISS_DEPTH)
    )


def _read_share(score: RetrievalScore) -> float:
    return score.groups[0].passage_hit[MISS_DEPTH].value
