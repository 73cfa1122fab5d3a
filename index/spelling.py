"""Corrects misspelt words of a question to words that passages hold. Called by index/search.py."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from core.vocabulary import SHORTEST, WORD

# One slip in a short word, two in a long one: more would turn one word into another.
LONG_WORD = 8
# The same first letter: people seldom miss it, and it keeps the search short.


class Words(Protocol):
    """What is needed of core.vocabulary."""

    def count(self) -> int:
        """Number of words."""

    def read(self) -> frozenset[str]:
        """All words."""


@dataclass(slots=True)
class Spelling:
    """Reads the words when there are new ones. Thread-safe."""

    words: Words
    _lock: Lock = field(default_factory=Lock)
    _count: int = -1
    _known: frozenset[str] = frozenset()
    _by_letter: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def correct(self, text: str) -> str:
        """The text with each unknown word put right, where exactly one slip or two explain it."""
        self._refresh()
        return WORD.sub(lambda found: self._correct_word(found.group()), text)

    def _correct_word(self, word: str) -> str:
        lower = word.lower()
        if len(lower) < SHORTEST or lower in self._known:
            return word
        slips = 2 if len(lower) >= LONG_WORD else 1
        near = extractOne(lower, self._by_letter.get(lower[0], ()), scorer=OSA.distance, score_cutoff=slips)
        return str(near[0]) if near else word

    def _refresh(self) -> None:
        count = self.words.count()
        with self._lock:
            if count == self._count:
                return
            self._known = self.words.read()
            by_letter = defaultdict(list)
            for word in sorted(self._known):
                by_letter[word[0]].append(word)
            self._by_letter, self._count = by_letter, count
