"""How legs are cut: by (−score, point id), asking deeper while a tie may reach beyond what was fetched."""

from collections.abc import Sequence

import numpy as np

from core.access import ANYONE
from core.documents import Passage
from index.passage_store import Hit, KeywordVector, Scope
from index.rank_legs import MARGIN, MOST_FETCHED, LegRequest, build_leg_requests, find_legs

VECTOR = np.ones(2, dtype=np.float32)
SCOPE = Scope(ANYONE, None)


class ListedSearch:
    """Answers every leg from one list, in the given order, and remembers the limits it was asked for."""

    def __init__(self, scores: Sequence[float]) -> None:
        self._hits = [build_hit(f"{len(scores) - place:05}", score) for place, score in enumerate(scores)]
        self.limits: list[int] = []

    def __call__(self, requests: Sequence[LegRequest]) -> list[list[Hit]]:
        self.limits += [request.limit for request in requests]
        return [self._hits[: request.limit] for request in requests]


def build_hit(point_id: str, score: float) -> Hit:
    return Hit(point_id, score, "guide", 1, Passage(0, "", ()), "")


def find_ids(search: ListedSearch, *, depth: int) -> list[str]:
    requests = build_leg_requests(VECTOR, KeywordVector((), ()), scope=SCOPE, depth=depth)
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
    def search(requests: Sequence[LegRequest]) -> list[list[Hit]]:
        asked.append([request.leg for request in requests])
        scores = {"dense": [1.0, 0.5], "bm25": [2.0] * 100}
        return [
            [build_hit(f"{place:03}", score) for place, score in enumerate(scores[request.leg])][
                : request.limit
            ]
            for request in requests
        ]

    asked: list[list[str]] = []
    requests = build_leg_requests(VECTOR, KeywordVector((1,), (1.0,)), scope=SCOPE, depth=1)
    legs = find_legs(search, requests, depth=1)
    assert asked == [["dense", "bm25"], ["bm25"], ["bm25"]]
    assert (legs.dense[0].score, legs.bm25[0].score) == (1.0, 2.0)


def test_question_without_keywords_has_no_keyword_leg() -> None:
    requests = build_leg_requests(VECTOR, KeywordVector((), ()), scope=SCOPE, depth=5)
    assert [request.leg for request in requests] == ["dense"]


def test_every_leg_carries_the_filter() -> None:
    requests = build_leg_requests(VECTOR, KeywordVector((1,), (1.0,)), scope=SCOPE, depth=5)
    assert [(request.leg, bool(request.allowed.must)) for request in requests] == [
        ("dense", True),
        ("bm25", True),
    ]
