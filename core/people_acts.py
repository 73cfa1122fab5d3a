"""Acts on people, groups and roles. Every act is one audit row; used by command line, Slack and console alike."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from core.access import Person
from core.acts import ADMINS, ActRequest, AuditedActs, Change
from core.errors import UsageError
from core.known_people import Membership
from core.membership_acts import (
    Listing,
    change_members,
    check_group,
    is_bare,
    read_origins,
    read_renamed,
    rename_group,
    replace_listing,
    restore_group,
    restore_memberships,
)
from core.person_rows import (
    check_email,
    check_role,
    delete_person,
    read_aliases,
    read_brand_roles,
    read_person,
    refuse_alias,
    require_person,
    write_aliases,
    write_brand_roles,
    write_person,
)

# Undoing and other acts on people find here what they need of this subject.
__all__ = [
    "ListingReport",
    "PeopleActs",
    "check_email",
    "restore_group",
    "restore_memberships",
    "restore_person",
]

State = dict[str, Any]
MAX_BRAND = 120


@dataclass(frozen=True, slots=True)
class ListingReport:
    """What a listing changed. `renamed`: old names of groups that it still uses -> the names they have now."""

    added: tuple[Membership, ...]
    ended: tuple[Membership, ...]
    new_people: tuple[str, ...]
    changed_people: tuple[str, ...]
    renamed: Mapping[str, str]


class PeopleActs:
    """Adds people, aliases and memberships and gives roles. E-mails are kept in lower case."""

    def __init__(self, acts: AuditedActs) -> None:
        self._acts = acts

    def add_person(
        self, email: str, *, by: Person, name: str = "", role: str | None = None, batch: str | None = None
    ) -> None:
        """Add a person, or change name and role of a known one. A deactivated one stays deactivated."""
        address, given = check_email(email), check_role(role)

        def change(connection: Connection) -> tuple[State, State]:
            refuse_alias(connection, address)
            before = read_person(connection, address)
            values = ({"name": name} if name else {}) | ({"role": given} if given else {})
            write_person(connection, address, values)
            return before, read_person(connection, address)

        self._perform("add person", f"person {address}", change, by=by, batch=batch)

    def set_role(self, email: str, role: str | None, *, by: Person, brand: str | None = None) -> None:
        """Give or (None) take a role: for everything, or for the documents of one brand."""
        address, given = check_email(email), check_role(role)
        change = partial(_set_role, address=address, role=given)
        if brand is not None:
            change = partial(_set_brand_role, address=address, role=given, brand=_check_brand(brand))
        self._perform("set role", f"person {address}", change, by=by)

    def set_active(self, email: str, *, active: bool, by: Person) -> None:
        """Deactivate (no groups, no role from now on) or activate again."""
        address = check_email(email)

        def change(connection: Connection) -> tuple[State, State]:
            before = require_person(connection, address)
            write_person(connection, address, {"active": active})
            return {"active": before["active"]}, {"active": active}

        self._perform("set active", f"person {address}", change, by=by)

    def change_aliases(
        self, email: str, *, by: Person, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        """Add and remove other addresses of a person; refused when one belongs to somebody else."""
        address = check_email(email)
        come, gone = {check_email(one) for one in add}, {check_email(one) for one in remove}
        change = partial(_change_aliases, address=address, add=come, remove=gone)
        self._perform("change aliases", f"person {address}", change, by=by)

    def change_group(
        self,
        name: str,
        *,
        by: Person,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
        batch: str | None = None,
    ) -> Mapping[str, tuple[str, ...]]:
        """Add and remove members by hand: e-mails, or `group:NAME` for a group inside this one.

        Gives those of `remove` that stay in, each with the origins that keep it there.
        """
        group, joining, leaving = check_group(name), list(add), list(remove)
        staying: dict[str, tuple[str, ...]] = {}

        def change(connection: Connection) -> tuple[State, State]:
            states = change_members(connection, group, add=joining, remove=leaving)
            staying.update(read_origins(connection, group, leaving))
            return states

        self._perform("change group", f"group {group}", change, by=by, batch=batch)
        return staying

    def rename_group(self, old: str, new: str, *, by: Person) -> None:
        """Rename; access lists that name the old group hold for the new one's members."""
        before, after = check_group(old), check_group(new)
        change = partial(rename_group, old=before, new=after)
        self._perform("rename group", f"group {before}", change, by=by)

    def replace_memberships(
        self,
        origin: str,
        listing: Mapping[str, Collection[str]],
        *,
        complete: bool,
        by: Person,
        people: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> ListingReport:
        """The whole listing of one origin (group -> e-mails, `group:NAME`) replaces what that origin said before.

        Rows of other origins stay. A listing that is not complete ends nothing; a complete one without any group is
        refused. `people` may hold `name` and `role` by e-mail.
        """
        wanted = Listing(origin, listing, complete, _check_people(people or {}))
        states: list[State] = []
        renamed: dict[str, str] = {}

        def change(connection: Connection) -> tuple[State, State]:
            states.extend(replace_listing(connection, wanted))
            renamed.update(read_renamed(connection, [check_group(name) for name in listing]))
            return states[0], states[1]

        self._perform("replace memberships", f"memberships {origin}", change, by=by)
        return _report(*states, renamed=renamed)

    def _perform(
        self, name: str, subject: str, change: Change, *, by: Person, batch: str | None = None
    ) -> None:
        self._acts.perform(ActRequest(name, subject, by, "", ADMINS, batch), change)


def restore_person(
    connection: Connection, key: str, *, current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """Bring the person from the values that an act left (`current`) to `wanted`; `{}` is an unknown person."""
    refuse_alias(connection, key)
    now = _read_state(connection, key)
    changed = sorted(name for name, value in current.items() if now.get(name) != value)
    if changed or bool(current) != bool(now):
        raise UsageError(
            f"{', '.join(changed) or 'the adding'} of {key} changed after that act; undo what came later first"
        )
    if wanted:
        _write_state(connection, key, wanted)
    elif is_bare(connection, key):
        delete_person(connection, key)
    else:
        raise UsageError(f"{key} has got groups, aliases or roles for brands since then; take these first")


def _read_state(connection: Connection, address: str) -> State:
    found = read_person(connection, address)
    if not found:
        return {}
    rest = {
        "aliases": read_aliases(connection, address),
        "brand_roles": read_brand_roles(connection, address),
    }
    return {**found, **rest}


def _write_state(connection: Connection, address: str, state: Mapping[str, Any]) -> None:
    write_person(
        connection,
        address,
        {name: value for name, value in state.items() if name in ("name", "role", "active")},
    )
    if "aliases" in state:
        write_aliases(connection, address, state["aliases"])
    if "brand_roles" in state:
        write_brand_roles(connection, address, state["brand_roles"])


def _set_role(connection: Connection, *, address: str, role: str | None) -> tuple[State, State]:
    before = require_person(connection, address)
    write_person(connection, address, {"role": role})
    return {"role": before["role"]}, {"role": role}


def _set_brand_role(
    connection: Connection, *, address: str, role: str | None, brand: str
) -> tuple[State, State]:
    require_person(connection, address)
    before = read_brand_roles(connection, address)
    others = {name: given for name, given in before.items() if name != brand}
    write_brand_roles(connection, address, others | ({brand: role} if role else {}))
    return {"brand_roles": before}, {"brand_roles": read_brand_roles(connection, address)}


def _change_aliases(
    connection: Connection, *, address: str, add: set[str], remove: set[str]
) -> tuple[State, State]:
    require_person(connection, address)
    before = read_aliases(connection, address)
    missing = remove - set(before)
    if missing:
        raise UsageError(
            f"{', '.join(sorted(missing))} is no other address of {address}; these are: {', '.join(before) or 'none'}"
        )
    write_aliases(connection, address, sorted(({*before} - remove) | add))
    return {"aliases": before}, {"aliases": read_aliases(connection, address)}


def _check_brand(brand: str) -> str:
    name = brand.strip()
    if not name or len(name) > MAX_BRAND:
        raise UsageError(f"brand {brand!r} is not understood; allowed: 1 to {MAX_BRAND} characters")
    return name


def _check_people(people: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    for email, values in people.items():
        check_email(email)
        check_role(values.get("role"))
    return people


def _report(before: State, after: State, *, renamed: Mapping[str, str]) -> ListingReport:
    return ListingReport(
        added=tuple(Membership(*row) for row in after["memberships"]),
        ended=tuple(Membership(*row) for row in before["memberships"]),
        new_people=tuple(email for email, values in before["people"].items() if not values),
        changed_people=tuple(email for email, values in before["people"].items() if values),
        renamed=renamed,
    )
