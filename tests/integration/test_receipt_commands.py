"""`onbrand receipt` and `onbrand recall`, as people at a terminal meet them."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from admin.world import open_world
from core.answers import Answer, Claim, Question
from core.settings import Settings
from tests.integration.commands import Commands, QuickCommands, write

DATABASE = "onbrand.sqlite3"
TEAL = "Our main colour is Marrow Teal."
QUESTION = "What is our main colour?"
MARA, RHYS = "mara@pelmarrow.example", "rhys@pelmarrow.example"
AUD, CORA, TIM = "aud@pelmarrow.example", "cora@pelmarrow.example", "tim@pelmarrow.example"


@pytest.fixture(scope="module")
def filled(memory: Path) -> Commands:
    """A world with one approved document that the group sales may read, and people of every role."""
    home = memory / "filled receipts"
    write(home / "brand", "colour.md", f"# Colour\n\n{TEAL} Headings are amber.")
    commands = QuickCommands(home)
    options = ("--path", "brand", "--status", "approved", "--access", "group:sales")
    commands.run("source", "add", "folder", "brand", *options)
    commands.run("sync")
    for email, role in ((AUD, "auditor"), (CORA, "curator"), (MARA, None), (RHYS, None)):
        commands.run("people", "add", email, "--group", "sales", *(["--role", role] if role else []))
    commands.run("people", "add", TIM)
    commands.run("people", "role", TIM, "curator", "--brand", "Tallow")
    return commands


@pytest.fixture
def kit(filled: Commands) -> Iterator[Commands]:
    """The same world, whose database a test may spoil; its index must stay as it is."""
    kept = filled.home / "kept.sqlite3"
    shutil.copyfile(filled.home / DATABASE, kept)
    yield filled
    for path in filled.home.glob(f"{DATABASE}*"):
        path.unlink()
    kept.rename(filled.home / DATABASE)


@pytest.fixture
def copied(filled: Commands, memory: Path) -> Commands:
    """A copy of it, of which a test may spoil everything."""
    home = memory / uuid4().hex[:8]
    shutil.copytree(filled.home, home)
    return QuickCommands(home)


def leave_receipt(
    commands: Commands,
    *,
    asker: str | None = MARA,
    words: str | None = None,
    brand: str | None = None,
    conversation: str = "",
) -> str:
    """Ask, and keep what came; with `words` as if a model had put it so. Gives the receipt's id."""
    settings = Settings.from_environment(ONBRAND_HOME=str(commands.home), ONBRAND_TODAY=commands.day)
    with open_world(settings) as world:
        question = Question(
            QUESTION, world.identify(asker), world.clock.today(), brand=brand, conversation=conversation
        )
        *_, answer = world.pipeline.answer(question)
        assert isinstance(answer, Answer)
        assert answer.claims
        if words is not None:
            claim = Claim(words, answer.claims[0].evidence)
            answer = replace(answer, mode="model", model="served", claims=(claim,), receipt_id=None)
        return answer.receipt_id or world.answering.receipt_keeper.keep(question, answer)


def spoil(commands: Commands, *statements: str) -> None:
    with sqlite3.connect(commands.home / DATABASE) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_receipt_shows_question_answer_and_proof(kit: Commands) -> None:
    receipt_id = leave_receipt(kit, conversation="T1/C1/1.2")
    found = kit.run("receipt", "show", receipt_id, "--json").json
    assert (found["receipt_id"], found["asker"], found["conversation"]) == (receipt_id, MARA, "T1/C1/1.2")
    assert (found["question"], found["day"], found["mode"]) == (QUESTION, "2026-10-15", "passages")
    first = found["claims"][0]
    assert (first["text"], first["evidence"][0]["sentence"]) == (TEAL, TEAL)
    assert "stored_sentence" in first["checks"]
    assert "cutter-" in found["index"]
    assert not [name for name in found if "salt" in name]
    shown = kit.run("receipt", "show", receipt_id).out
    for words in (
        f"Receipt {receipt_id}",
        QUESTION,
        f"1. {TEAL}",
        "brand:colour.md",
        f"receipt verify {receipt_id}",
    ):
        assert words in shown


def test_asker_sees_their_own_and_nobody_without_a_role_sees_anothers(kit: Commands) -> None:
    receipt_id = leave_receipt(kit)
    for email in (MARA, AUD, CORA):
        assert TEAL in kit.run("receipt", "show", receipt_id, "--as", email).out
    for email in (RHYS, TIM, "nobody@pelmarrow.example"):
        refused = kit.run("receipt", "show", receipt_id, "--as", email, code=2).err
        assert f"no receipt '{receipt_id}' that {email} may see" in refused
    for command in (("receipt", "verify", "--all"), ("recall", "colour.md")):
        assert "it takes admin or auditor or curator" in kit.run(*command, "--as", MARA, code=1).err
    assert kit.run("receipt", "verify", receipt_id, "--as", MARA, "--json").json["ok"]


def test_curator_of_a_brand_sees_the_receipts_of_its_questions_only(kit: Commands) -> None:
    other, own = leave_receipt(kit), leave_receipt(kit, brand="Tallow")
    assert kit.run("receipt", "show", own, "--as", TIM, "--json").json["brand"] == "Tallow"
    kit.run("receipt", "show", other, "--as", TIM, code=2)
    recalled = kit.run("recall", "colour.md", "--as", TIM, "--json").json
    assert [one["receipt_id"] for one in recalled["answers"]] == [own]


def test_asker_who_may_no_longer_read_a_document_does_not_get_its_sentences_from_a_receipt(
    kit: Commands,
) -> None:
    receipt_id = leave_receipt(kit)
    kit.run("people", "group", "sales", "--remove", MARA)
    shown = kit.run("receipt", "show", receipt_id, "--as", MARA).out
    assert "Marrow Teal" not in shown
    assert "withheld" in shown
    assert "Marrow Teal" in kit.run("receipt", "show", receipt_id, "--as", CORA).out


def test_verify_finds_nothing_wrong_in_what_was_kept_and_gives_the_head_to_note(kit: Commands) -> None:
    assert kit.run("receipt", "verify", "--json").json["ok"], "no receipt at all is whole"
    leave_receipt(kit)
    leave_receipt(kit, words=TEAL)  # and the answer whose words they replace leaves its own
    found = kit.run("receipt", "verify", "--all", "--json").json
    assert (found["receipts"], found["ok"], found["problems"], found["notes"]) == (3, True, [], [])
    shown = kit.run("receipt", "verify", "--head", found["head"], "--as", AUD).out
    assert "3 receipt(s) verified" in shown
    assert f"Head: {found['head']}" in shown
    refused = kit.run("receipt", "verify", "r-0000000000", "--all", code=2).err
    assert "give one receipt by its ID, or --all" in refused


def test_claim_that_its_sentences_do_not_prove_is_named_and_ends_with_1(kit: Commands) -> None:
    receipt_id = leave_receipt(kit, words="Our main colour is not Marrow Teal.")
    for arguments in ((receipt_id,), ("--all",)):
        (problem,) = kit.run("receipt", "verify", *arguments, "--json", code=1).json["problems"]
        assert problem["receipt_id"] == receipt_id
        assert "claim 1: does not pass" in problem["problem"]
        assert "polarity" in problem["problem"]


def test_flipped_byte_is_found_with_its_receipt(kit: Commands) -> None:
    whole, spoilt = leave_receipt(kit), leave_receipt(kit)
    spoil(
        kit,
        f"UPDATE receipts SET body = replace(body, 'Marrow Teal', 'Marrow Teak') WHERE receipt_id = '{spoilt}'",
    )
    shown = kit.run("receipt", "verify", "--all", code=1).out
    assert f"{spoilt} (row 2): its values do not give its hash: they were changed" in shown
    assert f"{spoilt} (row 2): claim 1: the sentence" in shown
    assert whole not in shown
    assert "Head:" not in shown, "nobody should note the head of a chain that was tampered with"
    kit.run("receipt", "verify", whole)
    kit.run("receipt", "verify", spoilt, code=1)
    spoil(kit, f"UPDATE receipts SET question = 'Who?' WHERE receipt_id = '{whole}'")
    assert "its question is not the one that was kept" in kit.run("receipt", "verify", whole, code=1).out
    spoil(kit, f"UPDATE receipts SET body = 'x' WHERE receipt_id = '{whole}'")
    assert "cannot be read" in kit.run("receipt", "show", whole).out
    spoil(kit, "DELETE FROM receipts WHERE number = 2")
    assert "row 2 is cut off at the end" in kit.run("receipt", "verify", code=1).out


def test_document_that_changed_since_is_a_note_and_no_failure(kit: Commands) -> None:
    receipt_id = leave_receipt(kit)
    spoil(kit, "DELETE FROM revisions")
    found = kit.run("receipt", "verify", receipt_id, "--json").json
    assert (found["ok"], found["problems"]) == (True, [])
    assert found["notes"] == [
        {"receipt_id": receipt_id, "note": "revision 1 of brand:colour.md is no longer in the ledger"}
    ]
    assert "Changed since, which is no failure:" in kit.run("receipt", "verify").out


def test_document_that_is_retired_after_an_answer_is_recalled_with_it(copied: Commands) -> None:
    receipt_id = leave_receipt(copied, conversation="T1/C1/1.2")
    (answer,) = copied.run("recall", "colour.md", "--as", CORA, "--json").json["answers"]
    assert answer["receipt_id"] == receipt_id
    assert (answer["asker"], answer["question"], answer["conversation"]) == (MARA, QUESTION, "T1/C1/1.2")
    assert [(one["revision"], one["answers"]) for one in answer["cited"]] == [(1, True)]
    assert TEAL in answer["claims"]
    copied.run("documents", "retire", "colour.md", "--reason", "old")
    assert copied.run("ask", QUESTION, "--as", MARA, "--json").json["claims"] == []
    shown = copied.run("recall", "brand:colour.md").out
    for words in ("1 answer(s) cited brand:colour.md", receipt_id, MARA, QUESTION, TEAL):
        assert words in shown
    assert "revision 1 answers no longer: retired" in shown
    copied.run("source", "remove", "brand")
    assert "answers no longer: removed at its source" in copied.run("recall", "colour.md").out
    assert "no document 'nothing.md'" in copied.run("recall", "nothing.md", code=2).err


def test_erased_asker_is_out_of_receipts_and_the_rest_verifies(kit: Commands) -> None:
    receipt_id = leave_receipt(kit)
    assert "1 receipts" in kit.run("people", "erase", MARA, "--reason", "asked to", "--texts").out
    shown = kit.run("receipt", "show", receipt_id).out
    assert (MARA in shown, QUESTION in shown, TEAL in shown) == (False, False, True)
    assert kit.run("receipt", "verify", "--json").json["ok"]
    assert "Receipts: 2555 days; due now: 0" in kit.run("retention", "show").out
