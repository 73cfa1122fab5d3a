"""Acts on sources: add and remove."""

import re
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from core.access import Person
from core.acts import ADMINS, ActRequest, AuditedActs
from core.clock import Clock
from core.errors import UsageError
from core.sources import Source, UnknownSource
from core.sync_plan import dump_access
from core.tables import documents, sources

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")


class SourceActs:
    """Adds and removes sources; what is declared for a whole source is thereby on record."""

    def __init__(self, acts: AuditedActs, clock: Clock) -> None:
        self._acts = acts
        self._clock = clock

    def add(self, source: Source, *, by: Person) -> None:
        """Add a source that has been checked to be readable."""
        if not NAME.fullmatch(source.name):
            raise UsageError(
                f"source name {source.name!r} is not usable; allowed: a-z 0-9 . _ - (at most 80)"
            )
        values = {
            "type": source.type,
            "options": dict(source.options),
            "brand": source.brand,
            "status": source.status,
            "kind": source.kind,
            "access": dump_access(source.access),
            "on_change": source.on_change,
        }

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            if connection.execute(select(sources.c.name).where(sources.c.name == source.name)).first():
                raise UsageError(
                    f"a source {source.name!r} exists already; remove it first or choose another name"
                )
            connection.execute(insert(sources).values(name=source.name, added_at=self._clock.now(), **values))
            return {}, values

        self._acts.perform(ActRequest("add source", source.name, by, "", ADMINS), change)

    def remove(self, name: str, *, by: Person) -> tuple[str, ...]:
        """Remove a source with its documents, which are silent at once; gives their ids for the index to follow."""
        removed: list[str] = []

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            query = select(documents.c.document_id).where(documents.c.source == name)
            removed.extend(connection.execute(query).scalars())
            if connection.execute(delete(sources).where(sources.c.name == name)).rowcount == 0:
                raise UnknownSource(f"no source {name!r}; see `onbrand source list`")
            return {"documents": len(removed)}, {}

        self._acts.perform(ActRequest("remove source", name, by, "", ADMINS), change)
        return tuple(removed)
