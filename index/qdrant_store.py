"""The index on a Qdrant server, for several bots and workers. Imported only when ONBRAND_QDRANT_URL is set.

The only importer of qdrant_client, which takes a second to load.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import count as count_up
from typing import Any
from urllib.parse import urlsplit
from warnings import catch_warnings, filterwarnings

import numpy as np
from numpy.typing import NDArray
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from core.documents import Facts
from index.access_filter import (
    FilterWords,
    PassageFilter,
    build_document_filter,
    build_revision_filter,
    translate_filter,
)
from index.passage_store import IndexedPassage, KeywordVector, Legs, Scope
from index.payload import (
    HIT_FIELDS,
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    build_facts_payload,
    build_payload,
    build_point_id,
    check_passage_vectors,
    check_vector,
)
from index.rank_legs import FoundPoint, LegRequest, build_leg_requests, find_legs
from index.store_errors import IndexRefused, IndexUnreachable, WrongDimension

BATCH = 128
TIMEOUT_SECONDS = 10
# Up to here comparing everything that passes the filter is fast enough and misses nothing.
MOST_EXACT_PASSAGES = 200_000
# Other processes write too: the size that decides between exact and graph search is asked again.
FINDS_PER_SIZE_CHECK = 256
CONFLICT, TOO_MANY_REQUESTS, REQUEST_TIMEOUT, FIRST_SERVER_ERROR = 409, 429, 408, 500
SERVER_WORDS = FilterWords(
    filter=models.Filter,
    field_condition=models.FieldCondition,
    match_any=models.MatchAny,
    range=models.Range,
)


def open_qdrant(url: str, key: str | None, collection: str, dimension: int) -> "QdrantPassageStore":
    """Connect to a server and open the collection, creating it when absent.

    Raises IndexUnreachable, IndexRefused (the key), or WrongDimension.
    """
    with catch_warnings():
        # A key over plain http is what a network without a way out has; `doctor` speaks of it.
        filterwarnings("ignore", message="Api key is used with an insecure connection")
        # No proxy of the environment is followed: it would see every passage.
        client = QdrantClient(
            url=url,
            api_key=key,
            timeout=TIMEOUT_SECONDS,
            prefer_grpc=False,
            check_compatibility=False,
            trust_env=False,
        )
    return QdrantPassageStore(client, collection, dimension, host=urlsplit(url).netloc.rpartition("@")[2])


class QdrantPassageStore:
    """One collection of a server. `dimension` is the length of the dense vectors."""

    def __init__(
        self, client: QdrantClient, collection: str, dimension: int, *, host: str = "this process"
    ) -> None:
        self._client = client
        self._collection = collection
        self._dimension = dimension
        self._host = host
        self._finds = count_up()
        self._params = choose_search_params(0)
        with self._naming_failures():
            self._prepare_collection()

    def upsert(self, passages: Sequence[IndexedPassage]) -> None:
        """Write points in batches; all are checked before the first is sent."""
        check_passage_vectors(passages, self._dimension)
        with self._naming_failures():
            for start in range(0, len(passages), BATCH):
                points = [_build_point(passage) for passage in passages[start : start + BATCH]]
                self._client.upsert(self._collection, points, wait=True)

    def remove(self, document_id: str, *, keep_revisions: Collection[int] = ()) -> None:
        """Remove all points of a document but those of the kept revisions."""
        unwanted = _translate(build_document_filter(document_id, keep_revisions=keep_revisions))
        with self._naming_failures():
            self._client.delete(self._collection, models.FilterSelector(filter=unwanted), wait=True)

    def set_facts(self, document_id: str, revision: int, facts: Facts) -> None:
        """Replace the filter facts of every point of one revision."""
        wanted = _translate(build_revision_filter(document_id, revision))
        with self._naming_failures():
            self._client.set_payload(self._collection, build_facts_payload(facts), wanted, wait=True)

    def find(self, vector: NDArray[np.float32], keywords: KeywordVector, *, scope: Scope, depth: int) -> Legs:
        """Both legs in one request, each filtered by `scope`, `depth` hits each."""
        check_vector(vector, self._dimension)
        requests = build_leg_requests(vector, keywords, scope=scope, depth=depth)
        if requests and next(self._finds) % FINDS_PER_SIZE_CHECK == 0:
            self._params = choose_search_params(self.count())
        return find_legs(self, requests, depth=depth)

    def count(self, document_id: str | None = None) -> int:
        """Number of points, of one document or in all."""
        wanted = None if document_id is None else _translate(build_document_filter(document_id))
        with self._naming_failures():
            return self._client.count(self._collection, wanted, exact=True).count

    def search_legs(self, requests: Sequence[LegRequest]) -> list[list[FoundPoint]]:
        """Answer the legs of `find`; each carries its own filter."""
        queries = [_build_query(request, self._params) for request in requests]
        with self._naming_failures():
            answers = self._client.query_batch_points(self._collection, queries)
        return [[FoundPoint(str(point.id), point.score) for point in answer.points] for answer in answers]

    def read_payloads(self, point_ids: Collection[str]) -> dict[str, dict[str, Any]]:
        """Payloads of points that passed the filter of a leg."""
        with self._naming_failures():
            records = self._client.retrieve(self._collection, list(point_ids), with_payload=list(HIT_FIELDS))
        return {str(record.id): record.payload or {} for record in records}

    def close(self) -> None:
        """Close the connections; every write was waited for."""
        self._client.close()

    def _prepare_collection(self) -> None:
        """Safe to run by several processes at once and after a kill: each step is skipped when done."""
        if not self._client.collection_exists(self._collection):
            self._create_collection()
        info = self._client.get_collection(self._collection)
        _check_dimension(info, self._collection, self._dimension)
        for fields, schema in (
            (KEYWORD_FIELDS, models.PayloadSchemaType.KEYWORD),
            (INTEGER_FIELDS, models.PayloadSchemaType.INTEGER),
        ):
            for field in set(fields) - set(info.payload_schema):
                self._client.create_payload_index(self._collection, field, schema, wait=True)

    def _create_collection(self) -> None:
        try:
            self._client.create_collection(
                self._collection,
                vectors_config={
                    "dense": models.VectorParams(size=self._dimension, distance=models.Distance.COSINE)
                },
                sparse_vectors_config={"bm25": models.SparseVectorParams(modifier=models.Modifier.IDF)},
            )
        except UnexpectedResponse as error:
            if error.status_code != CONFLICT:  # another process was first
                raise

    @contextmanager
    def _naming_failures(self) -> Iterator[None]:
        try:
            yield
        except (ResponseHandlingException, ResourceExhaustedResponse) as error:
            raise IndexUnreachable(self._host, str(error)) from error
        except UnexpectedResponse as error:
            status = error.status_code or FIRST_SERVER_ERROR
            reason = error.content.decode(errors="replace")[:200]
            if status >= FIRST_SERVER_ERROR or status in (REQUEST_TIMEOUT, TOO_MANY_REQUESTS):
                raise IndexUnreachable(self._host, f"status {status}, {reason}") from error
            raise IndexRefused(self._host, status, reason) from error


def choose_search_params(passages: int) -> models.SearchParams:
    """Exact up to 200,000 passages; above, the graph with ACORN, which keeps recall under filters."""
    if passages <= MOST_EXACT_PASSAGES:
        return models.SearchParams(exact=True)
    return models.SearchParams(acorn=models.AcornSearchParams(enable=True))


def _check_dimension(info: models.CollectionInfo, collection: str, dimension: int) -> None:
    vectors = info.config.params.vectors
    stored = vectors["dense"].size if isinstance(vectors, dict) and "dense" in vectors else 0
    if stored != dimension:
        raise WrongDimension(stored, dimension, what=f"the collection {collection!r}")


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
