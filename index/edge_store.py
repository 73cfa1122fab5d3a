"""The index in this process, on qdrant-edge: the default. Opened by the process that owns ONBRAND_HOME."""

import fcntl
import json
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np
import qdrant_edge as edge
from numpy.typing import NDArray

from core.disk_space import check_free_space
from core.documents import Passage
from core.errors import OnbrandError
from index.access_filter import (
    FilterWords,
    PassageFilter,
    build_document_filter,
    build_reading_filter,
    build_revision_filter,
    translate_filter,
)
from index.passage_memory import ChosenPayload, PassageMemory
from index.passage_store import FactsChange, IndexedPassage, KeywordVector, Legs, PassageKey, Scope
from index.payload import (
    HIT_FIELDS,
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    StoredPassage,
    build_facts_payload,
    build_payload,
    build_point_id,
    check_passage_vectors,
    check_vector,
)
from index.rank_legs import FoundPoint, LegRequest, build_leg_requests, find_legs, read_passages
from index.store_errors import IndexDamaged, IndexFailed, IndexInUse, WrongDimension

# A batch holds the interpreter lock while it is written: 64 points for about 4 ms, 20 at the most.
BATCH = 64
# Points that are walked through at once.
SCROLLED = 1000
# Graph search under filters loses most hits without anybody noticing, so every leg compares all that pass.
EXACT = edge.SearchParams(exact=True)
HIT_PAYLOAD = edge.PayloadSelector.Include(list(HIT_FIELDS))
EDGE_WORDS = FilterWords(
    filter=edge.Filter,
    field_condition=edge.FieldCondition,
    match_any=edge.MatchAny,
    range=edge.RangeFloat,
    has_id=lambda point_ids: edge.HasIdCondition(set(point_ids)),
)


class EdgePassageStore:
    """One folder, owned by one process while open. `dimension` is the length of the dense vectors.

    Opening raises IndexInUse, IndexDamaged or WrongDimension; an absent or empty folder becomes a new index.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder
        self._dimension = dimension
        self._writing = Lock()
        self._memory = PassageMemory()
        self._before_write: Callable[[], None] | None = None
        self._closed = False
        with ExitStack() as held:
            held.enter_context(own_folder(folder))
            self._shard = _open_shard(folder, dimension)
            self._held = held.pop_all()

    def upsert(self, passages: Sequence[IndexedPassage]) -> None:
        """Write points in batches; all are checked before the first is written."""
        check_passage_vectors(passages, self._dimension)
        batches = (passages[start : start + BATCH] for start in range(0, len(passages), BATCH))
        self._write([edge.UpdateOperation.upsert_points([*map(_build_point, batch)]) for batch in batches])

    def remove(
        self, document_id: str, *, keep_revisions: Collection[int] = (), up_to: int | None = None
    ) -> None:
        """Remove all points of a document but those of the kept revisions, and of any after `up_to`."""
        unwanted = build_document_filter(document_id, keep_revisions=keep_revisions, up_to=up_to)
        self._write([edge.UpdateOperation.delete_points_by_filter(_translate(unwanted))])

    def remove_documents(self, document_ids: Collection[str]) -> None:
        """Remove all points of many documents, with one flush."""
        unwanted = [_translate(build_document_filter(document_id)) for document_id in document_ids]
        self._write([edge.UpdateOperation.delete_points_by_filter(one) for one in unwanted])

    def set_facts(self, changes: Collection[FactsChange]) -> None:
        """Replace the filter facts of every point of each named revision, with one flush."""
        self._write(
            [
                edge.UpdateOperation.set_payload_by_filter(
                    _translate(build_revision_filter(one.document_id, one.revision)),
                    build_facts_payload(one.facts),
                )
                for one in changes
            ]
        )

    def find(self, vector: NDArray[np.float32], keywords: KeywordVector, *, scope: Scope, depth: int) -> Legs:
        """Both legs, filtered by `scope`, `depth` hits each."""
        check_vector(vector, self._dimension)
        requests = build_leg_requests(vector, keywords, scope=scope, depth=depth)
        return find_legs(self, requests, depth=depth)

    def read(self, keys: Collection[PassageKey], *, scope: Scope) -> dict[PassageKey, Passage]:
        """Passages by name, filtered by `scope`."""
        return read_passages(self, keys, scope=scope)

    def count(self, document_id: str | None = None) -> int:
        """Number of points, of one document or in all."""
        wanted = None if document_id is None else _translate(build_document_filter(document_id))
        with _naming_failures(self._name_failure):
            return self._shard.count(edge.CountRequest(filter=wanted, exact=True))

    def search_legs(self, requests: Sequence[LegRequest]) -> list[list[FoundPoint]]:
        """Answer the legs of `find`; each carries its own filter."""
        queries = [_build_query(request) for request in requests]
        with _naming_failures(self._name_failure):
            answers = self._shard.query_batch(edge.QueryBatchRequest(queries))
        return [[FoundPoint(str(point.id), point.score) for point in answer] for answer in answers]

    def read_stored(self, point_ids: Collection[str], *, allowed: PassageFilter) -> dict[str, StoredPassage]:
        """What those points hold that pass the filter still."""
        return self._memory.read(point_ids, partial(self._scroll, allowed=allowed))

    def _scroll(
        self, point_ids: Collection[str], payload: ChosenPayload, *, allowed: PassageFilter
    ) -> dict[str, dict[str, Any]]:
        wanted = edge.ScrollRequest(
            limit=len(point_ids),
            filter=_translate(build_reading_filter(allowed, point_ids)),
            with_payload=payload == "whole" and HIT_PAYLOAD,
            with_vector=False,
        )
        with _naming_failures(self._name_failure):
            records, _ = self._shard.scroll(wanted)
        return {str(record.id): record.payload or {} for record in records}

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._folder

    def list_payloads(self, fields: Collection[str]) -> Iterator[dict[str, Any]]:
        """These fields of every point, in no order that means anything."""
        chosen, offset = edge.PayloadSelector.Include(list(fields)), None
        while True:
            wanted = edge.ScrollRequest(limit=SCROLLED, offset=offset, with_payload=chosen, with_vector=False)
            with _naming_failures(self._name_failure):
                records, offset = self._shard.scroll(wanted)
            yield from (record.payload or {} for record in records)
            if offset is None:
                return

    def before_next_write(self, action: Callable[[], None]) -> None:
        """Do this once, before anything is written again."""
        self._before_write = action

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """While the block runs, everything is flushed and writers wait, so that the folder can be copied."""
        with self._writing:
            with _naming_failures(self._name_failure):
                self._shard.flush()
            yield

    def close(self) -> None:
        """Flush and release the folder; a second call does nothing."""
        with self._writing, self._held:
            if not self._closed:
                self._shard.close()
            self._closed = True

    def _write(self, operations: Sequence[edge.UpdateOperation]) -> None:
        if not operations:
            return
        with self._writing, self._memory.emptied(), _naming_failures(self._name_failure):
            self._announce_write()
            for operation in operations:
                check_free_space(self._folder)
                self._shard.update(operation)
            # Once a call, not once a batch: a flush costs 50 ms and more, and the engine's log holds what is between.
            self._shard.flush()

    def _announce_write(self) -> None:
        if self._before_write is not None:
            self._before_write()
            self._before_write = None

    def _name_failure(self, reason: str) -> OnbrandError:
        return IndexFailed(self._folder, reason)


@contextmanager
def own_folder(folder: Path) -> Iterator[None]:
    """Hold the folder for this process, or raise IndexInUse. The engine's own lock comes too late: a second
    loader is refused by it, but spoils the first one's next flush.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexInUse(folder) from None
        yield


@contextmanager
def _naming_failures(build_error: Callable[[str], OnbrandError]) -> Iterator[None]:
    """The engine raises bare exceptions, and BaseException when it panics; both get our name."""
    try:
        yield
    except (OnbrandError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise build_error(str(error)) from error


def _open_shard(folder: Path, dimension: int) -> edge.EdgeShard:
    if not folder.exists() or not any(folder.iterdir()):
        _create_shard(folder, dimension)
    with _naming_failures(lambda reason: IndexDamaged(folder, reason)):
        _check_folder(folder, dimension)
        return edge.EdgeShard.load(str(folder))


def _create_shard(folder: Path, dimension: int) -> None:
    """Built beside its place and moved there whole: a folder that exists is complete, whatever was killed."""
    check_free_space(folder)
    building = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(building, ignore_errors=True)
    shard = edge.EdgeShard.create(str(building), _build_config(dimension))
    for fields, schema in (
        (KEYWORD_FIELDS, edge.PayloadSchemaType.Keyword),
        (INTEGER_FIELDS, edge.PayloadSchemaType.Integer),
    ):
        for field in fields:
            shard.update(edge.UpdateOperation.create_field_index(field, schema))
    shard.flush()
    shard.close()
    building.replace(folder)


def _build_config(dimension: int) -> edge.EdgeConfig:
    return edge.EdgeConfig(
        vectors={"dense": edge.EdgeVectorParams(size=dimension, distance=edge.Distance.Cosine)},
        sparse_vectors={"bm25": edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        wal_enabled=True,
    )


def _check_folder(folder: Path, dimension: int) -> None:
    """The engine opens a shard without segments as an almost empty one: documents would just be gone."""
    config = json.loads((folder / "edge_config.json").read_text())
    stored = config["vectors"]["dense"]["size"]
    if stored != dimension:
        raise WrongDimension(stored, dimension, what=f"the index at {str(folder)!r}")
    if not any(folder.glob("segments/*/segment.json")):
        raise IndexDamaged(folder, "it holds no segment")


def _build_point(indexed: IndexedPassage) -> edge.Point:
    keywords = edge.SparseVector(list(indexed.keywords.indices), list(indexed.keywords.values))
    vectors = {"dense": indexed.vector.tolist(), "bm25": keywords}
    return edge.Point(UUID(build_point_id(indexed)), vectors, build_payload(indexed))


def _build_query(request: LegRequest) -> edge.QueryRequest:
    query = request.query
    wanted = (
        edge.SparseVector(list(query.indices), list(query.values))
        if isinstance(query, KeywordVector)
        else query.tolist()
    )
    return edge.QueryRequest(
        limit=request.limit,
        query=edge.Query.Nearest(wanted, using=request.leg),
        filter=_translate(request.allowed),
        params=EXACT,
    )


def _translate(wanted: PassageFilter) -> edge.Filter:
    return translate_filter(wanted, EDGE_WORDS)
