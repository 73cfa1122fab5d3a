"""The audit: append-only rows, each hashed over the one before. Written by core acts inside their transaction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from core.tables import audit

FIRST_HASH = "0" * 64


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


def record_act(connection: Connection, act: Act, *, at: datetime) -> None:
    """Append one row. Call it in the same transaction as the change that it records."""
    if connection.dialect.name == "postgresql":
        # Numbers must follow each other without a gap, also between processes.
        connection.execute(text("SELECT pg_advisory_xact_lock(7318)"))
    last = connection.execute(select(func.max(audit.c.number))).scalar_one()
    previous = FIRST_HASH
    if last is not None:
        previous = connection.execute(select(audit.c.hash).where(audit.c.number == last)).scalar_one()
    row = {
        "number": (last or 0) + 1,
        "at": at,
        "actor": act.actor,
        "act": act.name,
        "subject": act.subject,
        "reason": act.reason,
        "before": dict(act.before),
        "after": dict(act.after),
        "batch": act.batch,
        "previous_hash": previous,
    }
    connection.execute(insert(audit).values(**row, hash=hash_row(row)))


def hash_row(row: Mapping[str, Any]) -> str:
    """Hash of everything but the hash itself, in a fixed form."""
    # Rows of the first schema know no batch; they keep their hash.
    fixed = {
        name: value for name, value in row.items() if name != "hash" and (name, value) != ("batch", None)
    }
    fixed["at"] = fixed["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return sha256(json.dumps(fixed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
