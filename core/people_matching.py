"""Who may read a document and why, and which names match nobody. Pure; used by the people commands and the console."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.access import EVERYONE, AccessList, Person, may_read
from core.known_people import KnownPeople, Membership, PersonRow, Way


@dataclass(frozen=True, slots=True)
class ClauseMatch:
    """One level of an access list, and how a person meets it: principal -> the way to it. Empty: not met."""

    principals: tuple[str, ...]
    met_by: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Matching:
    """What does not match. `unknown_users` and `empty_groups`: principal -> where it is named."""

    unknown_users: Mapping[str, tuple[str, ...]]
    empty_groups: Mapping[str, tuple[str, ...]]
    people_without_group: tuple[str, ...]
    unknown_members: tuple[Membership, ...]
    deactivated_with_role: tuple[PersonRow, ...]


def explain_clauses(known: KnownPeople, person: Person, access: AccessList) -> tuple[ClauseMatch, ...]:
    """Each level of an access list with the principals by which the person meets it."""
    principals = person.principals
    row = known.find_row(person.email or "")
    ways = known.find_ways(row) if row else {}
    found = []
    for clause in access.clauses:
        met = sorted(clause & principals)
        described = {principal: _describe_way(principal, person, ways) for principal in met}
        found.append(ClauseMatch(tuple(sorted(clause)), described))
    return tuple(found)


def list_readers(
    known: KnownPeople, access: AccessList
) -> tuple[tuple[PersonRow, tuple[ClauseMatch, ...]], ...]:
    """The known people who may read, by e-mail, each with how they meet every level."""
    people = [(row, known.identify(row.email)) for row in known.rows.values()]
    return tuple(
        (row, explain_clauses(known, person, access)) for row, person in people if may_read(person, access)
    )


def match_people(known: KnownPeople, named: Mapping[str, Iterable[str]]) -> Matching:
    """Compare what access lists name (principal -> where) with the people and groups that are known."""
    places = {principal: tuple(sorted(set(where))) for principal, where in sorted(named.items())}
    groups_of = {row.email: known.find_ways(row) for row in known.rows.values()}
    peopled = {group for row in known.rows.values() if row.active for group in groups_of[row.email]}
    users = {name: where for name, where in places.items() if name.startswith("user:")}
    named_groups = {name: where for name, where in places.items() if name.startswith("group:")}
    groups = {one.group for one in known.memberships}
    return Matching(
        unknown_users={name: where for name, where in users.items() if not _is_person(known, name)},
        empty_groups={name: where for name, where in named_groups.items() if name[6:] not in peopled},
        people_without_group=tuple(email for email, groups in groups_of.items() if not groups),
        unknown_members=tuple(
            one for one in known.memberships if not _is_known_member(known, one.member, groups)
        ),
        deactivated_with_role=tuple(
            row
            for row in known.rows.values()
            if not row.active and (row.role or row.brand_roles or known.is_admin_by_setting(row))
        ),
    )


def _describe_way(principal: str, person: Person, ways: Mapping[str, Way]) -> str:
    kind, _, name = principal.partition(":")
    if kind == "group":
        return ways[name].describe()
    if principal != EVERYONE and name != person.email:
        return f"{principal} ← other address of {person.email}"
    return principal


def _is_person(known: KnownPeople, principal: str) -> bool:
    address = principal.removeprefix("user:")
    return known.find_row(address) is not None or address in known.rules.admins


def _is_known_member(known: KnownPeople, member: str, groups: Collection[str]) -> bool:
    kind, _, name = member.partition(":")
    return name in groups if kind == "group" else known.find_row(name) is not None
