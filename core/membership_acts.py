"""Changes of memberships inside an act's transaction, and their undoing. Used by core.people_acts and core.undo.

The state of an act holds the rows that it changed: `memberships` [group, member, origin], `people` whom it added or
changed, and `whole` the groups of which it holds every row.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select

from core.errors import UsageError
from core.known_people import Membership
from core.person_rows import (
    check_email,
    delete_person,
    find_main_address,
    list_groups_naming,
    read_aliases,
    read_brand_roles,
    read_person,
    refuse_alias,
    write_person,
)
from core.tables import aliases, memberships, people

BY_HAND, RENAMED = "by hand", "renamed"
LISTED_ORIGINS = ("CSV", "Slack", "Directory", "Confluence", "OpenID")
BY_SOURCE = "source "
"""Begins the origin of what a source says of its groups: `source wiki`."""
MAX_GROUP_NAME = 120

State = dict[str, Any]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """All that one origin says: groups with their members (e-mails, `group:NAME`); name and role of people.

    A listing that is not `complete` ends nothing.
    """

    origin: str
    groups: Mapping[str, Collection[str]]
    complete: bool
    people: Mapping[str, Values] = field(default_factory=dict)


def check_group(name: str) -> str:
    """The name of a group; raises UsageError when it cannot be one."""
    group = name.strip()
    if not group:
        raise UsageError("a group needs a name")
    if group.startswith(("group:", "user:")) or len(group) > MAX_GROUP_NAME:
        raise UsageError(
            f"{name!r} cannot name a group; allowed: up to {MAX_GROUP_NAME} characters, without `group:` before it"
        )
    return group


def as_member(connection: Connection, word: str) -> str:
    """`user:MAIN ADDRESS` or `group:NAME`; an alias stands for its person."""
    kind, colon, name = word.strip().partition(":")
    if colon and kind == "group":
        return f"group:{check_group(name)}"
    return f"user:{find_main_address(connection, check_email(word))}"


def change_members(
    connection: Connection, group: str, *, add: Iterable[str], remove: Iterable[str]
) -> tuple[State, State]:
    """Put members in by hand and take them out; what another origin says stays."""
    leaving = {as_member(connection, word) for word in remove}
    joining = {as_member(connection, word) for word in add}
    now = _read_rows(connection, memberships.c.group_name == group)
    gone = {one for one in now if one.origin in (BY_HAND, RENAMED) and one.member in leaving - joining}
    come = {Membership(group, member, BY_HAND) for member in joining} - now
    if come:
        _refuse_renamed(group, now - gone)
    return _apply(connection, gone=gone, come=come)


def rename_group(connection: Connection, old: str, new: str) -> tuple[State, State]:
    """All members and all places of OLD go to NEW. OLD stays, with `group:NEW` in it, for lists that name it."""
    rows = _read_touching(connection, {old, new})
    names = {one.group for one in rows} | {one.member.removeprefix("group:") for one in rows}
    if old == new or new in names:
        raise UsageError(f"group {new!r} exists already; choose a name that no group has")
    if old not in names:
        raise UsageError(f"no group {old!r} has or is a member; see `onbrand people list`")
    _refuse_renamed(old, {one for one in rows if one.group == old})
    come = {_rename(one, old, new) for one in rows} | {Membership(old, f"group:{new}", RENAMED)}
    before, after = _apply(connection, gone=rows, come=come)
    return {**before, "whole": [old, new]}, {**after, "whole": [old, new]}


def replace_listing(connection: Connection, listing: Listing) -> tuple[State, State]:
    """What the origin says now takes the place of what it said before."""
    _check_listing(listing)
    main_of = {row.alias: row.email for row in connection.execute(select(aliases))}

    def resolve(word: str) -> str:
        if word.strip().startswith("group:"):
            return as_member(connection, word)
        address = check_email(word)
        return f"user:{main_of.get(address, address)}"

    said = {
        Membership(check_group(group), resolve(word), listing.origin)
        for group, members in listing.groups.items()
        for word in members
    }
    now = _read_rows(connection, memberships.c.origin == listing.origin)
    changed = {resolve(email).removeprefix("user:"): values for email, values in listing.people.items()}
    return _apply(
        connection, gone=now - said if listing.complete else set(), come=said - now, changed=changed
    )


def read_renamed(connection: Connection, groups: Collection[str]) -> dict[str, str]:
    """Of these groups, those that are old names, each with the name it has now."""
    rows = _read_rows(connection, memberships.c.origin == RENAMED)
    return {one.group: one.member.removeprefix("group:") for one in sorted(rows) if one.group in groups}


def read_origins(connection: Connection, group: str, members: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Member -> the origins that have it in the group, for those of `members` that are in it."""
    rows = sorted(_read_rows(connection, memberships.c.group_name == group))
    wanted = dict.fromkeys(as_member(connection, word) for word in members)
    found = {member: tuple(one.origin for one in rows if one.member == member) for member in wanted}
    return {member: origins for member, origins in found.items() if origins}


def restore_group(
    connection: Connection, key: str, *, current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """Bring the memberships that an act on group `key` changed from `current` to `wanted`."""
    _restore(connection, f"group {key}", current, wanted)


def restore_memberships(
    connection: Connection, key: str, *, current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """Bring what a listing of origin `key` changed from `current` to `wanted`."""
    _restore(connection, f"memberships by {key}", current, wanted)


def _restore(connection: Connection, subject: str, current: Values, wanted: Values) -> None:
    gone, come = _load(current), _load(wanted)
    now = _read_touching(connection, {one.group for one in gone | come} | set(current.get("whole", ())))
    changed = (gone - now) | (come & now) | _find_others(now - gone, current.get("whole", ()))
    if changed:
        lines = ", ".join(f"{one.member} in {one.group} by {one.origin}" for one in sorted(changed)[:5])
        raise UsageError(f"{subject} changed after that act ({lines}); undo what came later first")
    for group in {one.group for one in come if one.origin == BY_HAND}:
        _refuse_renamed(group, {one for one in now - gone if one.group == group})
    _write(connection, gone=gone, come=come)
    for address in sorted({*current.get("people", {}), *wanted.get("people", {})}):
        state = current.get("people", {}).get(address, {}), wanted.get("people", {}).get(address, {})
        _restore_person(connection, address, *state)


def _restore_person(connection: Connection, address: str, current: Values, wanted: Values) -> None:
    now = read_person(connection, address)
    if current and wanted and now != current:
        raise UsageError(f"{address} changed after that act; undo what came later first")
    if wanted and (current or not now):
        refuse_alias(connection, address)
        write_person(connection, address, wanted)
    # Whoever has got more since then stays known.
    if not wanted and now == current and is_bare(connection, address):
        delete_person(connection, address)


def is_bare(connection: Connection, address: str) -> bool:
    """True when no group, alias or role for a brand hangs on this person."""
    hanging = (list_groups_naming, read_aliases, read_brand_roles)
    return not any(read(connection, address) for read in hanging)


def _apply(
    connection: Connection,
    *,
    gone: set[Membership],
    come: set[Membership],
    changed: Mapping[str, Values] | None = None,
) -> tuple[State, State]:
    _write(connection, gone=gone - come, come=come - gone)
    users = {one.member.removeprefix("user:") for one in come if one.member.startswith("user:")}
    before, after = _write_people(connection, {**{address: {} for address in users}, **(changed or {})})
    return (
        {"memberships": _dump(gone - come), "people": before},
        {"memberships": _dump(come - gone), "people": after},
    )


def _write(connection: Connection, *, gone: set[Membership], come: set[Membership]) -> None:
    if gone:
        columns = (memberships.c.group_name, memberships.c.member, memberships.c.origin)
        this = [column == bindparam(f"old_{column.name}") for column in columns]
        rows = [
            {"old_group_name": one.group, "old_member": one.member, "old_origin": one.origin} for one in gone
        ]
        connection.execute(delete(memberships).where(*this), rows)
    if come:
        rows = [{"group_name": one.group, "member": one.member, "origin": one.origin} for one in come]
        connection.execute(insert(memberships), rows)


def _write_people(connection: Connection, wanted: Mapping[str, Values]) -> tuple[State, State]:
    # Whoever is put into a group is known from then on: an unknown e-mail has no groups.
    known = {row.email: row for row in connection.execute(select(people))} if wanted else {}
    before: State = {}
    after: State = {}
    for address, values in sorted(wanted.items()):
        row = known.get(address)
        now = {} if row is None else {"name": row.name, "role": row.role, "active": row.active}
        then = {"name": "", "role": None, "active": True, **now, **values}
        if then != now:
            write_person(connection, address, then)
            before[address], after[address] = now, then
    return before, after


def _check_listing(listing: Listing) -> None:
    if listing.origin not in LISTED_ORIGINS and not listing.origin.startswith(BY_SOURCE):
        raise UsageError(f"origin {listing.origin!r} gives no listing; allowed: {', '.join(LISTED_ORIGINS)}")
    if listing.complete and not listing.groups:
        # More often a call that failed than the truth.
        raise UsageError(
            f"the listing by {listing.origin} names no group; nothing was ended. "
            "If it is meant, name the groups, each without members"
        )


def _refuse_renamed(group: str, rows: set[Membership]) -> None:
    # Whoever were added to the old name would get only what names it, and would miss what its members get.
    for one in rows:
        if one.origin == RENAMED:
            new = one.member.removeprefix("group:")
            raise UsageError(
                f"group {group!r} was renamed to {new!r}; change {new!r}, or free the old name with "
                f"`onbrand people group {group} --remove {one.member}`"
            )


def _rename(one: Membership, old: str, new: str) -> Membership:
    member = f"group:{new}" if one.member == f"group:{old}" else one.member
    return Membership(new if one.group == old else one.group, member, one.origin)


def _find_others(rows: set[Membership], whole: Collection[str]) -> set[Membership]:
    return {one for one in rows if one.group in whole or one.member.removeprefix("group:") in whole}


def _read_touching(connection: Connection, groups: set[str]) -> set[Membership]:
    as_members = [f"group:{name}" for name in groups]
    return _read_rows(
        connection, or_(memberships.c.group_name.in_(groups), memberships.c.member.in_(as_members))
    )


def _read_rows(connection: Connection, where: Any) -> set[Membership]:
    rows = connection.execute(select(memberships).where(where))
    return {Membership(row.group_name, row.member, row.origin) for row in rows}


def _load(state: Values) -> set[Membership]:
    return {Membership(*row) for row in state.get("memberships", ())}


def _dump(rows: Iterable[Membership]) -> list[list[str]]:
    return [[one.group, one.member, one.origin] for one in sorted(rows)]
