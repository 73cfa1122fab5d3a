"""Finds passages for an asker: both legs, fused, then judged by the ledger. The only way from question to passages."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.access import LOCAL_OWNER, may_read
from core.documents import STATUSES, AnsweringDocument, Kind, Passage
from index.embedder import Embedder, EmbedderUnavailable
from index.fusion import SHIPPED, FusedHit, FusionSettings, fuse_legs
from index.keyword_vectors import KeywordVectors
from index.passage_store import Hit, KeywordVector, LegName, Legs, PassageKey, PassageStore, Scope
from index.reranker import RERANKED_PASSAGES, Reranker, list_reranked
from index.section_window import join_window, read_windows
from index.spelling import Spelling
from index.understanding import find_kinds, find_phrases
from index.unit_vectors import EmbeddingsUnusable

_log = logging.getLogger(__name__)


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
    window: tuple[Passage, ...] = ()
    """The passage with its neighbours of the same section, in reading order: what is read and shown."""

    @property
    def text(self) -> str:
        """The text of the window (of the passage alone, where no window was read)."""
        return join_window(self.window or (self.passage,))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first, and the legs that looked for it."""

    passages: tuple[FoundPassage, ...]
    legs: tuple[LegName, ...]

    @property
    def is_without_meaning(self) -> bool:
        """True when only words were compared, because the embedder is down."""
        return "dense" not in self.legs


WIDENED_SHARE = 2
"""Candidates for each result: about half of the best passages lie in the window of a better one at the most."""

SPARE = 4
"""So many more are widened at once than are wanted: for most questions that spares a second reading."""

KIND_BOOST = 0.05
PHRASE_BOOST = 0.15
"""Added to the score (0 to 1) of a document whose kind the question names, of a passage that holds a quoted phrase."""


@dataclass(frozen=True, slots=True)
class PassageSearch:
    """Search over one store. Thread-safe as far as its parts are."""

    store: PassageStore
    embedder: Embedder
    keyword_vectors: KeywordVectors
    ledger: Ledger
    reranker: Reranker | None = None
    spelling: Spelling | None = None
    fusion: FusionSettings = SHIPPED

    def find(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """Best passages first. Nothing that the ledger does not confirm for this asker and day is among them.

        By both legs or not at all, as for measuring: raises what the embedder raises.
        """
        read = self._correct(text)
        vector, keywords = self.embedder.embed_question(read), self.keyword_vectors.of_question(read)
        return self._find(text, self._ask_legs(vector, keywords, scope, limit), scope, limit)

    def find_by_any_leg(self, text: str, scope: Scope, *, limit: int = 10) -> Found:
        """As `find`, but while the embedder is down by words alone. Raises its failure when there are no words."""
        read = self._correct(text)
        keywords = self.keyword_vectors.of_question(read)
        vector = self._try_embed(read, keywords)
        passages = self._find(text, self._ask_legs(vector, keywords, scope, limit), scope, limit)
        dense: tuple[LegName, ...] = () if vector is None else ("dense",)
        return Found(passages, (*dense, "bm25") if keywords.indices else dense)

    def _correct(self, text: str) -> str:
        return self.spelling.correct(text) if self.spelling else text

    def _try_embed(self, text: str, keywords: KeywordVector) -> NDArray[np.float32] | None:
        try:
            return self.embedder.embed_question(text)
        except (EmbedderUnavailable, EmbeddingsUnusable) as failure:
            if not keywords.indices:
                raise
            _log.warning("searching by words alone: %s", failure)
            return None

    def _ask_legs(
        self, vector: NDArray[np.float32] | None, keywords: KeywordVector, scope: Scope, limit: int
    ) -> Legs:
        depth = max(self.fusion.depth, limit)
        if vector is not None:
            return self.store.find(vector, keywords, scope=scope, depth=depth)
        # The store's door takes both legs: any direction will do, for what it finds is not looked at.
        anywhere = np.eye(1, self.embedder.dimension, dtype=np.float32)[0]
        return replace(self.store.find(anywhere, keywords, scope=scope, depth=depth), dense=())

    def _find(self, text: str, legs: Legs, scope: Scope, limit: int) -> tuple[FoundPassage, ...]:
        documents = self.ledger.find_answering({hit.document_id for hit in (*legs.dense, *legs.bm25)})
        fused = fuse_legs(
            keep_confirmed(legs.dense, documents, scope),
            keep_confirmed(legs.bm25, documents, scope),
            self.fusion,
        )
        boost = partial(_boost, kinds=find_kinds(text), phrases=find_phrases(text))
        found = sorted(
            (boost(_build_found(one, documents[one.hit.document_id])) for one in fused),
            key=lambda one: (-one.score, one.point_id),
        )
        candidates = found[: max(limit * WIDENED_SHARE, RERANKED_PASSAGES)]
        return self._widen(self._rerank(text, tuple(candidates)), scope, limit)

    def _widen(self, found: Sequence[FoundPassage], scope: Scope, limit: int) -> tuple[FoundPassage, ...]:
        """Give each passage its window; one that lies in the window of a better one is part of that."""
        rest = found[: limit * WIDENED_SHARE]
        widened: list[FoundPassage] = []
        taken: set[PassageKey] = set()
        while rest and len(widened) < limit:
            # Hardly more than are missing: those after them are wanted only if many of these are part of others.
            count = limit - len(widened) + SPARE
            anchors = {_key_of(one, one.passage): one for one in rest[:count]}
            rest = rest[count:]
            windows = read_windows(
                {key: one.passage for key, one in anchors.items() if key not in taken},
                partial(self.store.read, scope=scope),
            )
            for key, window in windows.items():
                if key not in taken:
                    taken |= {_key_of(anchors[key], passage) for passage in window}
                    widened.append(replace(anchors[key], window=window))
        return tuple(widened[:limit])

    def _rerank(self, text: str, found: tuple[FoundPassage, ...]) -> tuple[FoundPassage, ...]:
        """The order changes, the scores stay those of the fusion."""
        if self.reranker is None:
            return found
        texts = [
            "\n".join((one.document.title, *one.passage.heading_path, one.passage.text)) for one in found
        ]
        return tuple(found[place] for place in list_reranked(self.reranker, text, texts))

    def find_hidden(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """What would be found without status, dates and access. Only to say *why* nothing was: never shown."""
        widened = replace(scope, asker=LOCAL_OWNER, on=None, statuses=STATUSES)
        # What the asker may not read is not sent to a reranker's endpoint either.
        return replace(self, reranker=None).find_by_any_leg(text, widened, limit=limit).passages

    def confirm(
        self, documents: Iterable[AnsweringDocument], scope: Scope
    ) -> Mapping[str, AnsweringDocument]:
        """Those documents that still answer in the same revision for this scope, by id, as the ledger has them now."""
        wanted = {document.document_id: document for document in documents}
        now = self.ledger.find_answering(wanted.keys())
        return {
            document_id: document
            for document_id, document in now.items()
            if document.revision == wanted[document_id].revision and is_answering(document, scope)
        }


def _boost(found: FoundPassage, *, kinds: Collection[Kind], phrases: Collection[str]) -> FoundPassage:
    text = " ".join(found.passage.text.lower().split()) if phrases else ""
    extra = KIND_BOOST if found.document.facts.kind in kinds else 0.0
    extra += PHRASE_BOOST if any(phrase in text for phrase in phrases) else 0.0
    return replace(found, score=found.score + extra) if extra else found


def _build_found(fused: FusedHit, document: AnsweringDocument) -> FoundPassage:
    return FoundPassage(
        point_id=fused.hit.point_id,
        passage=fused.hit.passage,
        document=document,
        score=fused.score,
        cosine=fused.cosine,
        keyword_score=fused.keyword_score,
    )


def _key_of(found: FoundPassage, passage: Passage) -> PassageKey:
    document = found.document
    return PassageKey(document.source, document.document_id, document.revision, passage.ordinal)


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
