"""Joins the dense and the keyword list into one. Pure; called by index/search.py."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.passage_store import Hit


@dataclass(frozen=True, slots=True)
class FusionSettings:
    """How the lists are joined. By `scores`: each hit's share of the way from its list's floor to its best, weighted.
    By `ranks`: reciprocal rank fusion with rank from 0, where a small `k` lets the top of a list win.
    `depth` hits are read of each leg.
    """

    method: Literal["scores", "ranks"] = "scores"
    dense_weight: float = 0.5
    bm25_weight: float = 0.5
    depth: int = 60
    k: float = 10.0


SHIPPED = FusionSettings()
"""Chosen by `python -m benchmarks.fusion`; see docs/decisions/0007-fusion-in-our-code.md."""


@dataclass(frozen=True, slots=True)
class FusedHit:
    """A hit with its fused score and each leg's own (None where that leg missed it)."""

    hit: Hit
    score: float
    cosine: float | None
    keyword_score: float | None


def fuse_legs(
    dense: Sequence[Hit], bm25: Sequence[Hit], settings: FusionSettings = SHIPPED
) -> tuple[FusedHit, ...]:
    """Best first by (−score, point id)."""
    dense, bm25 = dense[: settings.depth], bm25[: settings.depth]
    scores: dict[str, float] = defaultdict(float)
    # Every passage has some cosine with every question, so the dense list's floor is its last hit; a keyword score
    # starts at nothing.
    legs = (
        (settings.dense_weight, dense, dense[-1].score if dense else 0.0),
        (settings.bm25_weight, bm25, 0.0),
    )
    for weight, leg, floor in legs:
        for hit, share in zip(leg, _list_shares(leg, floor, settings), strict=True):
            scores[hit.point_id] += weight * share
    hits = {hit.point_id: hit for hit in (*dense, *bm25)}
    cosines = {hit.point_id: hit.score for hit in dense}
    keyword_scores = {hit.point_id: hit.score for hit in bm25}
    fused = [
        FusedHit(hits[point_id], score, cosines.get(point_id), keyword_scores.get(point_id))
        for point_id, score in scores.items()
    ]
    return tuple(sorted(fused, key=lambda one: (-one.score, one.hit.point_id)))


def _list_shares(leg: Sequence[Hit], floor: float, settings: FusionSettings) -> list[float]:
    if settings.method == "ranks":
        return [1.0 / (settings.k + rank) for rank in range(len(leg))]
    best = leg[0].score if leg else 0.0
    return [(hit.score - floor) / (best - floor) if best > floor else 1.0 for hit in leg]
