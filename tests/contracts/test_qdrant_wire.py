"""What the server store promises beyond the contract: failures get names, no request is in vain."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from qdrant_client import models

import index.qdrant_store
from core.errors import PermanentError, TransientError
from index.passage_store import FactsChange
from index.qdrant_collection import CollectionPlan
from index.qdrant_server import QdrantServer
from index.qdrant_store import MOST_EXACT_PASSAGES, QdrantPassageStore, choose_search_params, open_qdrant
from index.store_errors import IndexRefused, IndexUnreachable, WrongDimension
from tests.contracts.stored_passages import (
    DIMENSION,
    EAST,
    WORDS,
    build_facts,
    build_passage,
    build_scope,
    names,
    to_vector,
)
from tests.fakes.qdrant_server import RunningQdrant, running_qdrant

ROOT = Path(__file__).parents[2]
PLAN = CollectionPlan("passages", "test", DIMENSION)


@pytest.fixture
def collection() -> str:
    """A collection name that no other test uses."""
    return f"wire_{uuid4().hex}"


def open_wire(url: str, alias: str, *, dimension: int = DIMENSION) -> QdrantPassageStore:
    """A store on a server without a key, which only a test may have."""
    return open_qdrant(QdrantServer(url, allow_open=True), name_plan(alias, dimension=dimension))


def name_plan(alias: str, *, dimension: int = DIMENSION) -> CollectionPlan:
    """The plan behind an alias: requests name its collection."""
    return CollectionPlan(alias, "test", dimension)


def test_a_search_is_two_requests_both_legs_and_then_the_payloads(
    wire: RunningQdrant, collection: str
) -> None:
    store = open_wire(wire.url, collection)
    store.upsert([build_passage("open")])
    keywords = WORDS.of_question("security")
    store.find(to_vector(EAST), keywords, scope=build_scope(), depth=5)
    before = len(wire.fake.requests)
    assert names(store.find(to_vector(EAST), keywords, scope=build_scope(), depth=5)) == {"open"}
    store.close()
    assert wire.fake.requests[before:] == [
        f"POST /collections/{name_plan(collection).collection}/points/query/batch",
        f"POST /collections/{name_plan(collection).collection}/points/scroll",
    ]


def test_second_process_opens_the_same_collection_without_making_it_again(
    wire: RunningQdrant, collection: str
) -> None:
    first = open_wire(wire.url, collection)
    before = len(wire.fake.requests)
    second = open_wire(wire.url, collection)
    opening = wire.fake.requests[before:]
    first.upsert([build_passage("shared")])
    assert second.count("shared") == 1
    first.close()
    second.close()
    assert not [request for request in opening if request.startswith("PUT")]


def test_collection_of_another_dimension_is_refused(wire: RunningQdrant, collection: str) -> None:
    open_wire(wire.url, collection).close()
    with pytest.raises(WrongDimension, match="has 4 dimensions; 8 are expected"):
        open_wire(wire.url, collection, dimension=8)


def test_server_that_is_away_is_a_transient_error_that_names_its_host(collection: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(IndexUnreachable, match="ONBRAND_QDRANT_URL") as caught:
            open_wire(f"http://{host}", collection)
    assert isinstance(caught.value, TransientError)
    assert caught.value.host == host


@pytest.mark.parametrize(("key", "status"), [(None, 401), ("wrong", 403)])
def test_refused_key_is_a_permanent_error_that_names_the_setting(
    tmp_path: Path, key: str | None, status: int
) -> None:
    with (
        running_qdrant(tmp_path, key="right") as server,
        pytest.raises(IndexRefused, match="ONBRAND_QDRANT_KEY") as caught,
    ):
        open_qdrant(QdrantServer(server.url, key), PLAN)
    assert isinstance(caught.value, PermanentError)
    assert caught.value.status == status


def test_right_key_is_let_in(tmp_path: Path) -> None:
    with running_qdrant(tmp_path, key="right") as server:
        store = open_qdrant(QdrantServer(server.url, "right"), PLAN)
        assert store.count() == 0
        store.close()


def test_collection_that_vanished_is_refused_by_name(wire: RunningQdrant, collection: str) -> None:
    store = open_wire(wire.url, collection)
    wire.fake.delete_collection(CollectionPlan(collection, "test", DIMENSION).collection)
    with pytest.raises(IndexRefused, match=collection):
        store.upsert([build_passage("lost")])
    store.close()


def test_search_is_exact_up_to_the_threshold_and_uses_acorn_above() -> None:
    assert choose_search_params(MOST_EXACT_PASSAGES) == models.SearchParams(exact=True)
    above = choose_search_params(MOST_EXACT_PASSAGES + 1)
    assert above == models.SearchParams(acorn=models.AcornSearchParams(enable=True))


def test_filters_hold_above_the_threshold_too(
    wire: RunningQdrant, collection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.qdrant_store, "MOST_EXACT_PASSAGES", 0)
    store = open_wire(wire.url, collection)
    store.upsert([build_passage("acme"), build_passage("draft", facts=build_facts(status="draft"))])
    store.set_facts([FactsChange("draft", 2, build_facts(status="draft"))])
    found = store.find(to_vector(EAST), WORDS.of_question("security"), scope=build_scope(), depth=5)
    store.close()
    assert names(found) == {"acme"}


def test_stand_in_refuses_fields_that_qdrant_does_not_know(wire: RunningQdrant, collection: str) -> None:
    open_wire(wire.url, collection).close()
    body = json.dumps({"exact": True, "invented": 1}).encode()
    request = Request(f"{wire.url}/collections/{collection}/points/count", body, method="POST")
    with pytest.raises(HTTPError) as caught:
        urlopen(request)
    assert caught.value.code == 400
    assert b"invented" in caught.value.read()
    caught.value.close()


def test_stand_in_runs_as_a_process_of_its_own(collection: str) -> None:
    command = [sys.executable, "-m", "tests.fakes.qdrant_server", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        store = open_wire(process.stdout.readline().strip(), collection)
        store.upsert([build_passage("open")])
        assert store.count() == 1
        store.close()
        process.terminate()
