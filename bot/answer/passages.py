"""Passages mode: the few stored sentences closest to a question, without a generated word. Used by the pipeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from bot.answer.evidence import build_evidence
from bot.answer.words import list_content_words, split_words
from core.answers import Claim, Evidence
from index.embedder import Embedder
from index.search import FoundPassage

MAX_SENTENCES = 5
# More passages bring hardly a better sentence, and every sentence costs an embedding while somebody waits.
READ_PASSAGES = 8
READ_SENTENCES = 64
# Measured on questions with known answers. Cosine leads; the passage's own rank and the words break near-ties.
RANK_WEIGHT = 0.3
WORDS_WEIGHT = 0.3
SAME_WORDS = 0.85
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be shown: `words` are its meaning words and those of the headings above it."""

    evidence: Evidence
    context: str
    rank_score: float
    words: frozenset[str]


def pick_sentences(
    question: str, passages: Sequence[FoundPassage], embedder: Embedder, *, limit: int = MAX_SENTENCES
) -> tuple[Evidence, ...]:
    """At most `limit` stored sentences, best first, none nearly the same as another."""
    candidates = _list_candidates(passages)
    if not candidates:
        return ()
    scores = _score_candidates(question, candidates, embedder)
    ordered = sorted(zip(scores, candidates, strict=True), key=lambda pair: -pair[0])
    return _drop_repetitions([candidate for _, candidate in ordered], limit)


def build_claims(sentences: Sequence[Evidence]) -> tuple[Claim, ...]:
    """Each shown sentence is one claim that proves itself."""
    return tuple(Claim(text=evidence.sentence, evidence=(evidence,)) for evidence in sentences)


def _list_candidates(passages: Sequence[FoundPassage]) -> list[_Candidate]:
    best_score = max((found.score for found in passages), default=1.0) or 1.0
    candidates = [
        _build_candidate(found, index, found.score / best_score)
        for found in passages[:READ_PASSAGES]
        for index, text in enumerate(found.passage.sentence_texts())
        if is_worth_showing(text)
    ]
    return candidates[:READ_SENTENCES]


def _build_candidate(found: FoundPassage, index: int, rank_score: float) -> _Candidate:
    evidence = build_evidence(found, index)
    headings = " › ".join(dict.fromkeys((found.document.title, *found.passage.heading_path)))
    context = f"{headings}\n{evidence.sentence}"
    return _Candidate(evidence, context, rank_score, frozenset(list_content_words(context)))


def is_worth_showing(sentence: str) -> bool:
    """A fragment of one or two words says nothing by itself, unless it carries a number or a colour code."""
    return len(sentence.split()) >= FEWEST_WORDS or any(character.isdigit() for character in sentence)


def _score_candidates(question: str, candidates: Sequence[_Candidate], embedder: Embedder) -> list[float]:
    vectors = embedder.embed_passages([candidate.context for candidate in candidates])
    cosines = vectors @ embedder.embed_question(question)
    rarity = _weigh_words(list_content_words(question), candidates)
    whole = sum(rarity.values()) or 1.0
    return [
        float(cosine)
        + RANK_WEIGHT * candidate.rank_score
        + WORDS_WEIGHT * sum(weight for word, weight in rarity.items() if word in candidate.words) / whole
        for cosine, candidate in zip(cosines, candidates, strict=True)
    ]


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


def _share_words(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
