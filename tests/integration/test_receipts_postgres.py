"""Receipts on a real PostgreSQL: one chain of many writers, tampering is found, retention and erasing keep it whole."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from core.access import LOCAL_OWNER
from core.clock import Clock
from core.database import open_database
from core.receipt_rows import RECEIPTS, list_problems
from core.receipts import Receipts
from core.retention import KeptDays, Retention
from core.retention_acts import Erasure, RetentionActs
from tests.integration.test_postgres import server_url, url
from tests.unit.core.core_world import CoreWorld, make_incoming
from tests.unit.core.receipt_samples import (
    MARA,
    TEAL,
    TRACE,
    ask,
    cite_document,
    keep,
    keep_many,
    keep_past,
    say,
)

__all__ = ["server_url", "url"]

CLOCK = Clock(ZoneInfo("Europe/Berlin"), date(2026, 3, 3))


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CoreWorld]:
    opened = open_database(request.getfixturevalue("url"), home=tmp_path, clock=CLOCK)
    yield CoreWorld.over(opened, CLOCK)
    opened.close()


@pytest.fixture
def receipts(world: CoreWorld) -> Receipts:
    return Receipts(world.database, CLOCK)


def assert_whole(receipts: Receipts, rows: int) -> None:
    found = receipts.verify_chain()
    assert (found.rows, found.problems) == (rows, ())
    assert [list_problems(one) for one in receipts.read_in_order()] == [()] * rows


def test_receipts_of_every_kind_and_of_odd_letters_hash_as_they_were_written(
    world: CoreWorld, receipts: Receipts
) -> None:
    keep_many(world.database, CLOCK, 9)
    odd = "teal\x00 \ud800?\n“so” – 日本 🎺"
    keep(world.database, CLOCK, ask(odd, conversation=odd), say(TEAL, mode="model", text=odd))
    assert_whole(receipts, 10)
    assert receipts.list_turns(odd, limit=2)[0].question == TRACE.understood_as
    assert [one.number for one in receipts.list_receipts(limit=2)] == [10, 9]


def test_writers_at_the_same_time_make_one_chain(world: CoreWorld, receipts: Receipts) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: keep(world.database, CLOCK), range(40)))
    assert_whole(receipts, 40)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE receipts SET body = replace(body, 'Marrow Teal', 'Marrow Teak') WHERE number = 4",
            "its values",
        ),
        ("UPDATE receipts SET at = at + interval '1 microsecond' WHERE number = 4", "its values do not give"),
        ("UPDATE receipts SET previous_hash = hash WHERE number = 4", "does not follow the row before it"),
        ("DELETE FROM receipts WHERE number = 4", "row 4 is missing"),
        ("DELETE FROM receipts WHERE number > 7", "rows 8 to 9 are cut off at the end"),
        ("UPDATE receipts SET number = 20 WHERE number = 4", "row 4 is missing"),
    ],
)
def test_tampering_is_found(world: CoreWorld, receipts: Receipts, statement: str, said: str) -> None:
    keep_many(world.database, CLOCK, 9)
    with world.database.write() as connection:
        connection.execute(text(statement))
    assert said in " ".join(one.problem for one in receipts.verify_chain().problems)


def test_retention_and_erasing_leave_a_chain_that_verifies_and_recall_finds_what_is_left(
    world: CoreWorld, receipts: Receipts
) -> None:
    for days in (900, 200, 1):
        keep_past(world.database, days, ask(conversation="C1"))
    retention = Retention(world.database, CLOCK, world.acts, days=KeptDays(90, 3000, 500))
    done = retention.run(by=LOCAL_OWNER, reason="")
    assert (done.receipts, done.count_rows(RECEIPTS)) == (2, 1)
    assert_whole(receipts, 2)
    acts = RetentionActs(world.acts, CLOCK)
    erased = acts.erase_person(Erasure(MARA.email or "", texts=True), reason="asked to", by=LOCAL_OWNER)
    assert erased["receipts"] == 1
    assert_whole(receipts, 2)
    assert [(one.number, one.question) for one in receipts.list_citing("doc-1")] == [(3, ""), (2, "")]


def test_answer_is_recalled_by_path_after_its_document_was_retired(
    world: CoreWorld, receipts: Receipts
) -> None:
    document_id = world.sync(make_incoming("colour.md", "We say teal."))
    receipt_id = keep(world.database, CLOCK, answer=cite_document(say(TEAL), document_id))
    world.document_acts.retire([document_id], by=LOCAL_OWNER, reason="old")
    assert [one.receipt_id for one in receipts.list_citing("kit:colour.md")] == [receipt_id]
