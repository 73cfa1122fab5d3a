"""A dead or slow embedding endpoint: questions go by words alone and say so, syncs fail, nothing opens up."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.answer.why import MEANING_IS_DOWN
from core.clock import Stopwatch
from index.embedder import EmbedderUnavailable
from index.passage_store import Scope
from tests.fakes.embedding_endpoint import EmbeddingEndpoint, Fault, serve_embeddings
from tests.integration.commands import Commands, write
from tests.integration.conftest import make_world
from tests.integration.small_world import DAY, READER, MakeWorld, SmallWorld

__all__ = ["make_world"]

GUIDE = "# Guide\n\nOur colour is teal and our tone is calm."
SALES = "---\naccess: group:sales\n---\n# Sales\n\nThe secret colour is vermilion."
DRAFT = "---\nstatus: draft\n---\n# Draft\n\nThe coming colour is magenta."
QUESTION = "which colour is ours"
# A command's own start included; the embedding alone is given three seconds.
MOST_MILLISECONDS = 12_000


@pytest.fixture(scope="module")
def endpoint() -> Iterator[EmbeddingEndpoint]:
    with serve_embeddings() as served:
        yield served


@pytest.fixture(scope="module")
def world(endpoint: EmbeddingEndpoint, memory_folder: Path) -> Commands:
    """Three documents, embedded while the endpoint was alive."""
    home = memory_folder / "dead-embedder"
    home.mkdir()
    own = {"EMBEDDER": "endpoint", "EMBEDDER_URL": endpoint.url, "EMBEDDER_MODEL": "some-model"}
    commands = Commands(home, settings={f"ONBRAND_{name}": value for name, value in own.items()})
    folder = home / "texts"
    for name, text in (("guide.md", GUIDE), ("sales.md", SALES), ("draft.md", DRAFT)):
        write(folder, name, text)
    commands.run(
        "source", "add", "folder", "brand", "--path", str(folder), "--status", "approved", "--access", "all"
    )
    assert commands.run("sync", "--json").json["ingested"] == 3
    return commands


@pytest.fixture(autouse=True)
def _alive(endpoint: EmbeddingEndpoint) -> Iterator[None]:
    yield
    endpoint.fault = "none"


@contextmanager
def in_time() -> Iterator[None]:
    watch = Stopwatch()
    yield
    assert watch.milliseconds() < MOST_MILLISECONDS


def search(world: Commands, question: str = QUESTION, *more: str) -> Any:
    return world.run("search", question, "--json", *more).json


def list_paths(found: Any) -> set[str]:
    return {one["path"] for one in found["results"]}


def test_both_legs_are_named_while_the_endpoint_lives(world: Commands) -> None:
    assert search(world)["understood"]["legs"] == ["dense", "bm25"]


@pytest.mark.parametrize("fault", ["hang", "status_503", "nan"])
def test_question_is_answered_by_words_alone_and_says_so(
    world: Commands, endpoint: EmbeddingEndpoint, fault: Fault
) -> None:
    endpoint.fault = fault
    with in_time():
        found = search(world)
    assert found["understood"]["legs"] == ["bm25"]
    assert list_paths(found) == {"guide.md", "sales.md"}, "the local owner reads what is approved"
    assert "by words alone" in world.run("search", QUESTION).out
    with in_time():
        answer = world.run("ask", QUESTION, "--json").json
    assert answer["verdict"] == "answered"
    assert "teal" in answer["claims"][0]["text"] + answer["claims"][1]["text"]
    assert answer["why"] == MEANING_IS_DOWN


def test_words_alone_open_nothing(world: Commands, endpoint: EmbeddingEndpoint) -> None:
    endpoint.fault = "status_503"
    assert list_paths(search(world, QUESTION, "--as", "stranger@b.example")) == {"guide.md"}
    assert list_paths(search(world, "vermilion magenta", "--as", "stranger@b.example")) == set()
    refused = world.run("ask", "what is vermilion", "--as", "stranger@b.example", "--json").json
    assert refused["verdict"] == "not_found"
    assert MEANING_IS_DOWN in refused["why"]
    assert "sales.md" not in str(refused)


def test_question_without_a_word_to_look_for_fails_clearly(
    world: Commands, endpoint: EmbeddingEndpoint
) -> None:
    endpoint.fault = "status_503"
    ended = world.run("search", "and the of", "--json", code=1)
    assert "the embedding endpoint at '127.0.0.1" in ended.err


@pytest.fixture
def in_process(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    """A world whose embedder died after the sync."""
    made = make_world()
    made.write("guide.md", GUIDE)
    made.sync()

    def fail(_text: str) -> None:
        raise EmbedderUnavailable("no answer")

    monkeypatch.setattr(made.embedder, "embed_question", fail)
    return made


def test_what_was_found_by_words_alone_has_no_cosine(in_process: SmallWorld) -> None:
    found = in_process.index.search.find_by_any_leg("colour", Scope(asker=READER, on=DAY))
    assert (found.legs, found.is_without_meaning) == (("bm25",), True)
    assert [(one.document.path, one.cosine) for one in found.passages] == [("guide.md", None)]


def test_measuring_takes_both_legs_or_fails(in_process: SmallWorld) -> None:
    with pytest.raises(EmbedderUnavailable):
        in_process.index.search.find("colour", Scope(asker=READER, on=DAY))


def test_running_owner_waits_once_and_then_leaves_the_endpoint_alone(
    world: Commands, endpoint: EmbeddingEndpoint
) -> None:
    with world.running("up"):
        endpoint.fault = "hang"
        assert search(world)["understood"]["legs"] == ["bm25"]
        asked = len(endpoint.requests)
        assert max(search(world)["milliseconds"] for _ in range(2)) < 3_000, (
            "the wait for an endpoint that hangs"
        )
        assert len(endpoint.requests) == asked


def test_sync_still_fails_and_leaves_everything_as_it_was(
    world: Commands, endpoint: EmbeddingEndpoint
) -> None:
    endpoint.fault = "status_401"
    write(world.home / "texts", "new.md", "# New\n\nThe latest colour is ochre.")
    report = world.run("sync", "--json", code=1).json
    ((failure),) = report["failed"]
    assert failure["document"] == "new.md"
    assert "embedding endpoint" in failure["error"]
    assert list_paths(search(world, "ochre colour")) == {"guide.md", "sales.md"}
    endpoint.fault = "none"
    assert world.run("sync", "--json").json["ingested"] == 1
    assert "new.md" in list_paths(search(world, "ochre colour"))
