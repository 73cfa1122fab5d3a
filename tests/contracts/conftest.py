"""The passage stores that the contract runs on: edge, local mode, over the wire, and a live server."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from uuid import uuid4

import pytest
from qdrant_client import QdrantClient, models

from index.edge_store import EdgePassageStore
from index.passage_store import PassageStore
from index.qdrant_store import QdrantPassageStore, open_qdrant
from tests.contracts.stored_passages import DIMENSION
from tests.fakes.qdrant_server import RunningQdrant, running_qdrant

LIVE_URL = "ONBRAND_TEST_QDRANT_URL"
COLLECTION = f"contract_{uuid4().hex}"


@pytest.fixture(scope="session")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningQdrant]:
    """One stand-in server for all tests."""
    with running_qdrant(tmp_path_factory.mktemp("qdrant")) as server:
        yield server


@pytest.fixture(scope="session")
def empty_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new edge index. Copying it costs a tenth of creating it, which waits for the disk."""
    folder = tmp_path_factory.mktemp("edge") / "index"
    EdgePassageStore(folder, DIMENSION).close()
    return folder


@pytest.fixture(params=["edge", "memory", "wire", "live"])
def store(request: pytest.FixtureRequest, tmp_path: Path, empty_index: Path) -> Iterator[PassageStore]:
    """An empty store of each kind in turn."""
    kind = request.param
    if kind == "edge":
        opened = opened_edge(copytree(empty_index, tmp_path / "index"))
    elif kind == "memory":
        opened = opened_memory()
    elif kind == "wire":
        opened = opened_server(request.getfixturevalue("wire").url)
    else:
        opened = opened_server(read_live_url())
    with opened as made:
        yield made


@pytest.fixture
def reference(tmp_path: Path, empty_index: Path) -> Iterator[PassageStore]:
    """A second, empty edge store to compare with."""
    with opened_edge(copytree(empty_index, tmp_path / "reference")) as made:
        yield made


def read_live_url() -> str:
    """The real server's address, or a skip that names the setting."""
    url = os.environ.get(LIVE_URL)
    if not url:
        pytest.skip(f"set {LIVE_URL} to run the contract on a real Qdrant server")
    return url


@contextmanager
def opened_edge(folder: Path) -> Iterator[PassageStore]:
    """An edge store on a folder that exists, closed afterwards."""
    made = EdgePassageStore(folder, DIMENSION)
    yield made
    made.close()


@contextmanager
def opened_memory() -> Iterator[PassageStore]:
    """Qdrant's local mode. It says that indexes and search parameters do nothing; only that is silenced."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Payload indexes have no effect", category=UserWarning)
        warnings.filterwarnings("ignore", message="Local mode performs exact", category=UserWarning)
        made = QdrantPassageStore(QdrantClient(":memory:"), "passages", DIMENSION)
        yield made
    made.close()


@contextmanager
def opened_server(url: str) -> Iterator[PassageStore]:
    """A collection of this run's own, emptied first: making one takes sixteen requests."""
    cleaner = QdrantClient(url=url, check_compatibility=False)
    if cleaner.collection_exists(COLLECTION):
        cleaner.delete(COLLECTION, models.Filter(), wait=True)
    cleaner.close()
    made = open_qdrant(url, None, COLLECTION, DIMENSION)
    yield made
    made.close()
