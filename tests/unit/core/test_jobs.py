"""The rows of jobs: who asks for what, who does it, and how it ends."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import insert, select

from core.database import Database
from core.errors import TransientError, UsageError
from core.job_tables import job_runs
from core.jobs import (
    PRIORITY_ACCESS,
    PRIORITY_CLOCK,
    JobKind,
    JobRequest,
    JobRow,
    Jobs,
    JobState,
    JobUnderWay,
    UnknownJob,
)
from tests.unit.core.core_world import CoreWorld

SYNC = JobRequest("sync", "kit", {}, "Ada")
ENDINGS: tuple[JobState, ...] = ("done", "failed", "cancelled")


@pytest.fixture
def jobs(world: CoreWorld) -> Jobs:
    return Jobs(world.database, world.clock)


def make_request(kind: JobKind = "sync", subject: str = "kit", **arguments: Any) -> JobRequest:
    return JobRequest(kind, subject, arguments, "Ada")


def list_states(jobs: Jobs) -> Mapping[str, JobState]:
    return {job.job_id: job.state for job in jobs.list_jobs()}


def test_new_job_waits_and_bears_what_was_asked(jobs: Jobs) -> None:
    asked = jobs.ask(JobRequest("sync", "kit", {"full": True}, "Ada", PRIORITY_CLOCK))
    assert (asked.state, asked.kind, asked.subject, asked.arguments) == (
        "waiting",
        "sync",
        "kit",
        {"full": True},
    )
    assert (asked.asked_by, asked.priority, asked.attempt, asked.started_at) == (
        "Ada",
        PRIORITY_CLOCK,
        1,
        None,
    )
    assert jobs.get(asked.job_id) == asked


@pytest.mark.parametrize("begun", [False, True])
def test_equal_request_joins_the_job_that_is_under_way(jobs: Jobs, begun: bool) -> None:
    first = jobs.ask(SYNC)
    if begun:
        jobs.begin(first.job_id, "w1")
    joined = jobs.ask(JobRequest("sync", "kit", {}, "somebody else"))
    assert (joined.job_id, joined.asked_by) == (first.job_id, "Ada")
    assert len(jobs.list_jobs()) == 1


@pytest.mark.parametrize(
    "other",
    [
        make_request(full=True),
        make_request(subject="wiki"),
        make_request("recheck"),
        make_request(only=["a.md"]),
    ],
    ids=["other wishes", "another source", "another kind", "some files"],
)
def test_other_wishes_make_a_job_of_their_own(jobs: Jobs, other: JobRequest) -> None:
    assert jobs.ask(SYNC).job_id != jobs.ask(other).job_id


@pytest.mark.parametrize("ending", ENDINGS)
def test_job_that_has_ended_is_not_joined(jobs: Jobs, ending: JobState) -> None:
    first = jobs.ask(SYNC)
    jobs.end(first.job_id, ending)
    assert jobs.ask(SYNC).job_id != first.job_id


def test_job_that_is_being_cancelled_is_not_joined(jobs: Jobs) -> None:
    first = jobs.ask(SYNC)
    jobs.begin(first.job_id, "w1")
    jobs.cancel(first.job_id)
    assert jobs.ask(SYNC).job_id != first.job_id


def test_second_reindex_with_other_wishes_is_refused_and_an_equal_one_joins(jobs: Jobs) -> None:
    first = jobs.ask(make_request("reindex", ""))
    assert jobs.ask(make_request("reindex", "")).job_id == first.job_id
    with pytest.raises(JobUnderWay, match=f"re-index is under way .*{first.job_id}"):
        jobs.ask(make_request("reindex", "", embedder="other"))
    jobs.end(first.job_id, "done")
    assert jobs.ask(make_request("reindex", "", embedder="other")).state == "waiting"


def test_reindex_that_is_being_cancelled_still_stands_in_the_way_of_another(jobs: Jobs) -> None:
    first = jobs.ask(make_request("reindex", ""))
    jobs.begin(first.job_id, "w1")
    jobs.cancel(first.job_id)
    with pytest.raises(JobUnderWay):
        jobs.ask(make_request("reindex", ""))


def test_job_is_found_by_the_beginning_of_its_id(jobs: Jobs) -> None:
    job = jobs.ask(SYNC)
    assert jobs.get(job.job_id[:6]).job_id == job.job_id


@pytest.mark.parametrize("wrong", ["", "nothing", "%", "_"])
def test_id_that_names_no_job_is_refused(jobs: Jobs, wrong: str) -> None:
    jobs.ask(SYNC)
    with pytest.raises(UnknownJob, match="jobs list"):
        jobs.get(wrong)


def test_beginning_that_fits_two_jobs_names_none(jobs: Jobs, database: Database) -> None:
    job = jobs.ask(SYNC)
    with database.write() as connection:
        row = dict(connection.execute(select(job_runs)).one()._mapping)
        connection.execute(insert(job_runs).values(**{**row, "job_id": job.job_id[:6] + "other0"}))
    with pytest.raises(UnknownJob):
        jobs.get(job.job_id[:6])
    assert jobs.get(job.job_id) == job


def test_list_is_newest_first_and_can_be_narrowed(jobs: Jobs) -> None:
    kit, wiki = jobs.ask(SYNC), jobs.ask(make_request(subject="wiki"))
    jobs.end(kit.job_id, "done")
    assert list(list_states(jobs)) == [wiki.job_id, kit.job_id]
    assert [job.job_id for job in jobs.list_jobs(state="done")] == [kit.job_id]
    assert [job.job_id for job in jobs.list_jobs(subject="wiki")] == [wiki.job_id]
    assert [job.job_id for job in jobs.list_jobs(limit=1)] == [wiki.job_id]


def test_what_is_under_way_is_listed_by_priority_and_then_by_age(jobs: Jobs) -> None:
    by_clock = jobs.ask(JobRequest("sync", "a", {}, "clock", PRIORITY_CLOCK))
    first, second = jobs.ask(make_request(subject="b")), jobs.ask(make_request(subject="c"))
    access = jobs.ask(JobRequest("recheck", "d", {}, "clock", PRIORITY_ACCESS))
    jobs.end(jobs.ask(make_request(subject="e")).job_id, "done")
    order = [job.job_id for job in jobs.list_under_way()]
    assert order == [access.job_id, first.job_id, second.job_id, by_clock.job_id]


def test_job_begun_again_after_a_crash_keeps_its_first_moment(jobs: Jobs) -> None:
    job = jobs.ask(SYNC)
    first = jobs.begin(job.job_id, "w1")
    again = jobs.begin(job.job_id, "w2")
    assert (first.state, first.worker, again.worker) == ("running", "w1", "w2")
    assert again.started_at == first.started_at is not None


@pytest.mark.parametrize("ending", ENDINGS)
def test_ended_job_is_not_begun(jobs: Jobs, ending: JobState) -> None:
    job = jobs.ask(SYNC)
    jobs.end(job.job_id, ending)
    assert jobs.begin(job.job_id, "w1").state == ending
    assert jobs.get(job.job_id).worker is None


def test_end_that_is_said_twice_changes_nothing(jobs: Jobs) -> None:
    job = jobs.ask(SYNC)
    jobs.end(job.job_id, "done", report={"ingested": 3})
    ended = jobs.get(job.job_id)
    jobs.end(job.job_id, "failed", error="late", report={})
    assert jobs.get(job.job_id) == ended
    assert (ended.state, ended.report, ended.error) == ("done", {"ingested": 3}, None)


def test_ended_job_keeps_its_report_whatever_a_late_step_says(jobs: Jobs) -> None:
    job = jobs.ask(SYNC)
    jobs.end(job.job_id, "done", report={"ingested": 3})
    ended = jobs.get(job.job_id)
    jobs.keep_report(job.job_id, {"ingested": 0})
    jobs.give_up(job.job_id, "an endpoint is down")
    jobs.tell(job.job_id, done=0, total=9)
    assert jobs.get(job.job_id) == ended


def test_reason_for_giving_up_is_gone_when_the_job_comes_to_its_end(jobs: Jobs) -> None:
    job = jobs.ask(SYNC)
    jobs.give_up(job.job_id, "an endpoint is down")
    assert jobs.get(job.job_id).error == "an endpoint is down"
    jobs.end(job.job_id, "done", report={})
    assert jobs.get(job.job_id).error is None


def test_waiting_job_is_cancelled_at_once_and_a_running_one_is_asked_to_end(jobs: Jobs) -> None:
    waiting, running = jobs.ask(SYNC), jobs.ask(make_request(full=True))
    jobs.begin(running.job_id, "w1")
    at_once, asked = jobs.cancel(waiting.job_id), jobs.cancel(running.job_id)
    assert (at_once.state, at_once.ended_at is not None) == ("cancelled", True)
    assert (asked.state, asked.is_cancel_asked, asked.ended_at) == ("running", True, None)


@pytest.mark.parametrize("ending", ENDINGS)
def test_ended_job_is_not_cancelled(jobs: Jobs, ending: JobState) -> None:
    job = jobs.ask(SYNC)
    jobs.end(job.job_id, ending)
    with pytest.raises(UsageError, match=ending):
        jobs.cancel(job.job_id)


@pytest.mark.parametrize("ending", ["failed", "cancelled"])
def test_failed_or_cancelled_job_is_resumed_as_another_run_of_the_same_job(
    jobs: Jobs, ending: JobState
) -> None:
    job = jobs.ask(SYNC)
    jobs.begin(job.job_id, "w1")
    if ending == "cancelled":
        jobs.cancel(job.job_id)
    jobs.end(job.job_id, ending, report={"ingested": 3}, error="why")
    resumed = jobs.resume(job.job_id)
    assert (resumed.state, resumed.attempt, resumed.is_cancel_asked) == ("waiting", 2, False)
    assert (resumed.ended_at, resumed.worker, resumed.error) == (None, None, None)
    assert resumed.report == {"ingested": 3}, "what it did before is not forgotten"
    assert (resumed.job_id, resumed.run_id != job.run_id) == (job.job_id, True)


@pytest.mark.parametrize("state", ["waiting", "running", "done"])
def test_job_that_is_done_or_under_way_is_not_resumed(jobs: Jobs, state: JobState) -> None:
    job = jobs.ask(SYNC)
    if state == "running":
        jobs.begin(job.job_id, "w1")
    if state == "done":
        jobs.end(job.job_id, "done")
    with pytest.raises(UsageError, match=state):
        jobs.resume(job.job_id)
    assert jobs.get(job.job_id).attempt == 1


def test_job_is_not_resumed_beside_another_that_does_the_same(jobs: Jobs) -> None:
    job = jobs.ask(SYNC)
    jobs.end(job.job_id, "failed")
    other = jobs.ask(SYNC)
    with pytest.raises(JobUnderWay, match=other.job_id):
        jobs.resume(job.job_id)
    assert issubclass(JobUnderWay, TransientError)


def test_what_a_dead_worker_was_at_waits_again_and_nothing_else_does(jobs: Jobs, database: Database) -> None:
    of_dead, of_living, ended = (jobs.ask(make_request(subject=name)) for name in ("a", "b", "c"))
    for job, worker in ((of_dead, "dead"), (of_living, "living"), (ended, "dead")):
        jobs.begin(job.job_id, worker)
    jobs.end(ended.job_id, "done")
    with database.write() as connection:
        jobs.take_back(connection, "dead")
    found: list[JobRow] = [jobs.get(job.job_id) for job in (of_dead, of_living, ended)]
    assert [(job.state, job.worker) for job in found] == [
        ("waiting", None),
        ("running", "living"),
        ("done", "dead"),
    ]
    assert found[0].run_id == of_dead.run_id, "it goes on as the same run"


def test_what_a_killed_command_was_at_waits_again(jobs: Jobs) -> None:
    left, other = jobs.ask(SYNC), jobs.ask(make_request(subject="wiki"))
    jobs.begin(left.job_id, "command")
    jobs.begin(other.job_id, "local")
    jobs.take_back_left("command")
    assert (jobs.get(left.job_id).state, jobs.get(other.job_id).state) == ("waiting", "running")


def test_job_that_was_taken_over_shows_as_running_again_once_it_goes_on(
    jobs: Jobs, database: Database
) -> None:
    job = jobs.ask(SYNC)
    jobs.begin(job.job_id, "w1")
    with database.write() as connection:
        jobs.take_back(connection, "w1")
    jobs.tell(job.job_id, done=2, total=5, current="c.md")
    found = jobs.get(job.job_id)
    assert (found.state, found.done, found.total, found.current) == ("running", 2, 5, "c.md")


def test_kind_is_due_when_none_of_it_was_asked_for_lately(jobs: Jobs) -> None:
    assert jobs.is_due("upkeep", hours=24)
    jobs.ask(make_request("upkeep", ""))
    assert not jobs.is_due("upkeep", hours=24)
    assert jobs.is_due("upkeep", hours=0)
    assert jobs.is_due("sync", hours=24)
