"""The evidence gate: do the found passages speak about the question at all? Pure; called by bot/answer/pipeline.py."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answer.answer_kinds import STRICT_KINDS, AnswerKind, holds_kind, list_asked_kinds
from bot.answer.coverage import (
    AskedWord,
    ReadPassage,
    correct_words,
    read_passage,
    read_question,
    share_covered,
)
from index.search import FoundPassage

LOOKED_AT_PASSAGES = 8
NEIGHBOURS = 1
NEARLY_BEST = 0.05
# What somebody said, and who it was, seldom repeats what it is about: that stands in the sentence beside it.
EXPLAINED_BESIDE: frozenset[AnswerKind] = frozenset(("quote", "person"))
# Fitted (logistic regression, ten folds) on questions with and without an answer in two unlike collections: see
# docs/decisions/0022. Words lead, because a vector is always near something.
COVERED_WEIGHT = 3.48
COSINE_WEIGHT = 2.11
MISSING_WEIGHT = 2.66
UNKNOWN_NAME_WEIGHT = 1.47
UNTOLD_WEIGHT = 3.15
ENOUGH = 2.08
NEAR = 0.35
# Stands in while no passage has a vector, so that the words decide alone.
USUAL_COSINE = 0.5
ENOUGH_COSINE = 0.4


@dataclass(frozen=True, slots=True)
class EvidenceWeight:
    """How well passages cover a question; all parts lie between 0 and 1.

    `covered`: share of the question's meaning words in the best place (a sentence, its neighbours, headings and
    title); `missing`: share that no passage has; `cosine`: of the passage with the best place; `untold`: share that
    the best sentence lacks which holds the kind of thing that is asked for (0 when any sentence may answer).
    """

    cosine: float
    covered: float
    missing: float
    untold: float = 0.0
    has_unknown_name: bool = False

    @property
    def total(self) -> float:
        """The one figure that is compared with ENOUGH."""
        return (
            COVERED_WEIGHT * self.covered
            + COSINE_WEIGHT * self.cosine
            - MISSING_WEIGHT * self.missing
            - UNTOLD_WEIGHT * self.untold
            - UNKNOWN_NAME_WEIGHT * self.has_unknown_name
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence where it stands: shares of the question's words in it, and in it with its neighbours."""

    sentence: str
    alone: float
    covered: float
    cosine: float


def has_evidence(question: str, passages: Sequence[FoundPassage]) -> bool:
    """False when the passages are too thin to answer from: nothing is shown as an answer then."""
    return bool(passages) and weigh_evidence(question, passages).total >= ENOUGH


def is_near(question: str, passages: Sequence[FoundPassage]) -> bool:
    """True when some place shares enough of what the question is about to be worth showing beside a refusal."""
    return bool(passages) and weigh_evidence(question, passages).covered >= NEAR


def weigh_evidence(question: str, passages: Sequence[FoundPassage]) -> EvidenceWeight:
    """Look for places among the best passages only; what no passage has at all is missing."""
    question = correct_words(question, passages)
    texts = [read_passage(found) for found in passages]
    asked = read_question(question, texts)
    cosines = _list_cosines(passages)
    if not asked:
        return _weigh_vector_alone(max(cosines, default=0.0))
    places = [
        place
        for text, cosine in zip(texts[:LOOKED_AT_PASSAGES], cosines, strict=False)
        for place in _list_places(asked, text, cosine)
    ]
    best = max((place.covered for place in places), default=0.0)
    return EvidenceWeight(
        cosine=max((one.cosine for one in places if one.covered >= best - NEARLY_BEST), default=0.0),
        covered=best,
        missing=sum(word.weight for word in asked if not word.forms) / sum(word.weight for word in asked),
        untold=_weigh_untold(question, places),
        has_unknown_name=any(word.is_name and not word.forms for word in asked),
    )


def _weigh_vector_alone(cosine: float) -> EvidenceWeight:
    """Only small words ("what do we do?"): the vectors alone decide."""
    is_close = cosine >= ENOUGH_COSINE
    return EvidenceWeight(cosine=cosine, covered=float(is_close), missing=float(not is_close))


def _list_cosines(passages: Sequence[FoundPassage]) -> list[float]:
    """One for each passage; where the vectors missed it, it is no nearer than the farthest that they found."""
    known = [found.cosine for found in passages if found.cosine is not None]
    farthest = min(known, default=USUAL_COSINE)
    return [farthest if found.cosine is None else found.cosine for found in passages]


def _list_places(asked: Sequence[AskedWord], text: ReadPassage, cosine: float) -> Iterator[_Place]:
    for index, sentence in enumerate(text.sentences):
        around = text.words[max(0, index - NEIGHBOURS) : index + NEIGHBOURS + 1]
        yield _Place(
            sentence=sentence,
            alone=share_covered(asked, text.headings | text.words[index]),
            covered=share_covered(asked, text.headings.union(*around)),
            cosine=cosine,
        )


def _weigh_untold(question: str, places: Sequence[_Place]) -> float:
    """A figure, a date or a name is an answer only in a sentence that speaks of what was asked."""
    kinds = list_asked_kinds(question) & STRICT_KINDS
    if not kinds:
        return 0.0
    told = (
        place.covered if kind in EXPLAINED_BESIDE else place.alone
        for place in places
        for kind in kinds
        if holds_kind(kind, place.sentence, question)
    )
    return 1.0 - max(told, default=0.0)
