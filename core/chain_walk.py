"""The walk along a chain that finds what was changed. Used by core/audit_log.py, core/receipts.py, core/retention.py.

It judges the rows by each other and by the head noted beside them. Who rewrites the whole database, that head
included, is found only by a head that was kept elsewhere: `noted`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, select, true

from core.audit import AUDIT, THIN_OUT
from core.chain import START, Chain, ChainPoint, read_mark

BATCH_ROWS = 1000
MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """What is wrong at which row."""

    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What verifying found. `problems` are the first hundred, `found` is how many there are."""

    rows: int
    head: ChainPoint
    problems: tuple[ChainProblem, ...]
    found: int

    @property
    def is_ok(self) -> bool:
        """True when nothing was found."""
        return self.found == 0


def verify_chain(connection: Connection, chain: Chain, noted: ChainPoint | None = None) -> ChainReport:
    """Every row must follow the one before, give its own hash, and the last one must be the noted head."""
    anchor = read_mark(connection, chain.anchor)
    walk = _Walk(chain, anchor or START, noted)
    for batch in read_batches(connection, chain):
        for row in batch:
            walk.step(row)
    walk.end(read_mark(connection, chain.head))
    if anchor is not None and str(anchor) != read_said_anchor(connection, chain):
        walk.complain(anchor.number, "rows up to here are gone, and no act of retention says so")
    return ChainReport(walk.rows, walk.at, tuple(walk.problems), walk.found)


def read_said_anchor(connection: Connection, chain: Chain) -> str | None:
    """The anchor as the last act of retention has put it on record."""
    said: str | None = None
    for batch in read_batches(connection, AUDIT, AUDIT.table.c.act == THIN_OUT):
        for row in batch:
            if gives_its_hash(AUDIT, row):
                said = row["after"].get(f"{chain.name}_anchor") or said
    return said


def gives_its_hash(chain: Chain, row: Mapping[str, Any]) -> bool:
    """True when the row's values are those that were hashed."""
    try:
        return chain.hash_row(row) == str(row["hash"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def read_batches(
    connection: Connection, chain: Chain, where: ColumnElement[bool] | None = None
) -> Iterator[list[Mapping[str, Any]]]:
    """Rows in order, never all at once. Of a row that cannot be read there are number and hashes only."""
    last: int | None = None
    while True:
        after = true() if last is None else chain.table.c.number > last
        wanted = and_(true() if where is None else where, after)
        batch = _read_batch(connection, chain.table, wanted)
        if not batch:
            return
        yield batch
        last = int(batch[-1]["number"])


def _read_batch(connection: Connection, table: Table, where: ColumnElement[bool]) -> list[Mapping[str, Any]]:
    try:
        query = select(table).where(where).order_by(table.c.number).limit(BATCH_ROWS)
        return [row._asdict() for row in connection.execute(query)]
    except (TypeError, ValueError):
        # Somebody wrote what is no JSON or no time: read one by one, so that only that row is missing.
        numbers = select(table.c.number).where(where).order_by(table.c.number).limit(BATCH_ROWS)
        found = connection.execute(numbers).scalars().all()
        return [_read_row(connection, table, number) for number in found]


def _read_row(connection: Connection, table: Table, number: int) -> Mapping[str, Any]:
    where = table.c.number == number
    try:
        return connection.execute(select(table).where(where)).one()._asdict()
    except (TypeError, ValueError):
        hashes = select(table.c.number, table.c.previous_hash, table.c.hash).where(where)
        return connection.execute(hashes).one()._asdict()


class _Walk:
    """Follows the chain row by row and keeps what its end is judged by."""

    def __init__(self, chain: Chain, start: ChainPoint, noted: ChainPoint | None) -> None:
        self.at = start
        self.rows = 0
        self.found = 0
        self.problems: list[ChainProblem] = []
        self._chain = chain
        self._start = start
        self._noted = noted
        # Also the last row that retention removed may have been noted: the chain goes on from it.
        self._met_noted = noted is None or noted == start

    def step(self, row: Mapping[str, Any]) -> None:
        """One more row, in the order of numbers."""
        number = int(row["number"])
        self.rows += 1
        if number > self.at.number + 1:
            self.complain(self.at.number + 1, f"{_name_rows(self.at.number + 1, number - 1)} missing")
        elif number <= self.at.number:
            self.complain(number, f"stands before row {self._start.number + 1}, where the chain begins")
        if row["previous_hash"] != self.at.hash:
            self.complain(number, "does not follow the row before it")
        if not gives_its_hash(self._chain, row):
            self.complain(number, "its values do not give its hash: they were changed")
        self.at = ChainPoint(number, str(row["hash"]))
        self._compare_with_noted()

    def end(self, head: ChainPoint | None) -> None:
        """After the last row."""
        if head is None and self.rows:
            self.complain(self.at.number, "no head is noted beside the rows: it was taken away")
        if head is not None:
            self._compare_with_head(head)
        if not self._met_noted and self._noted is not None:
            self.complain(self._noted.number, self._say_why_not_met(self._noted))

    def complain(self, number: int, problem: str) -> None:
        """One more thing is wrong; only the first are listed."""
        self.found += 1
        if self.found <= MOST_PROBLEMS:
            self.problems.append(ChainProblem(number, problem))

    def _compare_with_noted(self) -> None:
        if self._noted is not None and self.at.number == self._noted.number:
            self._met_noted = True
            if self.at.hash != self._noted.hash:
                self.complain(self.at.number, "is not the row whose hash you noted: the chain was rewritten")

    def _say_why_not_met(self, noted: ChainPoint) -> str:
        if noted.number == self._start.number:
            return "is not the row whose hash you noted: the chain was rewritten"
        if noted.number < self._start.number:
            return f"was removed by retention (rows up to {self._start.number}): compare with a newer head"
        return "was noted as head and is not there"

    def _compare_with_head(self, head: ChainPoint) -> None:
        if head.number > self.at.number:
            self.complain(
                self.at.number + 1, f"{_name_rows(self.at.number + 1, head.number)} cut off at the end"
            )
        elif head.number < self.at.number:
            rows = _name_rows(head.number + 1, self.at.number)
            self.complain(head.number + 1, f"{rows} not written by onbrand: the head is row {head.number}")
        elif head.hash != self.at.hash:
            self.complain(head.number, "is not the row that was noted as head")


def _name_rows(first: int, last: int) -> str:
    return f"row {first} is" if first == last else f"rows {first} to {last} are"
