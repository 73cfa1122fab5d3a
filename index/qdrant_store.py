"""The index on a Qdrant server, for several bots and workers. Imported only when ONBRAND_QDRANT_URL is set.

With its two neighbours the only importer of qdrant_client, which takes a second to load.
"""

from collections.abc import Collection, Sequence
from contextlib import closing
from itertools import count as count_up

import numpy as np
from numpy.typing import NDArray
from qdrant_client import QdrantClient, models

from core.documents import Passage
from index.access_filter import (
    FilterWords,
    PassageFilter,
    build_document_filter,
    build_reading_filter,
    build_revision_filter,
    translate_filter,
)
from index.passage_store import FactsChange, IndexedPassage, KeywordVector, Legs, PassageKey, Scope
from index.payload import (
    HIT_FIELDS,
    StoredPassage,
    build_facts_payload,
    build_payload,
    build_point_id,
    check_passage_vectors,
    check_vector,
    read_stored,
)
from index.qdrant_collection import (
    CollectionPlan,
    ServerState,
    describe_collection,
    discard_generation,
    open_collection,
    publish_generation,
)
from index.qdrant_server import QdrantServer, check_server, connect, naming_failures
from index.rank_legs import FoundPoint, LegRequest, build_leg_requests, find_legs, read_passages

BATCH = 128
# Up to here comparing everything that passes the filter is fast enough and misses nothing.
MOST_EXACT_PASSAGES = 200_000
# Other processes write too: the size that decides between exact and graph search is asked again.
FINDS_PER_SIZE_CHECK = 256
SERVER_WORDS = FilterWords(
    filter=models.Filter,
    field_condition=models.FieldCondition,
    match_any=models.MatchAny,
    range=models.Range,
    has_id=lambda point_ids: models.HasIdCondition(has_id=sorted(point_ids)),
)


def open_qdrant(server: QdrantServer, plan: CollectionPlan) -> "QdrantPassageStore":
    """Check the server, then open the plan's collection, creating it (the first one with its alias) when absent.

    Raises what check_server raises, NameTaken, or WrongDimension.
    """
    check_server(server)
    return QdrantPassageStore(connect(server), plan, host=server.host)


def describe_qdrant(server: QdrantServer, alias: str) -> ServerState:
    """Version, collection, points and payload indexes, for `onbrand doctor`. Raises what check_server raises."""
    version = check_server(server)
    with closing(connect(server)) as client, naming_failures(server.host):
        return describe_collection(client, alias, version=version)


def publish_collection(server: QdrantServer, alias: str, generation: int) -> None:
    """Let the alias lead to a generation. Repeatable."""
    with closing(connect(server)) as client, naming_failures(server.host):
        publish_generation(client, alias, generation)


def discard_collection(server: QdrantServer, alias: str, generation: int) -> None:
    """Delete a generation that the alias does not lead to."""
    with closing(connect(server)) as client, naming_failures(server.host):
        discard_generation(client, alias, generation)


class QdrantPassageStore:
    """Reads and writes one collection of a server, whatever its alias is switched to meanwhile."""

    def __init__(self, client: QdrantClient, plan: CollectionPlan, *, host: str = "this process") -> None:
        self._client = client
        self._dimension = plan.dimension
        self._host = host
        self._finds = count_up()
        self._params = choose_search_params(0)
        try:
            with naming_failures(host):
                self._collection = open_collection(client, plan, host=host)
        except BaseException:
            client.close()
            raise

    def upsert(self, passages: Sequence[IndexedPassage]) -> None:
        """Write points in batches; all are checked before the first is sent."""
        check_passage_vectors(passages, self._dimension)
        with naming_failures(self._host):
            for start in range(0, len(passages), BATCH):
                points = [_build_point(passage) for passage in passages[start : start + BATCH]]
                self._client.upsert(self._collection, points, wait=True)

    def remove(
        self, document_id: str, *, keep_revisions: Collection[int] = (), up_to: int | None = None
    ) -> None:
        """Remove all points of a document but those of the kept revisions, and of any after `up_to`."""
        unwanted = build_document_filter(document_id, keep_revisions=keep_revisions, up_to=up_to)
        with naming_failures(self._host):
            self._client.delete(
                self._collection, models.FilterSelector(filter=_translate(unwanted)), wait=True
            )

    def remove_documents(self, document_ids: Collection[str]) -> None:
        """Remove all points of many documents."""
        for document_id in document_ids:
            self.remove(document_id)

    def set_facts(self, changes: Collection[FactsChange]) -> None:
        """Replace the filter facts of every point of each named revision."""
        with naming_failures(self._host):
            for one in changes:
                wanted = _translate(build_revision_filter(one.document_id, one.revision))
                self._client.set_payload(self._collection, build_facts_payload(one.facts), wanted, wait=True)

    def find(self, vector: NDArray[np.float32], keywords: KeywordVector, *, scope: Scope, depth: int) -> Legs:
        """Both legs in one request, each filtered by `scope`, `depth` hits each."""
        check_vector(vector, self._dimension)
        requests = build_leg_requests(vector, keywords, scope=scope, depth=depth)
        if requests and next(self._finds) % FINDS_PER_SIZE_CHECK == 0:
            self._params = choose_search_params(self.count())
        return find_legs(self, requests, depth=depth)

    def read(self, keys: Collection[PassageKey], *, scope: Scope) -> dict[PassageKey, Passage]:
        """Passages by name, filtered by `scope`."""
        return read_passages(self, keys, scope=scope)

    def count(self, document_id: str | None = None) -> int:
        """Number of points, of one document or in all."""
        wanted = None if document_id is None else _translate(build_document_filter(document_id))
        with naming_failures(self._host):
            return self._client.count(self._collection, wanted, exact=True).count

    def search_legs(self, requests: Sequence[LegRequest]) -> list[list[FoundPoint]]:
        """Answer the legs of `find`; each carries its own filter."""
        queries = [_build_query(request, self._params) for request in requests]
        with naming_failures(self._host):
            answers = self._client.query_batch_points(self._collection, queries)
        return [[FoundPoint(str(point.id), point.score) for point in answer.points] for answer in answers]

    def read_stored(self, point_ids: Collection[str], *, allowed: PassageFilter) -> dict[str, StoredPassage]:
        """What those points hold that pass the filter still. Others write too, so nothing is remembered."""
        with naming_failures(self._host):
            records, _ = self._client.scroll(
                self._collection,
                _translate(build_reading_filter(allowed, point_ids)),
                limit=len(point_ids),
                with_payload=list(HIT_FIELDS),
            )
        return {str(record.id): read_stored(record.payload or {}) for record in records}

    def close(self) -> None:
        """Close the connections; every write was waited for."""
        self._client.close()


def choose_search_params(passages: int) -> models.SearchParams:
    """Exact up to 200,000 passages; above, the graph with ACORN, which keeps recall under filters."""
    if passages <= MOST_EXACT_PASSAGES:
        return models.SearchParams(exact=True)
    return models.SearchParams(acorn=models.AcornSearchParams(enable=True))


def _build_point(indexed: IndexedPassage) -> models.PointStruct:
    return models.PointStruct(
        id=build_point_id(indexed),
        vector={"dense": indexed.vector.tolist(), "bm25": _build_sparse(indexed.keywords)},
        payload=build_payload(indexed),
    )


def _build_query(request: LegRequest, params: models.SearchParams) -> models.QueryRequest:
    query = request.query
    return models.QueryRequest(
        query=_build_sparse(query) if isinstance(query, KeywordVector) else query.tolist(),
        using=request.leg,
        filter=_translate(request.allowed),
        params=params,
        limit=request.limit,
    )


def _build_sparse(keywords: KeywordVector) -> models.SparseVector:
    return models.SparseVector(indices=list(keywords.indices), values=list(keywords.values))


def _translate(wanted: PassageFilter) -> models.Filter:
    return translate_filter(wanted, SERVER_WORDS)
