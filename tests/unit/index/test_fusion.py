"""How the two lists become one."""

import pytest

from core.documents import Passage
from index.fusion import FusionSettings, fuse_legs
from index.passage_store import Hit

EVEN = FusionSettings(dense_weight=0.5, bm25_weight=0.5)


def build_leg(**scores: float) -> tuple[Hit, ...]:
    """Hits by point id, best first."""
    ordered = sorted(scores.items(), key=lambda pair: -pair[1])
    return tuple(Hit(name, score, "document", 1, Passage(0, name, ()), "facts") for name, score in ordered)


def test_both_legs_best_hit_has_the_whole_score() -> None:
    fused = fuse_legs(build_leg(a=0.9, b=0.5, c=0.1), build_leg(a=12.0, c=6.0), EVEN)
    assert [(one.hit.point_id, round(one.score, 3)) for one in fused] == [
        ("a", 1.0),
        ("b", 0.25),
        ("c", 0.25),
    ]


def test_each_legs_own_score_is_kept_and_absent_where_that_leg_missed() -> None:
    fused = {one.hit.point_id: one for one in fuse_legs(build_leg(a=0.9), build_leg(b=3.0), EVEN)}
    assert (fused["a"].cosine, fused["a"].keyword_score) == (0.9, None)
    assert (fused["b"].cosine, fused["b"].keyword_score) == (None, 3.0)


def test_equal_scores_are_ordered_by_point_id() -> None:
    fused = fuse_legs(build_leg(b=0.5), build_leg(a=7.0), EVEN)
    assert [one.hit.point_id for one in fused] == ["a", "b"]


def test_depth_cuts_each_list() -> None:
    fused = fuse_legs(build_leg(a=0.9, b=0.8), build_leg(c=2.0, d=1.0), FusionSettings(depth=1))
    assert {one.hit.point_id for one in fused} == {"a", "c"}


def test_by_ranks_only_the_order_of_a_list_counts() -> None:
    ranks = FusionSettings(method="ranks", k=10)
    near, far = build_leg(a=0.9, b=0.89), build_leg(a=0.9, b=0.1)
    assert [one.score for one in fuse_legs(near, (), ranks)] == [
        one.score for one in fuse_legs(far, (), ranks)
    ]


@pytest.mark.parametrize("method", ["scores", "ranks"])
def test_no_hit_is_no_result(method: str) -> None:
    assert fuse_legs((), (), FusionSettings(method=method)) == ()  # type: ignore[arg-type]


def test_negative_cosines_do_not_upset_the_order() -> None:
    fused = fuse_legs(build_leg(a=-0.1, b=-0.4), (), EVEN)
    assert [one.hit.point_id for one in fused] == ["a", "b"]
    assert fused[0].score > fused[1].score
