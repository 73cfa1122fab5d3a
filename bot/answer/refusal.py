"""The evidence gate: do the found passages speak about the question at all? Pure; called by bot/answer/pipeline.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.answer.words import list_content_words
from index.search import FoundPassage

# Measured on questions with and without an answer in two unlike collections (docs: evaluation). Words lead,
# because a vector is always near something; a word of the question that no passage has is the best sign of a gap.
LOOKED_AT_PASSAGES = 8
COSINE_WEIGHT = 0.33
MISSING_WEIGHT = 1.0
ENOUGH = 0.47
NEAR = 0.5

ALMOST = 0.9
SIMILAR_LETTERS = 0.8
SHORTEST_FUZZY, SHORTEST_PREFIX = 4, 5
MOST_LETTERS_APART = 2


@dataclass(frozen=True, slots=True)
class EvidenceWeight:
    """How well passages cover a question; all three parts lie between 0 and 1.

    `covered`: share of the question's meaning words in the best single passage (title and headings included);
    `missing`: share that no passage has; `cosine`: of the nearest passage.
    """

    cosine: float
    covered: float
    missing: float

    @property
    def total(self) -> float:
        """The one figure that is compared with ENOUGH."""
        return self.covered + COSINE_WEIGHT * self.cosine - MISSING_WEIGHT * self.missing


def has_evidence(question: str, passages: Sequence[FoundPassage]) -> bool:
    """False when the passages are too thin to answer from: nothing is shown as an answer then."""
    return bool(passages) and weigh_evidence(question, passages).total >= ENOUGH


def is_near(question: str, passages: Sequence[FoundPassage]) -> bool:
    """True when some passage shares half of what the question is about: worth showing beside a refusal."""
    return bool(passages) and weigh_evidence(question, passages).covered >= NEAR


def weigh_evidence(question: str, passages: Sequence[FoundPassage]) -> EvidenceWeight:
    """Look at the best passages only: what is far down says nothing about the question."""
    looked_at = passages[:LOOKED_AT_PASSAGES]
    cosine = max((found.cosine or 0.0 for found in looked_at), default=0.0)
    words = list_content_words(question)
    if not words:
        # Only small words ("what do we do?"): the vectors alone decide.
        return EvidenceWeight(cosine=cosine, covered=cosine, missing=0.0)
    texts = [_list_words_of(found) for found in looked_at]
    everything = frozenset().union(*texts)
    covered = max((sum(match_word(word, text) for word in words) for text in texts), default=0.0)
    missing = sum(1.0 - match_word(word, everything) for word in words)
    return EvidenceWeight(cosine=cosine, covered=covered / len(words), missing=missing / len(words))


def match_word(word: str, words: frozenset[str]) -> float:
    """1 for the word itself, ALMOST for a misspelling or a longer or shorter form of it, else 0."""
    if word in words:
        return 1.0
    if len(word) < SHORTEST_FUZZY or any(character.isdigit() for character in word):
        return 0.0
    return ALMOST if any(_is_like(word, other) for other in words) else 0.0


def _is_like(word: str, other: str) -> bool:
    if min(len(word), len(other)) >= SHORTEST_PREFIX and (other.startswith(word) or word.startswith(other)):
        return True
    # Comparing letters is slow, so only words of like length and the same first letter are compared.
    is_close = (
        other[0] == word[0]
        and len(other) >= SHORTEST_FUZZY
        and abs(len(other) - len(word)) <= MOST_LETTERS_APART
    )
    return is_close and SequenceMatcher(None, word, other).ratio() >= SIMILAR_LETTERS


def _list_words_of(found: FoundPassage) -> frozenset[str]:
    parts = (found.document.title, *found.passage.heading_path, found.text)
    return frozenset(list_content_words("\n".join(parts)))
