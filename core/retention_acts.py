"""Acts of an admin: placing and releasing holds, erasing one person. Used by admin/operations/retention.py."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, or_, select, update

from core.access import Person
from core.acts import ADMINS, ActRequest, AuditedActs
from core.clock import Clock
from core.errors import NotAllowed, UsageError
from core.holds import find_addresses, find_hold_of, lock_holds
from core.people_acts import check_email
from core.receipt_rows import ASKER_COLUMNS, QUESTION_COLUMNS
from core.retention_texts import ENDED_STATES, REMOVED
from core.tables import (
    aliases,
    brand_roles,
    gap_questions,
    gaps,
    holds,
    memberships,
    people,
    receipts,
    slack_events,
)

ERASED_PERSON = "erased person"
REMOVED_ON_REQUEST = f"{REMOVED} on request)"


class HeldBack(NotAllowed):
    """A hold keeps what should be erased; the attempt is on record."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Whom to erase. `texts`: also the words of their questions. `slack_users`: their ids in Slack, no e-mails."""

    email: str
    texts: bool = False
    slack_users: Collection[str] = ()


class RetentionActs:
    """Holds and erasing. Every one of them needs a reason."""

    def __init__(self, acts: AuditedActs, clock: Clock) -> None:
        self._acts = acts
        self._clock = clock

    def place_hold(self, email: str | None, *, reason: str, by: Person) -> str:
        """Keep one person's traces, or (None) everybody's, until released; gives the id of the hold."""
        hold_id = uuid4().hex[:12]
        values = {
            "email": check_email(email) if email else None,
            "reason": _require_reason(reason),
            "by": by.label(),
            "at": self._clock.now().isoformat(),
            "released_at": None,
        }

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            _write_hold(connection, hold_id, values)
            return {}, values

        self._acts.perform(ActRequest("place hold", f"hold {hold_id}", by, reason, ADMINS), change)
        return hold_id

    def release_hold(self, hold_id: str, *, reason: str, by: Person) -> None:
        """From now on it keeps nothing; the row stays."""
        _require_reason(reason)

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            before = _read_hold(connection, hold_id)
            if not before or before["released_at"]:
                raise UsageError(f"no hold {hold_id!r} stands; see `onbrand retention show`")
            after = {**before, "released_at": self._clock.now().isoformat()}
            _write_hold(connection, hold_id, after)
            return before, after

        self._acts.perform(ActRequest("release hold", f"hold {hold_id}", by, reason, ADMINS), change)

    def erase_person(self, erasure: Erasure, *, reason: str, by: Person) -> Mapping[str, int]:
        """Remove what names this person; gives how many rows of which kind. It cannot be undone.

        Raises HeldBack while a hold keeps their traces, UsageError when there are none. Audit rows stay.
        """
        email = check_email(erasure.email)
        _require_reason(reason)
        removed: dict[str, int] = {}

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            lock_holds(connection)
            _refuse_held(connection, email)
            removed.update(_erase(connection, email, erasure))
            if not any(removed.values()):
                raise UsageError(f"nothing that can be erased is stored about {email}")
            # What was removed must not live on in the audit: counts only.
            return {}, {"erased": dict(removed), "irreversible": True}

        self._acts.perform(ActRequest("erase person", f"person {email}", by, reason, ADMINS), change)
        return removed


def restore_hold(
    connection: Connection, key: str, /, *, current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """Bring a hold from the state `current` to `wanted`; raises UsageError when it is in another one."""
    found = _read_hold(connection, key)
    changed = [name for name in current if found.get(name) != current[name]]
    if changed or bool(found) != bool(current):
        what = (
            f"{', '.join(sorted(changed))} changed since"
            if found and current
            else "it is there or gone since"
        )
        raise UsageError(f"hold {key} is not as that act left it: {what}; see `onbrand retention show`")
    if wanted:
        _write_hold(connection, key, {**found, **wanted})
    else:
        connection.execute(delete(holds).where(holds.c.hold_id == key))


def _read_hold(connection: Connection, hold_id: str) -> dict[str, Any]:
    row = connection.execute(select(holds).where(holds.c.hold_id == hold_id)).first()
    if row is None:
        return {}
    values = {**row._asdict(), "at": row.at.isoformat()}
    values["released_at"] = row.released_at.isoformat() if row.released_at else None
    return {name: value for name, value in values.items() if name != "hold_id"}


def _write_hold(connection: Connection, hold_id: str, values: Mapping[str, Any]) -> None:
    released = values["released_at"]
    row = {
        **values,
        "at": datetime.fromisoformat(values["at"]),
        "released_at": datetime.fromisoformat(released) if released else None,
    }
    connection.execute(delete(holds).where(holds.c.hold_id == hold_id))
    connection.execute(insert(holds).values(hold_id=hold_id, **row))


def _require_reason(reason: str) -> str:
    if not reason.strip():
        raise UsageError("a reason is needed; it is kept in the audit. Give --reason")
    return reason.strip()


def _refuse_held(connection: Connection, email: str) -> None:
    hold = find_hold_of(connection, email)
    if hold is not None:
        whose = "everybody's traces" if hold.email is None else f"what is stored about {hold.email}"
        raise HeldBack(
            f"hold {hold.hold_id} keeps {whose}: {hold.reason} (placed by {hold.by}); "
            f"release it first: onbrand retention release {hold.hold_id} --reason …"
        )


def _erase(connection: Connection, email: str, erasure: Erasure) -> dict[str, int]:
    addresses = find_addresses(connection, email)
    questions = _erase_questions(connection, addresses, texts=erasure.texts)
    finished = slack_events.c.user_id.in_(erasure.slack_users) & slack_events.c.state.in_(ENDED_STATES)
    slack = connection.execute(
        update(slack_events).where(finished).values(user_id=ERASED_PERSON, question="")
    )
    members = memberships.c.member.in_([f"user:{address}" for address in addresses])
    return {
        "memberships": _delete(connection, memberships, members),
        "brand_roles": _delete(connection, brand_roles, brand_roles.c.email.in_(addresses)),
        "aliases": _delete(
            connection, aliases, or_(aliases.c.email.in_(addresses), aliases.c.alias.in_(addresses))
        ),
        "people": _delete(connection, people, people.c.email.in_(addresses)),
        "gap_questions": questions,
        "receipts": _empty_receipts(connection, addresses, texts=erasure.texts),
        "slack_events": slack.rowcount,
    }


def _erase_questions(connection: Connection, addresses: Collection[str], *, texts: bool) -> int:
    mine = func.lower(gap_questions.c.asker).in_(addresses)
    if texts:
        # A gap shows the words of its first question: where these were theirs, they go too.
        words, ids = select(gap_questions.c.question).where(mine), select(gap_questions.c.gap_id).where(mine)
        shown = gaps.c.gap_id.in_(ids) & gaps.c.question.in_(words)
        connection.execute(update(gaps).where(shown).values(question=REMOVED_ON_REQUEST, vector=b""))
        connection.execute(update(gap_questions).where(mine).values(question=REMOVED_ON_REQUEST))
    return connection.execute(update(gap_questions).where(mine).values(asker=ERASED_PERSON)).rowcount


def _empty_receipts(connection: Connection, addresses: Collection[str], *, texts: bool) -> int:
    # With a name goes what it is hashed with, or the name could be guessed from its hash.
    emptied = dict.fromkeys((*ASKER_COLUMNS, *(QUESTION_COLUMNS if texts else ())), "")
    mine = func.lower(receipts.c.asker).in_(addresses)
    return connection.execute(update(receipts).where(mine).values(emptied)).rowcount


def _delete(connection: Connection, table: Table, where: ColumnElement[bool]) -> int:
    return connection.execute(delete(table).where(where)).rowcount
