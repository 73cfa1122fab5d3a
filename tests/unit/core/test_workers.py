"""Who works, who has died, and whose writes still count."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from core.clock import Clock
from core.database import Database
from core.workers import (
    CALLED_DEAD_AFTER_SECONDS,
    Tenure,
    WorkerNameTaken,
    WorkerReplaced,
    WorkerRow,
    Workers,
)

BRIEFLY, LONG = CALLED_DEAD_AFTER_SECONDS - 0.5, CALLED_DEAD_AFTER_SECONDS + 0.5


@dataclass(frozen=True)
class HandClock(Clock):
    """Moves when told."""

    moment: tuple[datetime, ...] = ()

    def now(self) -> datetime:
        return self.moment[0]


class Crew(Workers):
    """Workers of a database whose clock is moved by hand."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, HandClock(ZoneInfo("UTC"), moment=(datetime(2026, 3, 3, tzinfo=UTC),)))
        self.database = database

    def wait(self, seconds: float) -> None:
        moment = self._clock.now() + timedelta(seconds=seconds)
        self._clock = HandClock(ZoneInfo("UTC"), moment=(moment,))

    def hire(self, name: str = "w1", *, is_alone: bool = False) -> Tenure:
        return self.register(name, version="1", is_alone=is_alone)

    def see(self, name: str = "w1") -> WorkerRow:
        (row,) = [one for one in self.list_workers() if one.name == name]
        return row

    def bury(self, row: WorkerRow) -> bool:
        return self.call_dead(row, lambda _connection: None)

    def may_write(self, tenure: Tenure) -> bool:
        with self.database.write() as connection:
            try:
                tenure.check(connection)
            except WorkerReplaced:
                return False
        return True


@pytest.fixture
def crew(database: Database) -> Crew:
    return Crew(database)


def test_worker_that_gives_signs_of_life_is_not_dead(crew: Crew) -> None:
    tenure = crew.hire()
    for _ in range(3):
        crew.wait(BRIEFLY)
        crew.beat(tenure)
    row = crew.see()
    assert (row.silent_seconds, row.is_dead, row.has_ended) == (0, False, False)
    assert crew.may_write(tenure)


def test_worker_that_falls_silent_is_dead_and_one_that_said_goodbye_is_not(crew: Crew) -> None:
    crew.hire("silent")
    crew.end(crew.hire("gone"))
    crew.wait(LONG)
    assert crew.see("silent").is_dead
    assert not crew.see("gone").is_dead
    assert crew.see("gone").has_ended


def test_name_of_a_worker_that_is_at_work_is_refused(crew: Crew) -> None:
    tenure = crew.hire()
    crew.wait(BRIEFLY)
    with pytest.raises(WorkerNameTaken, match=r"w1.*--name"):
        crew.hire()
    assert crew.may_write(tenure)


@pytest.mark.parametrize("ending", ["said goodbye", "fell silent", "lost its lock"])
def test_name_that_is_free_again_is_taken_with_a_new_epoch_and_the_old_holder_may_not_write(
    crew: Crew, ending: str
) -> None:
    old = crew.hire()
    if ending == "said goodbye":
        crew.end(old)
    if ending == "fell silent":
        crew.wait(LONG)
    new = crew.hire(is_alone=ending == "lost its lock")
    assert new.name == old.name
    assert new.epoch > old.epoch
    assert (crew.may_write(old), crew.may_write(new)) == (False, True)
    assert not crew.see().has_ended


def test_worker_that_said_goodbye_may_write_nothing_more(crew: Crew) -> None:
    tenure = crew.hire()
    crew.end(tenure)
    assert not crew.may_write(tenure)


def test_only_one_caller_calls_a_worker_dead(crew: Crew) -> None:
    crew.hire()
    crew.wait(LONG)
    seen = crew.see()
    assert [crew.bury(seen), crew.bury(seen)] == [True, False]
    assert (crew.see().epoch, crew.see().has_ended) == (seen.epoch + 1, True)


def test_worker_that_gave_a_sign_of_life_meanwhile_is_not_called_dead(crew: Crew) -> None:
    tenure = crew.hire()
    crew.wait(LONG)
    seen = crew.see()
    crew.beat(tenure)
    assert not crew.bury(seen)
    assert crew.may_write(tenure)


def test_worker_that_is_not_silent_for_long_enough_is_not_called_dead(crew: Crew) -> None:
    crew.hire()
    crew.wait(BRIEFLY)
    assert not crew.bury(crew.see())


def test_one_that_registered_anew_is_not_called_dead_for_its_past(crew: Crew) -> None:
    crew.hire()
    crew.wait(LONG)
    seen = crew.see()
    again = crew.hire()
    crew.wait(LONG)
    assert not crew.bury(seen), "the row seen is not the row that is there now"
    assert crew.may_write(again)


def test_beat_after_replacement_raises_and_brings_nobody_back(crew: Crew) -> None:
    tenure = crew.hire()
    crew.wait(LONG)
    assert crew.bury(crew.see())
    with pytest.raises(WorkerReplaced, match="w1"):
        crew.beat(tenure)
    crew.end(tenure)
    assert crew.see().has_ended
    assert not crew.may_write(tenure)


def test_late_beat_of_an_old_holder_does_not_keep_its_follower_alive(crew: Crew) -> None:
    old = crew.hire()
    crew.wait(LONG)
    crew.hire()
    crew.wait(LONG)
    with pytest.raises(WorkerReplaced):
        crew.beat(old)
    assert crew.see().is_dead


def test_goodbye_of_an_old_holder_does_not_end_its_follower(crew: Crew) -> None:
    old = crew.hire()
    crew.wait(LONG)
    crew.hire()
    crew.end(old)
    assert not crew.see().has_ended


def test_death_and_what_goes_with_it_are_one_write(crew: Crew) -> None:
    tenure = crew.hire()
    crew.wait(LONG)

    def fail(_connection: Connection) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crew.call_dead(crew.see(), fail)
    assert crew.may_write(tenure)
    assert crew.see().is_dead


def test_worker_that_nobody_registered_may_not_write(crew: Crew) -> None:
    tenure = crew.hire()
    assert not crew.may_write(replace(tenure, name="w2"))
    assert not crew.may_write(replace(tenure, epoch=tenure.epoch + 1))
