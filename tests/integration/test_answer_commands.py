"""Promises of `onbrand answers` and `onbrand gaps`, run as commands."""

from pathlib import Path

import pytest

from tests.integration.commands import Commands, QuickCommands, as_lines, write

QUESTION = "Which blue may we use on posters?"


@pytest.fixture(scope="module")
def filled(memory: Path) -> Commands:
    """A world with one approved document that everybody may read."""
    home = memory / "filled"
    write(home / "brand", "colour.md", "# Colour\n\nOur main colour is Marrow Teal. Headings are amber.")
    commands = QuickCommands(home)
    options = ("--path", "brand", "--status", "approved", "--access", "all")
    commands.run("source", "add", "folder", "brand", *options)
    commands.run("sync")
    return commands


def test_gap_becomes_an_official_answer_that_ask_then_gives(filled: Commands) -> None:
    assert filled.run("ask", QUESTION, "--json").json["verdict"] == "not_found"
    (gap,) = [one for one in filled.run("gaps", "list", "--json").json if one["question"] == QUESTION]
    assert (gap["asked"], gap["askers"], gap["state"]) == (1, 1, "open")
    text = "None: our main colour is Marrow Teal, on posters too."
    added = filled.run(
        *("answers", "add", "--question", QUESTION, "--text", text, "--gap", gap["gap_id"]),
        *("--evidence", "colour.md#main colour", "--reason", "asked", "--until", "2026-12-31", "--json"),
    ).json
    assert [one["sentence"] for one in added["evidence"]] == ["Our main colour is Marrow Teal."]
    answer = filled.run("ask", "which blue can we use on a poster", "--json").json
    assert answer["official"] == {"id": added["answer_id"], "owner": None, "until": "2026-12-31"}
    assert [claim["text"] for claim in answer["claims"]] == [text]
    assert text in filled.run("ask", QUESTION).out
    assert filled.run("gaps", "show", gap["gap_id"], "--json").json["state"] == "answered"
    filled.run("answers", "retire", added["answer_id"], "--reason", "over")
    assert filled.run("ask", QUESTION, "--json").json["official"] is None


def test_evidence_that_is_not_found_lists_the_closest_sentences(filled: Commands) -> None:
    common = ("answers", "add", "--question", "q?", "--text", "t", "--reason", "r", "--evidence")
    message = filled.run(*common, "colour.md#our main color is teal", code=2).err
    assert "colour.md::Our main colour is Marrow Teal." in message
    assert "no document 'nix.md'" in filled.run(*common, "nix.md#x", code=2).err


def test_a_batch_of_questions_leaves_no_gaps(filled: Commands) -> None:
    before = filled.run("gaps", "list", "--state", "all", "--json").json
    lines = as_lines([{"id": "1", "question": "How many whales do we own?"}])
    (answer,) = filled.run("ask", "--batch", "-", text=lines).lines
    assert answer["verdict"] == "not_found"
    assert filled.run("gaps", "list", "--state", "all", "--json").json == before


def test_readers_see_neither_gaps_nor_official_answers(filled: Commands) -> None:
    for command in ("gaps", "answers"):
        refused = filled.run(command, "list", "--as", "nobody@pelmarrow.example", code=1)
        assert "it takes curator or admin" in refused.err
