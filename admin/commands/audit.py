"""`onbrand audit`."""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import click

from admin.commands.running import as_json, as_person, echo_json, print_result, run_one
from admin.render_audit import render_audit, render_verified
from core.errors import UsageError

since_option = click.option("--since", metavar="DATE", help="First day (YYYY-MM-DD).")
until_option = click.option("--until", metavar="DATE", help="Last day (YYYY-MM-DD).")


@click.group()
def audit() -> None:
    """Who did what, when and why. For people with the role auditor or admin."""


@audit.command("list")
@click.option("--subject", help="One subject, such as `person EMAIL`, or a whole kind, such as `person`.")
@click.option("--act", help="Only this act, such as approve.")
@click.option("--by", metavar="EMAIL", help="Only acts by this person.")
@since_option
@until_option
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Most rows.")
@as_person
@as_json
@print_result(render_audit)
def list_rows(as_email: str | None, **values: Any) -> Any:
    """The newest rows first."""
    return run_one("audit list", {**values, "as": as_email})


@audit.command("verify")
@click.option(
    "--head", metavar="NUMBER:HASH", help="A head noted earlier: the chain must still hold that row."
)
@as_person
@as_json
def verify(head: str | None, as_email: str | None, json_output: bool) -> None:
    """Find rows that were changed, removed, inserted, put in another order or cut off; exit 1 if there are any.

    Someone who rewrites the whole database, its noted head included, is caught only by a head that you keep
    elsewhere: note the one that is printed, and give it with --head later.
    """
    found = run_one("audit verify", {"head": head, "as": as_email})
    if json_output:
        echo_json(found)
    else:
        click.echo(render_verified(found))
    sys.exit(0 if found["ok"] else 1)


@audit.command("export")
@click.option("--since", required=True, metavar="DATE", help="First day (YYYY-MM-DD).")
@click.option("--until", required=True, metavar="DATE", help="Last day (YYYY-MM-DD).")
@click.option("--file", type=click.Path(path_type=Path), help="Write here, readable by you alone.")
@click.option("--reason", default="", help="Why; kept in the audit.")
@as_person
def export(file: Path | None, as_email: str | None, **values: Any) -> None:
    """Rows of a period as JSON lines, with their hashes, so that others can check the chain.

    The first line names the period, the head and how to check.
    """
    with ExitStack() as stack:
        out: list[TextIO] = []

        def write(progress: Mapping[str, Any]) -> None:
            # Opened with the first lines only: a refused export leaves no file.
            if not out:
                out.append(stack.enter_context(_open_private(file)) if file else sys.stdout)
            for line in progress["lines"]:
                out[0].write(json.dumps(line, ensure_ascii=False) + "\n")

        done = run_one("audit export", {**values, "as": as_email}, write)
    if file:
        click.echo(f"{done['rows']} row(s) written to {file}.")


def _open_private(file: Path) -> TextIO:
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise UsageError(f"the file {str(file)!r} cannot be written: {error}") from error
    return os.fdopen(number, "w", encoding="utf-8")
