"""Schedules: what may stand there, when the next sync is, and that each moment is one worker's."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from core.clock import Clock
from core.database import Database
from core.errors import UsageError
from core.schedules import Schedules, check_schedule, find_next
from core.tables import sources

BERLIN = Clock(ZoneInfo("Europe/Berlin"))


def add_source(database: Database, name: str, **values: object) -> None:
    row = {
        "type": "folder",
        "options": {},
        "status": "draft",
        "kind": "other",
        "access": [],
        "on_change": "keep_approved",
        "added_at": datetime.now(UTC) - timedelta(hours=5),
    }
    with database.write() as connection:
        connection.execute(insert(sources).values(name=name, **row, **values))


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("Every 30 minutes", "every 30 minutes"),
        ("every 1 hour", "every 1 hour"),
        (" 0 6 * *  mon-fri ", "0 6 * * mon-fri"),
        ("off", None),
        ("", None),
    ],
)
def test_schedule_is_kept_in_one_form(given: str, stored: str | None) -> None:
    assert check_schedule(given) == stored


@pytest.mark.parametrize(
    "given",
    ["daily", "every 0 minutes", "every -5 minutes", "61 * * * *", "* * * * * *", "@reboot", "0 0 30 2 *"],
)
def test_schedule_that_is_none_is_refused_with_examples(given: str) -> None:
    with pytest.raises(UsageError, match="every 30 minutes"):
        check_schedule(given)


def test_cron_line_is_read_in_the_time_zone_of_the_company() -> None:
    after = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
    assert find_next("0 6 * * *", after, BERLIN).astimezone(UTC) == datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
    assert find_next("0 6 * * *", after + timedelta(days=180), BERLIN).astimezone(UTC).hour == 5


def test_interval_is_counted_from_now() -> None:
    after = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
    assert find_next("every 90 minutes", after, BERLIN) == after + timedelta(minutes=90)


def test_source_is_first_due_one_interval_after_its_schedule_was_set(database: Database) -> None:
    add_source(database, "brand", schedule="every 5 minutes")
    schedules = Schedules(database, BERLIN)
    assert schedules.take_due() == ()
    with database.read() as connection:
        moment = connection.execute(select(sources.c.next_sync_at)).scalar_one()
    assert timedelta(minutes=4) < moment - datetime.now(UTC) <= timedelta(minutes=5)


def test_schedule_that_names_no_day_holds_up_no_other(database: Database) -> None:
    past = datetime.now(UTC) - timedelta(hours=1)
    add_source(database, "a", schedule="0 0 30 2 *", next_sync_at=past)
    add_source(database, "b", schedule="every 5 minutes", next_sync_at=past)
    assert Schedules(database, BERLIN).take_due() == ("b",)


def test_many_missed_runs_are_made_up_for_once(database: Database) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=2)
    add_source(database, "brand", schedule="every 5 minutes", next_sync_at=long_ago)
    schedules = Schedules(database, BERLIN)
    assert [schedules.take_due(), schedules.take_due()] == [("brand",), ()]


def test_removed_and_unscheduled_sources_are_never_due(database: Database) -> None:
    past = datetime.now(UTC) - timedelta(hours=1)
    add_source(database, "gone", schedule="every 5 minutes", next_sync_at=past, removed_at=past)
    add_source(database, "idle", next_sync_at=past)
    assert Schedules(database, BERLIN).take_due() == ()


def test_moment_that_another_worker_took_between_look_and_write_is_not_taken_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = datetime.now(UTC) - timedelta(hours=1)
    add_source(database, "brand", schedule="every 5 minutes", next_sync_at=past)
    one, other = Schedules(database, BERLIN), Schedules(database, BERLIN)
    move_on = one._move_on
    taken: list[tuple[str, ...]] = []

    def move_late(name: str, old: datetime | None, new: datetime) -> bool:
        taken.append(other.take_due())
        return move_on(name, old, new)

    monkeypatch.setattr(one, "_move_on", move_late)
    assert (one.take_due(), taken) == ((), [("brand",)])


def test_source_is_stale_from_its_limit_on_also_when_it_was_never_synced(database: Database) -> None:
    now = datetime.now(UTC)
    add_source(database, "fresh", stale_after_hours=4, last_synced_at=now - timedelta(hours=3))
    add_source(database, "late", stale_after_hours=4, last_synced_at=now - timedelta(hours=5))
    add_source(database, "never", stale_after_hours=4)
    add_source(database, "young", stale_after_hours=6)
    add_source(database, "carefree", last_synced_at=now - timedelta(days=99))
    stale = Schedules(database, BERLIN).list_stale()
    assert [(one.name, one.last_synced_at is None) for one in stale] == [("late", False), ("never", True)]
    with database.write() as connection:
        connection.execute(update(sources).values(removed_at=now))
    assert Schedules(database, BERLIN).list_stale() == ()
