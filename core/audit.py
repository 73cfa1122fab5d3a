"""The audit: append-only rows, each hashed over the one before. Written by core acts inside their transaction.

Beside the rows the head is kept (world_facts), so that rows cut off at the end are missed (core/audit_log.py).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal, Self

from sqlalchemy import Connection, delete, func, insert, select, text

from core.errors import UsageError
from core.tables import audit, world_facts

FIRST_HASH = "0" * 64
LONGEST_ACTOR = 200

Mark = Literal["audit head", "audit anchor"]
"""Head: the last row. Anchor: the last row that retention removed; the chain goes on from there."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act: who did what to which subject, why, and the values before and after (JSON-ready)."""

    actor: str
    name: str
    subject: str
    reason: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    batch: str | None = None


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
                f"{words!r} is no head; allowed: NUMBER:HASH as `onbrand audit verify` prints it"
            )
        return cls(int(number), digest.lower())


START = ChainPoint(0, FIRST_HASH)


def record_act(connection: Connection, act: Act, *, at: datetime) -> None:
    """Append one row and note it as head. Call it in the same transaction as the change that it records."""
    if connection.dialect.name == "postgresql":
        # Numbers must follow each other without a gap, also between processes.
        connection.execute(text("SELECT pg_advisory_xact_lock(7318)"))
    last = read_last(connection)
    # The noted head counts, not the last row: over a row that was cut off the chain can never close again.
    head = read_mark(connection, "audit head") or last
    row = {
        "number": max(head.number, last.number) + 1,
        "at": at,
        "actor": act.actor[:LONGEST_ACTOR],
        "act": act.name,
        "subject": act.subject,
        "reason": act.reason,
        "before": _as_stored(act.before),
        "after": _as_stored(act.after),
        "batch": act.batch,
        "previous_hash": head.hash,
    }
    digest = hash_row(row)
    connection.execute(insert(audit).values(**row, hash=digest))
    write_mark(connection, "audit head", ChainPoint(max(head.number, last.number) + 1, digest))


def hash_row(row: Mapping[str, Any]) -> str:
    """Hash of everything but the hash itself, in a fixed form."""
    return sha256(json.dumps(as_hashed(row), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def as_hashed(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is hashed of a row, JSON-ready; an export holds it in this form, so that others can check it."""
    # Rows of the first schema know no batch; they keep their hash.
    fixed = {
        name: value for name, value in row.items() if name != "hash" and (name, value) != ("batch", None)
    }
    fixed["at"] = fixed["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return fixed


def read_last(connection: Connection) -> ChainPoint:
    """The last row that is there; START when there is none."""
    newest = select(func.max(audit.c.number)).scalar_subquery()
    row = connection.execute(select(audit.c.number, audit.c.hash).where(audit.c.number == newest)).first()
    return START if row is None else ChainPoint(row.number, row.hash)


def read_mark(connection: Connection, mark: Mark) -> ChainPoint | None:
    """A noted point of the chain; None when none is noted, or none that can be read."""
    query = select(world_facts.c.value).where(world_facts.c.name == mark)
    try:
        return ChainPoint.parse(connection.execute(query).scalar_one_or_none() or "")
    except UsageError:
        return None


def write_mark(connection: Connection, mark: Mark, point: ChainPoint) -> None:
    """Note a point of the chain, in the transaction that makes it true."""
    connection.execute(delete(world_facts).where(world_facts.c.name == mark))
    connection.execute(insert(world_facts).values(name=mark, value=str(point)))


def _as_stored(values: Mapping[str, Any]) -> dict[str, Any]:
    # As JSON gives it back: keys are text and tuples are lists, or the stored row would hash differently.
    stored: dict[str, Any] = json.loads(json.dumps(dict(values), allow_nan=False))
    return stored
