"""`onbrand reindex` and `onbrand index` as a person at a terminal or a script meets them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.embedding_endpoint import EmbeddingEndpoint, serve_embeddings
from tests.integration.commands import Commands, write

GOLDEN = {
    "id": "teal",
    "question": "What is our main colour?",
    "type": "fact",
    "gold": [{"path": "colour.md", "snippet": "Our main colour is Marrow Teal"}],
    "answer": "Marrow Teal",
    "must_contain": [],
    "must_not_contain": [],
}


@pytest.fixture
def endpoint() -> Iterator[EmbeddingEndpoint]:
    with serve_embeddings() as served:
        yield served


@pytest.fixture
def filled(quick: Commands) -> Commands:
    """A world with one synced source, whose commands run in this process."""
    write(quick.home / "brand", "colour.md", "# Colour\n\nOur main colour is Marrow Teal.")
    write(quick.home / "brand", "voice.md", "# Voice\n\nWe say we, never the company.")
    quick.run(
        "source", "add", "folder", "brand", "--path", "brand", "--status", "approved", "--access", "all"
    )
    quick.run("sync")
    return quick


def name_endpoint(endpoint: EmbeddingEndpoint) -> dict[str, Any]:
    return {
        "ONBRAND_EMBEDDER": "endpoint",
        "ONBRAND_EMBEDDER_URL": endpoint.url,
        "ONBRAND_EMBEDDER_MODEL": "some-model",
    }


def find(commands: Commands, **settings: Any) -> list[str]:
    found = commands.run("search", "main colour", "--json", **settings).json["results"]
    return [one["path"] for one in found if "Marrow Teal" in one["text"]]


def test_reindex_says_what_was_checked_and_rollback_goes_back(filled: Commands) -> None:
    write(filled.home, "golden.jsonl", json.dumps(GOLDEN))
    said = filled.run("reindex", "--wait", "--questions", "golden.jsonl", "--reason", "spring cleaning").out
    for words in ("Generation 2 of the index answers", "2 passages of 2 documents", "hit@5 1.000 → 1.000"):
        assert words in said
    assert find(filled) == ["colour.md"]
    report = filled.run("reindex", "--json", ONBRAND_REINDEX_QUESTIONS="golden.jsonl").json
    assert (report["state"], report["generation"], report["checks"]["golden"]["questions"]) == (
        "switched",
        3,
        1,
    )
    assert "Generation 2 answers again" in filled.run("index", "rollback").out
    assert [
        (one["generation"], one["state"]) for one in filled.run("index", "show", "--json").json["builds"]
    ] == [
        (2, "answering"),
        (3, "kept"),
    ]
    acts = filled.run("audit", "list", "--json").json
    assert [one["act"] for one in acts if one["subject"] == "index"] == [
        "index.rollback",
        "index.switch",
        "index.switch",
    ]
    assert find(filled) == ["colour.md"]


def test_reindex_takes_an_admin(filled: Commands) -> None:
    assert "may not index.switch" in filled.run("reindex", "--as", "somebody@example.com", code=1).err
    assert filled.run("index", "show", "--json").json["builds"] == []


def test_reindex_by_another_embedder_names_the_lines_that_the_next_start_needs(
    filled: Commands, endpoint: EmbeddingEndpoint
) -> None:
    lines = [f"{name}={value}" for name, value in name_endpoint(endpoint).items()]
    said = filled.run("reindex", *(word for line in lines for word in ("--with", line))).out
    assert said.endswith("Put these lines into .env before the next start:\n  " + "\n  ".join(lines) + "\n")
    assert "onbrand reindex" in filled.run("search", "main colour", code=1).err
    assert find(filled, **name_endpoint(endpoint)) == ["colour.md"]
    assert "Generation 1 answers again" in filled.run("index", "rollback").out
    assert find(filled) == ["colour.md"]


def test_start_with_another_embedder_is_refused_and_reindex_is_the_way_on(
    filled: Commands, endpoint: EmbeddingEndpoint
) -> None:
    named = name_endpoint(endpoint)
    assert "onbrand reindex" in filled.run("search", "main colour", code=1, **named).err
    assert "Generation 2 of the index answers" in filled.run("reindex", **named).out
    assert find(filled, **named) == ["colour.md"]


@pytest.mark.parametrize("line", ["ONBRAND_EMBEDDER", "ONBRAND_HOME=/tmp/x", "ONBRAND_EMBEDDER_KEY=secret"])
def test_only_lines_of_the_embedder_are_taken_and_no_key(filled: Commands, line: str) -> None:
    said = filled.run("reindex", "--with", line, code=2).err
    assert "ONBRAND_EMBEDDER_MODEL" in said
    assert "is not understood" in said


def test_wrong_embedder_lines_are_named_as_those_of_a_start(filled: Commands) -> None:
    said = filled.run("reindex", "--with", "ONBRAND_EMBEDDER=endpoint", code=2).err
    assert "ONBRAND_EMBEDDER_URL and ONBRAND_EMBEDDER_MODEL missing" in said
