"""Texts of people that go after their days: which are due, and their emptying. Used by core/retention.py."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, or_, select, update

from core.holds import Hold, find_addresses
from core.receipt_rows import ASKER_COLUMNS, QUESTION_COLUMNS
from core.tables import gap_questions, gaps, receipts, slack_events

REMOVED = "(text removed"
"""How every text begins that stands in place of a removed one."""
ENDED_STATES = ("done", "failed", "unsure")
TABLES = (gap_questions, gaps, slack_events, receipts)

Wheres = Mapping[str, ColumnElement[bool]]
"""Name of a table -> which of its rows."""


def find_old_texts(connection: Connection, holds: Collection[Hold], before: datetime) -> Wheres:
    """Which rows hold text that is older and not held."""
    if any(hold.email is None for hold in holds):
        return dict.fromkeys((table.name for table in TABLES), false())
    held = {address for hold in holds for address in find_addresses(connection, hold.email or "")}
    is_held = func.lower(gap_questions.c.asker).in_(held)
    kept = select(gap_questions.c.gap_id).where((gap_questions.c.at >= before) | is_held)
    has_text = or_(receipts.c.question_salt != "", receipts.c.asker_salt != "")
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
        "receipts": and_(receipts.c.at < before, has_text, func.lower(receipts.c.asker).not_in(held)),
    }


def empty_texts(connection: Connection, where: Wheres, *, removed: str) -> None:
    """Put `removed` in place of the texts; the rows stay."""
    # The gaps come first: which of them are due is read from their questions' age, not from their text.
    # Their vectors go too: words can be guessed from one, and no new question joins a gap without text.
    connection.execute(update(gaps).where(where["gaps"]).values(question=removed, vector=b""))
    connection.execute(update(gap_questions).where(where["gap_questions"]).values(question=removed))
    # An event that was never answered cannot be any more: its question is gone.
    ended = case((slack_events.c.state.in_(ENDED_STATES), slack_events.c.state), else_="failed")
    connection.execute(update(slack_events).where(where["slack_events"]).values(question="", state=ended))
    emptied = dict.fromkeys((*QUESTION_COLUMNS, *ASKER_COLUMNS), "")
    connection.execute(update(receipts).where(where["receipts"]).values(emptied))
