"""Finds the stored sentences of an official answer, as they stand now. Used when one is added, served and listed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from rapidfuzz import fuzz, process

from bot.answer.evidence import build_evidence
from bot.answer.normalise import normalise_text
from core.answers import Evidence
from core.documents import AnsweringDocument, Passage
from core.official_answers import OfficialEvidence
from index.passage_store import PassageKey, Scope

MOST_CLOSEST = 3
REMEMBERED_SENTENCES = 4096


class ReadsPassages(Protocol):
    """What this needs of index.passage_store.PassageStore."""

    def read(self, keys: Collection[PassageKey], *, scope: Scope) -> Mapping[PassageKey, Passage]:
        """Passages by name, filtered by `scope`."""

    def count(self, document_id: str | None = None) -> int:
        """Number of passages, of one document or in all."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: its passage, and its number in it (from 0)."""

    passage: Passage
    index: int


class SentenceFinder:
    """Finds sentences of documents byte for byte. A found place is remembered: a revision's text never changes."""

    def __init__(self, store: ReadsPassages) -> None:
        self._store = store
        self._remember = lru_cache(maxsize=REMEMBERED_SENTENCES)(_Remembered)

    def list_sentences(self, document: AnsweringDocument, scope: Scope) -> tuple[Evidence, ...]:
        """Every sentence of the revision that answers, in reading order; none where `scope` does not permit."""
        return tuple(
            build_evidence(document, passage, index)
            for passage in self._read(document, scope)
            for index in range(len(passage.sentences))
        )

    def find(self, wanted: OfficialEvidence, document: AnsweringDocument, scope: Scope) -> Evidence | None:
        """The sentence in the revision that answers, or None. What is remembered still has to be confirmed."""
        known = self._remember(document.document_id, document.revision, wanted.sentence)
        if known.place is None:
            known.place = _find_place(wanted.sentence, self._read_near(wanted, document, scope))
        if known.place is None:
            known.place = _find_place(wanted.sentence, self._read(document, scope))
        return build_evidence(document, known.place.passage, known.place.index) if known.place else None

    def _read(self, document: AnsweringDocument, scope: Scope) -> list[Passage]:
        # Every kept revision counts, so this is enough for each of them.
        return self._read_ordinals(range(self._store.count(document.document_id)), document, scope)

    def _read_near(
        self, wanted: OfficialEvidence, document: AnsweringDocument, scope: Scope
    ) -> list[Passage]:
        return self._read_ordinals([wanted.ordinal], document, scope)

    def _read_ordinals(
        self, ordinals: Iterable[int], document: AnsweringDocument, scope: Scope
    ) -> list[Passage]:
        keys = [
            PassageKey(document.source, document.document_id, document.revision, ordinal)
            for ordinal in ordinals
        ]
        found = self._store.read(keys, scope=scope)
        return [found[key] for key in keys if key in found]


@dataclass(slots=True)
class _Remembered:
    document_id: str
    revision: int
    sentence: str
    place: Place | None = None


def list_closest(words: str, sentences: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The sentences most like `words`, best first: for an error that helps, and to choose one by a few words."""
    texts = [normalise_text(one.sentence) for one in sentences]
    scored = process.extract(normalise_text(words), texts, scorer=fuzz.token_set_ratio, limit=MOST_CLOSEST)
    return tuple(sentences[place] for _, _, place in scored)


def choose_sentence(words: str, sentences: Sequence[Evidence]) -> Evidence | None:
    """The sentence itself, or the only one in which these words stand; None when there is none or several."""
    same = [one for one in sentences if one.sentence == words]
    wanted = normalise_text(words)
    holding = same or [one for one in sentences if wanted and wanted in normalise_text(one.sentence)]
    different = {one.sentence for one in holding}
    return holding[0] if len(different) == 1 else None


def _find_place(sentence: str, passages: Iterable[Passage]) -> Place | None:
    for passage in passages:
        for index, text in enumerate(passage.sentence_texts()):
            if text == sentence:
                return Place(passage, index)
    return None
