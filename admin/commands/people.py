"""`onbrand people`."""

from pathlib import Path
from typing import Any

import click

from admin.commands.running import as_json, as_person, print_result, run_one
from admin.render_people import (
    render_access,
    render_group,
    render_import,
    render_mismatches,
    render_people,
    render_person,
    render_readers,
)
from core.access import ROLES
from core.errors import UsageError


@click.group()
def people() -> None:
    """Who may ask, curate and administer, and in which groups they are."""


@people.command("list")
@as_json
@print_result(render_people)
def list_all() -> Any:
    """Everybody known, and all groups."""
    return run_one("people list", {})


@people.command("add")
@click.argument("email")
@click.option("--name", default="")
@click.option("--role", type=click.Choice(ROLES))
@click.option("--group", "groups", multiple=True, help="Repeatable.")
@as_person
@as_json
@print_result(render_person)
def add(email: str, as_email: str | None, **values: Any) -> Any:
    """Add a person, or change a known one."""
    return run_one("people add", {"email": email, "as": as_email, **values})


@people.command("group")
@click.argument("name")
@click.option("--add", multiple=True, metavar="MEMBER", help="E-mail, or group:NAME. Repeatable.")
@click.option("--remove", multiple=True, metavar="MEMBER", help="E-mail, or group:NAME. Repeatable.")
@as_person
@as_json
@print_result(render_group)
def group(name: str, add: tuple[str, ...], remove: tuple[str, ...], as_email: str | None) -> Any:
    """Add members to a group and remove them; without options, show it."""
    return run_one("people group", {"name": name, "add": add, "remove": remove, "as": as_email})


@people.command("rename-group")
@click.argument("old")
@click.argument("new")
@as_person
@as_json
@print_result(render_group)
def rename_group(old: str, new: str, as_email: str | None) -> Any:
    """Give group OLD the name NEW; access lists that name OLD still hold."""
    return run_one("people rename-group", {"old": old, "new": new, "as": as_email})


@people.command("alias")
@click.argument("email")
@click.option("--add", multiple=True, metavar="OTHER", help="Another e-mail of this person. Repeatable.")
@click.option("--remove", multiple=True, metavar="OTHER", help="No longer theirs. Repeatable.")
@as_person
@as_json
@print_result(render_person)
def alias(email: str, add: tuple[str, ...], remove: tuple[str, ...], as_email: str | None) -> Any:
    """Add other e-mails of EMAIL and remove them; without options, show them."""
    return run_one("people alias", {"email": email, "add": add, "remove": remove, "as": as_email})


@people.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice([*ROLES, "none"]))
@click.option("--brand", metavar="B", help="Only for the documents of this brand.")
@as_person
@as_json
@print_result(render_person)
def role(email: str, role: str, brand: str | None, as_email: str | None) -> Any:
    """Give a role, or take it (none)."""
    return run_one("people role", {"email": email, "role": role, "brand": brand, "as": as_email})


@people.command("deactivate")
@click.argument("email")
@as_person
@as_json
@print_result(render_person)
def deactivate(email: str, as_email: str | None) -> Any:
    """From now on this person has no groups and no role, and reads what ONBRAND_DEACTIVATED_PEOPLE says."""
    return run_one("people active", {"email": email, "active": False, "as": as_email})


@people.command("activate")
@click.argument("email")
@as_person
@as_json
@print_result(render_person)
def activate(email: str, as_email: str | None) -> Any:
    """Undo a deactivation."""
    return run_one("people active", {"email": email, "active": True, "as": as_email})


@people.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@as_person
@as_json
@print_result(render_import)
def import_csv(file: Path, as_email: str | None) -> Any:
    """Take over a CSV FILE with the columns email, name, role, groups (joined by `;`).

    It is a whole listing: memberships by an earlier file that this one no longer names end.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the file {str(file)!r} cannot be read: {error}") from error
    return run_one("people import", {"csv": text, "as": as_email})


@people.command("explain")
@click.argument("email")
@click.argument("document")
@as_json
@print_result(render_access)
def explain(email: str, document: str) -> Any:
    """May EMAIL read DOCUMENT, by what, and if not, what is in the way."""
    return run_one("people explain", {"email": email, "document": document})


@people.command("readers")
@click.argument("document")
@as_json
@print_result(render_readers)
def readers(document: str) -> Any:
    """The known people who may read DOCUMENT, and by what."""
    return run_one("people readers", {"document": document})


@people.command("match")
@as_json
@print_result(render_mismatches)
def match() -> Any:
    """Names in access lists, groups and roles that match nobody."""
    return run_one("people match", {})
