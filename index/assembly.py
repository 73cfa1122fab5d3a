"""Joins the doors of the index to real parts, by the settings. The only place that knows the concrete stores."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.database import Database
from core.errors import PermanentError
from core.ledger import Ledger
from core.settings import Settings
from core.world_facts import read_fact, write_fact
from index.embedder import Embedder
from index.keyword_vectors import KeywordVectors
from index.onnx_embedder import OnnxEmbedder
from index.passage_store import PassageStore
from index.search import PassageSearch
from index.settle import settle_index

COLLECTION = "onbrand_passages"
FINGERPRINT = "index_fingerprint"


class IndexMismatch(PermanentError):
    """The index was built by another embedder than the settings name; their vectors must not be mixed."""


@dataclass(frozen=True, slots=True)
class Index:
    """An open index with everything that reads or writes it."""

    store: PassageStore
    embedder: Embedder
    keyword_vectors: KeywordVectors
    search: PassageSearch
    ledger: Ledger

    def settle(self) -> int:
        """See index.settle."""
        return settle_index(self.ledger, self.store)


@contextmanager
def open_index(settings: Settings, database: Database) -> Iterator[Index]:
    """Open the index that the settings name; raises IndexInUse when another process owns the folder."""
    ledger = Ledger(database)
    embedder = OnnxEmbedder(precision=settings.embedder_precision, models_folder=None)
    store = _open_store(settings, embedder.dimension)
    try:
        _check_fingerprint(database, embedder, is_empty=store.count() == 0)
        keyword_vectors = KeywordVectors()
        search = PassageSearch(store=store, embedder=embedder, keyword_vectors=keyword_vectors, ledger=ledger)
        index = Index(store, embedder, keyword_vectors, search, ledger)
        index.settle()
        yield index
    finally:
        store.close()


def _open_store(settings: Settings, dimension: int) -> PassageStore:
    if settings.qdrant_url is not None:
        # Imported here: the client costs a second that the embedded default need not pay.
        from index.qdrant_store import open_qdrant

        key = settings.qdrant_key.get_secret_value() if settings.qdrant_key else None
        return open_qdrant(settings.qdrant_url, key, COLLECTION, dimension)
    from index.edge_store import EdgePassageStore

    return EdgePassageStore(settings.home / "index" / "passages", dimension)


def _check_fingerprint(database: Database, embedder: Embedder, *, is_empty: bool) -> None:
    built_by = read_fact(database, FINGERPRINT)
    if built_by == embedder.fingerprint:
        return
    if built_by is not None and not is_empty:
        raise IndexMismatch(
            f"the index was built by {built_by}, the settings now name {embedder.fingerprint}; set "
            "ONBRAND_EMBEDDER_PRECISION back, or move the folder index/ in ONBRAND_HOME away and run "
            "`onbrand sync --full`"
        )
    write_fact(database, FINGERPRINT, embedder.fingerprint)
