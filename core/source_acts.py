"""Acts on sources: add, set, remove; a removed source can come back until its name is used again."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from core.access import Person
from core.acts import ADMINS, ActRequest, AuditedActs
from core.audit import Act, record_act
from core.clock import Clock
from core.documents import ON_CHANGE
from core.errors import UsageError
from core.membership_acts import BY_SOURCE
from core.metadata import check_field
from core.schedules import check_schedule
from core.source_tables import sync_cursors
from core.sources import Source, UnknownSource
from core.sync_plan import dump_access
from core.tables import documents, files, memberships, sources

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
SETTABLE = ("brand", "kind", "on_change", "schedule", "stale_after_hours")
_STATE = (
    "type",
    "options",
    "brand",
    "status",
    "kind",
    "access",
    "on_change",
    "schedule",
    "stale_after_hours",
    "mapping",
)
MOST_HOURS = 24 * 366


class SourceActs:
    """Adds, changes and removes sources; what is declared for a whole source is thereby on record."""

    def __init__(self, acts: AuditedActs, clock: Clock) -> None:
        self._acts = acts
        self._clock = clock

    def add(
        self, source: Source, *, by: Person, reason: str = "", batch: str | None = None
    ) -> tuple[str, ...]:
        """Add a source that has been checked to be readable.

        A removed source of this name is purged for good; gives the ids of its documents for the index to follow.
        """
        if not NAME.fullmatch(source.name):
            raise UsageError(
                f"source name {source.name!r} is not usable; allowed: a-z 0-9 . _ - (at most 80)"
            )
        purged: list[str] = []

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            row = _read_row(connection, source.name)
            if row is not None and row.removed_at is None:
                raise UsageError(
                    f"a source {source.name!r} exists already; remove it first or choose another name"
                )
            if row is not None:
                purged.extend(self._purge(connection, row, by=by))
            values = {**_dump_source(source), "added_at": self._clock.now()}
            connection.execute(insert(sources).values(name=source.name, **values))
            return {}, {**_dump_source(source), "removed": False}

        act = ActRequest("add source", f"source {source.name}", by, reason, ADMINS, batch)
        self._acts.perform(act, change)
        return tuple(purged)

    def set_fields(
        self, name: str, fields: Mapping[str, str | None], *, by: Person, reason: str = ""
    ) -> None:
        """Set brand, kind or on_change, which hold from the next sync on, or when it is synced and called stale.

        What is empty is none.
        """
        values = _check_fields(fields)

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            row = require_row(connection, name)
            _write_values(connection, name, values)
            return {field: getattr(row, field) for field in values}, values

        self._acts.perform(ActRequest("set source", f"source {name}", by, reason, ADMINS), change)

    def set_options(self, name: str, options: Mapping[str, str], *, by: Person, reason: str = "") -> None:
        """Set options of the source's type over those that it has; what is empty is taken away."""

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            before = dict(require_row(connection, name).options)
            after = {key: value for key, value in {**before, **options}.items() if value}
            _write_values(connection, name, {"options": after})
            return {"options": before}, {"options": after}

        self._acts.perform(ActRequest("set source", f"source {name}", by, reason, ADMINS), change)

    def remove(self, name: str, *, by: Person, reason: str = "") -> tuple[str, ...]:
        """Remove a source: its documents are silent at once, its acts are kept should it come back.

        Gives the ids of its documents for the index to follow.
        """
        removed: list[str] = []

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            before = _dump_row(require_row(connection, name))
            removed.extend(_remove(connection, name, at=self._clock.now()))
            return before, {**before, "removed": True, "documents": len(removed)}

        self._acts.perform(ActRequest("remove source", f"source {name}", by, reason, ADMINS), change)
        return tuple(removed)

    def _purge(self, connection: Connection, row: Row[Any], *, by: Person) -> list[str]:
        purged = _list_documents(connection, row.name)
        connection.execute(delete(sources).where(sources.c.name == row.name))
        before, after = {**_dump_row(row), "documents": len(purged)}, {"irreversible": True}
        reason = "its name is used again"
        act = Act(by.label(), "purge source", f"source {row.name}", reason, before, after)
        record_act(connection, act, at=self._clock.now())
        return purged


def restore_source(
    connection: Connection, name: str, *, current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """Bring a source from the state that an act left to the one before it; raises UsageError when it is another.

    A source that comes back has no passages: its documents return, with ids and acts, at its next sync.
    """
    if "irreversible" in current:
        raise UsageError(f"source {name!r} was purged for good when its name was used again; add it anew")
    row = _read_row(connection, name)
    state = _dump_row(row) if row is not None else {}
    if not current and not state.get("removed", True):
        raise UsageError(f"a source {name!r} exists; remove it first")
    known = {field: value for field, value in current.items() if field in (*_STATE, "removed")}
    changed = [field for field, value in known.items() if state.get(field) != value]
    if changed or (wanted and not state):
        raise UsageError(
            f"source {name!r} has changed after that act ({', '.join(changed) or 'it is purged'}); "
            "undo the later act first"
        )
    _write_state(connection, name, wanted)


def _write_state(connection: Connection, name: str, wanted: Mapping[str, Any]) -> None:
    values = {field: value for field, value in wanted.items() if field in _STATE}
    if wanted.get("removed", not wanted):
        _remove(connection, name, at=func.current_timestamp())
    elif "removed" in wanted:
        values["removed_at"] = None
    if values:
        _write_values(connection, name, values)


def _write_values(connection: Connection, name: str, values: Mapping[str, Any]) -> None:
    # The next moment is counted anew from the schedule that holds now.
    beside = {"next_sync_at": None} if "schedule" in values else {}
    connection.execute(update(sources).where(sources.c.name == name).values(**values, **beside))


def _remove(connection: Connection, name: str, *, at: datetime | ColumnElement[datetime]) -> list[str]:
    removed = _list_documents(connection, name)
    connection.execute(update(sources).where(sources.c.name == name).values(removed_at=at))
    answering = (documents.c.source == name) & documents.c.removed_at.is_(None)
    connection.execute(update(documents).where(answering).values(removed_at=at))
    # What it said of groups lets nobody in any longer; its next sync says it anew.
    connection.execute(delete(memberships).where(memberships.c.origin == f"{BY_SOURCE}{name}"))
    # Should it come back, everything is listed and read again; the hash of bytes stays, so that moves are followed.
    connection.execute(delete(sync_cursors).where(sync_cursors.c.source == name))
    connection.execute(update(files).where(files.c.source == name).values(declared_hash=""))
    return removed


def _check_fields(fields: Mapping[str, str | None]) -> dict[str, Any]:
    unknown = [name for name in fields if name not in SETTABLE]
    if unknown or not fields:
        raise UsageError(f"cannot set {', '.join(unknown) or 'nothing'}; allowed: {', '.join(SETTABLE)}")
    values: dict[str, Any] = {}
    for name, value in fields.items():
        values[name] = _CHECKS[name](value) if name in _CHECKS else check_field(name, value)
    if values.get("kind", "other") is None:
        raise UsageError("kind cannot be empty; `other` is the kind of what has none")
    return values


def _check_on_change(value: str | None) -> str:
    if value not in ON_CHANGE:
        raise UsageError(f"on-change {value!r} is not known; allowed: {', '.join(ON_CHANGE)}")
    return str(value)


def _check_hours(value: str | None) -> int | None:
    text = (value or "").strip().lower()
    if text in ("", "off"):
        return None
    if not text.isdecimal() or not 0 < int(text) <= MOST_HOURS:
        raise UsageError(f"stale-after {value!r} is no number of hours; allowed: 1 to {MOST_HOURS}, or off")
    return int(text)


_CHECKS: Mapping[str, Callable[[str | None], Any]] = {
    "on_change": _check_on_change,
    "schedule": lambda value: check_schedule(value or ""),
    "stale_after_hours": _check_hours,
}


def _list_documents(connection: Connection, name: str) -> list[str]:
    query = select(documents.c.document_id).where(documents.c.source == name)
    return list(connection.execute(query).scalars())


def _read_row(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(sources).where(sources.c.name == name).with_for_update()).first()


def require_row(connection: Connection, name: str) -> Row[Any]:
    """The row of a source that has not been removed; raises UnknownSource."""
    row = _read_row(connection, name)
    if row is None or row.removed_at is not None:
        raise UnknownSource(f"no source {name!r}; see `onbrand source list`")
    return row


def _dump_source(source: Source) -> dict[str, Any]:
    return {
        "type": source.type,
        "options": dict(source.options),
        "brand": source.brand,
        "status": source.status,
        "kind": source.kind,
        "access": dump_access(source.access),
        "on_change": source.on_change,
        "schedule": source.schedule,
        "stale_after_hours": source.stale_after_hours,
        "mapping": list(source.mapping),
    }


def _dump_row(row: Row[Any]) -> dict[str, Any]:
    return {**{field: getattr(row, field) for field in _STATE}, "removed": row.removed_at is not None}
