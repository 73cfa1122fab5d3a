"""Embeds cut passages and writes them into the index. Called by ingest_batch (syncs) and restore_passages (undo)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.documents import Facts, Passage
from core.vocabulary import Vocabulary
from index.embedder import Embedder
from index.keyword_vectors import KeywordVectors
from index.passage_store import IndexedPassage, PassageStore
from ingest.chunk import embedded_text


@dataclass(frozen=True, slots=True)
class CutPassage:
    """A passage of one revision, not embedded yet, with the facts that it is to be filtered by."""

    document_id: str
    revision: int
    source: str
    path: str
    title: str
    passage: Passage
    facts: Facts


class WritingParts(Protocol):
    """What writing takes; an open index has it."""

    @property
    def store(self) -> PassageStore:
        """Where points go."""

    @property
    def embedder(self) -> Embedder:
        """Makes the dense vectors."""

    @property
    def keyword_vectors(self) -> KeywordVectors:
        """Makes the sparse ones."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Learns the words."""


def write_passages(cut: Sequence[CutPassage], parts: WritingParts) -> None:
    """All of them in one call to the store."""
    if not cut:
        return
    texts = [embedded_text(one.title, one.passage, path=one.path) for one in cut]
    vectors = parts.embedder.embed_passages(texts)
    parts.vocabulary.add(texts)
    keywords = [parts.keyword_vectors.of_passage(text) for text in texts]
    parts.store.upsert(
        [
            IndexedPassage(
                document_id=one.document_id,
                revision=one.revision,
                source=one.source,
                title=one.title,
                passage=one.passage,
                facts=one.facts,
                vector=vector,
                keywords=words,
            )
            for one, vector, words in zip(cut, vectors, keywords, strict=True)
        ]
    )
