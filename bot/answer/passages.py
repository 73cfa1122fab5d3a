"""Passages mode: the few stored sentences closest to a question, without a generated word. Used by the pipeline."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import inf, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.answer.answer_kinds import AnswerKind, holds_kind, list_asked_kinds
from bot.answer.coverage import correct_words
from bot.answer.evidence import list_evidence
from bot.answer.words import list_content_words, split_words
from core.answers import Claim, Evidence
from index.embedder import Embedder, EmbedderUnavailable
from index.search import FoundPassage
from index.unit_vectors import EmbeddingsUnusable

MAX_SENTENCES = 5
# More passages bring hardly a better sentence, and every sentence costs an embedding while somebody waits.
READ_PASSAGES = 10
EMBEDDED_SENTENCES = 40
# So many beyond the limit are embedded at once: they show how good the others would have to be.
FIRST_BEYOND_LIMIT = 3
ROUNDING = 1e-3
SHORT_WORDS = 6
SAME_WORDS = 0.85
FEWEST_WORDS = 3

_log = logging.getLogger(__name__)


class _Signs(NamedTuple):
    """What speaks for a sentence before its own vector is known; all lie between 0 and 1."""

    words: float
    """Share of the question's words in the sentence, the rarer the heavier."""
    words_and_headings: float
    kind: float
    """Share of the kinds of thing asked for that the sentence holds."""
    score: float
    keywords: float
    """Of its passage, against the best passage."""
    passage_place: float
    sentence_place: float
    """1 for the first, 1/2 for the second …: search knows best, and a section says first what it is about."""
    is_short: float


# Fitted on which sentence answers a question (softmax over the sentences of each) in two unlike collections, and
# checked on each with the weights of the other; see docs/decisions/0022.
_WEIGHTS = _Signs(
    words=1.9,
    words_and_headings=2.19,
    kind=2.15,
    score=1.92,
    keywords=1.33,
    passage_place=1.43,
    sentence_place=1.73,
    is_short=-1.07,
)
_MEANING_WEIGHT = 3.1


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be shown. `context` is what is embedded of it."""

    evidence: Evidence
    context: str
    words: frozenset[str]
    headings: frozenset[str]
    signs: _Signs


class _Scored(NamedTuple):
    """A candidate with the sum of its signs and of its nearness in meaning."""

    score: float
    candidate: _Candidate


def pick_sentences(
    question: str, passages: Sequence[FoundPassage], embedder: Embedder, *, limit: int = MAX_SENTENCES
) -> tuple[Evidence, ...]:
    """At most `limit` stored sentences, none nearly the same as another; those of one passage stand together."""
    question = correct_words(question, passages)
    candidates = sorted(_list_candidates(question, passages), key=lambda one: -_weigh_signs(one.signs))
    promising = candidates[:EMBEDDED_SENTENCES]
    if not promising:
        return ()
    picked = _drop_repetitions(_compare_meaning(question, promising, embedder, limit), limit)
    return _read_together([one.candidate.evidence for one in picked])


def build_claims(sentences: Sequence[Evidence]) -> tuple[Claim, ...]:
    """Each shown sentence is one claim that proves itself."""
    return tuple(Claim(text=evidence.sentence, evidence=(evidence,)) for evidence in sentences)


def _list_candidates(question: str, passages: Sequence[FoundPassage]) -> list[_Candidate]:
    kinds = list_asked_kinds(question)
    best_score = max((found.score for found in passages), default=0.0) or 1.0
    most_keywords = max((found.keyword_score or 0.0 for found in passages), default=0.0) or 1.0
    candidates = [
        _Candidate(
            evidence=evidence,
            context=f"{_join_headings(found)}\n{evidence.sentence}",
            words=frozenset(list_content_words(evidence.sentence)),
            headings=frozenset(list_content_words(_join_headings(found))),
            signs=_Signs(
                words=0.0,
                words_and_headings=0.0,
                kind=_share_kinds(kinds, evidence.sentence, question),
                score=found.score / best_score,
                keywords=(found.keyword_score or 0.0) / most_keywords,
                passage_place=1 / rank,
                sentence_place=1 / place,
                is_short=float(len(evidence.sentence.split()) < SHORT_WORDS),
            ),
        )
        for rank, found in enumerate(passages[:READ_PASSAGES], 1)
        for place, evidence in enumerate(list_evidence(found), 1)
        if is_worth_showing(evidence.sentence)
    ]
    return _add_words(question, candidates)


def _add_words(question: str, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """A word of the question weighs more, the fewer of the candidates have it."""
    count = len(candidates)
    rarity = {
        word: log(1 + count / (1 + sum(word in one.words for one in candidates)))
        for word in list_content_words(question)
    }
    whole = sum(rarity.values()) or 1.0

    def share(words: frozenset[str]) -> float:
        return sum(weight for word, weight in rarity.items() if word in words) / whole

    return [
        replace(
            one,
            signs=one.signs._replace(
                words=share(one.words), words_and_headings=share(one.words | one.headings)
            ),
        )
        for one in candidates
    ]


def _weigh_signs(signs: _Signs) -> float:
    return sum(weight * sign for weight, sign in zip(_WEIGHTS, signs, strict=True))


def _share_kinds(kinds: Collection[AnswerKind], sentence: str, question: str) -> float:
    return sum(holds_kind(kind, sentence, question) for kind in kinds) / len(kinds) if kinds else 0.0


def _join_headings(found: FoundPassage) -> str:
    return " › ".join(dict.fromkeys((found.document.title, *found.passage.heading_path)))


def is_worth_showing(sentence: str) -> bool:
    """A fragment of one or two words says nothing by itself, unless it carries a number or a colour code."""
    return len(sentence.split()) >= FEWEST_WORDS or any(character.isdigit() for character in sentence)


def _compare_meaning(
    question: str, candidates: Sequence[_Candidate], embedder: Embedder, limit: int
) -> list[_Scored]:
    """Best first; what cannot be among the best `limit` may be missing. By words alone while the embedder is down."""
    try:
        # The question first: it is what tells soonest that there will be no vectors.
        asked = embedder.embed_question(question)
        first = _score_all(candidates[: limit + FIRST_BEYOND_LIMIT], asked, embedder)
        best = _drop_repetitions(first, limit)
        # Each vector costs milliseconds, so none is asked for where even the best cosine would not be enough.
        least = best[-1].score - _MEANING_WEIGHT - ROUNDING if len(best) == limit else -inf
        rest = [one for one in candidates[len(first) :] if _weigh_signs(one.signs) >= least]
        return sorted([*first, *_score_all(rest, asked, embedder)], key=lambda one: -one.score)
    except (EmbedderUnavailable, EmbeddingsUnusable) as failure:
        _log.warning("sentences are chosen by words alone: %s", failure)
        return [_Scored(_weigh_signs(one.signs), one) for one in candidates]


def _score_all(
    candidates: Sequence[_Candidate], asked: NDArray[np.float32], embedder: Embedder
) -> list[_Scored]:
    """Best first."""
    if not candidates:
        return []
    cosines = embedder.embed_passages([one.context for one in candidates]) @ asked
    scored = [
        _Scored(_weigh_signs(one.signs) + _MEANING_WEIGHT * float(cosine), one)
        for one, cosine in zip(candidates, cosines, strict=True)
    ]
    return sorted(scored, key=lambda one: -one.score)


def _drop_repetitions(scored: Sequence[_Scored], limit: int) -> list[_Scored]:
    """The best `limit`, none nearly the same as a better one."""
    kept: list[_Scored] = []
    seen: list[frozenset[str]] = []
    for one in scored:
        words = frozenset(split_words(one.candidate.evidence.sentence))
        if not any(_share_words(words, other) > SAME_WORDS for other in seen):
            kept.append(one)
            seen.append(words)
        if len(kept) == limit:
            break
    return kept


def _read_together(sentences: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Passages with most to say first, and within a passage the order in which it was written: one thought each."""
    places = [_place_of(evidence)[:-1] for evidence in sentences]
    weight = {place: (-places.count(place), places.index(place)) for place in places}
    return tuple(sorted(sentences, key=lambda one: (weight[_place_of(one)[:-1]], _place_of(one)[-1])))


def _place_of(evidence: Evidence) -> tuple[str, int, int, int]:
    document_id, revision, passage, sentence = evidence.sentence_id.rsplit(":", 3)
    return document_id, int(revision), int(passage), int(sentence)


def _share_words(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
