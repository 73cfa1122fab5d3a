"""The daily round: at once, then again, over failures, and over when the process stops."""

import logging
from collections.abc import Callable
from threading import Event
from threading import enumerate as list_threads
from typing import cast

import pytest

from admin.housekeeping import keep_house, repeat
from core.access import LOCAL_OWNER, Person
from core.errors import TransientError
from core.retention import Due, Retention


class ListedRuns:
    """Stands in for retention; the third run ends the waiting test."""

    def __init__(self) -> None:
        self.runs: list[tuple[Person, str]] = []
        self.third = Event()

    def run(self, *, by: Person, reason: str) -> Due:
        self.runs.append((by, reason))
        if len(self.runs) == 3:
            self.third.set()
        return Due(1, 0, 0)


def test_retention_runs_at_once_and_again_until_the_process_stops() -> None:
    retention = ListedRuns()
    with keep_house(cast("Retention", retention), every_seconds=0.001):
        assert retention.third.wait(5)
    assert retention.runs[0] == (LOCAL_OWNER, "once a day")
    assert "housekeeping" not in [thread.name for thread in list_threads()]


@pytest.mark.parametrize("failure", [TransientError("the database is busy"), ValueError("a defect")])
def test_failed_run_is_logged_and_the_next_one_is_done(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    stop = Event()
    tries: list[int] = []

    def task() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise failure
        stop.set()

    with caplog.at_level(logging.WARNING):
        repeat(cast("Callable[[], object]", task), stop, 0.001)
    assert len(tries) == 2
    assert len(caplog.records) == 1
