"""The passage stores that the contract runs on: edge, local mode, over the wire, and a live server."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from qdrant_client import QdrantClient

from core.access import LOCAL_OWNER
from core.documents import STATUSES
from index.edge_store import EdgePassageStore
from index.passage_store import PassageStore, Scope
from index.qdrant_collection import CollectionPlan
from index.qdrant_server import QdrantServer
from index.qdrant_store import QdrantPassageStore, open_qdrant
from index.rank_legs import MOST_FETCHED
from tests.contracts.stored_passages import DIMENSION, EAST, NO_KEYWORDS, to_vector
from tests.fakes.qdrant_server import RunningQdrant, running_qdrant

LIVE_URL = "ONBRAND_TEST_QDRANT_URL"
KINDS = ("edge", "memory", "wire", "live")


@pytest.fixture(scope="session")
def memory_folder() -> Iterator[Path]:
    """A folder in memory where the machine has one: the disk's waiting is not what these tests are about."""
    with TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def wire(memory_folder: Path) -> Iterator[RunningQdrant]:
    """One stand-in server for all tests."""
    folder = memory_folder / "server"
    folder.mkdir()
    with running_qdrant(folder) as server:
        yield server


@pytest.fixture(params=KINDS, scope="session")
def shared_store(request: pytest.FixtureRequest) -> Iterator[PassageStore]:
    """One store of each kind for the whole run: making one writes sixteen payload indexes."""
    with opened_store(request) as made:
        yield made


@pytest.fixture
def store(shared_store: PassageStore) -> PassageStore:
    """An empty store of each kind in turn."""
    everything = Scope(LOCAL_OWNER, None, statuses=STATUSES)
    found = shared_store.find(to_vector(EAST), NO_KEYWORDS, scope=everything, depth=MOST_FETCHED)
    for document_id in {hit.document_id for hit in found.dense}:
        shared_store.remove(document_id)
    assert shared_store.count() == 0
    return shared_store


@pytest.fixture(params=KINDS)
def fresh_store(request: pytest.FixtureRequest) -> Iterator[PassageStore]:
    """A store in which nothing was ever deleted: deleted passages go on counting in the rarity of words."""
    with opened_store(request) as made:
        yield made


@pytest.fixture
def reference(memory_folder: Path) -> Iterator[PassageStore]:
    """A second, fresh edge store to compare with."""
    with opened_edge(memory_folder) as made:
        yield made


@contextmanager
def opened_store(request: pytest.FixtureRequest) -> Iterator[PassageStore]:
    """The store that the parameter names."""
    if request.param == "edge":
        opened = opened_edge(request.getfixturevalue("memory_folder"))
    elif request.param == "memory":
        opened = opened_memory()
    elif request.param == "wire":
        opened = opened_server(request.getfixturevalue("wire").url)
    else:
        opened = opened_server(read_live_url())
    with opened as made:
        yield made


def read_live_url() -> str:
    """The real server's address, or a skip that names the setting."""
    url = os.environ.get(LIVE_URL)
    if not url:
        pytest.skip(f"set {LIVE_URL} to run the contract on a real Qdrant server")
    return url


@contextmanager
def opened_edge(parent: Path) -> Iterator[PassageStore]:
    """A new edge store, closed and removed afterwards."""
    folder = parent / uuid4().hex
    made = EdgePassageStore(folder, DIMENSION)
    yield made
    made.close()
    rmtree(folder)


@contextmanager
def opened_memory() -> Iterator[PassageStore]:
    """Qdrant's local mode. It warns once that indexes and parameters do nothing: dropped here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Payload indexes have no effect", category=UserWarning)
        warnings.filterwarnings("ignore", message="Local mode performs exact", category=UserWarning)
        made = QdrantPassageStore(QdrantClient(":memory:"), CollectionPlan("passages", "test", DIMENSION))
        made.find(to_vector(EAST), NO_KEYWORDS, scope=Scope(LOCAL_OWNER, None), depth=1)
    yield made
    made.close()


@contextmanager
def opened_server(url: str) -> Iterator[PassageStore]:
    """A new collection and its alias on a server, removed afterwards."""
    plan = CollectionPlan(f"contract_{uuid4().hex}", "test", DIMENSION)
    made = open_qdrant(QdrantServer(url, allow_open=True), plan)
    yield made
    made.close()
    cleaner = QdrantClient(url=url, check_compatibility=False)
    cleaner.delete_collection(plan.collection)
    cleaner.close()
