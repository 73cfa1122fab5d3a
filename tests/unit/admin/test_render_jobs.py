"""Jobs as a person at a terminal reads them."""

from typing import Any

import pytest

from admin.render_jobs import render_job, render_jobs
from ingest.sync_report import SyncReport


def make_job(**changed: Any) -> dict[str, Any]:
    """A sync that is done, as the operation gives it."""
    job: dict[str, Any] = {
        "job": "0123456789ab",
        "kind": "sync",
        "source": "kit",
        "state": "done",
        "asked_by": "Ada",
        "asked_at": "2026-03-03T10:00:00+00:00",
        "started_at": "2026-03-03T10:00:01+00:00",
        "ended_at": "2026-03-03T10:00:09+00:00",
        "worker": "local",
        "attempt": 1,
        "done": 40,
        "total": 40,
        "current": "",
        "per_second": 5.0,
        "seconds_left": None,
        "failed": 0,
        "error": None,
    }
    return {**job, **changed}


RUNNING = {"state": "running", "ended_at": None, "done": 40, "total": 100, "seconds_left": 12}


def test_without_a_job_the_way_to_one_is_shown() -> None:
    assert "onbrand sync" in render_jobs([])


def test_each_job_is_one_line() -> None:
    lines = render_jobs([make_job(), make_job(kind="reindex", source=None)]).splitlines()
    assert lines == ["0123456789ab  done        sync kit", "0123456789ab  done        reindex"]


def test_job_under_way_shows_how_far_it_is_at_what_rate_and_how_long_it_still_takes() -> None:
    assert "40 of 100 files (5.0 a second, about 12 s left)" in render_jobs([make_job(**RUNNING)])


@pytest.mark.parametrize(("seconds", "shown"), [(119, "119 s"), (120, "2 min"), (5400, "90 min")])
def test_time_left_is_in_minutes_from_two_on(seconds: int, shown: str) -> None:
    assert f"about {shown} left" in render_jobs([make_job(**{**RUNNING, "seconds_left": seconds})])


@pytest.mark.parametrize("changed", [{"per_second": None}, {"total": 0}])
def test_rate_that_is_not_known_yet_is_left_out(changed: dict[str, Any]) -> None:
    assert "a second" not in render_jobs([make_job(**{**RUNNING, "seconds_left": None, **changed})])


def test_ended_job_shows_no_rate() -> None:
    assert "of 40 files" not in render_jobs([make_job()])


def test_failures_and_the_reason_stand_on_the_line() -> None:
    (line,) = render_jobs([make_job(state="failed", failed=3, error="the folder is gone")]).splitlines()
    assert line.endswith("3 failed · the folder is gone")


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_job_that_did_not_come_to_its_end_shows_the_way_on(state: str) -> None:
    assert "onbrand jobs resume 0123456789ab" in render_job(make_job(state=state))


@pytest.mark.parametrize("state", ["waiting", "running", "cancelling", "done"])
def test_job_that_cannot_be_resumed_does_not_say_so(state: str) -> None:
    assert "resume" not in render_job(make_job(state=state))


def test_failed_files_can_be_tried_again_once_the_job_has_ended() -> None:
    way = "onbrand jobs retry-failed 0123456789ab"
    assert way in render_job(make_job(failed=2))
    assert way not in render_job(make_job(**RUNNING, failed=2))


def test_moments_say_who_asked_who_works_and_which_attempt_it_is() -> None:
    shown = render_job(make_job(attempt=2))
    assert "asked for by Ada at 2026-03-03T10:00:00" in shown
    assert "by worker local, attempt 2" in shown
    assert "ended at 2026-03-03T10:00:09" in shown
    waiting = render_job(make_job(state="waiting", started_at=None, ended_at=None))
    assert "begun" not in waiting
    assert "ended" not in waiting


def test_what_a_sync_did_stands_below_it() -> None:
    report = SyncReport("kit", listed=3, ingested=2, failed=[("a.pdf", "encrypted")])
    shown = render_job(make_job(failed=1, report=report.as_json()))
    assert "a.pdf" in shown
    assert "encrypted" in shown


def test_report_of_another_kind_of_job_is_not_read_as_a_sync() -> None:
    assert render_job(make_job(kind="upkeep", source=None, report={"waiting_for_curators": 2})).startswith(
        "0123456789ab"
    )
