"""Single facts about this world, such as what its index was built with."""

from sqlalchemy import delete, insert, select

from core.database import Database
from core.tables import world_facts


def read_fact(database: Database, name: str) -> str | None:
    """The stored value, None when it was never set."""
    with database.read() as connection:
        return connection.execute(
            select(world_facts.c.value).where(world_facts.c.name == name)
        ).scalar_one_or_none()


def write_fact(database: Database, name: str, value: str) -> None:
    """Set the value."""
    with database.write() as connection:
        connection.execute(delete(world_facts).where(world_facts.c.name == name))
        connection.execute(insert(world_facts).values(name=name, value=value))
