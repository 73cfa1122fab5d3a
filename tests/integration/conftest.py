"""What integration tests share: a folder in memory, a stand-in for a Qdrant server, and small worlds."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from index.edge_store import EdgePassageStore
from tests.contracts.conftest import memory_folder, wire
from tests.fakes.hash_embedder import HashEmbedder
from tests.integration.commands import Commands, QuickCommands
from tests.integration.small_world import MakeWorld, SmallWorld, build_source, open_small_database

__all__ = ["memory_folder", "wire"]


@pytest.fixture
def make_world(memory_folder: Path) -> Iterator[MakeWorld]:
    """Opens a world over a new folder; the facts are those of its source."""
    opened: list[SmallWorld] = []
    home = memory_folder / uuid4().hex

    def make(**facts: object) -> SmallWorld:
        folder = home / "folder"
        folder.mkdir(parents=True)
        embedder = HashEmbedder()
        store = EdgePassageStore(home / "index", embedder.dimension)
        world = SmallWorld(folder, open_small_database(home), store, embedder, build_source(folder, **facts))
        opened.append(world)
        return world

    yield make
    for world in opened:
        world.store.close()
        world.database.close()
    shutil.rmtree(home)


@pytest.fixture
def world(make_world: MakeWorld) -> SmallWorld:
    """A world with an approved source that is open to all, and one document."""
    made = make_world()
    made.write("guide.md", "# Guide\n\nOur colour is teal.")
    made.sync()
    return made


@pytest.fixture(scope="module")
def memory(memory_folder: Path) -> Iterator[Path]:
    """Homes of this module."""
    folder = memory_folder / "commands"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def empty(memory: Path) -> Commands:
    """A world without a source."""
    home = memory / uuid4().hex[:8]
    home.mkdir()
    return Commands(home)


@pytest.fixture
def quick(memory: Path) -> Commands:
    """A world without a source, whose commands run in this process."""
    home = memory / uuid4().hex[:8]
    home.mkdir()
    return QuickCommands(home)
