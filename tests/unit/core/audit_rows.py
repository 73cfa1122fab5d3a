"""Audit rows for tests: several hundred with every kind of value, and a hand that writes past the product."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.audit import Act, record_act
from core.database import Database

START_DAY = datetime(2024, 1, 1, 23, 30, 0, 123456, tzinfo=UTC)
VALUES: tuple[dict[Any, Any], ...] = (
    {},
    {"status": None, "active": True, "days": 90},
    {"title": "“Voice” – ünïcode 日本 🎺 \\ \" '", "z": 1, "a": {"b": [1, 2.5, None, "x"]}},
    {"share": 0.1, "small": 1e-9, "whole": 1.0, "big": 2**63, "minus": -0.0},
    {"day": str(date(2026, 12, 31)), "at": START_DAY.isoformat(), "members": ["user:a@b.example"]},
    {10: "ten", 9: "nine", "pair": (1, 2)},
    {"line": "one\ntwo\u2028three\tfour", "nul": "a\x00b"},
)


def write_rows(database: Database, number: int, *, first_day: datetime = START_DAY) -> None:
    """One row a day, written as the product writes them."""
    with database.write() as connection:
        for index in range(number):
            before, after = VALUES[index % len(VALUES)], VALUES[(index * 3 + 1) % len(VALUES)]
            batch = None if index % 4 else f"batch {index}"
            reason = "" if index % 3 else "“weil” – 因为\nzweite Zeile"
            act = Act("cora@pelmarrow.example", "approve", f"document {index}", reason, before, after, batch)
            record_act(connection, act, at=first_day + timedelta(days=index))


def tamper(database: Database, *statements: str) -> None:
    """Write into the SQLite file as somebody would who goes past the product."""
    with sqlite3.connect(str(database.engine.url.database)) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
