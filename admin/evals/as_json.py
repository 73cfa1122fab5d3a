"""The shape of `onbrand eval retrieval --json`. Pure; called by admin/operations/evaluating.py."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from admin.evals.intervals import Estimate
from admin.evals.score_retrieval import MISS_DEPTH, GroupScore, QuestionScore, RetrievalScore

SHOWN_CHARACTERS = 200


def score_as_json(score: RetrievalScore) -> dict[str, Any]:
    """JSON-ready: figures by type, the misses with what came instead, and every question's ranks."""
    return {
        "answerable": len(score.scores),
        "unanswerable": score.unanswerable,
        "groups": [_describe_group(group) for group in score.groups],
        "misses": [_describe_miss(miss) for miss in score.misses],
        "questions": [_describe_ranks(one) for one in score.scores],
    }


def _describe_group(group: GroupScore) -> dict[str, Any]:
    return {
        "type": group.type,
        "questions": group.questions,
        "document_hit": _describe_hits(group.document_hit),
        "passage_hit": _describe_hits(group.passage_hit),
        "context_hit": round_estimate(group.context_hit),
        "document_mrr": round_estimate(group.document_mrr),
        "passage_mrr": round_estimate(group.passage_mrr),
    }


def _describe_hits(hits: Mapping[int, Estimate]) -> dict[str, Any]:
    return {str(depth): round_estimate(hit) for depth, hit in hits.items()}


def round_estimate(estimate: Estimate) -> dict[str, float]:
    """Value and interval to four digits."""
    return {name: round(value, 4) for name, value in asdict(estimate).items()}


def _describe_miss(score: QuestionScore) -> dict[str, Any]:
    return {
        **_describe_ranks(score),
        "question": score.question.text,
        "gold": [{"path": gold.path, "snippet": gold.snippet} for gold in score.question.gold],
        "instead": [
            {"rank": rank, "path": one.path, "heading": one.heading, "text": shorten(one.text)}
            for rank, one in enumerate(score.retrieved.passages[:MISS_DEPTH], start=1)
        ],
    }


def _describe_ranks(score: QuestionScore) -> dict[str, Any]:
    return {
        "id": score.question.question_id,
        "type": score.question.type,
        "document_rank": score.document_rank,
        "passage_rank": score.passage_rank,
        "in_context": score.in_context,
        "documents": [one.path for one in score.retrieved.passages],
    }


def shorten(text: str) -> str:
    """One line of so many characters at most."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"
