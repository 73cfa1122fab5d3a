"""Joins the doors of the index to real parts, by the settings. The only place that knows the concrete stores."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from core.database import Database
from core.disk_space import DiskFull
from core.errors import PermanentError
from core.ledger import IndexTask, Ledger
from core.settings import Settings
from core.vocabulary import Vocabulary
from core.world_facts import read_fact, write_fact
from index.embedder import Embedder, EmbedderUnavailable
from index.embedders import name_index, open_asker_embedder, open_embedder
from index.keyword_vectors import KeywordVectors
from index.passage_store import PassageStore
from index.reranker import open_reranker
from index.search import PassageSearch
from index.settle import settle_index
from index.spelling import Spelling
from index.store_errors import WrongDimension

if TYPE_CHECKING:
    from index.qdrant_collection import ServerState
    from index.qdrant_server import QdrantServer

COLLECTION = "onbrand_passages"
FINGERPRINT = "index_fingerprint"

_log = logging.getLogger(__name__)


class IndexMismatch(PermanentError):
    """The index was built with another embedder, prefix or cutter than is named now: they must not be mixed."""

    def __init__(self, built_by: str, named: str) -> None:
        super().__init__(
            f"the index was built by {built_by!r}, the settings and this version now name {named!r}; vectors of "
            "both must not be mixed. Nothing was changed. Either set ONBRAND_EMBEDDER and its settings back, or "
            "build the index again: stop onbrand, move the folder `index` in ONBRAND_HOME away (with "
            f"ONBRAND_QDRANT_URL: delete the alias {COLLECTION!r} and its collection), then `onbrand sync --full`"
        )


@dataclass(frozen=True, slots=True)
class Index:
    """An open index with everything that reads or writes it."""

    store: PassageStore
    embedder: Embedder
    keyword_vectors: KeywordVectors
    search: PassageSearch
    ledger: Ledger
    vocabulary: Vocabulary
    restore: "RestorePassages | None" = None
    settling: Lock = field(default_factory=Lock)

    def settle(self) -> int:
        """See index.settle. One at a time: an older look at the ledger must not be written after a newer one."""
        with self.settling:
            restore = partial(self.restore, self) if self.restore is not None else None
            return settle_index(self.ledger, self.store, restore)


RestorePassages = Callable[[Index, IndexTask], object]
"""Writes the passages of a document's kept revisions anew; ingest.restore_passages, which knows how text is cut."""


@contextmanager
def open_index(
    settings: Settings, database: Database, restore: RestorePassages | None = None
) -> Iterator[Index]:
    """Open the index that the settings name; raises IndexInUse when another process owns the folder."""
    ledger = Ledger(database, review_days=settings.review_days)
    built_by = read_fact(database, FINGERPRINT)
    embedder = open_embedder(settings, built_by=built_by)
    store = _open_matching_store(settings, embedder, built_by)
    try:
        _check_fingerprint(database, name_index(embedder), is_empty=store.count() == 0)
        keyword_vectors, vocabulary = KeywordVectors(), Vocabulary(database)
        search = PassageSearch(
            store=store,
            embedder=open_asker_embedder(settings, embedder),
            keyword_vectors=keyword_vectors,
            ledger=ledger,
            reranker=open_reranker(settings),
            spelling=Spelling(vocabulary),
        )
        index = Index(store, embedder, keyword_vectors, search, ledger, vocabulary, restore)
        _settle_at_start(index)
        yield index
    finally:
        store.close()


def _settle_at_start(index: Index) -> None:
    try:
        index.settle()
    except (DiskFull, EmbedderUnavailable) as error:
        # What is settled already goes on answering; the rest stays silent until a later settling succeeds.
        _log.warning("the index cannot follow the ledger: %s", error)


def _open_matching_store(settings: Settings, embedder: Embedder, built_by: str | None) -> PassageStore:
    try:
        return _open_store(settings, embedder)
    except WrongDimension as error:
        raise IndexMismatch(built_by or str(error), name_index(embedder)) from error


def _open_store(settings: Settings, embedder: Embedder) -> PassageStore:
    if settings.qdrant_url is not None:
        # Imported here: the client costs a second that the embedded default need not pay.
        from index.qdrant_collection import CollectionPlan
        from index.qdrant_store import open_qdrant

        plan = CollectionPlan(
            COLLECTION,
            name_index(embedder),
            embedder.dimension,
            shards=settings.qdrant_shards,
            replicas=settings.qdrant_replicas,
        )
        return open_qdrant(_name_server(settings, settings.qdrant_url), plan)
    from index.edge_store import EdgePassageStore

    return EdgePassageStore(settings.home / "index" / "passages", embedder.dimension)


def _name_server(settings: Settings, url: str) -> "QdrantServer":
    from index.qdrant_server import QdrantServer

    key = settings.qdrant_key.get_secret_value() if settings.qdrant_key else None
    return QdrantServer(url, key, ca=settings.qdrant_ca, allow_open=settings.qdrant_allow_open)


def describe_server(settings: Settings, url: str) -> "ServerState":
    """What a Qdrant server says of itself and of our collection; changes nothing. Raises as opening does."""
    from index.qdrant_store import describe_qdrant

    return describe_qdrant(_name_server(settings, url), COLLECTION)


def _check_fingerprint(database: Database, named: str, *, is_empty: bool) -> None:
    built_by = read_fact(database, FINGERPRINT)
    if built_by == named:
        return
    if built_by is not None and not is_empty:
        raise IndexMismatch(built_by, named)
    write_fact(database, FINGERPRINT, named)
