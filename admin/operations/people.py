"""`people list`, `add`, `group`, `rename-group`, `alias`, `role`, `activate`, `deactivate`, `import`."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from admin.operations.people_csv import read_people_csv
from admin.world import World
from core.known_people import KnownPeople, PersonRow
from core.local_socket import Report

Arguments = Mapping[str, Any]
ORIGIN = "CSV"


def list_people(world: World, _arguments: Arguments, _report: Report) -> dict[str, Any]:
    """Everybody known, and all groups with their direct members and who put them there."""
    known = world.people.read_all()
    groups: dict[str, dict[str, list[str]]] = {}
    for one in known.memberships:
        groups.setdefault(one.group, {}).setdefault(one.member, []).append(one.origin)
    return {
        "people": [_describe(row, known) for row in known.rows.values()],
        "groups": {name: list(members) for name, members in groups.items()},
        "origins": groups,
    }


def add_person(world: World, arguments: Arguments, _report: Report) -> dict[str, Any]:
    """Add a person (or change a known one) and put them into groups."""
    by = world.identify(arguments.get("as"))
    email, groups = str(arguments["email"]), arguments.get("groups") or []
    batch = uuid4().hex[:12] if groups else None
    name, role = arguments.get("name") or "", arguments.get("role")
    world.people_acts.add_person(email, by=by, name=name, role=role, batch=batch)
    for group in groups:
        world.people_acts.change_group(group, add=[email], by=by, batch=batch)
    return _show(world, email)


def change_group(world: World, arguments: Arguments, _report: Report) -> dict[str, Any]:
    """Add and remove members of a group by hand; without either, show it."""
    name = str(arguments["name"]).strip()
    add, remove = arguments.get("add") or [], arguments.get("remove") or []
    by = world.identify(arguments.get("as"))
    staying = (
        world.people_acts.change_group(name, add=add, remove=remove, by=by)
        if add or remove or not name
        else {}
    )
    return {
        "group": name,
        "members": list(world.people.list_groups().get(name, ())),
        "staying": {member: list(origins) for member, origins in staying.items()},
    }


def rename_group(world: World, arguments: Arguments, _report: Report) -> dict[str, Any]:
    """The group has a new name; access lists that name the old one still hold."""
    old, new = str(arguments["old"]).strip(), str(arguments["new"]).strip()
    world.people_acts.rename_group(old, new, by=world.identify(arguments.get("as")))
    return {"group": new, "members": list(world.people.list_groups().get(new, ())), "old": old}


def change_aliases(world: World, arguments: Arguments, _report: Report) -> dict[str, Any]:
    """Add and remove a person's other addresses; without either, show them."""
    email = str(arguments["email"])
    add, remove = arguments.get("add") or [], arguments.get("remove") or []
    if add or remove:
        by = world.identify(arguments.get("as"))
        world.people_acts.change_aliases(email, add=add, remove=remove, by=by)
    return _show(world, email)


def set_role(world: World, arguments: Arguments, _report: Report) -> dict[str, Any]:
    """Give a role, for one brand where `brand` is set; `none` takes it."""
    email, role = str(arguments["email"]), str(arguments["role"])
    given = None if role == "none" else role
    by = world.identify(arguments.get("as"))
    world.people_acts.set_role(email, given, by=by, brand=arguments.get("brand"))
    return _show(world, email)


def set_active(world: World, arguments: Arguments, _report: Report) -> dict[str, Any]:
    """A deactivated person has no groups and no role."""
    email = str(arguments["email"])
    by = world.identify(arguments.get("as"))
    world.people_acts.set_active(email, active=bool(arguments["active"]), by=by)
    return _show(world, email)


def import_people(world: World, arguments: Arguments, _report: Report) -> dict[str, Any]:
    """The file is a whole listing: memberships by CSV that it does not name end. Without `groups`, none end."""
    file = read_people_csv(str(arguments["csv"]))
    # Groups that an earlier file named and this one does not are named here, each without members.
    before = {one.group: () for one in world.people.read_all().memberships if one.origin == ORIGIN}
    groups = None if file.groups is None else {**before, **file.groups}
    report = world.people_acts.replace_memberships(
        ORIGIN,
        groups or {},
        complete=bool(groups),
        by=world.identify(arguments.get("as")),
        people=file.people,
    )
    return {
        "people": len(file.people),
        "new_people": list(report.new_people),
        "changed_people": list(report.changed_people),
        "added": [{"group": one.group, "member": one.member} for one in report.added],
        "ended": [{"group": one.group, "member": one.member} for one in report.ended],
        "unknown_columns": list(file.unknown_columns),
        "has_groups": file.groups is not None,
        "renamed_groups": {old: new for old, new in report.renamed.items() if old in (file.groups or {})},
    }


def _show(world: World, email: str) -> dict[str, Any]:
    known = world.people.read_all()
    person = known.identify(email.strip().lower())
    row = known.find_row(person.email or "")
    described = _describe(row, known) if row else {"email": person.email, "name": "", "active": True}
    return {
        "role": person.role,
        "aliases": [],
        "brand_roles": {},
        **described,
        "groups": sorted(person.groups),
    }


def _describe(row: PersonRow, known: KnownPeople) -> dict[str, Any]:
    return {
        "email": row.email,
        "name": row.name,
        "role": "admin" if known.is_admin_by_setting(row) else row.role,
        "active": row.active,
        "groups": list(row.groups),
        "aliases": list(row.aliases),
        "brand_roles": dict(row.brand_roles),
    }
