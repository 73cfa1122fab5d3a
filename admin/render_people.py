"""Results of the people commands as a person at a terminal wants to read them. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.known_people import describe_origins

Result = Mapping[str, Any]
SHOWN = 10


def render_people(result: Result) -> str:
    """People, then groups."""
    lines = [_person_line(one) for one in result["people"]]
    lines += [f"group {name}: {_name_members(members)}" for name, members in result["origins"].items()]
    return "\n".join(lines) or "Nobody is known yet. Add people: onbrand people add EMAIL --group NAME"


def render_person(person: Result) -> str:
    """One person."""
    parts = [f"groups: {', '.join(person['groups']) or 'none'}"]
    if person["brand_roles"]:
        parts.append(f"for brands: {_name_brand_roles(person)}")
    if person["aliases"]:
        parts.append(f"other addresses: {', '.join(person['aliases'])}")
    state = "" if person["active"] else ", deactivated"
    return f"{person['email']}: {person['role'] or 'no role'}{state}; {'; '.join(parts)}"


def render_group(group: Result) -> str:
    """One group, and who could not be taken out of it."""
    lines = [f"group {group['group']}: {', '.join(group['members']) or 'no members'}"]
    for member, origins in group.get("staying", {}).items():
        lines.append(
            f"{member} remains a member {describe_origins(origins)}: it ends when that no longer says so."
        )
    if group.get("old"):
        lines.append(f"Access lists that name group:{group['old']} hold for its members as before.")
    return "\n".join(lines)


def render_import(result: Result) -> str:
    """What the file changed."""
    counts = f"{len(result['new_people'])} new, {len(result['changed_people'])} changed"
    lines = [f"{result['people']} people in the file: {counts}."]
    for title in ("added", "ended"):
        names = [f"{one['member']} in {one['group']}" for one in result[title]]
        lines.append(f"Memberships {title}: {len(names)}{_list_some(names)}")
    if not result["has_groups"]:
        lines.append("The file has no column `groups`, so no membership was changed.")
    if result["unknown_columns"]:
        lines.append(f"Columns that mean nothing here: {', '.join(result['unknown_columns'])}")
    for old, new in result["renamed_groups"].items():
        lines.append(
            f"Group {old} was renamed to {new}, but the file still says {old}: its members are in {old} "
            f"and not in {new}. Change the file and import it again."
        )
    return "\n".join(lines)


def render_access(result: Result) -> str:
    """May they read it, by what, and what is in the way."""
    may = "may read" if result["may_read"] else "may not read"
    lines = [f"{result['email']} {may} {result['document']}: it is open to {_readers(result['access'])}."]
    if result["may_read"]:
        lines += [f"  by {way}" for clause in result["clauses"] for way in clause["met_by"].values()]
        lines.append("It answers them today." if result["answers_today"] else "It does not answer today:")
    return "\n".join([*lines, *(f"  {line}" for line in result["in_the_way"])])


def render_readers(result: Result) -> str:
    """The known readers, one a line."""
    lines = [f"{result['document']} is open to {_readers(result['access'])}."]
    if result["open_to_all"]:
        lines.append("Everybody may read it who may read anything, those that nobody added included.")
    for one in result["readers"]:
        ways = [next(iter(clause["met_by"].values())) for clause in one["clauses"]]
        lines.append(f"{one['email']:36} {' and '.join(dict.fromkeys(ways))}")
    if not result["readers"]:
        lines.append("No known person may read it.")
    lines += [f"It does not answer today: {line}" for line in result["in_the_way"]]
    return "\n".join(lines)


def render_mismatches(result: Result) -> str:
    """What matches nobody, under a heading each."""
    sections = [
        ("E-mails in access lists that nobody added", _place_lines(result["unknown_users"])),
        ("Groups in access lists in which nobody is", _place_lines(result["groups_without_people"])),
        ("People without any group", result["people_without_group"]),
        (
            "Members of groups that do not exist",
            [
                f"{one['member']} in {one['group']} {describe_origins([one['origin']])}"
                for one in result["unknown_members"]
            ],
        ),
        (
            "Deactivated people who still have a role",
            [_role_line(one) for one in result["deactivated_with_role"]],
        ),
    ]
    blocks = [
        "\n".join([f"{title}:", *(f"  {line}" for line in lines)]) for title, lines in sections if lines
    ]
    return "\n\n".join(blocks) or "Every name in access lists and groups matches somebody."


def _person_line(one: Result) -> str:
    state = "" if one["active"] else "deactivated "
    others = f"  also {', '.join(one['aliases'])}" if one["aliases"] else ""
    brands = f"  ({_name_brand_roles(one)})" if one["brand_roles"] else ""
    return (
        f"{one['email']:36} {one['role'] or 'no role':9} {state}{one['name']}  {', '.join(one['groups'])}"
        f"{brands}{others}"
    )


def _role_line(one: Result) -> str:
    return f"{one['email']}: {', '.join(filter(None, [one['role'], _name_brand_roles(one)])) or 'admin by setting'}"


def _name_brand_roles(person: Result) -> str:
    return ", ".join(f"{role} for {brand}" for brand, role in person["brand_roles"].items())


def _name_members(members: Mapping[str, list[str]]) -> str:
    return ", ".join(
        member if origins == ["by hand"] else f"{member} ({describe_origins(origins)})"
        for member, origins in members.items()
    )


def _place_lines(places: Iterable[Result]) -> list[str]:
    return [f"{one['principal']}{_list_some(one['named_in'])}" for one in places]


def _list_some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f": {', '.join(names[:SHOWN])}{more}" if names else ""


def _readers(access: str) -> str:
    return {"owner": "the local owner only"}.get(access, access)
