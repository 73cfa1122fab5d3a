"""Single facts about this world, such as what its index was built with."""

from sqlalchemy import Connection, delete, insert, select

from core.database import Database
from core.errors import TransientError
from core.tables import world_facts

GENERATION = "index_generation"
FIRST_GENERATION = 1


class IndexSwitched(TransientError):
    """The index was exchanged while somebody wrote to the one before."""

    def __init__(self, noted: int, answering: int) -> None:
        super().__init__(
            f"passages were written to generation {noted} of the index while it was exchanged for generation "
            f"{answering}; nothing counts of them: write them again"
        )


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


def read_generation(connection: Connection) -> int:
    """Which generation of the index answers; inside a write it cannot be switched until that write has ended.

    Who has written passages asks this in the transaction that lets them count, and gives up on another number.
    """
    query = select(world_facts.c.value).where(world_facts.c.name == GENERATION)
    return int(connection.execute(query.with_for_update(read=True)).scalar_one_or_none() or FIRST_GENERATION)


def check_generation(connection: Connection, noted: int) -> None:
    """Raises IndexSwitched when another generation answers than the one that was written to."""
    answering = read_generation(connection)
    if answering != noted:
        raise IndexSwitched(noted, answering)


def lock_generation(connection: Connection) -> int:
    """The same for who switches it: waits for the writes that hold it. The row is made when it is not there."""
    query = select(world_facts.c.value).where(world_facts.c.name == GENERATION).with_for_update()
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        connection.execute(insert(world_facts).values(name=GENERATION, value=str(FIRST_GENERATION)))
    return int(found or FIRST_GENERATION)
