"""Verifying receipts: what was kept is whole, and every kind of tampering on the real file is found."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import text

from core.chain import FIRST_HASH, ChainPoint
from core.clock import Clock
from core.database import Database, open_database
from core.receipt_rows import Receipt, list_problems
from core.receipts import Receipts
from tests.unit.core.audit_rows import tamper
from tests.unit.core.conftest import UTC_CLOCK
from tests.unit.core.receipt_samples import keep_many

ROWS = 30
COLUMNS = (
    "receipt_id, at, question, understood, question_salt, asker, conversation, asker_salt, day, verdict, mode, "
    "body, previous_hash, hash"
)
CHANGED = "its values do not give its hash"


@pytest.fixture(scope="module")
def filled_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the receipts, kept once."""
    folder = tmp_path_factory.mktemp("receipts")
    copyfile(migrated_file, folder / migrated_file.name)
    opened = open_database(None, home=folder, clock=UTC_CLOCK)
    keep_many(opened, UTC_CLOCK, ROWS)
    opened.close()
    return folder / migrated_file.name


@pytest.fixture
def filled(filled_file: Path, home: Path, clock: Clock) -> Iterator[Database]:
    """A copy of it that a test may spoil."""
    copyfile(filled_file, home / filled_file.name)
    opened = open_database(None, home=home, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def receipts(filled: Database, clock: Clock) -> Receipts:
    return Receipts(filled, clock)


def read(receipts: Receipts, number: int) -> Receipt:
    return next(one for one in receipts.list_receipts() if one.number == number)


def swap(one: int, other: int) -> tuple[str, ...]:
    return (
        f"UPDATE receipts SET number = -1 WHERE number = {one}",
        f"UPDATE receipts SET number = {one} WHERE number = {other}",
        f"UPDATE receipts SET number = {other} WHERE number = -1",
    )


def replace_in_body(old: str, new: str, number: int) -> str:
    return f"UPDATE receipts SET body = replace(body, '{old}', '{new}') WHERE number = {number}"


def test_receipts_of_every_kind_are_whole_one_by_one_and_together(receipts: Receipts) -> None:
    found = receipts.verify_chain()
    assert (found.rows, found.head.number, found.problems) == (ROWS, ROWS, ())
    for one in receipts.read_in_order():
        assert (list_problems(one), receipts.list_link_problems(one)) == ((), ())


TAMPERINGS = [
    ((replace_in_body("Marrow Teal", "Marrow Teak", 10),), 10, CHANGED),
    ((replace_in_body("Teal is the main colour.", "Teal is no main colour.", 11),), 11, CHANGED),
    ((replace_in_body("magenta", "Magenta", 10),), 10, CHANGED),
    ((replace_in_body('"revision":1', '"revision":2', 10),), 10, CHANGED),
    (("UPDATE receipts SET body = body || ' ' WHERE number = 1",), 1, CHANGED),
    (("UPDATE receipts SET body = 'no json' WHERE number = 30",), 30, CHANGED),
    (("UPDATE receipts SET verdict = 'partial' WHERE number = 10",), 10, CHANGED),
    (("UPDATE receipts SET mode = 'model' WHERE number = 10",), 10, CHANGED),
    (("UPDATE receipts SET day = '2026-03-04' WHERE number = 10",), 10, CHANGED),
    (("UPDATE receipts SET at = '2020-01-01 00:00:00.000000' WHERE number = 10",), 10, CHANGED),
    (("UPDATE receipts SET receipt_id = 'r-0000000000' WHERE number = 12",), 12, CHANGED),
    ((f"UPDATE receipts SET hash = '{FIRST_HASH}' WHERE number = 10",), 10, CHANGED),
    ((f"UPDATE receipts SET previous_hash = '{FIRST_HASH}' WHERE number = 10",), 10, "does not follow"),
    (("DELETE FROM receipts WHERE number = 10",), 10, "row 10 is missing"),
    (("DELETE FROM receipts WHERE number = 1",), 1, "row 1 is missing"),
    (("DELETE FROM receipts WHERE number = 30",), 30, "row 30 is cut off at the end"),
    (("DELETE FROM receipts WHERE number > 20",), 21, "rows 21 to 30 are cut off at the end"),
    (("DELETE FROM receipts",), 1, "rows 1 to 30 are cut off at the end"),
    (swap(10, 11), 10, "does not follow the row before it"),
    (swap(1, 30), 1, "does not follow the row before it"),
    (
        (
            "UPDATE receipts SET number = -number WHERE number > 15",
            "UPDATE receipts SET number = 1 - number WHERE number < 0",
            f"INSERT INTO receipts (number, {COLUMNS}) SELECT 16, 'r-' || {COLUMNS} FROM receipts WHERE number = 15",
        ),
        16,
        "does not follow the row before it",
    ),
    (("DELETE FROM world_facts WHERE name = 'receipts head'",), 30, "no head is noted"),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "number", "said"), TAMPERINGS)
def test_tampering_is_found_at_its_row(
    filled: Database, receipts: Receipts, *, statements: tuple[str, ...], number: int, said: str
) -> None:
    tamper(filled, *statements)
    found = receipts.verify_chain()
    assert not found.is_ok
    assert [one for one in found.problems if one.number == number and said in one.problem]


def test_every_flipped_byte_of_a_body_is_found(filled: Database, receipts: Receipts) -> None:
    with filled.read() as connection:
        body: str = connection.execute(text("SELECT body FROM receipts WHERE number = 2")).scalar_one()
    for place in range(0, len(body), 41):
        flipped = body[:place] + chr(ord(body[place]) ^ 1) + body[place + 1 :]
        with filled.write() as connection:
            connection.execute(text("UPDATE receipts SET body = :body WHERE number = 2"), {"body": flipped})
        assert [(one.number, one.problem[: len(CHANGED)]) for one in receipts.verify_chain().problems] == [
            (2, CHANGED)
        ], place


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE receipts SET question = question || '!'", "its question is not the one that was kept"),
        ("UPDATE receipts SET question = ''", "its question is not the one that was kept"),
        ("UPDATE receipts SET question_salt = ''", "its question was removed, and there is one again"),
        ("UPDATE receipts SET understood = 'x'", "its question as understood is not the one that was kept"),
        ("UPDATE receipts SET asker = 'rhys@pelmarrow.example'", "its asker is not the one that was kept"),
        ("UPDATE receipts SET asker_salt = ''", "its asker was removed, and there is one again"),
        ("UPDATE receipts SET conversation = 'x'", "its conversation is not the one that was kept"),
        ("DELETE FROM receipt_documents", "the documents that recall finds it by were changed"),
        (
            "UPDATE receipt_documents SET document_id = 'd'",
            "the documents that recall finds it by were changed",
        ),
        ("UPDATE receipt_documents SET revision = 7", "the documents that recall finds it by were changed"),
        (replace_in_body("Marrow Teal", "Marrow Teak", 1), "claim 1: the sentence doc-1:1:0:0 does not give"),
    ],
)
def test_changed_text_sentence_or_document_beside_the_chain_is_found(
    filled: Database, receipts: Receipts, statement: str, said: str
) -> None:
    tamper(filled, statement)
    assert said in " ".join(list_problems(read(receipts, 1)))


def test_texts_that_are_gone_together_with_their_salts_are_no_finding(
    filled: Database, receipts: Receipts
) -> None:
    gone = (
        "question = '', understood = '', question_salt = '', asker = '', conversation = '', asker_salt = ''"
    )
    tamper(filled, f"UPDATE receipts SET {gone}")
    assert receipts.verify_chain().is_ok
    assert [list_problems(one) for one in receipts.read_in_order()] == [()] * ROWS


@pytest.mark.parametrize(
    ("statement", "number", "said"),
    [
        (replace_in_body("Marrow Teal", "Marrow Teak", 10), 10, CHANGED),
        ("DELETE FROM receipts WHERE number = 9", 10, "does not follow the row before it"),
        ("DELETE FROM receipts WHERE number = 11", 10, "the row after it is missing"),
        (
            f"UPDATE receipts SET previous_hash = '{FIRST_HASH}' WHERE number = 11",
            10,
            "the row after it does not",
        ),
        ("DELETE FROM world_facts WHERE name = 'receipts head'", 30, "is not the noted head"),
        ("DELETE FROM receipts WHERE number = 30", 29, "the row after it is missing"),
    ],
)
def test_one_receipt_is_compared_with_its_neighbours(
    filled: Database, receipts: Receipts, *, statement: str, number: int, said: str
) -> None:
    tamper(filled, statement)
    assert said in " ".join(receipts.list_link_problems(read(receipts, number)))
    assert receipts.list_link_problems(read(receipts, 5)) == ()


def test_rows_cut_off_stay_missing_after_the_next_answer(
    filled: Database, receipts: Receipts, clock: Clock
) -> None:
    noted = receipts.verify_chain().head
    tamper(filled, "DELETE FROM receipts WHERE number > 25")
    keep_many(filled, clock, 2)
    found = receipts.verify_chain(noted)
    assert found.head.number == ROWS + 2
    problems = [one.problem for one in found.problems]
    assert problems[0] == "rows 26 to 30 are missing"
    assert problems[-1] == "was noted as head and is not there"


def test_rewritten_chain_is_found_by_a_head_that_was_noted_elsewhere(
    filled: Database, receipts: Receipts, clock: Clock
) -> None:
    noted = receipts.verify_chain().head
    tamper(filled, "DELETE FROM receipts", "DELETE FROM world_facts WHERE name = 'receipts head'")
    keep_many(filled, clock, ROWS + 2)
    assert receipts.verify_chain().is_ok
    assert [one.number for one in receipts.verify_chain(noted).problems] == [ROWS]
    assert receipts.verify_chain(ChainPoint(0, FIRST_HASH)).is_ok
