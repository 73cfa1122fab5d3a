"""What doctor says of jobs: silence of workers, long waits, and work that another version left."""

from typing import Any

import pytest

from admin.doctor_jobs import describe_jobs

WELL: dict[str, Any] = {
    "waiting": 0,
    "longest_wait_seconds": 0,
    "running": 1,
    "workers": ["a-1", "a-2"],
    "silent_workers": [],
    "other_versions": [],
    "is_carried_out_here": False,
}


def test_jobs_that_go_on_are_one_good_line() -> None:
    assert list(describe_jobs(WELL)) == [("jobs", True, "1 running, 0 waiting, 2 worker(s)")]


def test_without_a_worker_it_says_who_carries_jobs_out() -> None:
    ((_, is_well, message),) = describe_jobs({**WELL, "workers": [], "is_carried_out_here": True})
    assert is_well
    assert "schedules wait for `onbrand up`" in message


@pytest.mark.parametrize(
    ("facts", "check", "word"),
    [
        ({"longest_wait_seconds": 3600, "waiting": 2}, "jobs", "waits for 60 min"),
        ({"silent_workers": ["b-1"]}, "workers", "b-1 fell silent"),
        ({"other_versions": ["0123456789ab"]}, "job versions", "0123456789ab"),
    ],
)
def test_what_is_not_well_is_a_warning_with_what_to_do(facts: dict[str, Any], check: str, word: str) -> None:
    found = {name: (is_well, message) for name, is_well, message in describe_jobs({**WELL, **facts})}
    assert found[check][0] is False
    assert word in found[check][1]
