"""`onbrand undo`."""

from typing import Any

import click

from admin.commands.running import as_json, as_person, print_result, run_one
from admin.render_documents import render_undone


@click.command()
@click.argument("numbers", nargs=-1, type=int, metavar="[ACT]...")
@click.option("--batch", help="Instead: all acts of one command, by the batch that the audit shows.")
@click.option("--reason", default="", help="Why; kept in the audit.")
@as_person
@as_json
@print_result(render_undone)
def undo(numbers: tuple[int, ...], batch: str | None, reason: str, as_email: str | None) -> Any:
    """Take acts back by their number in the audit (`onbrand audit list`). An undo can be undone."""
    return run_one("undo", {"numbers": numbers, "batch": batch, "reason": reason, "as": as_email})
