"""`onbrand documents`."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from admin.commands.running import as_json, as_person, print_result, run_one
from admin.render_documents import render_difference, render_document, render_documents, render_reviews
from core.documents import STATUSES
from core.errors import UsageError

documents_argument = click.argument("documents", nargs=-1, metavar="[DOCUMENT]...")
reason_option = click.option("--reason", default="", help="Why; kept in the audit.")
where_option = click.option(
    "--where", metavar="NAME=VALUE,…", help="Instead of naming them: all documents for which this holds."
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Only list the documents that it would change.")

Command = Callable[..., Any]


def as_act(command: Command) -> Command:
    """The options that every act on documents has; its result is the list of documents as they are then."""
    for decorate in reversed(
        (documents_argument, where_option, dry_run_option, reason_option, as_person, as_json)
    ):
        command = decorate(command)
    return command


@click.group()
def documents() -> None:
    """What is known, and what may answer. DOCUMENT is an id, a path, or SOURCE:PATH."""


@documents.command("list")
@click.option("--source", help="Only of this source.")
@click.option("--status", type=click.Choice(STATUSES), help="Only of this status.")
@click.option("--where", metavar="NAME=VALUE,…", help="Only those for which this holds.")
@as_json
@print_result(render_documents)
def list_all(source: str | None, status: str | None, where: str | None) -> Any:
    """All documents with status, dates and access."""
    return run_one("documents list", {"source": source, "status": status, "where": where})


@documents.command("show")
@click.argument("document")
@as_json
@print_result(render_document)
def show(document: str) -> Any:
    """One document with its text."""
    return run_one("documents show", {"document": document})


@documents.command("diff")
@click.argument("document")
@click.option("--older", type=int, help="Number of a revision; else the one that answers.")
@click.option("--newer", type=int, help="Number of a revision; else the latest one.")
@as_json
@print_result(render_difference)
def diff(document: str, older: int | None, newer: int | None) -> Any:
    """What a newer draft changes, sentence by sentence."""
    return run_one("documents diff", {"document": document, "older": older, "newer": newer})


@documents.command("review")
@as_json
@print_result(render_reviews)
def review() -> Any:
    """What waits for you: drafts, newer drafts, overdue reviews, ends in sight, owners who left."""
    return run_one("documents review", {})


@documents.command("approve")
@as_act
@print_result(render_documents)
def approve(**arguments: Any) -> Any:
    """Let the latest revision answer."""
    return _run_act("approve", arguments)


@documents.command("retire")
@as_act
@print_result(render_documents)
def retire(**arguments: Any) -> Any:
    """Silence documents, whatever their source says."""
    return _run_act("retire", arguments)


@documents.command("extend")
@click.option("--until", metavar="DAY", help="New last day of validity.")
@click.option("--review-by", metavar="DAY", help="Day of the next review; else as usual for the kind.")
@as_act
@print_result(render_documents)
def extend(**arguments: Any) -> Any:
    """Looked at and still right: reviewed today, and valid until a later day where one is given."""
    return _run_act("extend", arguments)


@documents.command("set")
@click.option("--field", "fields", multiple=True, required=True, metavar="NAME=VALUE", help="Repeatable.")
@as_act
@print_result(render_documents)
def set_fields(fields: tuple[str, ...], **arguments: Any) -> Any:
    """Set title, kind, brand, owner, valid_from, valid_until, review_by, access, url, classification.

    An empty VALUE opens a field. An admin's access replaces the source's; a curator's holds beside it and so can
    only narrow it.
    """
    return _run_act("set", {**arguments, "fields": dict(_split_field(field) for field in fields)})


def _run_act(name: str, arguments: Mapping[str, Any]) -> Any:
    given = dict(arguments)
    return run_one(f"documents {name}", {**given, "as": given.pop("as_email")})


def _split_field(field: str) -> tuple[str, str]:
    name, sign, value = field.partition("=")
    if not sign:
        raise UsageError(
            f"--field {field!r} is not understood; allowed: NAME=VALUE, for example valid_until=2027-01-31"
        )
    return name.strip(), value.strip()
