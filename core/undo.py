"""Takes acts back. An undo is an act of its own: it brings the subject to the state before and leaves its own row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection, Row, select

from core.access import Person, Role
from core.acts import ADMINS, CURATORS, ActRequest, AuditedActs
from core.channel_acts import restore_channel
from core.database import Database
from core.document_acts import read_brand, restore_document
from core.errors import UsageError
from core.gap_acts import read_gap_brand, restore_gap
from core.membership_acts import restore_group, restore_memberships
from core.official_acts import restore_official
from core.people_acts import restore_person
from core.retention_acts import restore_hold
from core.source_acts import restore_source
from core.tables import audit
from core.trust_acts import restore_trust


class Restore(Protocol):
    """Brings one subject from the state that an act left to the one before it, or says what changed since."""

    def __call__(
        self, connection: Connection, key: str, /, *, current: Mapping[str, Any], wanted: Mapping[str, Any]
    ) -> Mapping[str, Any] | None:
        """Raises UsageError when the subject is not in the state `current` any more.

        Gives the state that holds then where it is another than `wanted`.
        """


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a kind of subject is restored by, and who may do it: without `read_brand` a role for all brands."""

    restore: Restore
    roles: frozenset[Role]
    read_brand: Callable[[Connection, str], str | None] | None = None


SUBJECTS: Mapping[str, _Subject] = {
    "document": _Subject(restore_document, CURATORS, read_brand),
    "official": _Subject(restore_official, CURATORS),
    "gap": _Subject(restore_gap, CURATORS, read_gap_brand),
    "trust": _Subject(restore_trust, CURATORS),
    "channel": _Subject(restore_channel, CURATORS),
    "source": _Subject(restore_source, ADMINS),
    "person": _Subject(restore_person, ADMINS),
    "group": _Subject(restore_group, ADMINS),
    "memberships": _Subject(restore_memberships, ADMINS),
    "hold": _Subject(restore_hold, ADMINS),
}


class UndoActs:
    """Undoes acts by their number in the audit."""

    def __init__(self, acts: AuditedActs, database: Database) -> None:
        self._acts = acts
        self._database = database

    def find_batch(self, batch: str) -> tuple[int, ...]:
        """Numbers of the acts that one command did together; raises UsageError when there are none."""
        query = select(audit.c.number).where(audit.c.batch == batch)
        with self._database.read() as connection:
            numbers = tuple(connection.execute(query).scalars())
        if not numbers:
            raise UsageError(f"no acts of batch {batch!r}; `onbrand audit list` shows the batch of each act")
        return numbers

    def undo(self, numbers: Sequence[int], *, by: Person, reason: str) -> tuple[str, ...]:
        """Undo the latest first; gives the subjects. Those before a refused one are undone already."""
        subjects = []
        try:
            for number in sorted(set(numbers), reverse=True):
                row = self._read(number)
                self._undo(row, by=by, reason=reason)
                subjects.append(row.subject)
        finally:
            self._acts.settle()
        return tuple(subjects)

    def _undo(self, row: Row[Any], *, by: Person, reason: str) -> None:
        kind, _, key = row.subject.partition(" ")
        subject = _find_subject(row, kind)
        request = ActRequest(
            "undo", row.subject, by, reason or f"takes back act {row.number}", _list_roles(row, subject, by)
        )
        read_brands = (
            partial(_list_brands, key=key, row=row, read_one=subject.read_brand)
            if subject.read_brand
            else None
        )
        self._acts.perform(
            request, partial(_restore, key=key, row=row, by=subject.restore), read_brands=read_brands
        )

    def _read(self, number: int) -> Row[Any]:
        with self._database.read() as connection:
            row = connection.execute(select(audit).where(audit.c.number == number)).first()
        if row is None:
            raise UsageError(f"no act {number}; `onbrand audit list` shows the numbers")
        return row


def _find_subject(row: Row[Any], kind: str) -> _Subject:
    if "refused" in row.after:
        raise UsageError(f"act {row.number} was refused, so there is nothing to undo")
    if row.after.get("irreversible") or kind not in SUBJECTS:
        raise UsageError(f"act {row.number} ({row.act} {row.subject}) cannot be undone")
    return SUBJECTS[kind]


def _list_roles(row: Row[Any], subject: _Subject, by: Person) -> frozenset[Role]:
    # What an admin closed, a curator must not open by taking the admin's act back.
    is_foreign_access = "access" in {**row.before, **row.after} and row.actor != by.label()
    return ADMINS if is_foreign_access else subject.roles


def _list_brands(
    connection: Connection, *, key: str, row: Row[Any], read_one: Callable[[Connection, str], str | None]
) -> list[str | None]:
    brand = read_one(connection, key)
    return [brand, row.before.get("brand", brand)]


def _restore(
    connection: Connection, *, key: str, row: Row[Any], by: Restore
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    holds = by(connection, key, current=row.after, wanted=row.before)
    return row.after, row.before if holds is None else holds
