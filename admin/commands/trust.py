"""`onbrand source trust`, `untrust`, `trusts`, and what `source add` asks at a terminal."""

from collections.abc import Mapping
from typing import Any

import click

from admin.commands.running import as_json, as_person, print_result, run_one
from admin.commands.sync_progress import SyncProgress
from admin.operations.trust import UNCHANGED
from admin.render_sources import render_added_source, render_trust, render_trusts, render_untrust
from core.trust import WHOLE_SOURCE
from core.trust_acts import ALLOWED_STATUSES

reason_option = click.option("--reason", required=True, help="Why; it stands in the report of each sync.")
sync_option = click.option("--sync", "syncs", is_flag=True, help="Sync the source right away.")


def add_trust_commands(source: click.Group) -> None:
    """Puts these commands into the group `source`."""
    for command in (trust, untrust, trusts):
        source.add_command(command)


@click.command()
@click.argument("name")
@click.argument("pattern", default=WHOLE_SOURCE)
@click.option(
    "--status",
    type=click.Choice([*ALLOWED_STATUSES, UNCHANGED]),
    default="approved",
    show_default=True,
    help="unchanged: only the access.",
)
@click.option("--access", help="source, all, or group:NAME,user:EMAIL. Takes an admin.")
@reason_option
@sync_option
@as_person
@as_json
@print_result(render_trust)
def trust(name: str, pattern: str, as_email: str | None, syncs: bool, **values: Any) -> Any:
    """Trust what source NAME holds under PATTERN ('approved/', '**/*.pdf'; all of it without one)."""
    arguments = {"name": name, "pattern": pattern, "as": as_email, "sync": syncs, **values}
    return _run_with_progress("source trust", arguments, syncs=syncs)


@click.command()
@click.argument("rule", metavar="RULE_ID")
@reason_option
@sync_option
@as_person
@as_json
@print_result(render_untrust)
def untrust(rule: str, reason: str, as_email: str | None, syncs: bool) -> Any:
    """End a trust rule: what only it approved is silent from the next sync on."""
    arguments = {"rule": rule, "reason": reason, "as": as_email, "sync": syncs}
    return _run_with_progress("source untrust", arguments, syncs=syncs)


@click.command()
@click.argument("name", required=False)
@click.option("--all", "ended", is_flag=True, help="Rules that have ended, too.")
@as_json
@print_result(render_trusts)
def trusts(name: str | None, ended: bool) -> Any:
    """What is trusted in bulk, by whom and why."""
    return run_one("source trusts", {"name": name, "ended": ended})


def ask_for_trust(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """At a terminal: shows what would be read, and asks what to trust when most files say nothing of their status."""
    if wanted["trust"]:
        return dict(wanted)
    preview = run_one("source add", {**wanted, "preview": True})
    if wanted["type"] != "folder":
        # Whoever reads elsewhere with a key of the company sees first what that key reaches.
        click.echo(render_added_source({**preview, "to_trust": None}), err=True)
        click.confirm("Add this source?", default=True, abort=True, err=True)
    if not preview["files"] or not preview["mostly_unmapped"]:
        return dict(wanted)
    if wanted["type"] == "folder":
        click.echo(render_added_source({**preview, "to_trust": None}), err=True)
    click.echo("Most files say nothing of their status: they are drafts, and drafts never answer.", err=True)
    if not click.confirm("Trust this source as approved?", err=True):
        return dict(wanted)
    access = click.prompt("Who may read it (source, all, group:NAME)", default=wanted["access"], err=True)
    reason = wanted["reason"] or click.prompt("Why is it trusted", err=True)
    return {**wanted, "trust": [WHOLE_SOURCE], "access": access, "reason": reason}


def _run_with_progress(name: str, arguments: Mapping[str, Any], *, syncs: bool) -> Any:
    with SyncProgress(is_shown=syncs) as progress:
        return run_one(name, arguments, progress.show)
