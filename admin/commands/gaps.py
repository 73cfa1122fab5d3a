"""`onbrand gaps`."""

from typing import Any

import click

from admin.commands.running import as_json, as_person, print_result, run_one
from admin.render_answers import render_gap, render_gaps
from core.gap_acts import GAP_STATES, OPEN

gap_argument = click.argument("gap", metavar="GAP_ID")


@click.group()
def gaps() -> None:
    """Questions that nobody could answer from approved material, like ones together."""


@gaps.command("list")
@click.option("--state", type=click.Choice([*GAP_STATES, "all"]), default=OPEN, show_default=True)
@as_person
@as_json
@print_result(render_gaps)
def list_all(state: str, as_email: str | None) -> Any:
    """Gaps, most asked first."""
    return run_one("gaps list", {"state": state, "as": as_email})


@gaps.command("show")
@gap_argument
@as_person
@as_json
@print_result(render_gap)
def show(gap: str, as_email: str | None) -> Any:
    """One gap with everything that was asked."""
    return run_one("gaps show", {"gap": gap, "as": as_email})


@gaps.command("close")
@gap_argument
@click.option(
    "--reason", required=True, help="Why nothing is to be done; kept with the gap and in the audit."
)
@as_person
@as_json
@print_result(render_gap)
def close(gap: str, reason: str, as_email: str | None) -> Any:
    """Nothing is to be done about it."""
    return run_one("gaps close", {"gap": gap, "reason": reason, "as": as_email})


@gaps.command("reopen")
@gap_argument
@click.option("--reason", default="", help="Why; kept with the gap and in the audit.")
@as_person
@as_json
@print_result(render_gap)
def reopen(gap: str, reason: str, as_email: str | None) -> Any:
    """It waits for an answer again."""
    return run_one("gaps reopen", {"gap": gap, "reason": reason, "as": as_email})
