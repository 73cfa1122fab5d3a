"""Scores what a search found against the gold. Pure; called by admin/operations/evaluating.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from admin.evals.gold import holds_any_gold
from admin.evals.intervals import Estimate, estimate_mean, estimate_share
from admin.evals.questions import EvalQuestion

DEPTHS = (1, 3, 5, 10)
MISS_DEPTH = 5
"""A question whose gold is not among so many passages is listed as a miss."""
EVERY_TYPE = "all"


@dataclass(frozen=True, slots=True)
class RetrievedText:
    """A passage as it was found, or a piece of the model's context. `text` includes its own heading."""

    path: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What one question brought: passages, best first, and the context that the model would get."""

    passages: tuple[RetrievedText, ...]
    context: tuple[RetrievedText, ...]


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """Ranks count passages from 1; None: not found. A document has the rank of its first passage."""

    question: EvalQuestion
    document_rank: int | None
    passage_rank: int | None
    in_context: bool
    retrieved: Retrieved

    @property
    def is_miss(self) -> bool:
        """True when somebody should read why: not among the first passages, or not in the context."""
        return not is_hit(self.passage_rank, MISS_DEPTH) or not self.in_context


@dataclass(frozen=True, slots=True)
class GroupScore:
    """Figures of all questions of one type; hits by depth."""

    type: str
    questions: int
    document_hit: Mapping[int, Estimate]
    passage_hit: Mapping[int, Estimate]
    document_mrr: Estimate
    passage_mrr: Estimate
    context_hit: Estimate


@dataclass(frozen=True, slots=True)
class RetrievalScore:
    """Groups: all questions first, then each type. `unanswerable` questions are counted and left out."""

    groups: tuple[GroupScore, ...]
    scores: tuple[QuestionScore, ...]
    unanswerable: int

    @property
    def misses(self) -> tuple[QuestionScore, ...]:
        """The questions to read."""
        return tuple(score for score in self.scores if score.is_miss)


def score_retrieval(
    questions: Sequence[EvalQuestion], retrieve: Callable[[EvalQuestion], Retrieved]
) -> RetrievalScore:
    """Ask `retrieve` once for each question that has gold, and score all."""
    scores = tuple(score_question(one, retrieve(one)) for one in questions if one.gold)
    by_type: dict[str, list[QuestionScore]] = {}
    for score in scores:
        by_type.setdefault(score.question.type, []).append(score)
    groups = (_score_group(name, by_type[name]) for name in sorted(by_type))
    return RetrievalScore((_score_group(EVERY_TYPE, scores), *groups), scores, len(questions) - len(scores))


def score_question(question: EvalQuestion, retrieved: Retrieved) -> QuestionScore:
    """Ranks of the first passage of a gold document, and of the first that holds the gold's words."""
    paths = frozenset[str]().union(*(gold.paths for gold in question.gold))
    return QuestionScore(
        question,
        document_rank=_find_rank([one.path in paths for one in retrieved.passages]),
        passage_rank=_find_rank(
            [holds_any_gold(question.gold, one.path, one.text) for one in retrieved.passages]
        ),
        in_context=_is_in_context(question, retrieved.context),
        retrieved=retrieved,
    )


def is_hit(rank: int | None, depth: int) -> bool:
    """True when found among the first `depth`."""
    return rank is not None and rank <= depth


def invert_rank(rank: int | None) -> float:
    """1/rank; 0 when not found."""
    return 1 / rank if rank else 0.0


def _find_rank(found: Sequence[bool]) -> int | None:
    return found.index(True) + 1 if True in found else None


def _is_in_context(question: EvalQuestion, context: Sequence[RetrievedText]) -> bool:
    # Joined by document first: the gold may span two pieces that stand one after the other.
    by_path: dict[str, list[str]] = {}
    for piece in context:
        by_path.setdefault(piece.path, []).append(piece.text)
    return any(holds_any_gold(question.gold, path, "\n".join(texts)) for path, texts in by_path.items())


def _score_group(name: str, scores: Sequence[QuestionScore]) -> GroupScore:
    documents = [score.document_rank for score in scores]
    passages = [score.passage_rank for score in scores]
    return GroupScore(
        type=name,
        questions=len(scores),
        document_hit=_count_hits(documents),
        passage_hit=_count_hits(passages),
        document_mrr=estimate_mean([invert_rank(rank) for rank in documents]),
        passage_mrr=estimate_mean([invert_rank(rank) for rank in passages]),
        context_hit=estimate_share(sum(score.in_context for score in scores), len(scores)),
    )


def _count_hits(ranks: Sequence[int | None]) -> dict[int, Estimate]:
    return {depth: estimate_share(sum(is_hit(rank, depth) for rank in ranks), len(ranks)) for depth in DEPTHS}
