"""The shape of `onbrand eval answers --json`. Pure; called by admin/operations/eval_answers.py."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from admin.evals.as_json import round_estimate, shorten
from admin.evals.judging import Judgement
from admin.evals.score_answers import Asked, ColumnScore, GroupFigures, Share
from core.answers import Claim, Evidence


def column_as_json(column: ColumnScore) -> dict[str, Any]:
    """JSON-ready: figures by type, times, tokens, cost, every judgement, and the misses with what was shown."""
    return {
        "name": column.name,
        "model": column.model,
        "served_models": list(column.served_models),
        "judged": len(column.judgements),
        "failed": [_describe_failed(one) for one in column.failed],
        "failed_requests": column.failed_requests,
        "fell_back": column.fell_back,
        "groups": [_describe_group(group) for group in column.groups],
        "milliseconds": {"total": asdict(column.total), "model": asdict(column.model_time)},
        "spending": _describe_spending(column),
        "rejected_claims": _describe_share(column.rejected_claims),
        "rejected_by": dict(column.rejected_by),
        "misses": [_describe_miss(one) for one in column.judgements if one.wrong],
        "questions": [_describe_judgement(one) for one in column.judgements],
    }


def _describe_share(share: Share) -> dict[str, Any]:
    return {"k": share.k, "n": share.n, **round_estimate(share.estimate)}


def _describe_group(group: GroupFigures) -> dict[str, Any]:
    return {
        "type": group.type,
        "questions": group.questions,
        "right": _describe_share(group.right),
        **{criterion: _describe_share(share) for criterion, share in group.criteria.items()},
        "correct_abstention": _describe_share(group.correct_abstention),
        "false_abstention": _describe_share(group.false_abstention),
    }


def _describe_spending(column: ColumnScore) -> dict[str, Any]:
    spending = asdict(column.spending)
    for name in ("prompt_tokens", "completion_tokens"):
        spending[name] = None if spending[name] is None else round(spending[name], 1)
    spending["cost"] = None if spending["cost"] is None else round(spending["cost"], 8)
    return spending


def _describe_failed(asked: Asked) -> dict[str, Any]:
    failures = asked.usage.failures if asked.usage else ()
    return {"id": asked.question.question_id, "question": asked.question.text, "failures": list(failures)}


def _describe_judgement(judgement: Judgement) -> dict[str, Any]:
    answer = judgement.answer
    return {
        "id": judgement.question.question_id,
        "type": judgement.question.type,
        "verdict": answer.verdict,
        "mode": answer.mode,
        "ruling": answer.ruling,
        "right": list(judgement.right),
        "wrong": list(judgement.wrong),
        "milliseconds": asdict(answer.milliseconds),
    }


def _describe_miss(judgement: Judgement) -> dict[str, Any]:
    question, answer = judgement.question, judgement.answer
    return {
        **_describe_judgement(judgement),
        "question": question.text,
        "expected": question.answer,
        "expected_ruling": question.ruling,
        "must_contain": list(question.must_contain),
        "must_not_contain": list(question.must_not_contain),
        "gold": [{"path": gold.path, "snippet": gold.snippet} for gold in question.gold],
        "why": answer.why,
        "shown": [_describe_claim(claim) for claim in answer.claims],
        "nearest": _describe_evidence(answer.nearest),
        "rejected": [{"text": one.text, "failed": list(one.failed)} for one in answer.trace.rejected],
    }


def _describe_claim(claim: Claim) -> dict[str, Any]:
    return {"text": claim.text, "evidence": _describe_evidence(claim.evidence)}


def _describe_evidence(evidence: Sequence[Evidence]) -> list[dict[str, str]]:
    return [{"path": one.path, "heading": one.heading, "sentence": shorten(one.sentence)} for one in evidence]
