"""Append-only rows, each hashed over the one before: the audit and the receipts are such chains.

Beside the rows the head is kept (world_facts), so that rows cut off at the end are missed (core/chain_walk.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from core.errors import UsageError
from core.tables import world_facts

FIRST_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Chain:
    """One chained table with the columns number, previous_hash and hash, and how a row of it is hashed.

    `lock` is a number of its own: writers of PostgreSQL wait for each other by it.
    """

    name: str
    table: Table
    lock: int
    hash_row: Callable[[Mapping[str, Any]], str]

    @property
    def head(self) -> str:
        """Name of the mark on the last row."""
        return f"{self.name} head"

    @property
    def anchor(self) -> str:
        """Name of the mark on the last row that retention removed; the chain goes on from there."""
        return f"{self.name} anchor"


@dataclass(frozen=True, slots=True)
class ChainPoint:
    """One row of the chain by number and hash; written `NUMBER:HASH`."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @classmethod
    def parse(cls, words: str) -> Self:
        """Read `NUMBER:HASH`; raises UsageError."""
        number, _, digest = words.strip().partition(":")
        if not (number.isascii() and number.isdigit() and len(digest) == len(FIRST_HASH)):
            raise UsageError(
                f"{words!r} is no head; allowed: NUMBER:HASH as `onbrand audit verify` and `receipt verify` print it"
            )
        return cls(int(number), digest.lower())


START = ChainPoint(0, FIRST_HASH)


def append_row(connection: Connection, chain: Chain, values: Mapping[str, Any]) -> ChainPoint:
    """Append one row and note it as head, in the transaction of what it records. `values`: all but the chain's own."""
    if connection.dialect.name == "postgresql":
        # Numbers must follow each other without a gap, also between processes.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": chain.lock})
    last = read_last(connection, chain)
    # The noted head counts, not the last row: over a row that was cut off the chain can never close again.
    head = read_mark(connection, chain.head) or last
    row = {**values, "number": max(head.number, last.number) + 1, "previous_hash": head.hash}
    point = ChainPoint(row["number"], chain.hash_row(row))
    connection.execute(insert(chain.table).values(**row, hash=point.hash))
    write_mark(connection, chain.head, point)
    return point


def read_last(connection: Connection, chain: Chain) -> ChainPoint:
    """The last row that is there; START when there is none."""
    columns = chain.table.c
    newest = select(func.max(columns.number)).scalar_subquery()
    row = connection.execute(select(columns.number, columns.hash).where(columns.number == newest)).first()
    return START if row is None else ChainPoint(row.number, row.hash)


def read_mark(connection: Connection, mark: str) -> ChainPoint | None:
    """A noted point of a chain; None when none is noted, or none that can be read."""
    query = select(world_facts.c.value).where(world_facts.c.name == mark)
    try:
        return ChainPoint.parse(connection.execute(query).scalar_one_or_none() or "")
    except UsageError:
        return None


def write_mark(connection: Connection, mark: str, point: ChainPoint) -> None:
    """Note a point of a chain, in the transaction that makes it true."""
    connection.execute(delete(world_facts).where(world_facts.c.name == mark))
    connection.execute(insert(world_facts).values(name=mark, value=str(point)))
