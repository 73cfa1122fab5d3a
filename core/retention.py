"""What is kept how long, what is due, and its removal: text of questions and old audit rows.

Used by admin/operations/retention.py and, once a day, by admin/housekeeping.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, delete, false, func, select, update

from core.access import Person
from core.acts import ADMINS, ActRequest, AuditedActs
from core.audit import START, ChainPoint, read_mark, write_mark
from core.audit_chain import THIN_OUT, verify_chain
from core.clock import Clock
from core.database import Database
from core.errors import PermanentError
from core.holds import Hold, find_addresses, list_holds, lock_holds
from core.tables import audit, gap_questions, gaps, slack_events

REMOVED = "(text removed"
"""How every text begins that stands in place of a removed one."""
ENDED_STATES = ("done", "failed", "unsure")


class AuditBroken(PermanentError):
    """The audit does not verify: none of its rows is removed, they may be evidence."""


@dataclass(frozen=True, slots=True)
class KeptDays:
    """For how many days the text of questions and the rows of the audit are kept."""

    questions: int
    audit: int


@dataclass(frozen=True, slots=True)
class Due:
    """Numbers of rows: texts to empty and audit rows to remove. `audit_end` is the last of the latter."""

    gap_questions: int
    gaps: int
    slack_events: int
    audit_rows: int = 0
    audit_end: ChainPoint | None = None

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to do."""
        return not (self.gap_questions or self.gaps or self.slack_events or self.audit_rows)

    def as_json(self) -> dict[str, Any]:
        """Counts by kind."""
        return {
            "gap_questions": self.gap_questions,
            "gaps": self.gaps,
            "slack_events": self.slack_events,
            "audit_rows": self.audit_rows,
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
            return self._count(connection, list_holds(connection))

    def run(self, *, by: Person, reason: str) -> Due:
        """Remove what is due, in one act; gives what was removed. Nothing due leaves no row in the audit.

        Raises AuditBroken when audit rows are due and the audit does not verify; texts are removed all the same.
        """
        due = self.count_due()
        is_broken = bool(due.audit_rows) and by.has_role(ADMINS) and self._is_audit_broken()
        if is_broken:
            due = replace(due, audit_rows=0, audit_end=None)
        if not due.is_empty or not by.has_role(ADMINS):
            due = self._remove(by, reason, with_audit=not is_broken)
        if is_broken:
            raise AuditBroken(
                "the audit does not verify: its old rows were kept, since they may be evidence; "
                f"{due.gap_questions + due.slack_events} text(s) were removed. See `onbrand audit verify`"
            )
        return due

    def _remove(self, by: Person, reason: str, *, with_audit: bool) -> Due:
        done: list[Due] = []

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            lock_holds(connection)
            holds = list_holds(connection)
            due = self._count(connection, holds, with_audit=with_audit)
            done.append(due)
            self._empty_texts(connection, holds)
            _shorten_chain(connection, due.audit_end)
            end = {"audit_anchor": str(due.audit_end)} if due.audit_end else {}
            return {}, {**due.as_json(), **end, "irreversible": True}

        self._acts.perform(ActRequest(THIN_OUT, "retention", by, reason, ADMINS), change)
        return done[0]

    def _count(self, connection: Connection, holds: Collection[Hold], *, with_audit: bool = True) -> Due:
        now = self._clock.now()
        texts = _find_old_texts(connection, holds, now - timedelta(days=self.days.questions))
        due = Due(
            gap_questions=_count_rows(connection, gap_questions, texts["gap_questions"]),
            gaps=_count_rows(connection, gaps, texts["gaps"]),
            slack_events=_count_rows(connection, slack_events, texts["slack_events"]),
        )
        if holds or not with_audit:
            return due
        end = _find_audit_end(connection, now - timedelta(days=self.days.audit))
        rows = _count_rows(connection, audit, audit.c.number <= end.number) if end else 0
        return replace(due, audit_rows=rows, audit_end=end)

    def _empty_texts(self, connection: Connection, holds: Collection[Hold]) -> None:
        where = _find_old_texts(connection, holds, self._clock.now() - timedelta(days=self.days.questions))
        removed = f"{REMOVED} after {self.days.questions} days)"
        # The gaps come first: which of them are due is read from their questions' age, not from their text.
        # Their vectors go too: words can be guessed from one, and no new question joins a gap without text.
        connection.execute(update(gaps).where(where["gaps"]).values(question=removed, vector=b""))
        connection.execute(update(gap_questions).where(where["gap_questions"]).values(question=removed))
        # An event that was never answered cannot be any more: its question is gone.
        ended = case((slack_events.c.state.in_(ENDED_STATES), slack_events.c.state), else_="failed")
        connection.execute(update(slack_events).where(where["slack_events"]).values(question="", state=ended))

    def _is_audit_broken(self) -> bool:
        with self._database.read() as connection:
            return not verify_chain(connection).is_ok


def _count_rows(connection: Connection, table: Table, where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(where)).scalar_one()


def _find_old_texts(
    connection: Connection, holds: Collection[Hold], before: datetime
) -> Mapping[str, ColumnElement[bool]]:
    """Table -> which rows hold text that is older and not held."""
    if any(hold.email is None for hold in holds):
        return dict.fromkeys(("gap_questions", "gaps", "slack_events"), false())
    held = {address for hold in holds for address in find_addresses(connection, hold.email or "")}
    is_held = func.lower(gap_questions.c.asker).in_(held)
    kept = select(gap_questions.c.gap_id).where((gap_questions.c.at >= before) | is_held)
    return {
        "gap_questions": and_(
            gap_questions.c.at < before, ~is_held, ~gap_questions.c.question.startswith(REMOVED)
        ),
        "gaps": and_(
            gaps.c.last_at < before, gaps.c.gap_id.not_in(kept), ~gaps.c.question.startswith(REMOVED)
        ),
        # Slack's user ids are no e-mails: whose an event is cannot be told, so any hold keeps them all.
        "slack_events": false()
        if holds
        else and_(slack_events.c.claimed_at < before, slack_events.c.question != ""),
    }


def _find_audit_end(connection: Connection, before: datetime) -> ChainPoint | None:
    # Only from the beginning, and no further than the first row that is young enough: the rest stays one chain.
    young = connection.execute(select(func.min(audit.c.number)).where(audit.c.at >= before)).scalar_one()
    old = select(func.max(audit.c.number)).where(audit.c.number < young if young else audit.c.number > 0)
    row = connection.execute(
        select(audit.c.number, audit.c.hash).where(audit.c.number == old.scalar_subquery())
    ).first()
    anchor = read_mark(connection, "audit anchor") or START
    return ChainPoint(row.number, row.hash) if row is not None and row.number > anchor.number else None


def _shorten_chain(connection: Connection, end: ChainPoint | None) -> None:
    if end is not None:
        connection.execute(delete(audit).where(audit.c.number <= end.number))
        write_mark(connection, "audit anchor", end)
