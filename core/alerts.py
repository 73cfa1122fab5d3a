"""Which troubles the admins have been told of, so that each is told once, by one process. Used by admin/watchman.py."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from core.database import Database
from core.tables import world_facts

OPEN = "open_alerts"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something an admin should know. `key` names it for as long as it lasts, `text` says it and what to do.

    What is wrong with one process alone has a key that begins with `@NAME `: no other process calls it over.
    """

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class News:
    """What has begun since the last look, and what is over."""

    begun: tuple[Trouble, ...]
    over: tuple[Trouble, ...]


class Alerts:
    """Remembers the open troubles of a world."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_news(self, troubles: Sequence[Trouble], *, process: str = "") -> News:
        """Compare with what was told; the difference goes to one caller only, whoever asks first."""
        now = {one.key: one.text for one in troubles}
        with self._database.write() as connection:
            query = select(world_facts.c.value).where(world_facts.c.name == OPEN).with_for_update()
            stored = connection.execute(query).scalar_one_or_none()
            everything: Mapping[str, str] = json.loads(stored) if stored else {}
            told = {key: text for key, text in everything.items() if _is_seen(key, process)}
            if set(told) != set(now):
                connection.execute(delete(world_facts).where(world_facts.c.name == OPEN))
                others = {key: text for key, text in everything.items() if key not in told}
                value = json.dumps({**others, **now})
                connection.execute(insert(world_facts).values(name=OPEN, value=value))
        return News(
            begun=tuple(one for one in troubles if one.key not in told),
            over=tuple(Trouble(key, text) for key, text in told.items() if key not in now),
        )

    def forget(self, troubles: Sequence[Trouble]) -> None:
        """These could not be told: they count as not told."""
        with self._database.write() as connection:
            query = select(world_facts.c.value).where(world_facts.c.name == OPEN).with_for_update()
            stored = connection.execute(query).scalar_one_or_none()
            told = json.loads(stored) if stored else {}
            left = {key: text for key, text in told.items() if key not in {one.key for one in troubles}}
            connection.execute(delete(world_facts).where(world_facts.c.name == OPEN))
            connection.execute(insert(world_facts).values(name=OPEN, value=json.dumps(left)))


def _is_seen(key: str, process: str) -> bool:
    """Whether this process can tell that it is over."""
    return not key.startswith("@") or key.startswith(f"@{process} ")
