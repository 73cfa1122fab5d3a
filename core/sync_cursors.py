"""How far the changes of each source are known. Read and kept by ingest/sync_source.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from core.clock import Clock
from core.database import Database
from core.source_tables import sync_cursors
from core.sync_ledger import Guard

RECONCILED_EVERY = timedelta(hours=24)
"""Access, labels and states may change without a trace among changes: so often everything is listed."""


@dataclass(frozen=True, slots=True)
class ListedChanges:
    """What a listing found out: where the next one goes on. `basis` names all that the listing was read with."""

    cursor: str | None
    basis: str
    is_complete: bool


class SyncCursors:
    """The cursor of one source: it moves when a whole sync is durable, and not before."""

    def __init__(self, database: Database, clock: Clock, source: str, guard: Guard) -> None:
        self._database = database
        self._clock = clock
        self._source = source
        self._guard = guard

    def find(self, basis: str) -> str | None:
        """Where to go on; None where everything has to be listed.

        That is so at first, once a day, and when rules or options have changed since.
        """
        with self._database.read() as connection:
            row = connection.execute(select(sync_cursors).where(self._where())).first()
        if row is None or row.cursor is None or row.basis != basis or row.listed_at is None:
            return None
        return None if self._clock.now() - row.listed_at >= RECONCILED_EVERY else str(row.cursor)

    def hold(self, listed: ListedChanges) -> None:
        """Remember a listing whose files are still to be read."""
        waiting = {
            "cursor": listed.cursor,
            "basis": listed.basis,
            "listed_at": self._clock.now().isoformat() if listed.is_complete else None,
        }
        self._write({"waiting": waiting})

    def drop(self) -> None:
        """Forget the listing that waits: it did not come to its end."""
        self._write({"waiting": None})

    def keep(self) -> None:
        """Everything of the listing that waits is durable: the next sync goes on from there."""
        with self._database.read() as connection:
            row = connection.execute(select(sync_cursors).where(self._where())).first()
        if row is None or row.waiting is None:
            return
        values: dict[str, Any] = {name: row.waiting[name] for name in ("cursor", "basis")}
        if row.waiting["listed_at"]:
            values["listed_at"] = datetime.fromisoformat(row.waiting["listed_at"])
        self._write({**values, "waiting": None})

    def _where(self) -> Any:
        return sync_cursors.c.source == self._source

    def _write(self, values: Mapping[str, Any]) -> None:
        with self._database.write() as connection:
            self._guard(connection)
            if connection.execute(update(sync_cursors).where(self._where()).values(**values)).rowcount == 0:
                connection.execute(
                    insert(sync_cursors).values(source=self._source, **{"basis": "", **values})
                )
