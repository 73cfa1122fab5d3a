"""Runs the two legs of a search and cuts them in a fixed order. Called by both stores: both answer alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.access_filter import PassageFilter, build_scope_filter
from index.passage_store import Hit, KeywordVector, LegName, Legs, Scope

# Scores are compared and returned at this many digits: the engines differ only in the noise behind them.
SCORE_DIGITS = 6
# Asked beyond the depth at once, so a short tie at the cut costs no second request.
MARGIN = 16
GROWTH = 4
# A longer tie is cut where the engine leaves it: fetching a whole index costs more than it tells.
MOST_FETCHED = 4096


@dataclass(frozen=True, slots=True)
class LegRequest:
    """One leg as a store is asked for it. There is no leg without a filter."""

    leg: LegName
    query: NDArray[np.float32] | KeywordVector
    allowed: PassageFilter
    limit: int


class LegSearch(Protocol):
    """What a store does: answer several legs at once, each with at most `limit` hits, best first."""

    def __call__(self, requests: Sequence[LegRequest]) -> list[list[Hit]]:
        """One list of hits for each request, in the same order."""


def find_legs(search: LegSearch, requests: Sequence[LegRequest], *, depth: int) -> Legs:
    """Fetch each leg until the cut at `depth` falls between two scores, then cut by (−score, point id)."""
    found: dict[LegName, tuple[Hit, ...]] = {}
    pending = list(requests)
    while pending:
        deeper = []
        for request, hits in zip(pending, search(pending), strict=True):
            ranked = rank_hits(hits)
            if _is_settled(ranked, request.limit, depth):
                found[request.leg] = ranked[:depth]
            else:
                deeper.append(replace(request, limit=min(request.limit * GROWTH, MOST_FETCHED)))
        pending = deeper
    return Legs(dense=found.get("dense", ()), bm25=found.get("bm25", ()))


def build_leg_requests(
    vector: NDArray[np.float32], keywords: KeywordVector, *, scope: Scope, depth: int
) -> tuple[LegRequest, ...]:
    """The legs worth asking: none when nobody could be found, no keyword leg without keywords."""
    allowed = build_scope_filter(scope)
    if allowed.matches_nothing or depth < 1:
        return ()
    dense = LegRequest("dense", vector, allowed, depth + MARGIN)
    if not keywords.indices:
        return (dense,)
    return (dense, LegRequest("bm25", keywords, allowed, depth + MARGIN))


def rank_hits(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Scores rounded, best first; equal scores by point id."""
    rounded = (replace(hit, score=round(hit.score, SCORE_DIGITS)) for hit in hits)
    return tuple(sorted(rounded, key=lambda hit: (-hit.score, hit.point_id)))


def _is_settled(ranked: Sequence[Hit], limit: int, depth: int) -> bool:
    """False while hits that were not fetched may tie with the one at the cut."""
    if len(ranked) < limit or limit >= MOST_FETCHED:
        return True
    return ranked[-1].score < ranked[depth - 1].score
