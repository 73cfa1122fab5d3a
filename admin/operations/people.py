"""`people list`, `add`, `group`, `role`, `activate`, `deactivate`, `import`, `explain`."""

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Any

from admin.world import World
from core.access import may_read
from core.errors import UsageError
from core.local_socket import Report


def list_people(world: World, _arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Everybody known, and all groups with their direct members."""
    people = [
        {
            "email": row.email,
            "name": row.name,
            "role": world.people.identify(row.email).role,
            "active": row.active,
            "groups": list(row.groups),
        }
        for row in world.people.list_people()
    ]
    return {"people": people, "groups": {name: list(of) for name, of in world.people.list_groups().items()}}


def add_person(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Add a person (or change a known one) and put them into groups."""
    by = world.identify(arguments.get("as"))
    email = str(arguments["email"])
    world.people_acts.add_person(email, by=by, name=arguments.get("name") or "", role=arguments.get("role"))
    for group in arguments.get("groups") or []:
        world.people_acts.change_group(group, add=[email], by=by, origin=arguments.get("origin") or "by hand")
    return _show(world, email)


def change_group(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Add and remove members of a group."""
    name = str(arguments["name"])
    world.people_acts.change_group(
        name,
        add=arguments.get("add") or [],
        remove=arguments.get("remove") or [],
        by=world.identify(arguments.get("as")),
    )
    return {"group": name, "members": list(world.people.list_groups().get(name, ()))}


def set_role(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Give a role; `none` takes it."""
    email, role = str(arguments["email"]), str(arguments["role"])
    given = None if role == "none" else role
    world.people_acts.set_role(email, given, by=world.identify(arguments.get("as")))
    return _show(world, email)


def set_active(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """A deactivated person reads nothing."""
    email = str(arguments["email"])
    by = world.identify(arguments.get("as"))
    world.people_acts.set_active(email, active=bool(arguments["active"]), by=by)
    return _show(world, email)


def import_people(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Rows of a CSV with the columns email, name, role, groups (joined by `;`)."""
    try:
        rows = list(csv.DictReader(StringIO(str(arguments["csv"]), newline="")))
    except csv.Error as error:
        raise UsageError(f"the file is not a CSV that can be read: {error}") from error
    if not rows or "email" not in rows[0]:
        raise UsageError(
            "the file has no rows with a column `email`; allowed columns: email, name, role, groups"
        )
    for row in rows:
        groups = [name.strip() for name in (row.get("groups") or "").split(";") if name.strip()]
        person = {"email": row["email"] or "", "name": row.get("name"), "role": row.get("role") or None}
        add_person(world, {**person, "groups": groups, "origin": "CSV", "as": arguments.get("as")}, report)
    return {"people": len(rows)}


def explain_access(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """May this person read this document, and by what."""
    person = world.people.identify(str(arguments["email"]))
    found = world.ledger.find_documents([str(arguments["document"])])[str(arguments["document"])]
    if not found:
        raise UsageError(f"no document {arguments['document']!r}; see `onbrand documents list`")
    document = found[0].document
    matched = sorted(person.principals & frozenset().union(*document.facts.access.clauses))
    return {
        "email": person.email,
        "active": person.active,
        "groups": sorted(person.groups),
        "document": document.path,
        "access": document.facts.access.describe(),
        "may_read": may_read(person, document.facts.access),
        "because_of": matched,
    }


def _show(world: World, email: str) -> dict[str, Any]:
    person = world.people.identify(email)
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "active": person.active,
        "groups": sorted(person.groups),
    }
