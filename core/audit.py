"""The audit: append-only rows, each hashed over the one before. Written by core acts inside their transaction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from core.chain import Chain, append_row
from core.tables import audit

LONGEST_ACTOR = 200
THIN_OUT = "thin out"
"""The act by which retention shortens a chain; its row holds the new anchor as `NAME_anchor`."""


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
    """Append one row and note it as head. Call it in the same transaction as the change that it records."""
    row = {
        "at": at,
        "actor": act.actor[:LONGEST_ACTOR],
        "act": act.name,
        "subject": act.subject,
        "reason": act.reason,
        "before": _as_stored(act.before),
        "after": _as_stored(act.after),
        "batch": act.batch,
    }
    append_row(connection, AUDIT, row)


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


AUDIT = Chain("audit", audit, 7318, hash_row)


def _as_stored(values: Mapping[str, Any]) -> dict[str, Any]:
    # As JSON gives it back: keys are text and tuples are lists, or the stored row would hash differently.
    stored: dict[str, Any] = json.loads(json.dumps(dict(values), allow_nan=False))
    return stored
