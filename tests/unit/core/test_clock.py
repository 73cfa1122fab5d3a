"""The clock: days in the company's time zone, moments in UTC."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clock import Clock, Stopwatch, pause


class StoppedClock(Clock):
    """Stands half an hour before midnight of New Year's Eve in UTC."""

    def now(self) -> datetime:
        return datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("timezone", "day"),
    [
        ("UTC", date(2026, 12, 31)),
        ("Europe/Berlin", date(2027, 1, 1)),
        ("America/New_York", date(2026, 12, 31)),
    ],
)
def test_today_is_the_day_of_the_company(timezone: str, day: date) -> None:
    assert StoppedClock(ZoneInfo(timezone)).today() == day


def test_fixed_day_stands_above_the_calendar() -> None:
    assert StoppedClock(ZoneInfo("UTC"), date(2026, 3, 3)).today() == date(2026, 3, 3)


def test_moments_stay_true_under_a_fixed_day() -> None:
    fixed, free = Clock(ZoneInfo("UTC"), date(2001, 1, 1)).now(), Clock(ZoneInfo("Asia/Tokyo")).now()
    assert fixed.tzinfo is UTC
    assert abs(free - fixed) < timedelta(minutes=1)


def test_stopwatch_counts_milliseconds_of_a_pause() -> None:
    watch = Stopwatch()
    pause(0.02)
    assert 20 <= watch.milliseconds() < 2000
