"""A small search over passages given as text, with an embedder that counts words. For tests of bot/answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from core.access import OPEN_TO_ALL, AccessList, Person
from core.answers import Question
from core.documents import AnsweringDocument, Facts, Passage, Sentence, Status, Validity
from index.passage_store import LegName, Scope
from index.search import Found, FoundPassage, is_answering

DAY = date(2026, 10, 15)
READER = Person(email="reader@pelmarrow.example", groups=frozenset({"marketing"}))
DIMENSION = 512
ALWAYS = Validity()


class WordEmbedder:
    """Unit vectors of word counts: texts that share words are near. No model file is read."""

    dimension = DIMENSION
    fingerprint = "words"

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text."""
        return np.stack([self.embed_question(text) for text in texts])

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Counts of hashed words, scaled to length one."""
        vector = np.zeros(DIMENSION, dtype=np.float32)
        for word in text.lower().split():
            vector[crc32(word.strip(".,?!:").encode()) % DIMENSION] += 1
        length = float(np.linalg.norm(vector)) or 1.0
        return np.asarray(vector / length, dtype=np.float32)

    def warm_up(self) -> None:
        """Nothing to load."""


def build_found(
    *sentences: str,
    document_id: str = "doc-1",
    title: str = "Brand guide",
    heading: tuple[str, ...] = (),
    ordinal: int = 0,
    status: Status = "approved",
    access: AccessList = OPEN_TO_ALL,
    validity: Validity = ALWAYS,
) -> FoundPassage:
    """A found passage whose text is the sentences joined by spaces."""
    text = " ".join(sentences)
    starts = [sum(len(one) + 1 for one in sentences[:index]) for index in range(len(sentences))]
    offsets = tuple(Sentence(start, start + len(one)) for start, one in zip(starts, sentences, strict=True))
    document = AnsweringDocument(
        document_id=document_id,
        revision=1,
        source="brand",
        path=f"{document_id}.md",
        title=title,
        facts=Facts(status=status, access=access, validity=validity),
        updated=datetime(2026, 9, 1, tzinfo=UTC),
    )
    passage = Passage(ordinal=ordinal, text=text, sentences=offsets, heading_path=heading)
    return FoundPassage(f"{document_id}:{ordinal}", passage, document, 0.1, 0.5, 3.0)


@dataclass
class WorldSearch:
    """Finds what the scope permits, by shared words. Change `passages` to change the world between calls."""

    passages: list[FoundPassage] = field(default_factory=list)
    legs: tuple[LegName, ...] = ("dense", "bm25")

    def find(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """Permitted passages, nearest first."""
        allowed = [found for found in self.passages if is_answering(found.document, scope)]
        return self._rank(text, allowed)[:limit]

    def find_by_any_leg(self, text: str, scope: Scope, *, limit: int = 10) -> Found:
        """The same, by the legs that are up."""
        return Found(self.find(text, scope, limit=limit), self.legs)

    def find_hidden(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """All passages, nearest first."""
        return self._rank(text, self.passages)[:limit]

    def confirm(
        self, documents: Iterable[AnsweringDocument], scope: Scope
    ) -> Mapping[str, AnsweringDocument]:
        """The documents that still answer in the same revision."""
        now = {found.document.document_id: found.document for found in self.passages}
        wanted = {document.document_id: document.revision for document in documents}
        return {
            document_id: now[document_id]
            for document_id, revision in wanted.items()
            if document_id in now
            and now[document_id].revision == revision
            and is_answering(now[document_id], scope)
        }

    def _rank(self, text: str, passages: Sequence[FoundPassage]) -> tuple[FoundPassage, ...]:
        embedder = WordEmbedder()
        question = embedder.embed_question(text)
        cosines = [float(embedder.embed_question(found.passage.text) @ question) for found in passages]
        ranked = sorted(zip(cosines, passages, strict=True), key=lambda pair: -pair[0])
        return tuple(
            replace(found, cosine=cosine, score=1.0 / (10 + rank))
            for rank, (cosine, found) in enumerate(ranked)
        )


def ask(text: str, *, asker: Person = READER, use_model: bool = True) -> Question:
    """A question on the sample day."""
    return Question(text=text, asker=asker, on=DAY, use_model=use_model)
