"""Passages mode: the few stored sentences closest to a question, without a generated word. Used by the pipeline."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

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
# Measured on questions with known answers in two unlike collections: the sentence's own words count as much as
# its meaning, the passage it stands in a little, and a very short sentence seldom answers.
RANK_WEIGHT = 0.2
PASSAGE_WEIGHT = 0.3
WORDS_WEIGHT = 0.8
SHORT_PENALTY = 0.05
SHORT_WORDS = 6
SAME_WORDS = 0.85
FEWEST_WORDS = 3

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be shown. `bonus` is what its place is worth, `words` are its own meaning words."""

    evidence: Evidence
    context: str
    bonus: float
    words: frozenset[str]


def pick_sentences(
    question: str, passages: Sequence[FoundPassage], embedder: Embedder, *, limit: int = MAX_SENTENCES
) -> tuple[Evidence, ...]:
    """At most `limit` stored sentences, none nearly the same as another; those of one passage stand together."""
    candidates = _list_candidates(passages)
    if not candidates:
        return ()
    promising = _sort_by_words(question, candidates)[:EMBEDDED_SENTENCES]
    cosines = _compare_meaning(question, [one.context for _, one in promising], embedder)
    scored = [(score + float(cosine), one) for (score, one), cosine in zip(promising, cosines, strict=True)]
    ordered = sorted(scored, key=lambda pair: -pair[0])
    return _read_together(_drop_repetitions([one for _, one in ordered], limit))


def build_claims(sentences: Sequence[Evidence]) -> tuple[Claim, ...]:
    """Each shown sentence is one claim that proves itself."""
    return tuple(Claim(text=evidence.sentence, evidence=(evidence,)) for evidence in sentences)


def _list_candidates(passages: Sequence[FoundPassage]) -> list[_Candidate]:
    best_score = max((found.score for found in passages), default=1.0) or 1.0
    return [
        _build_candidate(found, evidence, found.score / best_score)
        for found in passages[:READ_PASSAGES]
        for evidence in list_evidence(found)
        if is_worth_showing(evidence.sentence)
    ]


def _build_candidate(found: FoundPassage, evidence: Evidence, rank_score: float) -> _Candidate:
    headings = " › ".join(dict.fromkeys((found.document.title, *found.passage.heading_path)))
    bonus = RANK_WEIGHT * rank_score + PASSAGE_WEIGHT * (found.cosine or 0.0)
    if len(evidence.sentence.split()) < SHORT_WORDS:
        bonus -= SHORT_PENALTY
    words = frozenset(list_content_words(evidence.sentence))
    return _Candidate(evidence, f"{headings}\n{evidence.sentence}", bonus, words)


def is_worth_showing(sentence: str) -> bool:
    """A fragment of one or two words says nothing by itself, unless it carries a number or a colour code."""
    return len(sentence.split()) >= FEWEST_WORDS or any(character.isdigit() for character in sentence)


def _compare_meaning(question: str, texts: Sequence[str], embedder: Embedder) -> Sequence[float]:
    """The cosine of each text; all alike while the embedder is down, which leaves the choice to the words."""
    try:
        # The question first: it is what tells soonest that there will be no vectors.
        asked = embedder.embed_question(question)
        return list(embedder.embed_passages(texts) @ asked)
    except (EmbedderUnavailable, EmbeddingsUnusable) as failure:
        _log.warning("sentences are chosen by words alone: %s", failure)
        return [0.0] * len(texts)


def _sort_by_words(question: str, candidates: Sequence[_Candidate]) -> list[tuple[float, _Candidate]]:
    """Everything but the sentence's own vector, best first: what costs nothing decides what is embedded."""
    rarity = _weigh_words(list_content_words(question), candidates)
    whole = sum(rarity.values()) or 1.0
    scored = [
        (one.bonus + WORDS_WEIGHT * sum(rarity[word] for word in rarity if word in one.words) / whole, one)
        for one in candidates
    ]
    return sorted(scored, key=lambda pair: -pair[0])


def _weigh_words(words: Sequence[str], candidates: Sequence[_Candidate]) -> Mapping[str, float]:
    """A word of the question weighs more, the fewer of the candidates have it."""
    count = len(candidates)
    return {word: log(1 + count / (1 + sum(word in one.words for one in candidates))) for word in words}


def _drop_repetitions(candidates: Sequence[_Candidate], limit: int) -> tuple[Evidence, ...]:
    kept: list[Evidence] = []
    seen: list[frozenset[str]] = []
    for candidate in candidates:
        words = frozenset(split_words(candidate.evidence.sentence))
        if not any(_share_words(words, other) > SAME_WORDS for other in seen):
            kept.append(candidate.evidence)
            seen.append(words)
        if len(kept) == limit:
            break
    return tuple(kept)


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
