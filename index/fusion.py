"""Joins the dense and the keyword list into one. Pure; called by index/search.py."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.passage_store import Hit

# Reciprocal rank fusion, rank from 0. A small k lets the top of either list win; BM25 weighs more, because
# exact product names, codes and campaign words decide most questions (docs/decisions/0007-fusion-in-our-code.md).
RRF_K = 10
DENSE_WEIGHT = 1.0
BM25_WEIGHT = 1.4


@dataclass(frozen=True, slots=True)
class FusedHit:
    """A hit with its fused score and each leg's own (None where that leg missed it)."""

    hit: Hit
    score: float
    cosine: float | None
    keyword_score: float | None


def fuse_legs(dense: Sequence[Hit], bm25: Sequence[Hit]) -> tuple[FusedHit, ...]:
    """Weighted reciprocal rank fusion, best first by (−score, point id)."""
    dense_ranks = {hit.point_id: rank for rank, hit in enumerate(dense)}
    bm25_ranks = {hit.point_id: rank for rank, hit in enumerate(bm25)}
    hits = {hit.point_id: hit for hit in (*dense, *bm25)}
    cosines = {hit.point_id: hit.score for hit in dense}
    keyword_scores = {hit.point_id: hit.score for hit in bm25}
    fused = [
        FusedHit(
            hit=hit,
            score=_weigh(DENSE_WEIGHT, dense_ranks.get(point_id))
            + _weigh(BM25_WEIGHT, bm25_ranks.get(point_id)),
            cosine=cosines.get(point_id),
            keyword_score=keyword_scores.get(point_id),
        )
        for point_id, hit in hits.items()
    ]
    return tuple(sorted(fused, key=lambda one: (-one.score, one.hit.point_id)))


def _weigh(weight: float, rank: int | None) -> float:
    return 0.0 if rank is None else weight / (RRF_K + rank)
