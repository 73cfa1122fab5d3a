"""Limits of requests that count for a credential, whichever process makes them. Given to connectors as `take_turn`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import insert, select, update

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

    def _reserve(self, share: int) -> float:
        """Book the next `share` requests; seconds until the first of them may be made."""
        where = request_turns.c.credential == self.credential
        with self.database.write() as connection:
            row = connection.execute(select(request_turns).where(where).with_for_update()).first()
            now = self.clock.now()
            begins: datetime = now if row is None else max(now, row.next_at)
            values = {"next_at": begins + timedelta(seconds=share / self.per_second)}
            if row is None:
                connection.execute(insert(request_turns).values(credential=self.credential, **values))
            else:
                connection.execute(update(request_turns).where(where).values(**values))
        return (begins - now).total_seconds()
