"""Turns the bodies of Qdrant's REST requests into qdrant-edge calls. Used by tests/fakes/qdrant_server.py."""

from collections.abc import Collection
from typing import Any

import qdrant_edge as edge
from qdrant_client import models


class Unsupported(Exception):
    """The fake does not know this part of the interface: say so instead of ignoring it."""


def build_config(body: models.CreateCollection) -> edge.EdgeConfig:
    """Named dense vectors (cosine) and sparse vectors, with or without IDF."""
    if not isinstance(body.vectors, dict):
        raise Unsupported("vectors without names")
    sparse = body.sparse_vectors or {}
    return edge.EdgeConfig(
        vectors={name: _build_dense(params) for name, params in body.vectors.items()},
        sparse_vectors={name: _build_sparse(params) for name, params in sparse.items()},
    )


def _build_dense(params: models.VectorParams) -> edge.EdgeVectorParams:
    if params.distance != models.Distance.COSINE:
        raise Unsupported(f"distance {params.distance}")
    return edge.EdgeVectorParams(size=params.size, distance=edge.Distance.Cosine)


def _build_sparse(params: models.SparseVectorParams) -> edge.EdgeSparseVectorParams:
    idf = params.modifier == models.Modifier.IDF
    return edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf if idf else None)


def build_schema(body: models.CreateFieldIndex) -> edge.PayloadSchemaType:
    """Keyword and integer indexes."""
    known = {
        models.PayloadSchemaType.KEYWORD: edge.PayloadSchemaType.Keyword,
        models.PayloadSchemaType.INTEGER: edge.PayloadSchemaType.Integer,
    }
    if not isinstance(body.field_schema, models.PayloadSchemaType) or body.field_schema not in known:
        raise Unsupported(f"payload index of type {body.field_schema!r}")
    return known[body.field_schema]


def build_point(point: models.PointStruct) -> edge.Point:
    """A point with named vectors."""
    if not isinstance(point.vector, dict):
        raise Unsupported("points without named vectors")
    vectors = {name: _build_vector(vector) for name, vector in point.vector.items()}
    return edge.Point(point.id, vectors, point.payload or {})


def build_query(body: models.QueryRequest) -> edge.QueryRequest:
    """A nearest-neighbour query on one named vector, or a listing when there is no query."""
    if body.prefetch or body.lookup_from:
        raise Unsupported("prefetch and lookup_from")
    query = body.query.nearest if isinstance(body.query, models.NearestQuery) else body.query
    nearest = None if query is None else edge.Query.Nearest(_build_vector(query), using=body.using)
    return edge.QueryRequest(
        limit=10 if body.limit is None else body.limit,
        offset=body.offset or 0,
        query=nearest,
        filter=build_filter(body.filter),
        params=_build_params(body.params),
        score_threshold=body.score_threshold,
        with_payload=bool(body.with_payload),
        with_vector=bool(body.with_vector),
    )


def _build_params(params: models.SearchParams | None) -> edge.SearchParams | None:
    if params is None:
        return None
    acorn = edge.AcornSearchParams(enable=bool(params.acorn.enable)) if params.acorn else None
    return edge.SearchParams(exact=bool(params.exact), hnsw_ef=params.hnsw_ef, acorn=acorn)


def build_filter(wanted: models.Filter | None) -> edge.Filter | None:
    """`must`, `should`, `must_not` of field conditions and nested filters."""
    if wanted is None:
        return None
    if wanted.min_should is not None:
        raise Unsupported("min_should")
    return edge.Filter(
        must=_build_conditions(wanted.must),
        should=_build_conditions(wanted.should),
        must_not=_build_conditions(wanted.must_not),
    )


def _build_conditions(conditions: Any) -> list[Any] | None:
    if conditions is None:
        return None
    listed = conditions if isinstance(conditions, list) else [conditions]
    return [_build_condition(condition) for condition in listed]


def _build_condition(condition: Any) -> Any:
    if isinstance(condition, models.Filter):
        return build_filter(condition)
    if isinstance(condition, models.HasIdCondition):
        return edge.HasIdCondition(set(condition.has_id))
    if not isinstance(condition, models.FieldCondition):
        raise Unsupported(f"condition {type(condition).__name__}")
    if isinstance(condition.range, models.Range):
        return edge.FieldCondition(condition.key, range=edge.RangeFloat(**condition.range.model_dump()))
    return edge.FieldCondition(condition.key, match=_build_match(condition.match))


def _build_match(match: Any) -> edge.MatchValue | edge.MatchAny:
    if isinstance(match, models.MatchValue):
        return edge.MatchValue(match.value)
    if isinstance(match, models.MatchAny):
        return edge.MatchAny(match.any)
    raise Unsupported(f"match {type(match).__name__}")


def _build_vector(vector: Any) -> Any:
    if isinstance(vector, models.SparseVector):
        return edge.SparseVector(vector.indices, vector.values)
    if isinstance(vector, list):
        return vector
    raise Unsupported(f"vector {type(vector).__name__}")


def describe_point(point: edge.ScoredPoint) -> dict[str, Any]:
    """A hit as the server sends it."""
    return {"version": point.version, "score": point.score, **describe_record(point)}


def describe_record(record: edge.Record | edge.ScoredPoint) -> dict[str, Any]:
    """A stored point as the server sends it; sparse vectors as indices and values."""
    vectors = record.vector if isinstance(record.vector, dict) else {}
    shown = {name: _describe_vector(vector) for name, vector in vectors.items()} or None
    point_id = record.id if isinstance(record.id, int) else str(record.id)
    return {"id": point_id, "payload": record.payload, "vector": shown}


def _describe_vector(vector: Any) -> Any:
    if isinstance(vector, edge.SparseVector):
        return {"indices": vector.indices, "values": vector.values}
    return vector


def change_alias(
    aliases: dict[str, str], action: models.AliasOperations, *, collections: Collection[str]
) -> None:
    """One action of an alias request, done in place."""
    if not isinstance(action, models.CreateAliasOperation):
        raise Unsupported(f"alias action {type(action).__name__}")
    wanted = action.create_alias
    if wanted.collection_name not in collections:
        raise Unsupported(f"an alias of {wanted.collection_name!r}, which does not exist")
    if wanted.alias_name in collections:
        raise Unsupported(f"an alias named like the collection {wanted.alias_name!r}")
    aliases[wanted.alias_name] = wanted.collection_name
