"""Who people are: e-mail, role, groups. Turns an e-mail into the Person that every search is filtered by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.access import ANYONE, Person, Role
from core.database import Database
from core.tables import memberships, people


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as stored, for lists. `groups` are the direct ones."""

    email: str
    name: str
    role: str | None
    active: bool
    groups: tuple[str, ...]


class People:
    """Reads people and groups. Changes go through core.acts, so that each leaves an audit row."""

    def __init__(self, database: Database, *, admins: Iterable[str] = ()) -> None:
        self._database = database
        self._admins = frozenset(email.lower() for email in admins)

    def identify(self, email: str | None) -> Person:
        """The Person behind an e-mail. Unknown: only what is open to all, no role. Deactivated: nothing."""
        if not email:
            return ANYONE
        address = email.strip().lower()
        with self._database.read() as connection:
            row = connection.execute(select(people).where(people.c.email == address)).first()
            groups = find_groups_of(f"user:{address}", _read_memberships(connection)) if row else frozenset()
        role: Role | None = "admin" if address in self._admins else (row.role if row else None)
        if row is None:
            return Person(email=address, role=role)
        return Person(email=address, name=row.name, role=role, groups=groups, active=row.active)

    def list_people(self) -> tuple[PersonRow, ...]:
        """Everybody who is known, by e-mail."""
        with self._database.read() as connection:
            rows = connection.execute(select(people).order_by(people.c.email)).all()
            direct = _read_memberships(connection)
        return tuple(
            PersonRow(
                row.email, row.name, row.role, row.active, tuple(sorted(direct.get(f"user:{row.email}", ())))
            )
            for row in rows
        )

    def list_groups(self) -> Mapping[str, tuple[str, ...]]:
        """Group name -> its direct members, sorted."""
        with self._database.read() as connection:
            rows = connection.execute(select(memberships.c.group_name, memberships.c.member).distinct()).all()
        groups: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            groups[row.group_name].append(row.member)
        return {name: tuple(sorted(members)) for name, members in sorted(groups.items())}


def find_groups_of(member: str, direct: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """All groups of a member, nested ones too; a cycle of groups ends."""
    found: set[str] = set()
    waiting = list(direct.get(member, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(direct.get(f"group:{name}", ()))
    return frozenset(found)


def _read_memberships(connection: Connection) -> Mapping[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(select(memberships.c.member, memberships.c.group_name)):
        groups[row.member].add(row.group_name)
    return groups
