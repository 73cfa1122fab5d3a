"""`onbrand retention`, and under `onbrand people`: export and erase."""

from typing import Any

import click

from admin.commands.people import people
from admin.commands.running import as_json, as_person, echo_json, print_result, run_one
from admin.render_audit import render_erased, render_hold, render_retention, render_thinned

needed_reason = click.option("--reason", required=True, help="Why; kept in the audit.")
reason_option = click.option("--reason", default="", help="Why; kept in the audit.")
slack_option = click.option(
    "--slack-user", "slack_users", multiple=True, metavar="ID", help="Their user id in Slack. Repeatable."
)


@click.group()
def retention() -> None:
    """What is kept how long, and what must not go."""


@retention.command("show")
@as_person
@as_json
@print_result(render_retention)
def show(as_email: str | None) -> Any:
    """What is kept for how many days, how much is due now, and the holds that stand."""
    return run_one("retention show", {"as": as_email})


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only count.")
@reason_option
@as_person
@as_json
@print_result(render_thinned)
def run(dry_run: bool, reason: str, as_email: str | None) -> Any:
    """Remove now what is due; `onbrand up` does it once a day."""
    return run_one("retention run", {"dry_run": dry_run, "reason": reason, "as": as_email})


@retention.command("hold")
@click.argument("email", required=False)
@needed_reason
@as_person
@as_json
@print_result(render_hold)
def hold(email: str | None, reason: str, as_email: str | None) -> Any:
    """Keep what is stored about EMAIL (without it: everything) until the hold is released."""
    return run_one("retention hold", {"email": email, "reason": reason, "as": as_email})


@retention.command("release")
@click.argument("hold_id")
@needed_reason
@as_person
@as_json
@print_result(render_hold)
def release(hold_id: str, reason: str, as_email: str | None) -> Any:
    """End a hold."""
    return run_one("retention release", {"hold_id": hold_id, "reason": reason, "as": as_email})


@people.command("export")
@click.argument("email")
@slack_option
@reason_option
@as_person
def export_person(email: str, **values: Any) -> None:
    """Print everything stored about EMAIL as one JSON object."""
    as_email = values.pop("as_email")
    echo_json(run_one("people export", {"email": email, "as": as_email, **values}))


@people.command("erase")
@click.argument("email")
@click.option("--texts", is_flag=True, help="Also the words of the questions they asked.")
@slack_option
@needed_reason
@as_person
@as_json
@print_result(render_erased)
def erase_person(email: str, as_email: str | None, **values: Any) -> Any:
    """Remove EMAIL: person, aliases, roles, memberships, and the name on questions. It cannot be undone.

    Rows of the audit stay: they prove who did what. The output says what stays and why.
    """
    return run_one("people erase", {"email": email, "as": as_email, **values})
