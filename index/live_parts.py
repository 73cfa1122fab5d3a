"""Store, embedder and search of whichever generation is in use when they are called. Made by index/assembly.py.

Their holders never notice a re-index; a search keeps one generation from its question's vector to its last passage.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from core.documents import Passage
from index.compare_index import FolderStore
from index.generations import Generations
from index.passage_store import FactsChange, IndexedPassage, KeywordVector, Legs, PassageKey, Scope
from index.search import Found, FoundPassage, PassageSearch


@dataclass(frozen=True, slots=True)
class LiveStore:
    """Implements index.passage_store.PassageStore; each call uses one generation."""

    generations: Generations

    def upsert(self, passages: Sequence[IndexedPassage]) -> None:
        """As the store in use."""
        with self.generations.using() as now:
            now.store.upsert(passages)

    def remove(
        self, document_id: str, *, keep_revisions: Collection[int] = (), up_to: int | None = None
    ) -> None:
        """As the store in use."""
        with self.generations.using() as now:
            now.store.remove(document_id, keep_revisions=keep_revisions, up_to=up_to)

    def remove_documents(self, document_ids: Collection[str]) -> None:
        """As the store in use."""
        with self.generations.using() as now:
            now.store.remove_documents(document_ids)

    def set_facts(self, changes: Collection[FactsChange]) -> None:
        """As the store in use."""
        with self.generations.using() as now:
            now.store.set_facts(changes)

    def find(self, vector: NDArray[np.float32], keywords: KeywordVector, *, scope: Scope, depth: int) -> Legs:
        """As the store in use."""
        with self.generations.using() as now:
            return now.store.find(vector, keywords, scope=scope, depth=depth)

    def read(self, keys: Collection[PassageKey], *, scope: Scope) -> Mapping[PassageKey, Passage]:
        """As the store in use."""
        with self.generations.using() as now:
            return now.store.read(keys, scope=scope)

    def count(self, document_id: str | None = None) -> int:
        """As the store in use."""
        with self.generations.using() as now:
            return now.store.count(document_id)

    def close(self) -> None:
        """Close the generation in use, and old ones that somebody still uses."""
        self.generations.close()


@dataclass(frozen=True, slots=True)
class LiveFolderStore(LiveStore):
    """The same where generations are folders of this machine: what backup and repair look at besides."""

    @property
    def folder(self) -> Path:
        """The folder in use."""
        with self._using_folder() as store:
            return store.folder

    def list_payloads(self, fields: Collection[str]) -> Iterator[Mapping[str, Any]]:
        """As the store in use."""
        with self._using_folder() as store:
            yield from store.list_payloads(fields)

    def before_next_write(self, action: Callable[[], None]) -> None:
        """As the store in use."""
        with self._using_folder() as store:
            store.before_next_write(action)

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """As the store in use."""
        with self._using_folder() as store, store.held_still():
            yield

    @contextmanager
    def _using_folder(self) -> Iterator[FolderStore]:
        with self.generations.using() as now:
            yield cast(FolderStore, now.store)


@dataclass(frozen=True, slots=True)
class LiveEmbedder:
    """Implements index.embedder.Embedder: that for passages."""

    generations: Generations

    @property
    def dimension(self) -> int:
        """Numbers in one vector, at present."""
        with self.generations.using() as now:
            return now.embedder.dimension

    @property
    def fingerprint(self) -> str:
        """That of the embedder in use."""
        with self.generations.using() as now:
            return now.embedder.fingerprint

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the embedder in use."""
        with self.generations.using() as now:
            return now.embedder.embed_passages(texts)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """As the embedder in use."""
        with self.generations.using() as now:
            return now.embedder.embed_question(text)

    def warm_up(self) -> None:
        """As the embedder in use."""
        with self.generations.using() as now:
            now.embedder.warm_up()


@dataclass(frozen=True, slots=True)
class LiveSearch(PassageSearch):
    """A PassageSearch each of whose questions is answered by one generation's own search."""

    generations: Generations = field(kw_only=True)

    def find(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """As the search in use."""
        with self.generations.using() as now:
            return now.search.find(text, scope, limit=limit)

    def find_by_any_leg(self, text: str, scope: Scope, *, limit: int = 10) -> Found:
        """As the search in use."""
        with self.generations.using() as now:
            return now.search.find_by_any_leg(text, scope, limit=limit)

    def find_hidden(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """As the search in use."""
        with self.generations.using() as now:
            return now.search.find_hidden(text, scope, limit=limit)
