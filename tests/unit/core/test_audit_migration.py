"""A chain that is older than the noted head: brought to the newest schema it verifies, and goes on."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from core.audit import AUDIT, hash_row
from core.chain import FIRST_HASH
from core.chain_walk import verify_chain
from core.clock import Clock
from core.database import open_database
from tests.unit.core.audit_rows import tamper, write_rows
from tests.unit.core.test_database import _migrate_to

AT = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = ("number", "at", "actor", "act", "subject", "reason", "before", "after", "previous_hash", "hash")


def write_first_schema(folder: Path) -> None:
    """Two rows as the first schema held them: without a batch, without a head."""
    engine = create_engine(f"sqlite:///{folder / 'onbrand.sqlite3'}")
    _migrate_to(engine, "0001")
    previous = FIRST_HASH
    with engine.begin() as connection:
        for number in (1, 2):
            values: tuple[Any, ...] = (number, AT, "a@b.example", "approve", "d1", "", {}, {}, previous)
            row: dict[str, Any] = dict(zip(COLUMNS, values, strict=False))
            previous = hash_row(row)
            stored = {
                **row,
                "at": "2026-01-01 00:00:00.000000",
                "before": "{}",
                "after": "{}",
                "hash": previous,
            }
            names = ", ".join(f":{name}" for name in COLUMNS)
            connection.execute(text(f"INSERT INTO audit VALUES ({names})"), stored)
    engine.dispose()


def test_chain_of_the_first_schema_verifies_after_the_migration_and_goes_on(home: Path, clock: Clock) -> None:
    folder = home / "old"
    folder.mkdir()
    write_first_schema(folder)
    with closing(open_database(None, home=folder, clock=clock)) as database:
        with database.read() as connection:
            assert verify_chain(connection, AUDIT).problems == ()
        tamper(database, "DELETE FROM audit WHERE number = 2")
        write_rows(database, 2)
        with database.read() as connection:
            found = verify_chain(connection, AUDIT)
        assert [(one.number, one.problem) for one in found.problems] == [
            (2, "row 2 is missing"),
            (3, "does not follow the row before it"),
        ]
