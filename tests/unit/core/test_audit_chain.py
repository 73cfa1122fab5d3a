"""Verifying the audit: an untouched chain is whole, and every kind of tampering on the real file is found."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import text

from core import chain_walk
from core.audit import AUDIT, hash_row
from core.chain import FIRST_HASH, ChainPoint, read_mark
from core.chain_walk import MOST_PROBLEMS, ChainReport, verify_chain
from core.clock import Clock
from core.database import Database, open_database
from core.errors import UsageError
from tests.unit.core.audit_rows import tamper, write_rows
from tests.unit.core.conftest import UTC_CLOCK

ROWS = 400
REST = 'at, actor, act, subject, reason, "before", "after", batch, previous_hash, hash'


@pytest.fixture(scope="module")
def filled_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the rows, written once."""
    folder = tmp_path_factory.mktemp("audit")
    copyfile(migrated_file, folder / migrated_file.name)
    opened = open_database(None, home=folder, clock=UTC_CLOCK)
    write_rows(opened, ROWS)
    opened.close()
    return folder / migrated_file.name


@pytest.fixture
def filled(filled_file: Path, home: Path, clock: Clock) -> Iterator[Database]:
    """A copy of it that a test may spoil."""
    copyfile(filled_file, home / filled_file.name)
    opened = open_database(None, home=home, clock=clock)
    yield opened
    opened.close()


def verify(database: Database, noted: ChainPoint | None = None) -> ChainReport:
    with database.read() as connection:
        return verify_chain(connection, AUDIT, noted)


def read_head(database: Database) -> ChainPoint:
    with database.read() as connection:
        head = read_mark(connection, "audit head")
    assert head is not None
    return head


def swap(one: int, other: int) -> tuple[str, ...]:
    return (
        f"UPDATE audit SET number = -1 WHERE number = {one}",
        f"UPDATE audit SET number = {one} WHERE number = {other}",
        f"UPDATE audit SET number = {other} WHERE number = -1",
    )


def test_untouched_rows_of_every_kind_are_whole_and_their_end_is_the_head(filled: Database) -> None:
    found = verify(filled)
    assert (found.rows, found.is_ok, found.problems) == (ROWS, True, ())
    assert found.head == read_head(filled)
    assert found.head.number == ROWS


def test_empty_audit_is_whole(database: Database) -> None:
    assert verify(database) == ChainReport(0, ChainPoint(0, FIRST_HASH), (), 0)


@pytest.mark.parametrize("rows", [1, 19, 20, 21])
def test_chain_is_whole_wherever_batches_end(
    database: Database, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(chain_walk, "BATCH_ROWS", 10)
    write_rows(database, rows)
    assert (verify(database).rows, verify(database).is_ok) == (rows, True)


@pytest.mark.parametrize(
    ("statements", "number", "said"),
    [
        (("UPDATE audit SET actor = 'x' WHERE number = 150",), 150, "its values do not give its hash"),
        (("UPDATE audit SET act = 'x' WHERE number = 1",), 1, "its values do not give its hash"),
        (("UPDATE audit SET subject = 'x' WHERE number = 400",), 400, "its values do not give its hash"),
        (("UPDATE audit SET reason = reason || ' ' WHERE number = 7",), 7, "its values do not give its hash"),
        (("UPDATE audit SET batch = 'x' WHERE number = 2",), 2, "its values do not give its hash"),
        (("UPDATE audit SET batch = NULL WHERE number = 1",), 1, "its values do not give its hash"),
        (("""UPDATE audit SET "after" = '{"a": 1}' WHERE number = 9""",), 9, "its values do not give"),
        (("""UPDATE audit SET "before" = '{}' WHERE number = 2""",), 2, "its values do not give its hash"),
        (("UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE number = 3",), 3, "its values do not"),
        (("UPDATE audit SET at = 'yesterday' WHERE number = 3",), 3, "its values do not give its hash"),
        (("""UPDATE audit SET "after" = 'no json' WHERE number = 3""",), 3, "its values do not give its hash"),
        (("UPDATE audit SET actor = x'00ff' WHERE number = 3",), 3, "its values do not give its hash"),
        ((f"UPDATE audit SET hash = '{FIRST_HASH}' WHERE number = 5",), 5, "its values do not give its hash"),
        ((f"UPDATE audit SET previous_hash = '{FIRST_HASH}' WHERE number = 5",), 5, "does not follow"),
        (("DELETE FROM audit WHERE number = 200",), 200, "row 200 is missing"),
        (("DELETE FROM audit WHERE number BETWEEN 100 AND 299",), 100, "rows 100 to 299 are missing"),
        (("DELETE FROM audit WHERE number = 1",), 1, "row 1 is missing"),
        (("DELETE FROM audit WHERE number = 400",), 400, "row 400 is cut off at the end"),
        (("DELETE FROM audit WHERE number > 390",), 391, "rows 391 to 400 are cut off at the end"),
        (("DELETE FROM audit",), 1, "rows 1 to 400 are cut off at the end"),
        (swap(10, 11), 10, "does not follow the row before it"),
        (swap(1, 400), 1, "does not follow the row before it"),
        (
            (
                "UPDATE audit SET number = -number WHERE number > 50",
                "UPDATE audit SET number = 1 - number WHERE number < 0",
                f"INSERT INTO audit (number, {REST}) SELECT 51, {REST} FROM audit WHERE number = 50",
            ),
            51,
            "does not follow the row before it",
        ),
        (
            (f"INSERT INTO audit (number, {REST}) SELECT 0, {REST} FROM audit WHERE number = 1",),
            0,
            "stands before row 1",
        ),
        (("DELETE FROM world_facts WHERE name = 'audit head'",), 400, "no head is noted"),
        (("UPDATE world_facts SET value = 'x' WHERE name = 'audit head'",), 400, "no head is noted"),
    ],
)  # fmt: skip
def test_tampering_is_found_at_its_row(
    filled: Database, statements: tuple[str, ...], number: int, said: str
) -> None:
    tamper(filled, *statements)
    found = verify(filled)
    assert not found.is_ok
    assert [one for one in found.problems if one.number == number and said in one.problem]


def append_forged_row(database: Database) -> None:
    """A row whose hashes are right, written without the product."""
    with database.write() as connection:
        row = connection.execute(text("SELECT * FROM audit WHERE number = 400")).one()._asdict()
        forged = {
            **row,
            "number": 401,
            "previous_hash": row["hash"],
            "before": {},
            "after": {},
            "batch": None,
        }
        digest = hash_row({**forged, "at": datetime.fromisoformat(f"{row['at']}+00:00")})
        stored = {**forged, "before": "{}", "after": "{}", "hash": digest}
        columns = f"INSERT INTO audit ({', '.join(stored)})"
        connection.execute(text(f"{columns} VALUES ({', '.join(f':{name}' for name in stored)})"), stored)


def test_row_that_was_appended_with_right_hashes_is_behind_the_head(filled: Database) -> None:
    append_forged_row(filled)
    found = verify(filled)
    assert [one.problem for one in found.problems] == [
        "row 401 is not written by onbrand: the head is row 400"
    ]


def test_rows_cut_off_stay_missing_after_the_next_act(filled: Database) -> None:
    tamper(filled, "DELETE FROM audit WHERE number > 390")
    write_rows(filled, 3)
    found = verify(filled)
    assert (found.rows, found.head.number) == (393, 403)
    assert "rows 391 to 400 are missing" in [one.problem for one in found.problems]


def test_row_appended_by_hand_stays_wrong_after_the_next_act(filled: Database) -> None:
    append_forged_row(filled)
    write_rows(filled, 3)
    assert [(one.number, one.problem) for one in verify(filled).problems] == [
        (402, "does not follow the row before it")
    ]


def test_rewritten_chain_is_found_by_a_head_that_was_noted_elsewhere(filled: Database) -> None:
    noted = read_head(filled)
    write_rows(filled, 5)
    assert verify(filled, noted).is_ok
    tamper(filled, "DELETE FROM audit", "DELETE FROM world_facts WHERE name = 'audit head'")
    write_rows(filled, 405)
    assert verify(filled).is_ok, "nothing inside tells: that is what the noted head is for"
    tamper(filled, "DELETE FROM audit", "DELETE FROM world_facts WHERE name = 'audit head'")
    write_rows(filled, 10)
    assert [one.problem for one in verify(filled, noted).problems] == ["was noted as head and is not there"]


def test_noted_head_with_another_hash_is_named(filled: Database) -> None:
    other = ChainPoint(200, "ab" * 32)
    assert [(one.number, one.problem) for one in verify(filled, other).problems] == [
        (200, "is not the row whose hash you noted: the chain was rewritten")
    ]


def test_head_is_read_back_as_it_is_printed_and_nothing_else_is_one(filled: Database) -> None:
    head = read_head(filled)
    assert ChainPoint.parse(f" {head} ") == head
    for words in ("", "400", "x:" + "0" * 64, "400:abc", "-1:" + "0" * 64):
        with pytest.raises(UsageError, match="is no head; allowed: NUMBER:HASH"):
            ChainPoint.parse(words)


def test_many_problems_are_counted_but_only_the_first_are_listed(filled: Database) -> None:
    tamper(filled, "UPDATE audit SET actor = 'x'")
    found = verify(filled)
    assert (found.found, len(found.problems)) == (ROWS, MOST_PROBLEMS)


def test_anchor_that_no_act_of_retention_made_is_found(filled: Database) -> None:
    hidden = "SELECT 'audit anchor', number || ':' || hash FROM audit WHERE number = 100"
    tamper(filled, f"INSERT INTO world_facts {hidden}", "DELETE FROM audit WHERE number <= 100")
    assert [(one.number, one.problem) for one in verify(filled).problems] == [
        (100, "rows up to here are gone, and no act of retention says so")
    ]
