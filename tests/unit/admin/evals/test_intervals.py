import pytest

from admin.evals.intervals import estimate_mean, estimate_share


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        (5, 10, 0.23659, 0.76341),
        (0, 10, 0.0, 0.27753),
        (10, 10, 0.72247, 1.0),
        (81, 263, 0.2553, 0.3662),
        (0, 0, 0.0, 1.0),
    ],
)
def test_interval_of_a_share_is_wilsons(hits: int, count: int, low: float, high: float) -> None:
    estimate = estimate_share(hits, count)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=5e-5)
    assert estimate.value == (hits / count if count else 0)


def test_interval_of_a_mean_shrinks_with_the_number_of_values_and_is_the_same_every_time() -> None:
    few, many = estimate_mean([0.0, 1.0] * 5), estimate_mean([0.0, 1.0] * 500)
    assert few.value == many.value == 0.5
    assert many.high - many.low < (few.high - few.low) / 5
    # 1.96 standard errors of 0.5/√1000.
    assert (many.low, many.high) == pytest.approx((0.469, 0.531), abs=0.004)
    assert few == estimate_mean([0.0, 1.0] * 5)


def test_mean_of_nothing_is_nothing() -> None:
    assert estimate_mean([]).high == 0
