"""Alerts: each trouble is told once when it begins and once when it is over, by one process."""

from core.alerts import Alerts, Trouble
from core.database import Database

DISK = Trouble("disk", "The disk is nearly full.")
STALE = Trouble("stale brand", "brand has not been synced.")


def test_trouble_is_news_once_and_its_end_is_news_once(database: Database) -> None:
    one, other = Alerts(database), Alerts(database)
    assert one.take_news([DISK]).begun == (DISK,)
    assert other.take_news([DISK, STALE]).begun == (STALE,)
    assert one.take_news([DISK, STALE]) == other.take_news([DISK, STALE])
    assert one.take_news([STALE]).over == (DISK,)
    assert other.take_news([STALE]).over == ()


def test_trouble_of_one_process_is_over_when_that_process_says_so(database: Database) -> None:
    alerts, model = Alerts(database), Trouble("@a degraded model", "The model is missed.")
    assert alerts.take_news([model, STALE], process="a").begun == (model, STALE)
    assert alerts.take_news([STALE], process="b") == alerts.take_news([model, STALE], process="a")
    assert alerts.take_news([], process="b").over == (STALE,)
    assert alerts.take_news([], process="a").over == (model,)


def test_trouble_whose_words_have_changed_is_no_news(database: Database) -> None:
    alerts = Alerts(database)
    alerts.take_news([DISK])
    assert alerts.take_news([Trouble("disk", "It is fuller still.")]).begun == ()


def test_trouble_that_could_not_be_told_is_news_again(database: Database) -> None:
    alerts = Alerts(database)
    alerts.forget(alerts.take_news([DISK, STALE]).begun[:1])
    assert alerts.take_news([DISK, STALE]).begun == (DISK,)
