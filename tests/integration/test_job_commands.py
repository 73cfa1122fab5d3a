"""`onbrand jobs`, and syncs beside a running `onbrand up`: what a person at a terminal sees and does."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from core.clock import Stopwatch, pause
from tests.fakes.embedding_endpoint import EmbeddingEndpoint, serve_embeddings
from tests.integration.commands import Commands, write

FILES = 96
"""Three batches."""
READER = ("--as", "rhys@pelmarrow.example")


@pytest.fixture
def endpoint() -> Iterator[EmbeddingEndpoint]:
    with serve_embeddings() as served:
        yield served


def name_endpoint(endpoint: EmbeddingEndpoint) -> dict[str, str]:
    return {
        "ONBRAND_EMBEDDER": "endpoint",
        "ONBRAND_EMBEDDER_URL": endpoint.url,
        "ONBRAND_EMBEDDER_MODEL": "hashed-words",
    }


@pytest.fixture
def slow_world(quick: Commands, endpoint: EmbeddingEndpoint) -> Commands:
    """A source of three batches, and an endpoint that makes vectors of hashed words."""
    world = replace(quick, settings=name_endpoint(endpoint))
    for number in range(FILES):
        write(world.home / "kit", f"{number:02}.md", f"# Guide {number}\n\nOur colour is teal{number:02}.")
    world.run("source", "add", "folder", "kit", "--path", "kit", "--status", "approved", "--access", "all")
    return world


def list_jobs(world: Commands, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.run("jobs", "list", "--source", "kit", "--json", *words).json
    return found


def wait_until_running(world: Commands) -> str:
    """Id of the newest job, once a batch of it is at work."""
    watch = Stopwatch()
    while watch.milliseconds() < 30_000:
        jobs = list_jobs(world)
        if jobs and jobs[0]["state"] == "running" and jobs[0]["total"]:
            return str(jobs[0]["job"])
        pause(0.05)
    raise AssertionError(jobs)


def test_syncs_beside_a_running_onbrand_are_listed_cancelled_and_resumed(
    slow_world: Commands, endpoint: EmbeddingEndpoint
) -> None:
    world = slow_world
    with world.running("up") as up:
        # It takes in commands before it has a worker; these are about what the worker does.
        assert up.stdout is not None
        assert b"onbrand is up" in up.stdout.readline()
        endpoint.may_answer.clear()
        asked = world.run("sync", "kit", "--no-wait", "--json").json
        assert (asked["kind"], asked["source"], asked["state"] in ("waiting", "running")) == (
            "sync",
            "kit",
            True,
        )
        job = wait_until_running(world)
        assert (job, world.run("sync", "--no-wait", "--json").json["job"]) == (asked["job"], job), (
            "it is joined"
        )
        assert "may not steer jobs" in world.run("jobs", "cancel", job, *READER, code=1).err
        assert world.run("jobs", "cancel", job[:8], "--json").json["state"] in ("cancelling", "cancelled")
        endpoint.may_answer.set()
        stopped = wait_until_ended(world, job)
        assert (stopped["state"], 0 <= stopped["report"]["ingested"] < FILES) == ("cancelled", True)
        assert "onbrand jobs resume" in world.run("jobs", "show", job).out
        resumed = world.run("jobs", "resume", job, "--wait", "--json").json
        assert (resumed["state"], resumed["attempt"], resumed["worker"]) == ("done", 2, "local")
        assert (resumed["report"]["listed"], resumed["report"]["ingested"]) == (FILES, FILES)
        assert "is done" in world.run("jobs", "resume", job, code=2).err
        assert world.run("search", "teal95", "--json").json["results"][0]["path"] == "95.md"
        check_failures(world)


def wait_until_ended(world: Commands, job: str) -> dict[str, Any]:
    watch = Stopwatch()
    while (shown := world.run("jobs", "show", job, "--json").json)["state"] in ("running", "cancelling"):
        assert watch.milliseconds() < 30_000, shown
        pause(0.05)
    return dict(shown)


def check_failures(world: Commands) -> None:
    """A file that cannot be read is tried again when asked for; a folder that is away fails the job until then."""
    write(world.home / "kit", "bad.pdf", "no pdf at all")
    assert world.run("sync", "kit", "--json", code=1).json["failed"][0]["document"] == "bad.pdf"
    failed = list_jobs(world, "--limit", "1")[0]
    assert (failed["state"], failed["failed"]) == ("done", 1)
    assert f"onbrand jobs retry-failed {failed['job']}" in world.run("jobs", "show", failed["job"]).out
    again = world.run("jobs", "retry-failed", failed["job"], "--wait", "--json", code=1).json
    assert [one["document"] for one in again["report"]["failed"]] == ["bad.pdf"]
    (world.home / "kit" / "bad.pdf").unlink()
    (world.home / "kit").rename(world.home / "away")
    assert "does not exist" in world.run("sync", "kit", code=1).err
    (broken,) = list_jobs(world, "--state", "failed")
    assert "does not exist" in broken["error"]
    (world.home / "away").rename(world.home / "kit")
    resumed = world.run("jobs", "resume", broken["job"], "--wait", "--json").json
    assert (resumed["state"], resumed["report"]["unchanged"], resumed["report"]["removed"]) == (
        "done",
        FILES,
        1,
    )


@pytest.fixture
def shop(quick: Commands, endpoint: EmbeddingEndpoint) -> Commands:
    """Two files and nobody who works: commands carry jobs out themselves."""
    world = replace(quick, settings=name_endpoint(endpoint))
    write(world.home / "kit", "a.md", "# A\n\nOur colour is teal.")
    write(world.home / "kit", "bad.pdf", "no pdf at all")
    world.run("source", "add", "folder", "kit", "--path", "kit", "--status", "approved", "--access", "all")
    return world


def test_sync_of_a_lone_command_is_a_job_too_and_is_shown_with_what_it_did(shop: Commands) -> None:
    shop.run("sync", code=1)
    (job,) = list_jobs(shop)
    assert (job["state"], job["worker"], job["failed"], job["done"]) == ("done", "command", 1, 2)
    shown = shop.run("jobs", "show", job["job"][:6]).out
    assert "bad.pdf" in shown
    assert "1 failed" in shop.run("jobs", "list").out


def test_sync_that_need_not_be_waited_for_is_carried_out_where_nobody_else_would(shop: Commands) -> None:
    assert "bad.pdf" in shop.run("sync", "--no-wait", code=1).out
    assert shop.run("sync", "--no-wait", "--json", code=1).json["unchanged"] == 1
    assert [job["state"] for job in list_jobs(shop)] == ["done", "done"]


def test_failed_files_of_a_lone_command_are_tried_again_at_once(shop: Commands) -> None:
    shop.run("sync", code=1)
    (job,) = list_jobs(shop)
    again = shop.run("jobs", "retry-failed", job["job"], "--json", code=1).json
    assert (again["state"], again["job"] != job["job"], again["report"]["listed"]) == ("done", True, 2)
    assert [one["document"] for one in again["report"]["failed"]] == ["bad.pdf"]


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("cancel", "{job}"), 2, "has ended already"),
        (("resume", "{job}"), 2, "only failed and cancelled"),
        (("show", "nothing"), 2, "jobs list"),
        (("retry-failed", "{clean}"), 2, "no file failed"),
        (("retry-failed", "{job}", *READER), 1, "may not steer jobs"),
        (("resume", "{job}", *READER), 1, "may not steer jobs"),
        (("list", "--state", "sleeping"), 2, "sleeping"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_with_a_job_is_refused_with_its_reason(
    shop: Commands, words: tuple[str, ...], code: int, reason: str
) -> None:
    shop.run("sync", code=1)
    (shop.home / "kit" / "bad.pdf").unlink()
    shop.run("sync")
    clean, job = (one["job"] for one in list_jobs(shop))
    spoken = [word.format(job=job, clean=clean) for word in words]
    assert reason in shop.run("jobs", *spoken, code=code).err


def test_without_a_job_the_list_says_how_to_begin(shop: Commands) -> None:
    assert "onbrand sync" in shop.run("jobs", "list").out
    assert list_jobs(shop) == []


def test_access_only_sync_is_a_recheck_and_leaves_new_content_alone(shop: Commands) -> None:
    shop.run("sync", code=1)
    write(shop.home / "kit", "b.md", "# B\n\nOur colour is ochre.")
    (shop.home / "kit" / "a.md").unlink()
    report = shop.run("sync", "--access-only", "--json", code=1).json
    assert (report["removed"], report["ingested"]) == (1, 0)
    assert list_jobs(shop)[0]["kind"] == "recheck"
    assert shop.run("search", "colour", "--json").json["results"] == []


def test_worker_of_its_own_is_refused_without_servers(shop: Commands) -> None:
    assert "ONBRAND_DATABASE_URL" in shop.run("worker", code=2).err


def test_sync_that_begins_before_onbrand_has_a_worker_is_carried_out_once(
    slow_world: Commands, endpoint: EmbeddingEndpoint
) -> None:
    with slow_world.running("up"):
        report = slow_world.run("sync", "--json").json
    assert (report["ingested"], report["unchanged"]) == (FILES, 0)
    (job,) = list_jobs(slow_world)
    assert (job["state"], job["attempt"]) == ("done", 1)
    assert sum(len(texts) for texts in endpoint.texts if len(texts) > 1) == FILES


def test_job_of_a_command_that_was_killed_is_gone_on_with_by_the_next_one(
    slow_world: Commands, endpoint: EmbeddingEndpoint
) -> None:
    endpoint.may_answer.clear()
    with slow_world.running("sync") as syncing:
        job = wait_until_running(slow_world)
        syncing.kill()
        syncing.wait()
    endpoint.may_answer.set()
    assert [one["state"] for one in list_jobs(slow_world)] == ["waiting"]
    report = slow_world.run("sync", "--json").json
    assert (report["listed"], report["ingested"], report["unchanged"]) == (FILES, FILES, 0)
    assert [(one["job"], one["state"]) for one in list_jobs(slow_world)] == [(job, "done")]


def test_sync_that_somebody_cancels_ends_with_the_way_on(
    slow_world: Commands, endpoint: EmbeddingEndpoint
) -> None:
    endpoint.may_answer.clear()
    with slow_world.running("sync") as syncing:
        job = wait_until_running(slow_world)
        slow_world.run("jobs", "cancel", job)
        endpoint.may_answer.set()
        _, said = syncing.communicate(timeout=60)
    assert syncing.returncode == 1
    assert f"onbrand jobs resume {job}" in said.decode()
