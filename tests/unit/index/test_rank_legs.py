"""How legs are cut: by (−score, point id), asking deeper while a tie may reach beyond what was fetched."""

from collections.abc import Collection, Sequence

import numpy as np

from core.access import ANYONE, OPEN_TO_ALL
from core.documents import Facts, Passage
from index.access_filter import PassageFilter, build_scope_filter
from index.passage_store import KeywordVector, Scope
from index.payload import StoredPassage
from index.rank_legs import (
    MARGIN,
    MOST_FETCHED,
    FoundPoint,
    LegRequest,
    build_leg_requests,
    find_legs,
)

VECTOR = np.ones(2, dtype=np.float32)
SCOPE = Scope(ANYONE, None)
NO_KEYWORDS = KeywordVector((), ())
FACTS = Facts("approved", OPEN_TO_ALL)
STORED = StoredPassage("guide", 1, Passage(0, "", ()), FACTS.digest())


class ListedSearch:
    """Answers every leg from one list, in the given order, and remembers the limits it was asked for."""

    def __init__(self, scores: Sequence[float]) -> None:
        self._points = [FoundPoint(f"{len(scores) - place:05}", score) for place, score in enumerate(scores)]
        self.limits: list[int] = []
        self.read_under: list[PassageFilter] = []

    def read_stored(self, point_ids: Collection[str], *, allowed: PassageFilter) -> dict[str, StoredPassage]:
        self.read_under.append(allowed)
        return dict.fromkeys(point_ids, STORED)

    def search_legs(self, requests: Sequence[LegRequest]) -> list[list[FoundPoint]]:
        self.limits += [request.limit for request in requests]
        return [self._points[: request.limit] for request in requests]


def find_ids(search: ListedSearch, *, depth: int) -> list[str]:
    requests = build_leg_requests(VECTOR, NO_KEYWORDS, scope=SCOPE, depth=depth)
    return [hit.point_id for hit in find_legs(search, requests, depth=depth).dense]


def test_one_request_suffices_when_the_cut_lies_between_two_scores() -> None:
    search = ListedSearch([1 - number / 1000 for number in range(500)])
    assert find_ids(search, depth=2) == ["00500", "00499"]
    assert search.limits == [2 + MARGIN]


def test_tie_at_the_cut_is_fetched_whole() -> None:
    search = ListedSearch([1.0] + [0.5] * 200 + [0.1] * 200)
    assert find_ids(search, depth=3) == ["00401", "00201", "00202"]
    assert len(search.limits) > 1


def test_noise_behind_the_sixth_digit_is_a_tie() -> None:
    assert find_ids(ListedSearch([0.50000012, 0.5, 0.49999991]), depth=3) == ["00001", "00002", "00003"]


def test_endless_tie_is_given_up_at_a_bound() -> None:
    search = ListedSearch([0.5] * (MOST_FETCHED * 3))
    assert len(find_ids(search, depth=5)) == 5
    assert search.limits[-1] == MOST_FETCHED


def test_depth_beyond_the_bound_is_still_given() -> None:
    search = ListedSearch([0.5] * (MOST_FETCHED * 3))
    assert len(find_ids(search, depth=MOST_FETCHED + 1000)) == MOST_FETCHED + 1000


def test_only_the_leg_that_ties_is_asked_again() -> None:
    class TiedKeywords(ListedSearch):
        def search_legs(self, requests: Sequence[LegRequest]) -> list[list[FoundPoint]]:
            asked.append([request.leg for request in requests])
            return [points_of[request.leg][: request.limit] for request in requests]

    asked: list[list[str]] = []
    points_of = {
        "dense": [FoundPoint("a", 1.0), FoundPoint("b", 0.5)],
        "bm25": [FoundPoint(f"{place:03}", 2.0) for place in range(100)],
    }
    requests = build_leg_requests(VECTOR, KeywordVector((1,), (1.0,)), scope=SCOPE, depth=1)
    legs = find_legs(TiedKeywords([]), requests, depth=1)
    assert asked == [["dense", "bm25"], ["bm25"]]
    assert (legs.dense[0].score, legs.bm25[0].score) == (1.0, 2.0)


def test_point_removed_between_search_and_reading_is_left_out() -> None:
    class Emptied(ListedSearch):
        def read_stored(
            self, point_ids: Collection[str], *, allowed: PassageFilter
        ) -> dict[str, StoredPassage]:
            return dict.fromkeys(set(point_ids) - {"00002"}, STORED)

    assert find_ids(Emptied([0.9, 0.8, 0.7]), depth=3) == ["00003", "00001"]


def test_passages_are_read_under_the_same_filter() -> None:
    search = ListedSearch([0.9, 0.8])
    find_ids(search, depth=2)
    assert search.read_under == [build_scope_filter(SCOPE)]


def test_question_without_keywords_has_no_keyword_leg() -> None:
    requests = build_leg_requests(VECTOR, NO_KEYWORDS, scope=SCOPE, depth=5)
    assert [request.leg for request in requests] == ["dense"]


def test_every_leg_carries_the_filter() -> None:
    requests = build_leg_requests(VECTOR, KeywordVector((1,), (1.0,)), scope=SCOPE, depth=5)
    assert [(request.leg, bool(request.allowed.must)) for request in requests] == [
        ("dense", True),
        ("bm25", True),
    ]
