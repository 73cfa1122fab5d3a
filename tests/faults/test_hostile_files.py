"""Files that hurt whoever reads them end by name, within limits, and their neighbours answer."""

import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from index.edge_store import EdgePassageStore
from ingest.sandbox import process
from ingest.sandbox.limits import DEFAULT_LIMITS, ParseLimits
from ingest.sync_report import SyncReport
from tests.fakes.hash_embedder import HashEmbedder
from tests.faults.hostile_files import HOSTILE, HostileFile
from tests.integration.small_world import SmallWorld, build_source, open_small_database

LIMITS = ParseLimits(seconds=3, memory_megabytes=300)
NEIGHBOURS = 20
MOST_SECONDS, MOST_GROWTH_KILOBYTES = 120, 400 * 1024


@dataclass(frozen=True)
class Synced:
    """A world after one sync of everything hostile and some good files."""

    world: SmallWorld
    report: SyncReport
    seconds: float
    grown_kilobytes: int
    """By how much this process grew at most."""

    @property
    def refused(self) -> Mapping[str, str]:
        return dict([*self.report.failed, *self.report.skipped])


@pytest.fixture(scope="module")
def synced(memory_folder: Path) -> Iterator[Synced]:
    home = memory_folder / uuid4().hex
    folder = home / "folder"
    folder.mkdir(parents=True)
    embedder = HashEmbedder()
    store = EdgePassageStore(home / "index", embedder.dimension)
    world = SmallWorld(folder, open_small_database(home), store, embedder, build_source(folder))
    world.max_bytes = 20_000_000
    write_files(world)
    process.set_parse_limits(LIMITS)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here
    begun, before = time.monotonic(), read_memory("VmRSS")
    report = world.sync()
    yield Synced(world, report, time.monotonic() - begun, read_memory("VmHWM") - before)
    process.set_parse_limits(DEFAULT_LIMITS)
    store.close()
    world.database.close()
    shutil.rmtree(home)


def read_memory(name: str, pid: int | str = "self") -> int:
    """Kilobytes of a process, as the kernel counts them."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1])


def write_files(world: SmallWorld) -> None:
    """Good neighbours between hostile files, and links that lead elsewhere."""
    for hostile in HOSTILE:
        world.write(hostile.name, hostile.build())
    for number in range(NEIGHBOURS):
        first = "abcdefghijklmnopqrstuvwxyz"[number]
        world.write(f"{first}-neighbour.md", f"# Neighbour\n\nThe neighbour numbered zx{number}q is teal.\n")
    outside = world.folder.parent / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("Outsiders say vermilion.", encoding="utf-8")
    (world.folder / "linked.md").symlink_to(outside / "secret.md")
    (world.folder / "linked-folder").symlink_to(outside)
    (world.folder / "endless.md").symlink_to("/dev/zero")
    (world.folder / "circle.md").symlink_to("circle.md")
    (world.folder / "round").symlink_to(".")
    os.mkfifo(world.folder / "pipe.md")


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_hostile_file_is_refused_by_name_with_its_reason_or_read_without_harm(
    synced: Synced, hostile: HostileFile
) -> None:
    reason = synced.refused.get(hostile.name)
    if hostile.reason is None:
        assert reason is None
        assert synced.world.count(hostile.name) > 0
    else:
        assert reason is not None
        assert re.search(hostile.reason, reason)


def test_at_least_twenty_five_are_refused_and_none_twice(synced: Synced) -> None:
    names = [name for name, _ in [*synced.report.failed, *synced.report.skipped]]
    assert len(names) == len(set(names)) >= 25
    assert synced.report.listed == len(HOSTILE) + NEIGHBOURS + 2  # the circle and the pipe are named


def test_mode_19_every_neighbour_is_indexed_and_answers(synced: Synced) -> None:
    for number in range(NEIGHBOURS):
        found = synced.world.says(f"zx{number}q")
        assert found == {f"{'abcdefghijklmnopqrstuvwxyz'[number]}-neighbour.md"}


def test_nothing_of_the_machine_and_nothing_behind_a_link_is_indexed(synced: Synced) -> None:
    for word in ("vermilion", "root:x:0", "laughlaugh", "passwd", "bin/bash"):
        assert synced.world.says(word) == set()


def test_nothing_is_written_outside_of_the_world(synced: Synced) -> None:
    places = (Path("/tmp"), Path("/"), synced.world.folder, synced.world.folder.parent, Path.cwd())
    assert [place for place in places for _ in place.glob("*onbrand-slipped*")] == []


def test_mode_19_time_and_memory_stay_within_their_limits(synced: Synced) -> None:
    assert synced.seconds < MOST_SECONDS
    assert synced.grown_kilobytes < MOST_GROWTH_KILOBYTES
    # The last process that parsed has read most of the files and is still there.
    parser = process._shared.get()._child
    assert parser is not None
    assert read_memory("VmHWM", parser._process.pid) < LIMITS.memory_megabytes * 1024


def test_refused_files_are_named_again_and_not_read_again(synced: Synced) -> None:
    begun = time.monotonic()
    again = synced.world.sync()
    assert dict(again.failed) == dict(synced.report.failed)
    assert again.unchanged == synced.report.ingested
    assert time.monotonic() - begun < synced.seconds / 3
