"""The watchman over a real small world: what goes wrong is told once, and once that it is over."""

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from threading import enumerate as list_threads

import pytest

from admin import watchman
from admin.operations import run_operation
from admin.owner import own_world
from admin.watchman import repeat, tell_news, watch_over
from admin.world import World
from core.errors import PermanentError, TransientError
from core.jobs import JobRequest
from core.settings import Settings


def ignore(_progress: object) -> None:
    return None


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand" / "a.md").write_text("Our colour is teal.")
    with own_world(Settings.from_environment(ONBRAND_HOME=tmp_path / "home")) as opened:
        added = {"type": "folder", "name": "brand", "options": {"path": str(tmp_path / "brand")}}
        run_operation(opened, "source add", added, ignore)
        yield opened


def look(world: World) -> list[str]:
    """What one look tells."""
    told: list[str] = []
    tell_news(world, told.append)
    return told


def sync(world: World) -> None:
    run_operation(world, "sync", {"name": "brand"}, ignore)


def test_failed_sync_is_told_once_with_its_reason_and_once_that_it_is_over(
    world: World, tmp_path: Path
) -> None:
    assert look(world) == []
    (tmp_path / "brand").rename(tmp_path / "away")
    with pytest.raises(PermanentError):
        sync(world)
    (line,) = look(world)
    assert line.startswith("The sync of brand failed: ")
    assert "onbrand jobs show" in line
    assert look(world) == []
    (tmp_path / "away").rename(tmp_path / "brand")
    sync(world)
    (line,) = look(world)
    assert line.startswith("Over: The sync of brand failed")
    assert look(world) == []


def test_file_that_is_left_out_is_told_without_its_name(world: World, tmp_path: Path) -> None:
    (tmp_path / "brand" / "secret-plan.docx").write_bytes(b"no word document")
    sync(world)
    (line,) = look(world)
    assert line.startswith("The sync of brand left out 1 file(s).")
    assert "secret" not in line


def test_stale_source_is_told(world: World) -> None:
    run_operation(world, "source set", {"name": "brand", "fields": {"stale_after_hours": "1"}}, ignore)
    assert look(world) == []
    with world.database.write() as connection:
        connection.exec_driver_sql("UPDATE sources SET added_at = '2026-01-01 00:00:00'")
    (line,) = look(world)
    assert line.startswith("brand has not been synced ever (limit: 1 h).")


def test_full_disk_is_told_before_nothing_can_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchman, "read_free_bytes", lambda _path: 300_000_000)
    (line,) = look(world)
    assert line.startswith("Only 300 MB are free")


def test_trouble_that_slack_does_not_take_is_told_at_the_next_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchman, "read_free_bytes", lambda _path: 300_000_000)

    def refuse(_text: str) -> None:
        raise ConnectionError("channel_not_found")

    tell_news(world, refuse)
    assert len(look(world)) == 1


def test_watchman_looks_again_and_again_and_ends_with_its_block(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = iter([300_000_000, 10**12, 300_000_000])
    monkeypatch.setattr(watchman, "read_free_bytes", lambda _path: next(free, 300_000_000))
    told: list[str] = []
    is_enough = Event()

    def tell(text: str) -> None:
        told.append(text)
        if len(told) == 3:
            is_enough.set()

    with watch_over(world, tell, every_seconds=0.01):
        assert is_enough.wait(10)
    assert [line.split()[0] for line in told[:3]] == ["Only", "Over:", "Only"]
    assert "watchman" not in [thread.name for thread in list_threads()]


@pytest.mark.parametrize("failure", [TransientError("the database is busy"), ValueError("a defect")])
def test_look_that_fails_is_logged_and_the_next_one_is_made(
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
        repeat(task, stop, 0.001)
    assert (len(tries), len(caplog.records)) == (2, 1)


def test_upkeep_removes_what_was_kept_long_enough_and_counts_what_waits_for_curators(world: World) -> None:
    sync(world)
    (job,) = [world.desk.ask(JobRequest("upkeep", "", {}, "schedule"))]
    ended = world.desk.carry_out(world, job, ignore)
    assert (ended.state, ended.report and ended.report["waiting_for_curators"]) == ("done", 1)
    assert ended.report and set(ended.report["removed"].values()) == {0}
    assert not world.jobs.is_due("upkeep", hours=24)
    assert world.jobs.is_due("upkeep", hours=0)
