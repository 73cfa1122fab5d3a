"""What the engine of jobs does beyond carrying them out: it asks again, stops and goes on, and loses no job."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import update

from core.errors import PermanentError
from core.job_tables import job_runs
from core.jobs import PRIORITY_CLOCK, JobRequest, JobRow
from core.workers import Workers
from ingest import jobs as engine
from ingest import sync_job, worker
from tests.integration.job_world import JobWorld, Kit, open_job_world
from tests.integration.test_jobs import counts, failures, names

RETRIES = (0.05, 0.1)


@pytest.fixture(scope="module")
def running_world(memory_folder: Path) -> Iterator[JobWorld]:
    """One world with a worker."""
    with open_job_world(memory_folder / uuid4().hex, with_worker=True) as opened:
        yield opened


@pytest.fixture
def world(running_world: JobWorld, monkeypatch: pytest.MonkeyPatch) -> JobWorld:
    monkeypatch.setattr(sync_job, "BATCH_FILES", 2)
    monkeypatch.setattr(engine, "RETRY_SECONDS", RETRIES)
    running_world.embedder.rest()
    running_world.runners.clear()
    return running_world


@pytest.fixture
def kit(world: JobWorld) -> Kit:
    made = world.add_source(f"kit-{uuid4().hex[:8]}")
    made.write_many(6)
    return made


def test_endpoint_that_comes_back_within_the_retries_costs_no_file(world: JobWorld, kit: Kit) -> None:
    world.embedder.failures = len(RETRIES)
    assert counts(kit.sync()) == (6, 6, 0, 0)
    assert kit.says("colour") == names(*range(6))
    assert world.embedder.calls == 3 + len(RETRIES), "each batch once, the first once more for each failure"


def test_endpoint_that_stays_down_is_asked_for_one_batch_and_for_no_other(world: JobWorld, kit: Kit) -> None:
    world.embedder.failures = -1
    (job,) = world.finish(kit.ask())
    errors = failures(job)
    assert world.embedder.calls == 1 + len(RETRIES)
    assert {path for path, error in errors.items() if error.startswith("not tried: ")} == names(*range(2, 6))
    assert (job.state, job.error) == ("done", None)


def test_reason_for_giving_up_shows_while_the_rest_is_passed_over(
    world: JobWorld, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.embedder.failures = -1
    seen: list[str | None] = []
    finish = sync_job.SyncJob.finish

    def look_first(steps: sync_job.SyncJob) -> None:
        seen.append(world.jobs.get(steps.job.job_id).error)
        finish(steps)

    monkeypatch.setattr(sync_job.SyncJob, "finish", look_first)
    world.finish(kit.ask())
    assert seen == ["the endpoint does not answer"]


def test_endpoint_that_failed_one_job_is_asked_again_by_the_resumed_one(world: JobWorld, kit: Kit) -> None:
    world.embedder.failures = -1
    asked = kit.ask()
    world.embedder.on_call = lambda _texts: cancel_once(world, asked)
    (stopped,) = world.finish(asked)
    assert stopped.state == "cancelled"
    world.embedder.rest()
    (job,) = world.finish(world.jobs.resume(asked.job_id))
    assert counts(job.report) == (6, 6, 0, 0)


def cancel_once(world: JobWorld, job: JobRow) -> None:
    if not world.jobs.get(job.job_id).is_cancel_asked:
        world.jobs.cancel(job.job_id)


def test_job_that_was_asked_for_while_nobody_worked_is_done_when_somebody_does(
    world: JobWorld, kit: Kit
) -> None:
    assert world.worker is not None
    world.worker.stop()
    asked = kit.ask()
    assert world.jobs.get(asked.job_id).state == "waiting"
    world.start_worker()
    (job,) = world.finish(asked)
    assert (job.state, counts(job.report)) == ("done", (6, 6, 0, 0))


def test_worker_that_stops_during_a_sync_ends_its_batch_and_the_next_one_goes_on_with_the_rest(
    world: JobWorld, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "STOP_PATIENCE_SECONDS", 1)
    embedding, may_go_on = Event(), Event()

    def hold(_texts: object) -> None:
        embedding.set()
        assert may_go_on.wait(10)

    world.embedder.on_call = hold
    world.embedder.embedded.clear()
    asked, at_work = kit.ask(), world.worker
    assert at_work is not None
    at_work.wake()
    assert embedding.wait(10)
    stopping = Thread(target=at_work.stop)
    stopping.start()
    may_go_on.set()
    stopping.join(20)
    assert world.jobs.get(asked.job_id).state == "running"
    (gone,) = [one for one in Workers(world.database, world.clock).list_workers() if one.name == "tests"]
    assert gone.has_ended
    world.start_worker()
    (job,) = world.finish(asked)
    assert (job.state, counts(job.report), job.attempt) == ("done", (6, 6, 0, 0), 1)
    assert len(world.embedder.embedded) == 6, "the batch under way was finished, none was repeated"


def test_job_whose_run_broke_off_without_a_word_ends_and_can_be_resumed(world: JobWorld, kit: Kit) -> None:
    (done,) = world.finish(kit.ask())
    with world.database.write() as connection:
        where = job_runs.c.job_id == done.job_id
        connection.execute(update(job_runs).where(where).values(state="waiting", ended_at=None))
    (job,) = world.finish(world.jobs.get(done.job_id))
    assert (job.state, "broke off" in (job.error or "")) == ("failed", True)
    (resumed,) = world.finish(world.jobs.resume(job.job_id))
    assert resumed.state == "done"


def test_job_that_a_person_waits_for_goes_before_one_that_the_clock_asked_for(
    world: JobWorld, kit: Kit
) -> None:
    assert world.worker is not None
    world.worker.stop()
    by_clock = world.jobs.ask(JobRequest("sync", kit.name, {"full": True}, "schedule", PRIORITY_CLOCK))
    by_person = kit.ask()
    world.start_worker()
    clock, person = world.finish(by_clock, by_person)
    assert person.ended_at is not None
    assert clock.started_at is not None
    assert person.ended_at <= clock.started_at


def test_runner_that_cannot_go_on_is_not_tried_again(world: JobWorld) -> None:
    tried: list[str] = []

    def fail(job: JobRow) -> dict[str, int]:
        tried.append(job.job_id)
        raise PermanentError("the disk is not there")

    world.runners["upkeep"] = fail
    (job,) = world.finish(world.jobs.ask(JobRequest("upkeep", "", {"again": uuid4().hex}, "clock")))
    assert (job.state, job.error, tried) == ("failed", "the disk is not there", [job.job_id])
