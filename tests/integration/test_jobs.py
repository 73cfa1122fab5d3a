"""Jobs to their end, carried out by the caller and by the engine: the same promises hold for both."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from core.access import Person
from core.documents import ParsedDocument
from core.errors import PermanentError
from core.jobs import JobRequest, JobRow
from ingest import jobs as engine
from ingest import read_file, sync_job
from ingest.parsers.parser import FileUnreadable
from ingest.parsers.registry import parse_file
from tests.integration.job_world import JobWorld, Kit, open_job_world

SALES = Person("sam@pelmarrow.example", groups=frozenset({"sales"}))
RETRIES = (0.05, 0.05)
BATCH = 2
NARROWED = "{access: ['group:sales']}"


@pytest.fixture(scope="module", params=["here", "engine"])
def module_world(request: pytest.FixtureRequest, memory_folder: Path) -> Iterator[JobWorld]:
    """One world for each way: starting the engine takes a second."""
    with open_job_world(memory_folder / uuid4().hex, with_worker=request.param == "engine") as opened:
        yield opened


@pytest.fixture
def world(module_world: JobWorld, monkeypatch: pytest.MonkeyPatch) -> JobWorld:
    """Batches of two files, and an endpoint that is asked again soon."""
    monkeypatch.setattr(sync_job, "BATCH_FILES", BATCH)
    monkeypatch.setattr(engine, "RETRY_SECONDS", RETRIES)
    module_world.embedder.rest()
    module_world.runners.clear()
    return module_world


@pytest.fixture
def kit(world: JobWorld) -> Kit:
    """A source of its own for each test, with five files that no sync has seen."""
    made = world.add_source(f"kit-{uuid4().hex[:8]}")
    made.write_many(5)
    return made


def names(*numbers: int) -> set[str]:
    return {f"{number:02}.md" for number in numbers}


def counts(report: object) -> tuple[int, int, int, int]:
    """(listed, ingested, unchanged, failed)."""
    assert isinstance(report, dict)
    return report["listed"], report["ingested"], report["unchanged"], len(report["failed"])


def failures(job: JobRow) -> dict[str, str]:
    """Errors by path; no file is named twice."""
    assert job.report is not None
    named = {one["document"]: one["error"] for one in job.report["failed"]}
    assert len(named) == len(job.report["failed"])
    return named


def cancel_when_it_embeds(world: JobWorld, job: JobRow, *, call: int = 1) -> None:
    def cancel(_texts: Sequence[str]) -> None:
        if world.embedder.calls == call:
            world.jobs.cancel(job.job_id)

    world.embedder.on_call = cancel


def test_sync_ingests_all_files_and_keeps_its_report(world: JobWorld, kit: Kit) -> None:
    (job,) = world.finish(kit.ask())
    assert (job.state, job.done, job.total, job.error) == ("done", 5, 5, None)
    assert counts(job.report) == (5, 5, 0, 0)
    assert job.started_at is not None
    assert job.ended_at is not None
    assert kit.says("colour") == names(*range(5))
    source = world.sources.get(kit.name)
    assert (source.last_sync, source.last_synced_at is not None) == (job.report, True)


def test_changed_removed_and_moved_files_are_followed_and_the_rest_is_not_read(
    world: JobWorld, kit: Kit
) -> None:
    kit.sync()
    before = kit.read_rows()
    kit.write("00.md", "# Guide 0\n\nOur colour is magenta.")
    (kit.folder / "01.md").unlink()
    (kit.folder / "02.md").rename(kit.folder / "moved.md")
    kit.write("new.md", "# New\n\nOur new colour is ochre.")
    world.embedder.embedded.clear()
    report = kit.sync()
    assert counts(report) == (5, 3, 2, 0)
    assert (report["moved"], report["removed"]) == (1, 1)
    assert kit.says("ochre") == {"new.md"}
    assert kit.says("teal01") == set()
    assert kit.says("teal02") == {"moved.md"}
    assert kit.read_rows()["moved.md"].document.document_id == before["02.md"].document.document_id
    assert len(world.embedder.embedded) == 2, "only new text is embedded"


def test_sync_of_what_has_not_changed_reads_nothing(world: JobWorld, kit: Kit) -> None:
    kit.sync()
    world.embedder.calls = 0
    (job,) = world.finish(kit.ask())
    assert counts(job.report) == (5, 0, 5, 0)
    assert (job.total, world.embedder.calls) == (0, 0)


def test_full_sync_reads_every_file_again(world: JobWorld, kit: Kit) -> None:
    kit.sync()
    assert counts(kit.sync(full=True)) == (5, 5, 0, 0)


def test_file_that_cannot_be_read_is_named_and_the_others_are_ingested(world: JobWorld, kit: Kit) -> None:
    kit.write("02.pdf", b"no pdf at all")
    (job,) = world.finish(kit.ask())
    assert (job.state, set(failures(job))) == ("done", {"02.pdf"})
    assert kit.says("colour") == names(*range(5))


def test_failed_files_are_tried_again_though_their_bytes_have_not_changed(
    world: JobWorld, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:

    def refuse(name: str, content: bytes, **more: Any) -> Sequence[ParsedDocument]:
        if b"teal03" in content:
            raise FileUnreadable("nobody can read this yet")
        return parse_file(name, content, **more)

    monkeypatch.setattr(read_file, "parse_apart", refuse)
    (first,) = world.finish(kit.ask())
    monkeypatch.setattr(read_file, "parse_apart", parse_file)
    (second,) = world.finish(kit.ask())
    assert failures(first) == failures(second) == {"03.md": "nobody can read this yet"}
    kit.write("04.md", "# Guide 4\n\nOur colour is magenta.")
    (kit.folder / "00.md").unlink()
    retried = kit.sync(only=["03.md"])
    assert (retried["ingested"], retried["failed"], retried["removed"]) == (1, [], 0)
    assert kit.says("teal03") == {"03.md"}
    assert kit.says("teal00") == {"00.md"}, "nothing but the files asked for is looked at"
    assert world.sources.get(kit.name).last_sync == second.report, "some files are not a sync of the source"


def test_waiting_job_that_is_cancelled_does_nothing(world: JobWorld, kit: Kit) -> None:
    waiting = kit.ask()
    world.jobs.cancel(waiting.job_id)
    (job,) = world.finish(waiting)
    (later,) = world.finish(kit.ask(full=True))
    assert (job.state, job.report, job.started_at) == ("cancelled", None, None)
    assert later.state == "done"
    assert world.jobs.get(job.job_id) == job


def test_running_job_that_is_cancelled_ends_after_its_batch_and_what_is_ingested_stays(
    world: JobWorld, kit: Kit
) -> None:
    asked = kit.ask()
    cancel_when_it_embeds(world, asked)
    (job,) = world.finish(asked)
    assert (job.state, job.done, job.total) == ("cancelled", 2, 5)
    assert counts(job.report) == (5, 2, 0, 0)
    assert kit.says("colour") == names(0, 1)
    assert world.sources.get(kit.name).last_sync is None


@pytest.mark.parametrize("full", [False, True], ids=["what has changed", "everything"])
def test_resumed_job_goes_on_where_it_stopped_and_its_report_counts_everything_once(
    world: JobWorld, kit: Kit, full: bool
) -> None:
    kit.sync()
    kit.write_many(5, "ochre")
    (kit.folder / "04.md").unlink()
    asked = kit.ask(full=full)
    cancel_when_it_embeds(world, asked, call=world.embedder.calls + 1)
    (stopped,) = world.finish(asked)
    assert (stopped.state, kit.says("ochre")) == ("cancelled", set()), "approved text goes on answering"
    world.embedder.rest()
    (job,) = world.finish(world.jobs.resume(asked.job_id))
    assert (job.state, job.attempt, job.done, job.total) == ("done", 2, 4, 4)
    assert counts(job.report) == (4, 4, 0, 0)
    assert job.report is not None
    assert (job.report["removed"], job.report["documents"], job.report["passages"]) == (1, 4, 4)
    assert world.embedder.calls == 1, "what the first attempt has ingested is not embedded again"
    assert {path: row.document.revision for path, row in kit.read_rows().items()} == dict.fromkeys(
        names(*range(4)), 1
    )


def test_file_that_changes_between_two_attempts_is_counted_once(world: JobWorld, kit: Kit) -> None:
    asked = kit.ask()
    cancel_when_it_embeds(world, asked)
    world.finish(asked)
    world.embedder.rest()
    kit.write("00.md", "# Guide 0\n\nOur colour is magenta.")
    (job,) = world.finish(world.jobs.resume(asked.job_id))
    assert counts(job.report) == (5, 5, 0, 0)
    assert (job.done, job.total) == (5, 5)


def test_two_syncs_of_one_source_are_one_job(world: JobWorld, kit: Kit) -> None:
    first, second = kit.ask(), kit.ask()
    ended, same = world.finish(first, second)
    assert ended == same
    assert [job.job_id for job in world.jobs.list_jobs(subject=kit.name)] == [first.job_id]


def test_syncs_of_two_sources_do_not_mix_and_each_ends_with_its_own_report(world: JobWorld, kit: Kit) -> None:
    other = world.add_source(f"other-{uuid4().hex[:8]}")
    other.write_many(3, "ochre")
    other.write("bad.pdf", b"no pdf at all")
    ours, theirs = world.finish(kit.ask(), other.ask())
    assert (counts(ours.report), counts(theirs.report)) == ((5, 5, 0, 0), (4, 3, 0, 1))
    assert (kit.says("colour"), other.says("colour")) == (names(*range(5)), names(*range(3)))
    assert (kit.says("ochre00"), other.says("teal00")) == (set(), set())


def test_two_jobs_of_one_source_follow_each_other(world: JobWorld, kit: Kit) -> None:
    ordinary, full = kit.ask(), kit.ask(full=True)
    ended = world.finish(ordinary, full)
    assert [counts(job.report) for job in ended] == [(5, 5, 0, 0), (5, 5, 0, 0)]
    first, second = ended
    assert first.ended_at is not None
    assert second.started_at is not None
    assert first.ended_at <= second.started_at
    assert {row.document.revision for row in kit.read_rows().values()} == {1}


def test_removals_and_changes_of_access_come_before_any_content(world: JobWorld, kit: Kit) -> None:
    kit.sync()
    kit.write("00.md", "# Guide 0\n\nOur colour is magenta.")
    kit.write("04.md", "# Guide 4\n\nOur colour is magenta.")
    (kit.folder / "01.md").unlink()
    kit.write("onbrand.yaml", f"files: {{03.md: {NARROWED}, 04.md: {NARROWED}}}")
    answering: list[set[str]] = []
    world.embedder.on_call = lambda _texts: answering.append(kit.says("teal01"))
    asked = kit.ask()
    world.finish(asked)
    assert kit.list_job_files(asked) == ["03.md", "04.md", "00.md"]
    assert answering[0] == set(), "what was removed is silent before anything is embedded"


def test_recheck_takes_away_and_leaves_changed_content_alone(world: JobWorld, kit: Kit) -> None:
    kit.sync()
    synced = world.sources.get(kit.name)
    kit.write("00.md", "# Guide 0\n\nOur colour is magenta.")
    (kit.folder / "01.md").unlink()
    kit.write("03.md", "# Guide 3\n\nOur colour is magenta.")
    kit.write("new.md", "# New\n\nOur colour is magenta.")
    kit.write("onbrand.yaml", f"files: {{02.md: {NARROWED}, 03.md: {NARROWED}}}")
    report = kit.sync("recheck")
    assert (report["removed"], report["failed"]) == (1, [])
    assert kit.says("magenta", SALES) == set(), "nothing new answers"
    assert kit.says("colour") == names(0, 4), "what was removed or narrowed is hidden"
    assert kit.says("colour", SALES) == names(0, 2, 3, 4)
    assert "new.md" not in kit.read_rows()
    assert world.sources.get(kit.name) == synced, "a recheck does not make a source fresh"
    after = kit.sync()
    assert after["ingested"] == 2, "what the recheck left alone is read by the next sync"


def test_endpoint_that_stays_down_is_left_alone_and_every_file_is_named(world: JobWorld, kit: Kit) -> None:
    kit.write_many(10)
    world.embedder.failures = -1
    (job,) = world.finish(kit.ask())
    errors = failures(job)
    assert (job.state, counts(job.report)) == ("done", (10, 0, 0, 10))
    assert errors.keys() == names(*range(10))
    assert all("the endpoint does not answer" in error for error in errors.values())
    not_tried = {path for path, error in errors.items() if error.startswith("not tried: ")}
    assert not_tried >= names(*range(4, 10))
    assert world.embedder.calls <= 1 + len(RETRIES), "a batch again and again, or one after the other"
    assert kit.says("colour") == set()
    world.embedder.rest()
    assert counts(kit.sync()) == (10, 10, 0, 0)


def test_endpoint_that_fails_once_costs_no_more_than_its_batch(world: JobWorld, kit: Kit) -> None:
    world.embedder.failures = 1
    (job,) = world.finish(kit.ask())
    assert failures(job).keys() <= names(0, 1)
    assert kit.says("colour") >= names(2, 3, 4)


def test_file_that_makes_its_reader_fail_inside_is_shelved_alone(
    world: JobWorld, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def fail(name: str, content: bytes, **more: Any) -> Sequence[ParsedDocument]:
        read.append(name)
        if b"teal03" in content:
            raise ZeroDivisionError
        return parse_file(name, content, **more)

    monkeypatch.setattr(read_file, "parse_apart", fail)
    (job,) = world.finish(kit.ask())
    (error,) = failures(job).values()
    assert failures(job).keys() == {"03.md"}
    assert "ZeroDivisionError" in error
    assert f"jobs retry-failed {job.job_id}" in error
    assert kit.says("colour") == names(0, 1, 2, 4)
    read.clear()
    (again,) = world.finish(kit.ask())
    assert (failures(again), read) == ({"03.md": error}, []), "the same bytes are not tried again"
    kit.write("03.md", "# Guide 3\n\nOur colour is harmless.")
    assert counts(kit.sync()) == (5, 1, 4, 0)


def test_file_that_fails_inside_and_is_gone_then_stops_no_other(
    world: JobWorld, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def fail(name: str, content: bytes, **more: Any) -> Sequence[ParsedDocument]:
        if b"teal03" in content:
            # Once with its neighbour, once alone.
            seen.append(name)
            if len(seen) == 2:
                (kit.folder / "03.md").unlink()
            raise ZeroDivisionError
        return parse_file(name, content, **more)

    monkeypatch.setattr(read_file, "parse_apart", fail)
    (job,) = world.finish(kit.ask())
    assert (job.state, set(failures(job))) == ("done", {"03.md"})
    assert kit.says("colour") == names(0, 1, 2, 4)


def test_source_that_cannot_be_listed_fails_with_its_reason_and_is_resumed_when_it_is_back(
    world: JobWorld, kit: Kit
) -> None:
    kit.sync()
    away = kit.folder.rename(kit.folder.with_suffix(".away"))
    (job,) = world.finish(kit.ask())
    assert (job.state, job.report) == ("failed", None)
    assert "does not exist" in (job.error or "")
    assert kit.says("colour") == names(*range(5)), "nothing is removed"
    away.rename(kit.folder)
    kit.write("new.md", "# New\n\nOur colour is ochre.")
    (resumed,) = world.finish(world.jobs.resume(job.job_id))
    assert (resumed.state, resumed.error, counts(resumed.report)) == ("done", None, (6, 1, 5, 0))


def test_job_of_a_source_that_is_gone_fails_with_its_reason(world: JobWorld, kit: Kit) -> None:
    asked = world.jobs.ask(JobRequest("sync", "never-added", {}, "Ada"))
    (job,) = world.finish(asked)
    assert (job.state, "no source 'never-added'" in (job.error or "")) == ("failed", True)


def end_well(_job: JobRow) -> dict[str, int]:
    return {"removed": 3}


def end_badly(_job: JobRow) -> dict[str, int]:
    raise PermanentError("the disk is not there")


def break_down(_job: JobRow) -> dict[str, int]:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    "ending",
    [
        (end_well, "done", {"removed": 3}, ""),
        (end_badly, "failed", None, "the disk is not there"),
        (break_down, "failed", None, "ZeroDivisionError"),
    ],
    ids=["well", "badly", "inside"],
)
def test_job_that_is_no_sync_ends_as_its_runner_ends(
    world: JobWorld, ending: tuple[Callable[[JobRow], dict[str, int]], str, object, str]
) -> None:
    world.runners["upkeep"], state, report, error = ending
    (job,) = world.finish(world.jobs.ask(JobRequest("upkeep", "", {}, "clock")))
    assert (job.state, job.report) == (state, report)
    assert error in (job.error or "")
    assert bool(job.error) == bool(error)
