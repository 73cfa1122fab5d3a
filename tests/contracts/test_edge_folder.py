"""What the edge store promises about its folder: one owner, nothing acknowledged is lost, damage is named."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

import pytest

from index.edge_store import EdgePassageStore
from index.store_errors import IndexDamaged, IndexFailed, IndexInUse, WrongDimension
from tests.contracts.stored_passages import DIMENSION, build_passage

ROOT = Path(__file__).parents[2]
WRITE_UNTIL_KILLED = """
import sys
from itertools import count
from pathlib import Path
from index.edge_store import EdgePassageStore
from tests.contracts.stored_passages import DIMENSION, build_passage

store = EdgePassageStore(Path(sys.argv[1]), DIMENSION)
for number in count():
    store.upsert([build_passage(f"{number} {part}") for part in range(10)])
    print(number + 1, flush=True)
"""
OPEN_ONCE = """
import sys
from pathlib import Path
from index.edge_store import EdgePassageStore
from index.store_errors import IndexInUse

try:
    EdgePassageStore(Path(sys.argv[1]), 4)
except IndexInUse as refused:
    print(refused)
"""


@pytest.fixture
def folder(memory_folder: Path) -> Iterator[Path]:
    """An empty index of the test's own."""
    made = memory_folder / uuid4().hex
    EdgePassageStore(made, DIMENSION).close()
    yield made
    rmtree(made)


@contextmanager
def running_python(code: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process on the same folder, ended with the block."""
    command = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_every_acknowledged_write_survives_kill_minus_nine(folder: Path) -> None:
    with running_python(WRITE_UNTIL_KILLED, folder) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            if int(line) >= 20:
                writer.kill()
                break
        acknowledged = int(([line, *writer.stdout])[-1])
    assert writer.returncode == -signal.SIGKILL
    store = EdgePassageStore(folder, DIMENSION)
    stored = [sum(store.count(f"{number} {part}") for part in range(10)) for number in range(acknowledged)]
    store.close()
    assert stored == [10] * acknowledged


def test_second_process_is_refused_and_the_first_keeps_writing(folder: Path) -> None:
    store = EdgePassageStore(folder, DIMENSION)
    store.upsert([build_passage("before")])
    with running_python(OPEN_ONCE, folder) as second:
        said, _ = second.communicate()
    store.upsert([build_passage("after")])
    store.close()
    assert str(folder) in said
    assert "in use by another process" in said
    assert "Stop that process, or ask through its socket, or set another ONBRAND_HOME" in said
    reopened = EdgePassageStore(folder, DIMENSION)
    assert reopened.count() == 2
    reopened.close()


def test_second_store_in_the_same_process_is_refused(folder: Path) -> None:
    store = EdgePassageStore(folder, DIMENSION)
    with pytest.raises(IndexInUse):
        EdgePassageStore(folder, DIMENSION)
    store.close()
    store.close()
    EdgePassageStore(folder, DIMENSION).close()


def test_closed_store_says_so_by_our_own_error(folder: Path) -> None:
    store = EdgePassageStore(folder, DIMENSION)
    store.close()
    with pytest.raises(IndexFailed, match="not initialized"):
        store.count()


def test_new_index_is_made_in_an_absent_or_empty_folder_after_a_broken_start(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "index"
    (tmp_path / "home" / "index.new").mkdir(parents=True)
    (tmp_path / "home" / "index.new" / "edge_config.json").write_text("half writ")
    folder.mkdir()
    store = EdgePassageStore(folder, DIMENSION)
    assert store.count() == 0
    store.close()
    assert {path.name for path in folder.parent.iterdir()} == {"index", "index.lock"}


@pytest.mark.parametrize(
    "damaged",
    [
        "edge_config.json",
        "segments/*/segment.json",
        "segments/*/vector_storage-dense/vectors/*",
        "wal/open-*",
    ],
)
def test_damaged_folder_is_named_and_left_as_it_is(folder: Path, damaged: str) -> None:
    spoiled = list(folder.glob(damaged))
    assert spoiled, "the engine's file names have changed"
    for path in spoiled:
        path.write_bytes(b"spoiled")
    with pytest.raises(IndexDamaged, match="Restore the folder from a backup") as caught:
        EdgePassageStore(folder, DIMENSION)
    assert caught.value.folder == folder
    assert all(path.read_bytes() == b"spoiled" for path in spoiled)


def test_index_that_lost_its_segments_is_damaged_and_not_empty(folder: Path) -> None:
    store = EdgePassageStore(folder, DIMENSION)
    store.upsert([build_passage("guide")])
    store.close()
    rmtree(folder / "segments")
    with pytest.raises(IndexDamaged, match="no segment"):
        EdgePassageStore(folder, DIMENSION)


def test_folder_can_be_opened_again_after_a_refused_opening(folder: Path) -> None:
    with pytest.raises(WrongDimension, match="has 4 dimensions; 5 are expected"):
        EdgePassageStore(folder, DIMENSION + 1)
    EdgePassageStore(folder, DIMENSION).close()
