"""People, groups and memberships as read at one moment, and what follows from them. Pure, but for `load_people`."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from core.access import Person, Reads, Role
from core.person_rows import find_main_address
from core.tables import aliases, brand_roles, memberships, people


@dataclass(frozen=True, slots=True, order=True)
class Membership:
    """`member` (`user:EMAIL` or `group:NAME`) is in `group` because `origin` says so."""

    group: str
    member: str
    origin: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as stored. `groups` are the direct ones."""

    email: str
    name: str
    role: Role | None
    active: bool
    groups: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    brand_roles: tuple[tuple[str, Role], ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleRules:
    """Settings: admins by address, and what unknown and deactivated people read."""

    admins: frozenset[str] = frozenset()
    unknown: Reads = "open"
    deactivated: Reads = "nothing"


@dataclass(frozen=True, slots=True)
class Way:
    """How a group is reached: from it down to the one that has the person as a member, by these origins."""

    groups: tuple[str, ...]
    origins: tuple[str, ...]

    def describe(self) -> str:
        """For example `group:sales ← group:sales-emea ← by CSV`."""
        steps = [f"group:{name}" for name in self.groups]
        return " ← ".join([*steps, describe_origins(self.origins)])


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """A snapshot. `main_of` maps each alias to its person's main address."""

    rows: Mapping[str, PersonRow]
    main_of: Mapping[str, str]
    memberships: tuple[Membership, ...]
    rules: PeopleRules
    by_member: Mapping[str, tuple[Membership, ...]]

    def identify(self, address: str) -> Person:
        """The Person behind an address in lower case. Only who is known and active has groups and a stored role."""
        row = self.find_row(address)
        if row is None:
            if address in self.rules.admins:
                return Person(email=address, role="admin")
            return Person(email=address, reads=self.rules.unknown)
        if not row.active:
            return Person(email=row.email, name=row.name, active=False, reads=self.rules.deactivated)
        return Person(
            email=row.email,
            name=row.name,
            role="admin" if self.is_admin_by_setting(row) else row.role,
            groups=frozenset(self.find_ways(row)),
            brand_roles=frozenset(row.brand_roles),
            aliases=frozenset(row.aliases),
            is_known=True,
        )

    def find_row(self, address: str) -> PersonRow | None:
        """The person with this main or other address."""
        return self.rows.get(self.main_of.get(address, address))

    def is_admin_by_setting(self, row: PersonRow) -> bool:
        """True when ONBRAND_ADMINS names any address of theirs."""
        return not self.rules.admins.isdisjoint({row.email, *row.aliases})

    def find_ways(self, row: PersonRow) -> Mapping[str, Way]:
        """Group -> the shortest way by which a person is in it, for groups in groups as well."""
        return find_ways([f"user:{address}" for address in (row.email, *row.aliases)], self.by_member)


def load_people(connection: Connection, rules: PeopleRules, address: str | None = None) -> KnownPeople:
    """Read all people, or only the one behind `address`, with all memberships."""
    main = find_main_address(connection, address) if address else None
    rows = list(connection.execute(select(memberships)))
    found = tuple(sorted(Membership(row.group_name, row.member, row.origin) for row in rows))
    of_member: dict[str, list[Membership]] = defaultdict(list)
    for one in found:
        of_member[one.member].append(one)
    by_member = {member: tuple(rows) for member, rows in of_member.items()}
    main_of = {row.alias: row.email for row in connection.execute(_only(main, aliases))}
    return KnownPeople(_read_rows(connection, main, main_of, by_member), main_of, found, rules, by_member)


def find_ways(starts: Iterable[str], by_member: Mapping[str, Iterable[Membership]]) -> Mapping[str, Way]:
    """Group -> the shortest way from any start to it; a cycle of groups ends."""
    ways: dict[str, Way] = {}
    waiting: deque[Way] = deque()
    for start in starts:
        origins: dict[str, list[str]] = defaultdict(list)
        for one in by_member.get(start, ()):
            origins[one.group].append(one.origin)
        waiting.extend(Way((group,), tuple(given)) for group, given in origins.items())
    while waiting:
        way = waiting.popleft()
        name = way.groups[0]
        if name not in ways:
            ways[name] = way
            parents = dict.fromkeys(one.group for one in by_member.get(f"group:{name}", ()))
            waiting.extend(Way((parent, *way.groups), way.origins) for parent in parents)
    return ways


def describe_origins(origins: Iterable[str]) -> str:
    """`by CSV and by hand`."""
    words = {"by hand": "by hand", "renamed": "by renaming"}
    return " and ".join(words.get(origin, f"by {origin}") for origin in sorted(origins))


def _only(main: str | None, table: Any) -> Any:
    query = select(table)
    return query if main is None else query.where(table.c.email == main)


def _read_rows(
    connection: Connection,
    main: str | None,
    main_of: Mapping[str, str],
    by_member: Mapping[str, tuple[Membership, ...]],
) -> Mapping[str, PersonRow]:
    others: dict[str, list[str]] = defaultdict(list)
    for alias, email in sorted(main_of.items()):
        others[email].append(alias)
    for_brands: dict[str, list[tuple[str, Role]]] = defaultdict(list)
    for row in connection.execute(_only(main, brand_roles).order_by(brand_roles.c.brand)):
        for_brands[row.email].append((row.brand, row.role))
    return {
        row.email: PersonRow(
            row.email,
            row.name,
            row.role,
            row.active,
            tuple(dict.fromkeys(one.group for one in by_member.get(f"user:{row.email}", ()))),
            tuple(others[row.email]),
            tuple(for_brands[row.email]),
        )
        for row in connection.execute(_only(main, people).order_by(people.c.email))
    }
