"""Promises of `onbrand ask --after RECEIPT` and of `earlier` in batch lines: whose answers one may go on from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from admin.operations.asking import list_earlier
from admin.world import World
from core.access import LOCAL_OWNER
from core.answers import Turn
from core.clock import Clock
from core.database import Database, open_database
from core.errors import UsageError
from core.receipts import Receipts
from core.tables import receipts
from tests.integration.commands import Commands, QuickCommands, as_lines, write
from tests.unit.core.receipt_samples import INDEX, MARA, RHYS, TEAL, TRACE, ask, say

CLOCK = Clock(ZoneInfo("UTC"))


@dataclass(frozen=True)
class SmallSettings:
    max_question_characters: int = 100


@dataclass(frozen=True)
class SmallWorld:
    """What list_earlier touches of a world; `receipts` stands for `answering.receipts`."""

    receipts: Receipts
    database: Database
    settings: SmallSettings = SmallSettings()

    @property
    def answering(self) -> "SmallWorld":
        return self

    def list(self, asker: Any, **arguments: Any) -> tuple[Turn, ...]:
        return list_earlier(cast(World, self), arguments, asker)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SmallWorld]:
    database = open_database(None, home=tmp_path, clock=CLOCK)
    yield SmallWorld(Receipts(database, CLOCK), database)
    database.close()


def keep(world: SmallWorld, **asked: Any) -> str:
    return world.receipts.keep(ask(**asked), say(TEAL), index_fingerprint=INDEX)


@pytest.mark.parametrize("asker", [MARA, LOCAL_OWNER])
def test_question_goes_on_from_ones_own_answer_as_it_was_understood(world: SmallWorld, asker: Any) -> None:
    (turn,) = world.list(asker, after=keep(world))
    assert (turn.question, [claim.text for claim in turn.claims]) == (TRACE.understood_as, [TEAL])
    assert turn.claims[0].evidence[0].title == "Brand guide"


def test_answer_of_somebody_else_reads_as_one_that_is_not_there(world: SmallWorld) -> None:
    receipt_id = keep(world)
    with pytest.raises(UsageError, match="no receipt") as others:
        world.list(RHYS, after=receipt_id)
    with pytest.raises(UsageError, match="no receipt") as unknown:
        world.list(RHYS, after="r-0000000000")
    assert str(others.value).replace(receipt_id, "") == str(unknown.value).replace("r-0000000000", "")


def test_removed_question_is_not_gone_on_from(world: SmallWorld) -> None:
    receipt_id = keep(world)
    with world.database.write() as connection:
        connection.execute(receipts.update().values(question="", understood=""))
    with pytest.raises(UsageError, match="was removed; ask the whole question"):
        world.list(MARA, after=receipt_id)


def test_earlier_questions_are_turns_without_claims_within_the_limit(world: SmallWorld) -> None:
    assert world.list(MARA, earlier=["one?", " two? "]) == (Turn("one?"), Turn("two?"))
    assert world.list(MARA) == ()
    for wrong in ({"earlier": ["x" * 101]}, {"earlier": [" "]}, {"earlier": ["one?"], "after": keep(world)}):
        with pytest.raises(UsageError):
            world.list(MARA, **wrong)


@pytest.fixture(scope="module")
def filled(memory: Path) -> Commands:
    """A world with one approved document."""
    home = memory / "after"
    write(home / "brand", "colour.md", "# Colour\n\nOur main colour is Marrow Teal.")
    commands = QuickCommands(home)
    commands.run(*("source", "add", "folder", "brand", "--path", "brand", "--status", "approved"))
    commands.run("sync")
    return commands


def test_unknown_receipt_is_an_error_of_the_command(filled: Commands) -> None:
    message = filled.run("ask", "and in print?", "--after", "r-0123456789", code=2).err
    assert "no receipt 'r-0123456789' of local owner" in message


def test_batch_lines_take_earlier_questions_and_refuse_what_is_none(filled: Commands) -> None:
    lines: list[dict[str, object]] = [
        {"id": "1", "question": "What is our main colour?", "earlier": ["Which fonts do we use?"]},
        {"id": "2", "question": "and in print?", "earlier": "What is our main colour?"},
        {"id": "3", "question": "and in print?", "earlier": ["What is our main colour?", 7]},
        {"id": "4", "question": "and in print?", "after": "r-0123456789"},
    ]
    first, *wrong = filled.run("ask", "--batch", "-", text=as_lines(lines), code=1).lines
    assert first["verdict"] == "answered"
    assert ["a list of texts" in one["error"] for one in wrong] == [True, True, False]
    assert "no receipt" in wrong[2]["error"]
