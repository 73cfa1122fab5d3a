"""The door to the index: what a store must do. Implemented by edge_store (in process) and qdrant_store (server)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from core.access import Person
from core.documents import Facts, Kind, Passage, Status

LegName = Literal["dense", "bm25"]


@dataclass(frozen=True, slots=True)
class KeywordVector:
    """Sparse BM25 vector: token ids and weights. Empty when the text holds only stop words."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """One point: a passage of a document's revision, the facts it is filtered by, and its two vectors."""

    document_id: str
    revision: int
    source: str
    title: str
    passage: Passage
    facts: Facts
    vector: NDArray[np.float32]
    keywords: KeywordVector


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks and what may count: turned into the filter of **every** leg, in index/access_filter.py only.

    A document without a brand belongs to every brand. `statuses` and `on` are widened only to explain why
    nothing was found, never to answer: `on=None` drops the validity filter.
    """

    asker: Person
    on: date | None
    brand: str | None = None
    statuses: tuple[Status, ...] = ("approved",)
    kinds: tuple[Kind, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage found by one leg, with that leg's raw score (cosine, or BM25)."""

    point_id: str
    score: float
    document_id: str
    revision: int
    passage: Passage
    facts_digest: str


@dataclass(frozen=True, slots=True)
class Legs:
    """Both result lists, each best first by (−score, point id)."""

    dense: tuple[Hit, ...]
    bm25: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class PassageKey:
    """Names one passage of one revision; its neighbours have the ordinals before and after."""

    source: str
    document_id: str
    revision: int
    ordinal: int


@dataclass(frozen=True, slots=True)
class FactsChange:
    """The facts by which every passage of one revision is filtered from now on."""

    document_id: str
    revision: int
    facts: Facts


class PassageStore(Protocol):
    """Holds the points of one collection. Every call is durable when it returns; calls may come from any thread."""

    def upsert(self, passages: Sequence[IndexedPassage]) -> None:
        """Write points; the same document, revision and ordinal overwrite each other. Wrong dimension raises."""

    def remove(
        self, document_id: str, *, keep_revisions: Collection[int] = (), up_to: int | None = None
    ) -> None:
        """Remove all points of a document but those of the kept revisions, and of any after `up_to`.

        Who sweeps for one revision names it: a later one, which another process has written since, is not theirs.
        """

    def remove_documents(self, document_ids: Collection[str]) -> None:
        """Remove all points of many documents at once."""

    def set_facts(self, changes: Collection[FactsChange]) -> None:
        """Replace the filter facts of every point of each named revision."""

    def find(self, vector: NDArray[np.float32], keywords: KeywordVector, *, scope: Scope, depth: int) -> Legs:
        """Both legs, filtered by `scope`, `depth` hits each. Ties at the cut are resolved by point id."""

    def read(self, keys: Collection[PassageKey], *, scope: Scope) -> Mapping[PassageKey, Passage]:
        """Passages by name, filtered by `scope` as in `find`; those that are not there are left out."""

    def count(self, document_id: str | None = None) -> int:
        """Number of points, of one document or in all."""

    def close(self) -> None:
        """Flush and release; a closed store is not used again."""
