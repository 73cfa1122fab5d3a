"""Adds judged answers up: figures by type, abstentions, times, tokens and cost of one column. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from admin.evals.intervals import Estimate, estimate_share
from admin.evals.judging import CRITERIA, Criterion, Judgement, judge_answer
from admin.evals.metered_model import Usage
from admin.evals.prices import Price, compute_cost, find_price
from admin.evals.questions import EvalQuestion
from admin.evals.score_retrieval import EVERY_TYPE
from core.answers import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what came of it, and what was counted meanwhile. `usage` is None in passages mode."""

    question: EvalQuestion
    answer: Answer
    usage: Usage | None = None

    @property
    def is_failed(self) -> bool:
        """True when the model was asked and gave nothing at all: nothing of its quality can be judged."""
        return self.usage is not None and bool(self.usage.failures) and not self.usage.completions


@dataclass(frozen=True, slots=True)
class Share:
    """k of n, with its 95 % interval."""

    k: int
    n: int

    @property
    def estimate(self) -> Estimate:
        """Wilson's."""
        return estimate_share(self.k, self.n)


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """All judged questions of one type; `right` are those with nothing wrong."""

    type: str
    questions: int
    right: Share
    criteria: Mapping[Criterion, Share]
    correct_abstention: Share
    false_abstention: Share


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 95th percentile in milliseconds; None when nothing was measured."""

    p50: float | None
    p95: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Spending:
    """Tokens and cost per answer that the model was asked for, as far as they are known.

    `counted` answers have token counts, `priced` also a price; the averages are over those.
    """

    answers: int
    counted: int
    prompt_tokens: float | None
    completion_tokens: float | None
    priced: int
    cost: float | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class ColumnScore:
    """Everything about one endpoint, or about passages mode. Failed questions are in no other figure."""

    name: str
    model: str | None
    served_models: tuple[str, ...]
    judgements: tuple[Judgement, ...]
    failed: tuple[Asked, ...]
    failed_requests: int
    fell_back: int
    groups: tuple[GroupFigures, ...]
    total: Spread
    model_time: Spread
    spending: Spending
    rejected_claims: Share
    rejected_by: Mapping[str, int]


def score_column(
    name: str, asked: Sequence[Asked], *, model: str | None = None, prices: Sequence[Price] = ()
) -> ColumnScore:
    """Judge every answer of one column and add up."""
    whole = [one for one in asked if not one.is_failed]
    judgements = tuple(judge_answer(one.question, one.answer) for one in whole)
    usages = [one.usage for one in asked if one.usage is not None]
    written = [one for one in whole if one.usage is not None and one.usage.completions]
    return ColumnScore(
        name=name,
        model=model,
        served_models=tuple(dict.fromkeys(served for usage in usages for served in usage.served_models)),
        judgements=judgements,
        failed=tuple(one for one in asked if one.is_failed),
        failed_requests=sum(len(usage.failures) for usage in usages),
        fell_back=sum(one.answer.mode == "passages" for one in written),
        groups=_score_groups(judgements),
        total=_spread([one.answer.milliseconds.total for one in whole]),
        model_time=_spread([one.answer.milliseconds.model for one in written]),
        spending=_add_spending(written, model, prices),
        rejected_claims=_count_rejected([one.answer for one in written]),
        rejected_by=_count_checks([one.answer for one in written]),
    )


def _score_groups(judgements: Sequence[Judgement]) -> tuple[GroupFigures, ...]:
    by_type: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        by_type.setdefault(judgement.question.type, []).append(judgement)
    types = (_score_group(name, by_type[name]) for name in sorted(by_type))
    return (_score_group(EVERY_TYPE, judgements), *types)


def _score_group(name: str, judgements: Sequence[Judgement]) -> GroupFigures:
    answerable = [one for one in judgements if one.question.gold]
    unanswerable = [one for one in judgements if not one.question.gold]
    return GroupFigures(
        type=name,
        questions=len(judgements),
        right=Share(sum(not one.wrong for one in judgements), len(judgements)),
        criteria={criterion: _count_right(judgements, criterion) for criterion in CRITERIA},
        correct_abstention=Share(sum(one.is_abstention for one in unanswerable), len(unanswerable)),
        false_abstention=Share(sum(one.is_abstention for one in answerable), len(answerable)),
    )


def _count_right(judgements: Sequence[Judgement], criterion: Criterion) -> Share:
    right = sum(criterion in one.right for one in judgements)
    return Share(right, right + sum(criterion in one.wrong for one in judgements))


def _spread(milliseconds: Sequence[float]) -> Spread:
    if not milliseconds:
        return Spread(None, None, 0)
    p50, p95 = np.percentile(milliseconds, (50, 95))
    return Spread(round(float(p50), 1), round(float(p95), 1), len(milliseconds))


def _add_spending(written: Sequence[Asked], model: str | None, prices: Sequence[Price]) -> Spending:
    counts = [(one, tokens) for one in written if (tokens := _read_tokens(one.usage)) is not None]
    costs = [cost for one, tokens in counts if (cost := _compute(one, tokens, model, prices)) is not None]
    return Spending(
        answers=len(written),
        counted=len(counts),
        prompt_tokens=_average([tokens[0] for _, tokens in counts]),
        completion_tokens=_average([tokens[1] for _, tokens in counts]),
        priced=len(costs),
        cost=_average(costs),
        currency=prices[0].currency if costs else None,
    )


def _read_tokens(usage: Usage | None) -> tuple[int, int] | None:
    if usage is None or usage.prompt_tokens is None or usage.completion_tokens is None:
        return None
    return usage.prompt_tokens, usage.completion_tokens


def _compute(
    asked: Asked, tokens: tuple[int, int], model: str | None, prices: Sequence[Price]
) -> float | None:
    served = asked.usage.served_models if asked.usage else ()
    price = find_price(prices, *served, model)
    return (
        None if price is None else compute_cost(price, prompt_tokens=tokens[0], completion_tokens=tokens[1])
    )


def _average(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _count_rejected(answers: Sequence[Answer]) -> Share:
    rejected = sum(len(answer.trace.rejected) for answer in answers)
    kept = sum(len(answer.claims) for answer in answers if answer.mode == "model")
    return Share(rejected, rejected + kept)


def _count_checks(answers: Sequence[Answer]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for answer in answers:
        for claim in answer.trace.rejected:
            for check in claim.failed:
                counts[check] = counts.get(check, 0) + 1
    return dict(sorted(counts.items()))
