"""`onbrand documents`."""

from typing import Any

import click

from admin.commands.running import as_json, as_person, print_result, run_one
from admin.render import render_document, render_documents
from core.documents import STATUSES
from core.errors import UsageError

documents_argument = click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
reason_option = click.option("--reason", default="", help="Why; kept in the audit.")


@click.group()
def documents() -> None:
    """What is known, and what may answer. DOCUMENT is an id, a path, or SOURCE:PATH."""


@documents.command("list")
@click.option("--source", help="Only of this source.")
@click.option("--status", type=click.Choice(STATUSES), help="Only of this status.")
@as_json
@print_result(render_documents)
def list_all(source: str | None, status: str | None) -> Any:
    """All documents with status, dates and access."""
    return run_one("documents list", {"source": source, "status": status})


@documents.command("show")
@click.argument("document")
@as_json
@print_result(render_document)
def show(document: str) -> Any:
    """One document with its text."""
    return run_one("documents show", {"document": document})


@documents.command("approve")
@documents_argument
@reason_option
@as_person
@as_json
@print_result(render_documents)
def approve(documents: tuple[str, ...], reason: str, as_email: str | None) -> Any:
    """Let the latest revision answer."""
    return run_one("documents approve", {"documents": documents, "reason": reason, "as": as_email})


@documents.command("retire")
@documents_argument
@reason_option
@as_person
@as_json
@print_result(render_documents)
def retire(documents: tuple[str, ...], reason: str, as_email: str | None) -> Any:
    """Silence documents, whatever their source says."""
    return run_one("documents retire", {"documents": documents, "reason": reason, "as": as_email})


@documents.command("set")
@documents_argument
@click.option("--field", "fields", multiple=True, required=True, metavar="NAME=VALUE", help="Repeatable.")
@reason_option
@as_person
@as_json
@print_result(render_documents)
def set_fields(documents: tuple[str, ...], fields: tuple[str, ...], reason: str, as_email: str | None) -> Any:
    """Set title, kind, brand, owner, valid_from, valid_until, access, url, classification; an empty VALUE opens it."""
    values = dict(_split_field(field) for field in fields)
    arguments = {"documents": documents, "fields": values, "reason": reason, "as": as_email}
    return run_one("documents set", arguments)


def _split_field(field: str) -> tuple[str, str]:
    name, sign, value = field.partition("=")
    if not sign:
        raise UsageError(
            f"--field {field!r} is not understood; allowed: NAME=VALUE, for example valid_until=2027-01-31"
        )
    return name.strip(), value.strip()
