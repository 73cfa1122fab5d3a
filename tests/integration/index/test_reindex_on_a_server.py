"""On a Qdrant server a generation is a collection, and one request switches the alias; other processes follow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from core.world_facts import IndexSwitched
from index import generations
from index.assembly import IndexMismatch
from index.passage_store import Scope
from index.places import COLLECTION
from tests.fakes.qdrant_server import FakeQdrant, RunningQdrant, running_qdrant
from tests.integration.index.reindex_world import ExchangingWorld, opened_world, read_shard
from tests.integration.small_world import DAY, READER

ALIASES = "POST /collections/aliases"


@pytest.fixture
def server(memory_folder: Path) -> Iterator[RunningQdrant]:
    folder = memory_folder / uuid4().hex
    folder.mkdir()
    with running_qdrant(folder) as running:
        yield running


@pytest.fixture
def settings(server: RunningQdrant) -> dict[str, Any]:
    return {"ONBRAND_QDRANT_URL": server.url, "ONBRAND_QDRANT_ALLOW_OPEN": "true"}


@pytest.fixture
def home(memory_folder: Path) -> Path:
    return memory_folder / uuid4().hex


@pytest.fixture
def exchanging(
    home: Path, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[ExchangingWorld]:
    monkeypatch.setattr(generations, "FOLLOW_SECONDS", 0.0)
    with opened_world(home, monkeypatch, **settings) as world:
        for colour in ("teal", "amber", "slate"):
            world.write(f"{colour}.md", f"# The {colour} page\n\nOur {colour} is a warm colour.")
        world.sync()
        yield world


def read_alias(fake: FakeQdrant) -> str:
    return fake._aliases[COLLECTION]


def test_one_request_switches_the_alias_and_the_old_collection_is_kept_for_a_rollback(
    exchanging: ExchangingWorld, server: RunningQdrant
) -> None:
    fake = server.fake
    first = read_alias(fake)
    points = read_shard(fake._collections[first].shard)
    before = len(fake.requests)
    assert exchanging.reindex().ending == "switched"
    assert fake.requests[before:].count(ALIASES) == 1
    assert read_alias(fake) == f"{COLLECTION}_g0002"
    assert read_shard(fake._collections[read_alias(fake)].shard) == points
    exchanging.write("new.md", "# New\n\nOur ochre is a warm colour.")
    exchanging.sync()
    before = len(fake.requests)
    assert exchanging.roll_back().written == 1
    assert (read_alias(fake), fake.requests[before:].count(ALIASES)) == (first, 1)
    assert exchanging.says("ochre") == {"new.md"}
    exchanging.reindex()
    assert set(fake._collections) == {first, f"{COLLECTION}_g0003"}


def test_another_process_goes_on_answering_and_writes_to_the_new_collection_from_then_on(
    exchanging: ExchangingWorld, home: Path, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened_world(home, monkeypatch, **settings) as other:
        with other.index.held() as held:
            exchanging.reindex()
            assert held.search.find("teal", Scope(asker=READER, on=DAY)), (
                "what has begun ends on the old collection"
            )
            with pytest.raises(IndexSwitched):
                other.ledger.mark_settled(other.ledger.list_tasks(), generation=held.number)
        assert other.says("teal") == {"teal.md"}
        assert other.number == 2
        other.retire("teal.md")
        assert exchanging.says("teal") == set()


def test_process_with_the_old_embedder_answers_from_the_kept_collection_and_may_not_write(
    exchanging: ExchangingWorld, home: Path, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened_world(home, monkeypatch, **settings) as other:
        exchanging.reindex(embedder="80")
        assert other.says("teal") == {"teal.md"}
        assert other.number == 1
        with pytest.raises(IndexMismatch), other.index.held():
            pass


def test_switch_that_was_killed_before_the_alias_is_finished_by_the_next_start(
    home: Path, settings: dict[str, Any], server: RunningQdrant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened_world(home, monkeypatch, **settings) as world:
        world.write("teal.md", "# Teal\n\nOur teal is warm.")
        world.sync()
        assert world.index.door is not None
        with monkeypatch.context() as killed:
            killed.setattr("index.places.ServerPlace.publish", lambda _place, _number: None)
            world.reindex()
        assert not read_alias(server.fake).endswith("_g0002")
    with opened_world(home, monkeypatch, **settings) as again:
        assert read_alias(server.fake).endswith("_g0002")
        assert (again.number, again.says("teal")) == (2, {"teal.md"})
