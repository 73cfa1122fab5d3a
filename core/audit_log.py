"""Reads, verifies and exports the audit for auditors and admins. Used by admin/operations/audit.py.

Verifying is core/chain_walk.py's; what it can find and what not is said there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from core.access import Person
from core.acts import AUDITORS, ActRequest, AuditedActs
from core.audit import AUDIT, as_hashed
from core.chain import ChainPoint, read_last, read_mark
from core.chain_walk import ChainReport, read_batches, verify_chain
from core.clock import Clock
from core.database import Database
from core.tables import audit

AuditRow = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows: all that are given must hold. `subject` is whole or its kind alone (`person`, `document` …)."""

    subject: str | None = None
    act: str | None = None
    by: str | None = None
    since: date | None = None
    until: date | None = None


class AuditLog:
    """Reading for auditors and admins; anybody else is refused, and the refusal is on record."""

    def __init__(self, database: Database, clock: Clock, acts: AuditedActs) -> None:
        self._database = database
        self._clock = clock
        self._acts = acts

    def require_auditor(self, by: Person, name: str, subject: str) -> None:
        """Raise NotAllowed, with a row of its own, for whoever may not read here. A permitted look leaves no row."""
        if not by.has_role(AUDITORS):
            self._acts.perform(ActRequest(name, subject, by, "", AUDITORS), lambda _connection: ({}, {}))

    def list_rows(self, wanted: AuditFilter, *, limit: int, by: Person) -> tuple[AuditRow, ...]:
        """The newest rows that fit, newest first."""
        self.require_auditor(by, "list audit", "audit")
        where = self._build_where(wanted)
        query = select(audit.c.number).where(where).order_by(audit.c.number.desc()).limit(limit)
        with self._database.read() as connection:
            numbers = connection.execute(query).scalars().all()
            batches = list(read_batches(connection, AUDIT, audit.c.number.in_(numbers)))
        return tuple(as_line(row) for batch in reversed(batches) for row in reversed(batch))

    def verify(self, *, by: Person, noted: ChainPoint | None = None) -> ChainReport:
        """Walk the whole chain, a thousand rows at a time, and compare its end with the head (and with `noted`)."""
        self.require_auditor(by, "verify audit", "audit")
        with self._database.read() as connection:
            return verify_chain(connection, AUDIT, noted)

    def export(self, since: date, until: date, *, by: Person, reason: str) -> Iterator[list[AuditRow]]:
        """JSON-ready lines in batches: first what this is, then each row of the days from `since` to `until`.

        The rows are whole: also such between them whose clock said another day. The export itself is on record.
        """
        subject, values = "audit", {"since": str(since), "until": str(until)}
        request = ActRequest("export audit", subject, by, reason, AUDITORS)
        self._acts.perform(request, lambda _connection: ({}, values))
        with self._database.read() as connection:
            days = self._build_where(AuditFilter(since=since, until=until))
            between = _find_numbers(connection, days)
            yield [{**_describe_export(connection, between), **values}]
            for batch in read_batches(connection, AUDIT, between):
                yield [as_line(row) for row in batch]

    def _build_where(self, wanted: AuditFilter) -> ColumnElement[bool]:
        parts: list[ColumnElement[bool]] = [true()]
        if wanted.subject:
            kind = audit.c.subject.startswith(f"{wanted.subject} ", autoescape=True)
            parts.append(or_(audit.c.subject == wanted.subject, kind))
        if wanted.act:
            parts.append(audit.c.act == wanted.act)
        if wanted.by:
            parts.append(func.lower(audit.c.actor) == wanted.by.strip().lower())
        if wanted.since:
            parts.append(audit.c.at >= self._start_of(wanted.since))
        if wanted.until:
            parts.append(audit.c.at < self._start_of(wanted.until + timedelta(days=1)))
        return and_(*parts)

    def _start_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self._clock.timezone)


def _find_numbers(connection: Connection, days: ColumnElement[bool]) -> ColumnElement[bool]:
    query = select(func.min(audit.c.number), func.max(audit.c.number)).where(days)
    first, last = connection.execute(query).one()
    return audit.c.number.between(first or 0, last if first is not None else -1)


def _describe_export(connection: Connection, between: ColumnElement[bool]) -> AuditRow:
    rows = connection.execute(select(func.count()).select_from(audit).where(between)).scalar_one()
    head = read_mark(connection, AUDIT.head) or read_last(connection, AUDIT)
    return {
        "export": "audit",
        "rows": rows,
        "head": {"number": head.number, "hash": head.hash},
        "how_to_check": "hash = SHA-256 of the line without its hash, as UTF-8 JSON with sorted keys, ', ' and ': ' "
        "between and no escaped letters; previous_hash = hash of the line before",
    }


def as_line(row: Mapping[str, Any]) -> AuditRow:
    """One row JSON-ready, in the form that is hashed, with its hash. A row that cannot be read says so."""
    if "at" not in row:
        return {**row, "unreadable": True}
    return {**as_hashed(row), "hash": row["hash"]}
