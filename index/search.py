"""Finds passages for an asker: both legs, fused, then judged by the ledger. The only way from question to passages."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from core.access import LOCAL_OWNER, may_read
from core.documents import STATUSES, AnsweringDocument, Passage
from index.embedder import Embedder
from index.fusion import fuse_legs
from index.keyword_vectors import KeywordVectors
from index.passage_store import Hit, PassageStore, Scope

DEPTH = 60
"""Hits per leg: enough that dropping what the ledger refuses still leaves a full page."""


class Ledger(Protocol):
    """What search needs of core.ledger: its last word on documents."""

    def find_answering(self, document_ids: Collection[str]) -> Mapping[str, AnsweringDocument]:
        """The answering revision of each document that still exists, in one query."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that this asker may read now. `cosine` and `keyword_score` are None where a leg missed it."""

    point_id: str
    passage: Passage
    document: AnsweringDocument
    score: float
    cosine: float | None
    keyword_score: float | None


class PassageSearch:
    """Search over one store. Thread-safe as far as its parts are."""

    def __init__(
        self, *, store: PassageStore, embedder: Embedder, keyword_vectors: KeywordVectors, ledger: Ledger
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._keyword_vectors = keyword_vectors
        self._ledger = ledger

    def find(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """Best passages first. Nothing that the ledger does not confirm for this asker and day is among them."""
        vector = self._embedder.embed_question(text)
        keywords = self._keyword_vectors.of_question(text)
        legs = self._store.find(vector, keywords, scope=scope, depth=max(DEPTH, limit))
        documents = self._ledger.find_answering({hit.document_id for hit in (*legs.dense, *legs.bm25)})
        dense = keep_confirmed(legs.dense, documents, scope)
        bm25 = keep_confirmed(legs.bm25, documents, scope)
        return tuple(
            FoundPassage(
                point_id=fused.hit.point_id,
                passage=fused.hit.passage,
                document=documents[fused.hit.document_id],
                score=fused.score,
                cosine=fused.cosine,
                keyword_score=fused.keyword_score,
            )
            for fused in fuse_legs(dense, bm25)[:limit]
        )

    def find_hidden(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """What would be found without status, dates and access. Only to say *why* nothing was: never shown."""
        widened = replace(scope, asker=LOCAL_OWNER, on=None, statuses=STATUSES)
        return self.find(text, widened, limit=limit)

    def confirm(self, documents: Iterable[AnsweringDocument], scope: Scope) -> frozenset[str]:
        """Ids of those documents that still answer, unchanged, for this scope: asked again just before posting."""
        wanted = {document.document_id: document for document in documents}
        now = self._ledger.find_answering(wanted.keys())
        return frozenset(
            document_id
            for document_id, document in now.items()
            if document.revision == wanted[document_id].revision and is_answering(document, scope)
        )


def keep_confirmed(
    hits: Iterable[Hit], documents: Mapping[str, AnsweringDocument], scope: Scope
) -> tuple[Hit, ...]:
    """The ledger decides last: drop each hit whose revision or facts differ from the ledger's."""
    return tuple(hit for hit in hits if _is_confirmed(hit, documents.get(hit.document_id), scope))


def is_answering(document: AnsweringDocument, scope: Scope) -> bool:
    """The whole rule on ledger facts alone: settled, status, day, brand, kind, source, access."""
    facts = document.facts
    return (
        document.is_settled
        and facts.status in scope.statuses
        and _is_valid(document, scope.on)
        and (scope.brand is None or facts.brand is None or facts.brand == scope.brand)
        and (not scope.kinds or facts.kind in scope.kinds)
        and (not scope.sources or document.source in scope.sources)
        and may_read(scope.asker, facts.access)
    )


def _is_valid(document: AnsweringDocument, on: date | None) -> bool:
    return on is None or document.facts.validity.contains(on)


def _is_confirmed(hit: Hit, document: AnsweringDocument | None, scope: Scope) -> bool:
    return (
        document is not None
        and hit.revision == document.revision
        and hit.facts_digest == document.facts.digest()
        and is_answering(document, scope)
    )
