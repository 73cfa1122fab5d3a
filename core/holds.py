"""Holds as they stand: what must not be thinned out or erased for now. Used by retention and its acts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, text

from core.tables import aliases, holds


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold. Without e-mail it holds everybody's traces."""

    hold_id: str
    email: str | None
    reason: str
    by: str
    at: datetime
    released_at: datetime | None = None


def list_holds(connection: Connection, *, released: bool = False) -> tuple[Hold, ...]:
    """Holds that stand, the oldest first; `released` gives the others too."""
    query = select(holds).order_by(holds.c.at, holds.c.hold_id)
    if not released:
        query = query.where(holds.c.released_at.is_(None))
    return tuple(Hold(**row._asdict()) for row in connection.execute(query))


def find_hold_of(connection: Connection, email: str) -> Hold | None:
    """The hold that keeps this person's traces, if one stands: a person's other addresses count."""
    mine = find_addresses(connection, email)
    for hold in list_holds(connection):
        if hold.email is None or mine & find_addresses(connection, hold.email):
            return hold
    return None


def find_addresses(connection: Connection, email: str) -> frozenset[str]:
    """Every address of the person behind one of them, in lower case; at least the one given."""
    address = email.strip().lower()
    main = connection.execute(select(aliases.c.email).where(aliases.c.alias == address)).scalar_one_or_none()
    others = select(aliases.c.alias).where(aliases.c.email == (main or address))
    return frozenset({address, main or address, *connection.execute(others).scalars()})


def lock_holds(connection: Connection) -> None:
    """Let no hold be placed until this transaction ends. SQLite's writers wait for each other anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE holds IN SHARE ROW EXCLUSIVE MODE"))
