"""A backup or restore that does not fit says so, leaves nothing half, and harms neither the world nor its answers."""

import resource
import signal
import subprocess
from pathlib import Path

import pytest

from core.backup import MANIFEST
from core.clock import Stopwatch, pause
from tests.faults import test_full_disk
from tests.faults.test_full_disk import MEGABYTE, add_source, check_is_clear, disk, fill, read_texts, world
from tests.integration.commands import COMMAND, Commands, write

__all__ = ["disk", "world"]


@pytest.fixture(autouse=True)
def larger_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for two indexes and what has to stay free."""
    monkeypatch.setattr(test_full_disk, "DISK_BYTES", 900 * MEGABYTE)


def list_names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_backup_that_would_fill_the_disk_is_refused_before_it_begins(world: Commands, disk: Path) -> None:
    before = list_names(disk)
    filler = fill(disk, leave=150 * MEGABYTE)
    check_is_clear(world.run("backup", str(disk / "backup"), code=1).err)
    filler.unlink()
    assert list_names(disk) == before
    world.run("backup", str(disk / "backup"))
    assert (disk / "backup" / MANIFEST).exists()


def test_restore_that_does_not_fit_is_refused_and_what_is_there_stays(world: Commands, disk: Path) -> None:
    world.run("backup", str(disk / "backup"))
    expected = read_texts(world)
    filler = fill(disk, leave=150 * MEGABYTE)
    check_is_clear(world.run("restore", str(disk / "backup"), "--replace", code=1).err)
    filler.unlink()
    assert read_texts(world) == expected
    assert not list(world.home.glob("before-restore-*"))
    assert not list(world.home.glob("restore.partial"))


def make_world(home: Path) -> Commands:
    made = Commands(home, settings={"ONBRAND_PROBE_ADDRESS": "off"})
    write(home / "texts", "guide.md", "# Guide\n\nOur colour is teal.")
    add_source(made)
    made.run("sync")
    return made


def test_backup_that_stops_half_way_leaves_nothing_and_the_owner_goes_on(memory_folder: Path) -> None:
    world = make_world(memory_folder / "half-way")
    with world.running("up") as up:
        _, most = resource.prlimit(up.pid, resource.RLIMIT_FSIZE)
        # The database fits, the first mapped file of the index does not.
        resource.prlimit(up.pid, resource.RLIMIT_FSIZE, (2 * MEGABYTE, most))
        check_is_clear(world.run("backup", str(memory_folder / "refused"), code=1).err)
        resource.prlimit(up.pid, resource.RLIMIT_FSIZE, (most, most))
        assert not [path for path in memory_folder.iterdir() if "refused" in path.name]
        assert read_texts(world).keys() == {"guide.md"}
        world.run("backup", str(memory_folder / "refused"))
        assert up.poll() is None


def test_killed_backup_is_never_taken_for_one(memory_folder: Path) -> None:
    world = make_world(memory_folder / "killed")
    folder = memory_folder / "killed-backup"
    partial = folder.with_name(f".{folder.name}.partial")
    with world.running("up") as up:
        asking = subprocess.Popen(
            [*COMMAND, "backup", str(folder)],
            cwd=world.home,
            env=world._environment({}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(partial / "onbrand.sqlite3.partial", partial)
        up.send_signal(signal.SIGKILL)
        up.wait()
        asking.wait()
    assert not folder.exists()
    other = Commands(memory_folder / "killed-other")
    other.home.mkdir()
    assert MANIFEST in other.run("restore", str(partial), code=1).err
    world.run("backup", str(folder))
    assert not partial.exists()
    other.run("restore", str(folder))
    assert read_texts(other) == read_texts(world)


def wait_for(*paths: Path) -> None:
    watch = Stopwatch()
    while not any(path.exists() for path in paths):
        assert watch.milliseconds() < 20_000, "it never began"
        pause(0.001)
