"""What is kept how long, what is due, and its removal: texts of people, old rows of the audit and old receipts.

Used by admin/operations/retention.py and, once a day, by admin/housekeeping.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select

from core.access import Person
from core.acts import ADMINS, ActRequest, AuditedActs
from core.audit import AUDIT, THIN_OUT
from core.chain import START, Chain, ChainPoint, read_mark, write_mark
from core.chain_walk import read_said_anchor, verify_chain
from core.clock import Clock
from core.database import Database
from core.errors import PermanentError
from core.holds import Hold, list_holds, lock_holds
from core.receipt_rows import RECEIPTS
from core.retention_texts import REMOVED, TABLES, empty_texts, find_old_texts

CHAINS: Mapping[str, Chain] = {chain.name: chain for chain in (AUDIT, RECEIPTS)}


class ChainBroken(PermanentError):
    """The audit or the receipts do not verify: none of their rows is removed, they may be evidence."""


@dataclass(frozen=True, slots=True)
class KeptDays:
    """For how many days the text of questions, the rows of the audit and the receipts are kept."""

    questions: int
    audit: int
    receipts: int

    def of(self, chain: str) -> int:
        """Days of a chain by its name."""
        return self.audit if chain == AUDIT.name else self.receipts


@dataclass(frozen=True, slots=True)
class ChainDue:
    """How many rows at the beginning of a chain are due, and the last of them."""

    chain: str
    rows: int
    end: ChainPoint


@dataclass(frozen=True, slots=True)
class Due:
    """Numbers of rows: texts to empty and, by chain, rows to remove."""

    gap_questions: int
    gaps: int
    slack_events: int
    receipts: int = 0
    chains: tuple[ChainDue, ...] = ()

    @property
    def texts(self) -> int:
        """How many people's texts, the gaps' own left out: these repeat one of their questions."""
        return self.gap_questions + self.slack_events + self.receipts

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to do."""
        return not (self.texts or self.gaps or self.chains)

    def count_rows(self, chain: Chain) -> int:
        """How many rows of this chain go."""
        return sum(one.rows for one in self.chains if one.chain == chain.name)

    def as_json(self) -> dict[str, Any]:
        """Counts by kind."""
        return {
            "gap_questions": self.gap_questions,
            "gaps": self.gaps,
            "slack_events": self.slack_events,
            "receipt_texts": self.receipts,
            "audit_rows": self.count_rows(AUDIT),
            "receipts": self.count_rows(RECEIPTS),
        }


class Retention:
    """Thins out what is older than its days. A row stays where it counts something; only its text goes."""

    def __init__(self, database: Database, clock: Clock, acts: AuditedActs, *, days: KeptDays) -> None:
        self._database = database
        self._clock = clock
        self._acts = acts
        self.days = days

    def count_due(self) -> Due:
        """What `run` would do now: what a hold keeps is not in it."""
        with self._database.read() as connection:
            return self._count(connection, list_holds(connection), chains=CHAINS)

    def run(self, *, by: Person, reason: str) -> Due:
        """Remove what is due, in one act; gives what was removed. Nothing due leaves no row in the audit.

        Raises ChainBroken when rows of a chain are due that does not verify; all else is removed all the same.
        """
        due = self.count_due()
        broken = self._find_broken(due) if by.has_role(ADMINS) else ()
        if broken:
            with self._database.read() as connection:
                due = self._count(connection, list_holds(connection), chains=_list_other(broken))
        if not due.is_empty or not by.has_role(ADMINS):
            due = self._remove(by, reason, chains=_list_other(broken))
        if broken:
            raise ChainBroken(_explain_broken(broken, due))
        return due

    def _remove(self, by: Person, reason: str, *, chains: Collection[str]) -> Due:
        done: list[Due] = []

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            lock_holds(connection)
            holds = list_holds(connection)
            due = self._count(connection, holds, chains=chains)
            done.append(due)
            where = find_old_texts(connection, holds, self._find_day(self.days.questions))
            empty_texts(connection, where, removed=f"{REMOVED} after {self.days.questions} days)")
            return {}, {**due.as_json(), **_shorten_chains(connection, due), "irreversible": True}

        self._acts.perform(ActRequest(THIN_OUT, "retention", by, reason, ADMINS), change)
        return done[0]

    def _count(self, connection: Connection, holds: Collection[Hold], *, chains: Collection[str]) -> Due:
        old = find_old_texts(connection, holds, self._find_day(self.days.questions))
        texts = {table.name: _count_rows(connection, table, old[table.name]) for table in TABLES}
        ends = [
            _find_end(connection, CHAINS[name], self._find_day(self.days.of(name)))
            for name in ([] if holds else chains)
        ]
        return Due(**texts, chains=tuple(end for end in ends if end is not None))

    def _find_day(self, days: int) -> datetime:
        return self._clock.now() - timedelta(days=days)

    def _find_broken(self, due: Due) -> tuple[str, ...]:
        with self._database.read() as connection:
            return tuple(
                one.chain for one in due.chains if not verify_chain(connection, CHAINS[one.chain]).is_ok
            )


def _list_other(broken: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in CHAINS if name not in broken)


def _explain_broken(broken: Collection[str], due: Due) -> str:
    commands = {AUDIT.name: "`onbrand audit verify`", RECEIPTS.name: "`onbrand receipt verify`"}
    return (
        f"the chain of {' and of '.join(broken)} does not verify: its old rows were kept, since they may be evidence; "
        f"{due.texts} text(s) were removed. See {' and '.join(commands[name] for name in broken)}"
    )


def _count_rows(connection: Connection, table: Table, where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(where)).scalar_one()


def _find_end(connection: Connection, chain: Chain, before: datetime) -> ChainDue | None:
    # Only from the beginning, and no further than the first row that is young enough: the rest stays one chain.
    columns = chain.table.c
    young = connection.execute(select(func.min(columns.number)).where(columns.at >= before)).scalar_one()
    old = select(func.max(columns.number)).where(columns.number < young if young else columns.number > 0)
    row = connection.execute(
        select(columns.number, columns.hash).where(columns.number == old.scalar_subquery())
    ).first()
    anchor = read_mark(connection, chain.anchor) or START
    if row is None or row.number <= anchor.number:
        return None
    rows = _count_rows(connection, chain.table, columns.number <= row.number)
    return ChainDue(chain.name, rows, ChainPoint(row.number, row.hash))


def _shorten_chains(connection: Connection, due: Due) -> dict[str, str]:
    """Remove the rows and move the anchors; gives what the audit must say for it."""
    # What said where the receipts begin may be among the audit rows that go: it is said again.
    said = read_said_anchor(connection, RECEIPTS) if due.count_rows(AUDIT) else None
    anchors = {f"{RECEIPTS.name}_anchor": said} if said else {}
    for one in due.chains:
        chain = CHAINS[one.chain]
        connection.execute(delete(chain.table).where(chain.table.c.number <= one.end.number))
        write_mark(connection, chain.anchor, one.end)
        anchors[f"{one.chain}_anchor"] = str(one.end)
    return anchors
