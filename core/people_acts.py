"""Acts on people, groups and roles."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from core.access import ROLES, Person
from core.acts import ADMINS, ActRequest, AuditedActs
from core.errors import UsageError
from core.tables import memberships, people


class PeopleActs:
    """Adds people and memberships and gives roles. E-mails are kept in lower case."""

    def __init__(self, acts: AuditedActs) -> None:
        self._acts = acts

    def add_person(self, email: str, *, by: Person, name: str = "", role: str | None = None) -> None:
        """Add a person, or change name and role of a known one."""
        address, given = check_email(email), check_role(role)

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            before = _read_person(connection, address)
            after = (
                {**before, "active": True}
                | ({"name": name} if name else {})
                | ({"role": given} if given else {})
            )
            _write_person(connection, address, after, is_known=bool(before))
            return before, after

        self._perform("add person", address, change, by=by)

    def set_role(self, email: str, role: str | None, *, by: Person) -> None:
        """Give or (None) take a role."""
        address, given = check_email(email), check_role(role)

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            before = _require_person(connection, address)
            connection.execute(update(people).where(people.c.email == address).values(role=given))
            return {"role": before["role"]}, {"role": given}

        self._perform("set role", address, change, by=by)

    def set_active(self, email: str, *, active: bool, by: Person) -> None:
        """Deactivate (reads nothing from now on) or activate again."""
        address = check_email(email)

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            before = _require_person(connection, address)
            connection.execute(update(people).where(people.c.email == address).values(active=active))
            return {"active": before["active"]}, {"active": active}

        self._perform("set active", address, change, by=by)

    def change_group(
        self,
        name: str,
        *,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
        by: Person,
        origin: str = "by hand",
    ) -> None:
        """Add and remove members: e-mails, or `group:NAME` for a group inside this one."""
        group = name.strip()
        if not group:
            raise UsageError("a group needs a name")
        joining, leaving = [_as_member(one) for one in add], [_as_member(one) for one in remove]

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            before = _members_of(connection, group)
            for member in sorted(set(joining) - set(before)):
                _make_known(connection, member)
                connection.execute(insert(memberships).values(group_name=group, member=member, origin=origin))
            gone = (memberships.c.group_name == group) & memberships.c.member.in_(leaving)
            connection.execute(delete(memberships).where(gone))
            return {"members": before}, {"members": _members_of(connection, group)}

        self._perform("change group", group, change, by=by)

    def _perform(self, name: str, subject: str, change: Any, *, by: Person) -> None:
        self._acts.perform(ActRequest(name, subject, by, "", ADMINS), change)


def check_email(email: str) -> str:
    """The address in lower case; raises UsageError when it is none."""
    address = email.strip().lower()
    local, _, domain = address.partition("@")
    if not local or "." not in domain or " " in address:
        raise UsageError(f"{email!r} is not an e-mail address; allowed: name@company.example")
    return address


def check_role(role: str | None) -> str | None:
    """The role; raises UsageError when it is none of ours."""
    if role is not None and role not in ROLES:
        raise UsageError(f"role {role!r} is not known; allowed: {', '.join(ROLES)}")
    return role


def _as_member(word: str) -> str:
    return word.strip() if word.strip().startswith("group:") else f"user:{check_email(word)}"


def _make_known(connection: Connection, member: str) -> None:
    # Whoever is put into a group is known from then on: an unknown e-mail has no groups.
    kind, _, address = member.partition(":")
    if kind == "user" and not _read_person(connection, address):
        _write_person(connection, address, {"active": True}, is_known=False)


def _members_of(connection: Connection, group: str) -> list[str]:
    query = select(memberships.c.member).where(memberships.c.group_name == group).distinct()
    return sorted(connection.execute(query).scalars())


def _read_person(connection: Connection, address: str) -> dict[str, Any]:
    row = connection.execute(select(people).where(people.c.email == address)).first()
    return {} if row is None else {"name": row.name, "role": row.role, "active": row.active}


def _require_person(connection: Connection, address: str) -> dict[str, Any]:
    before = _read_person(connection, address)
    if not before:
        raise UsageError(f"{address} is not known; add with `onbrand people add {address}`")
    return before


def _write_person(connection: Connection, address: str, values: dict[str, Any], *, is_known: bool) -> None:
    if is_known:
        connection.execute(update(people).where(people.c.email == address).values(**values))
    else:
        connection.execute(insert(people).values(email=address, **{"name": "", **values}))
