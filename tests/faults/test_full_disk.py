"""A full disk, a real one where we may mount it: clear errors, nothing half-indexed, all whole afterwards."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import core.disk_space
from core.disk_space import LEAST_FREE_BYTES, read_free_bytes
from tests.integration.commands import Commands, write
from tests.integration.conftest import make_world
from tests.integration.small_world import MakeWorld, as_pairs

__all__ = ["make_world"]

MEGABYTE = 1_000_000
# A new index takes 150 MB of it.
DISK_BYTES = 480 * MEGABYTE
CLEAR = ("the disk is full", "Free some space", "run the same command again")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(tmp_path)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this machine lets us mount no disk: {done.stderr.strip()}")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@pytest.fixture
def world(disk: Path) -> Commands:
    """A world on that disk, with two documents that answer."""
    home = disk / "home"
    home.mkdir()
    commands = Commands(home)
    write(home / "texts", "guide.md", "# Guide\n\nOur colour is teal.")
    write(home / "texts", "tone.md", "# Tone\n\nOur tone is calm.")
    add_source(commands)
    assert commands.run("sync", "--json").json["ingested"] == 2
    return commands


def add_source(world: Commands, code: int = 0) -> str:
    arguments = ["--path", str(world.home / "texts"), "--status", "approved", "--access", "all"]
    arguments += ["--on-change", "auto_approve"]
    return world.run("source", "add", "folder", "brand", *arguments, code=code).err


def fill(disk: Path, *, leave: int) -> Path:
    """Take all but `leave` bytes of the disk."""
    filler = disk / "filler"
    # A process that still writes may take the last bytes first.
    with suppress(OSError), filler.open("wb", buffering=0) as taken:
        while (left := read_free_bytes(disk) - leave) > 0:
            taken.write(bytes(min(left, MEGABYTE)))
    return filler


def change_texts(world: Commands) -> None:
    """One new document and one changed."""
    write(world.home / "texts", "new.md", "# New\n\nOur latest colour is ochre.")
    write(world.home / "texts", "guide.md", "# Guide\n\nOur colour is vermilion.")


def read_texts(world: Commands) -> dict[str, str]:
    found: Any = world.run("search", "which colour and tone", "--json").json
    return {one["path"]: one["text"] for one in found["results"]}


def check_nothing_changed(world: Commands) -> None:
    texts = read_texts(world)
    assert texts.keys() == {"guide.md", "tone.md"}
    assert "teal" in texts["guide.md"]


def check_all_is_there(world: Commands) -> None:
    assert not world.run("sync", "--json").json["failed"]
    texts = read_texts(world)
    assert texts.keys() == {"guide.md", "tone.md", "new.md"}
    assert "vermilion" in texts["guide.md"]


def check_is_clear(error: str) -> None:
    assert all(words in error for words in CLEAR), error


def test_sync_on_a_full_disk_says_so_changes_nothing_and_succeeds_once_there_is_space(
    world: Commands, disk: Path
) -> None:
    change_texts(world)
    filler = fill(disk, leave=LEAST_FREE_BYTES - 10 * MEGABYTE)
    report = world.run("sync", "--json", code=1).json
    errors = {one["document"]: one["error"] for one in report["failed"]}
    assert errors.keys() == {"guide.md", "new.md"}
    for error in errors.values():
        check_is_clear(error)
        assert str(world.home / "index") in error
    check_nothing_changed(world)
    filler.unlink()
    check_all_is_there(world)


def test_disk_without_a_byte_left_stops_no_answers_of_a_running_owner_and_kills_nobody(
    world: Commands, disk: Path
) -> None:
    with world.running("up") as up:
        change_texts(world)
        filler = fill(disk, leave=0)
        ended = world.run("sync", "--json", code=1)
        check_is_clear(ended.out + ended.err)
        check_nothing_changed(world)
        assert world.run("ask", "which colour is ours", "--json").json["verdict"] == "answered"
        assert up.poll() is None
        filler.unlink()
        check_all_is_there(world)


def test_commands_that_start_on_a_disk_without_a_byte_left_say_so(world: Commands, disk: Path) -> None:
    change_texts(world)
    filler = fill(disk, leave=0)
    for command in (("sync",), ("search", "colour"), ("ask", "which colour is ours")):
        check_is_clear(world.run(*command, code=1).err)
    filler.unlink()
    check_all_is_there(world)


def test_first_index_that_does_not_fit_says_so_and_is_made_once_there_is_space(disk: Path) -> None:
    home = disk / "home"
    home.mkdir()
    world = Commands(home)
    write(home / "texts", "guide.md", "# Guide\n\nOur colour is vermilion.")
    write(home / "texts", "tone.md", "# Tone\n\nOur tone is calm.")
    write(home / "texts", "new.md", "# New\n\nOur latest colour is ochre.")
    filler = fill(disk, leave=LEAST_FREE_BYTES // 2)
    check_is_clear(add_source(world, code=1))
    filler.unlink()
    add_source(world)
    check_all_is_there(world)


def test_document_whose_writing_stops_half_way_is_not_visible_until_it_is_whole(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    parts = [f"## Part {number}\n\nThe colour of part {number} is teal." for number in range(200)]
    world.write("long.md", "\n\n".join(["# Long", *parts]))
    free = iter([LEAST_FREE_BYTES, LEAST_FREE_BYTES])
    monkeypatch.setattr(core.disk_space, "read_free_bytes", lambda _path: next(free, 0))
    check_is_clear(as_pairs(world.sync().failed)["long.md"])
    assert world.store.count() > 0, "it did stop half-way"
    assert world.find("colour") == ()
    monkeypatch.undo()
    report = world.sync()
    assert (report.ingested, report.failed) == (1, [])
    assert world.count("long.md") == report.passages >= len(parts)
    assert "long.md" in world.says("teal")


def test_owner_whose_files_may_not_grow_says_what_failed_and_goes_on_answering(memory_folder: Path) -> None:
    home = memory_folder / "no-growth"
    world = Commands(home)
    write(home / "texts", "guide.md", "# Guide\n\nOur colour is teal.")
    write(home / "texts", "tone.md", "# Tone\n\nOur tone is calm.")
    add_source(world)
    world.run("sync")
    change_texts(world)
    with world.running("up") as up:
        _, most = resource.prlimit(up.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(up.pid, resource.RLIMIT_FSIZE, (1024, most))
        ended = world.run("sync", "--json", code=1)
        check_is_clear(ended.out + ended.err)
        check_nothing_changed(world)
        assert up.poll() is None
        resource.prlimit(up.pid, resource.RLIMIT_FSIZE, (most, most))
        check_all_is_there(world)
