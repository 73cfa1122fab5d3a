"""Sources: where documents come from and what holds for all of one source's documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, update

from core.access import AccessList
from core.clock import Clock
from core.database import Database
from core.documents import Kind, OnChange, Status
from core.errors import UsageError
from core.tables import sources

CREDENTIAL_ENDS = "credential-ends"


class UnknownSource(UsageError):
    """No source of this name has been added."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source. `options` belong to its type (a folder: `path`); the rest holds where documents say nothing."""

    name: str
    type: str
    options: Mapping[str, str]
    brand: str | None = None
    status: Status = "draft"
    kind: Kind = "other"
    access: AccessList = field(default_factory=AccessList)
    on_change: OnChange = "keep_approved"
    last_sync: Mapping[str, Any] | None = None
    last_synced_at: datetime | None = None
    schedule: str | None = None
    stale_after_hours: int | None = None
    mapping: tuple[Mapping[str, Any], ...] = ()


def read_credential_end(options: Mapping[str, str]) -> date | None:
    """The day on which a source's credential ends, where somebody has said so; raises UsageError for no day."""
    said = options.get(CREDENTIAL_ENDS)
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise UsageError(f"--{CREDENTIAL_ENDS} {said!r} is not a day; allowed: YYYY-MM-DD") from None


class Sources:
    """Reads sources. They are added, changed and removed through core.source_acts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def list_sources(self) -> tuple[Source, ...]:
        """All sources by name; removed ones are not among them."""
        query = select(sources).where(sources.c.removed_at.is_(None)).order_by(sources.c.name)
        with self._database.read() as connection:
            return tuple(read_source(row) for row in connection.execute(query))

    def get(self, name: str) -> Source:
        """One source; raises UnknownSource with the names that exist."""
        known = {source.name: source for source in self.list_sources()}
        if name not in known:
            names = ", ".join(known) or "none yet; add one with `onbrand source add folder NAME --path DIR`"
            raise UnknownSource(f"no source {name!r}; known: {names}")
        return known[name]

    def record_sync(self, name: str, report: Mapping[str, Any]) -> None:
        """Remember how the last sync ended."""
        with self._database.write() as connection:
            connection.execute(
                update(sources)
                .where(sources.c.name == name)
                .values(last_sync=dict(report), last_synced_at=self._clock.now())
            )


def read_source(row: Row[Any]) -> Source:
    """A row of `sources`."""
    return Source(
        name=row.name,
        type=row.type,
        options=row.options,
        brand=row.brand,
        status=row.status,
        kind=row.kind,
        access=AccessList(tuple(frozenset(clause) for clause in row.access)),
        on_change=row.on_change,
        last_sync=row.last_sync,
        last_synced_at=row.last_synced_at,
        schedule=row.schedule,
        stale_after_hours=row.stale_after_hours,
        mapping=tuple(row.mapping or ()),
    )
