"""Who people are: e-mail, role, groups. Turns an e-mail into the Person that every search is filtered by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from core.access import ANYONE, Person, Reads
from core.database import Database
from core.known_people import KnownPeople, PeopleRules, PersonRow, load_people

__all__ = ["People", "PersonRow"]


class People:
    """Reads people and groups. Changes go through core.people_acts, so that each leaves an audit row."""

    def __init__(
        self,
        database: Database,
        *,
        admins: Iterable[str] = (),
        unknown: Reads = "open",
        deactivated: Reads = "nothing",
    ) -> None:
        self._database = database
        self._rules = PeopleRules(
            frozenset(email.strip().lower() for email in admins), unknown=unknown, deactivated=deactivated
        )

    def identify(self, email: str | None) -> Person:
        """The Person behind an e-mail or alias. Unknown and deactivated: what is open to all or nothing, no role."""
        if not email or not email.strip():
            return ANYONE if self._rules.unknown == "open" else replace(ANYONE, reads=self._rules.unknown)
        address = email.strip().lower()
        with self._database.read() as connection:
            return load_people(connection, self._rules, address).identify(address)

    def read_all(self) -> KnownPeople:
        """Everybody and all memberships as they are now."""
        with self._database.read() as connection:
            return load_people(connection, self._rules)

    def list_people(self) -> tuple[PersonRow, ...]:
        """Everybody who is known, by e-mail."""
        return tuple(self.read_all().rows.values())

    def list_groups(self) -> Mapping[str, tuple[str, ...]]:
        """Group name -> its direct members, sorted."""
        groups: dict[str, set[str]] = defaultdict(set)
        for one in self.read_all().memberships:
            groups[one.group].add(one.member)
        return {name: tuple(sorted(members)) for name, members in sorted(groups.items())}
