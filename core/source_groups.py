"""Members of the groups that a source's access lists name, kept as memberships of their own origin. Used by syncs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core.access import Person
from core.database import Database
from core.errors import UsageError
from core.membership_acts import BY_SOURCE, check_group
from core.people_acts import PeopleActs
from core.person_rows import check_email
from core.tables import memberships


@dataclass(frozen=True, slots=True)
class SourceGroups:
    """What sources say of groups; an unchanged listing leaves no audit row."""

    database: Database
    acts: PeopleActs

    def replace(self, source: str, groups: Mapping[str, Collection[str]], *, is_complete: bool) -> None:
        """Take what the source says now in place of what it said before. A group without members has none."""
        usable = {
            name: {one for one in members if _is_usable(one)}
            for name, members in groups.items()
            if _is_usable(f"group:{name}")
        }
        if is_complete and not usable:
            # No group at all (the right to read them is gone, say): nobody is let in by what was said before.
            usable = {name: set() for name in self._read(source)}
        if not is_complete:
            # Of groups that are not spoken of nothing is known; those that are, are known whole.
            usable = {**self._read(source), **usable}
        if not usable or self._holds(source, usable):
            return
        by = Person(email=f"{BY_SOURCE}{source}", role="admin")
        self.acts.replace_memberships(f"{BY_SOURCE}{source}", usable, complete=True, by=by)

    def _holds(self, source: str, groups: Mapping[str, Collection[str]]) -> bool:
        said = {
            name: {_as_stored(member) for member in members} for name, members in groups.items() if members
        }
        return said == {
            name: {_as_stored(one) for one in members} for name, members in self._read(source).items()
        }

    def _read(self, source: str) -> dict[str, set[str]]:
        """Group -> members, as e-mails and `group:NAME`."""
        query = select(memberships).where(memberships.c.origin == f"{BY_SOURCE}{source}")
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        found: dict[str, set[str]] = {}
        for row in rows:
            found.setdefault(row.group_name, set()).add(row.member.removeprefix("user:"))
        return found


def _is_usable(member: str) -> bool:
    """A member that cannot be written down is nobody; it must not stop the sync."""
    try:
        if member.startswith("group:"):
            check_group(member.removeprefix("group:"))
        else:
            check_email(member)
    except UsageError:
        return False
    return True


def _as_stored(member: str) -> str:
    return member if member.startswith("group:") else f"user:{member.strip().lower()}"
