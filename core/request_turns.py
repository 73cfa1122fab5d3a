"""Limits of requests that count for a credential, whichever process makes them. Given to connectors as `take_turn`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import Clock, pause
from core.database import Database
from core.source_tables import request_turns

SHARE_SECONDS = 0.5
"""So much of the limit is taken at once: the ledger is written twice a second, however many requests there are."""


@dataclass(slots=True)
class RequestTurns:
    """At most `per_second` requests with one credential, over all processes that share the ledger."""

    database: Database
    clock: Clock
    credential: str
    per_second: float
    wait: Callable[[float], object] = pause
    _left: int = field(init=False, default=0)
    _lock: Lock = field(init=False, default_factory=Lock)

    def take(self) -> None:
        """Wait until one more request may be made."""
        with self._lock:
            if self._left == 0:
                share = max(1, int(self.per_second * SHARE_SECONDS))
                seconds = self._reserve(share)
                self._left = share
                if seconds > 0:
                    self.wait(seconds)
            self._left -= 1

    def _make_row(self, connection: Connection, now: datetime) -> None:
        """Two workers may be the first at the same moment: one of them makes the row."""
        build = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        row = build(request_turns).values(credential=self.credential, next_at=now)
        connection.execute(row.on_conflict_do_nothing())

    def _reserve(self, share: int) -> float:
        """Book the next `share` requests; seconds until the first of them may be made."""
        where = request_turns.c.credential == self.credential
        with self.database.write() as connection:
            now = self.clock.now()
            self._make_row(connection, now)
            query = select(request_turns.c.next_at).where(where).with_for_update()
            begins: datetime = max(now, connection.execute(query).scalar_one())
            next_at = begins + timedelta(seconds=share / self.per_second)
            connection.execute(update(request_turns).where(where).values(next_at=next_at))
        return (begins - now).total_seconds()
