"""Runs the two legs of a search and cuts them in a fixed order. Called by both stores: both answer alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from core.documents import Passage
from index.access_filter import PassageFilter, build_scope_filter
from index.passage_store import Hit, KeywordVector, LegName, Legs, PassageKey, Scope
from index.payload import StoredPassage, name_point

# Scores are compared and returned at this many digits: the engines differ only in the noise behind them.
SCORE_DIGITS = 6
# Asked beyond the depth at once, so a short tie at the cut costs no second request.
MARGIN = 32
GROWTH = 8
# A longer tie is cut where the engine leaves it: fetching a whole index costs more than it tells.
MOST_FETCHED = 4096


@dataclass(frozen=True, slots=True)
class LegRequest:
    """One leg as a store is asked for it. There is no leg without a filter."""

    leg: LegName
    query: NDArray[np.float32] | KeywordVector
    allowed: PassageFilter
    limit: int


class FoundPoint(NamedTuple):
    """A point as a leg found it, without its payload: most are cut off again."""

    point_id: str
    score: float


class LegSearch(Protocol):
    """What a store does for a search."""

    def search_legs(self, requests: Sequence[LegRequest]) -> list[list[FoundPoint]]:
        """At most `limit` points for each request, best first, in one round trip."""

    def read_stored(
        self, point_ids: Collection[str], *, allowed: PassageFilter
    ) -> Mapping[str, StoredPassage]:
        """What those points hold that pass the filter still; what was removed or closed since is left out."""


def find_legs(store: LegSearch, requests: Sequence[LegRequest], *, depth: int) -> Legs:
    """Both legs cut at `depth` by (-score, point id). Passages are read only for what stays."""
    cut = _cut_legs(store, requests, depth)
    point_ids = {point.point_id for points in cut.values() for point in points}
    # Read once each: most of the best points are in both legs.
    stored = store.read_stored(point_ids, allowed=requests[0].allowed) if point_ids else {}
    hits = {leg: _build_hits(points, stored) for leg, points in cut.items()}
    return Legs(dense=hits.get("dense", ()), bm25=hits.get("bm25", ()))


def read_passages(
    store: LegSearch, keys: Collection[PassageKey], *, scope: Scope
) -> dict[PassageKey, Passage]:
    """Passages by name, through the same filter as a search."""
    allowed = build_scope_filter(scope)
    if allowed.matches_nothing or not keys:
        return {}
    names = {name_point(key): key for key in keys}
    stored = store.read_stored(names.keys(), allowed=allowed)
    return {names[point_id]: one.passage for point_id, one in stored.items()}


def _cut_legs(
    store: LegSearch, requests: Sequence[LegRequest], depth: int
) -> dict[LegName, list[FoundPoint]]:
    """Ask deeper, only where needed, until each cut falls between two scores."""
    cut: dict[LegName, list[FoundPoint]] = {}
    pending = list(requests)
    while pending:
        deeper = []
        for request, points in zip(pending, store.search_legs(pending), strict=True):
            ranked = rank_points(points)
            if _is_settled(ranked, request.limit, depth):
                cut[request.leg] = ranked[:depth]
            else:
                deeper.append(replace(request, limit=min(request.limit * GROWTH, MOST_FETCHED)))
        pending = deeper
    return cut


def _build_hits(points: Sequence[FoundPoint], stored: Mapping[str, StoredPassage]) -> tuple[Hit, ...]:
    known = ((point, stored[point.point_id]) for point in points if point.point_id in stored)
    return tuple(Hit(point.point_id, point.score, *passage) for point, passage in known)


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


def rank_points(points: Sequence[FoundPoint]) -> list[FoundPoint]:
    """Scores rounded, best first; equal scores by point id."""
    order = sorted((-round(score, SCORE_DIGITS), point_id) for point_id, score in points)
    return [FoundPoint(point_id, -score) for score, point_id in order]


def _is_settled(ranked: Sequence[FoundPoint], limit: int, depth: int) -> bool:
    """False while points that were not fetched may tie with the one at the cut."""
    if len(ranked) < limit or limit >= MOST_FETCHED:
        return True
    return ranked[-1].score < ranked[depth - 1].score
