"""`onbrand source` and `onbrand sync`."""

import sys
from typing import Any

import click

from admin.commands.mapping import add_mapping_commands
from admin.commands.running import as_json, as_person, echo_json, print_result, read_settings, run_one
from admin.commands.source_options import SourceCommand, ask_for_options, is_terminal, take_options
from admin.commands.sync_progress import SyncProgress
from admin.commands.trust import add_trust_commands, ask_for_trust
from admin.render import render_sources
from admin.render_jobs import render_jobs
from admin.render_sources import (
    render_added_source,
    render_removed_source,
    render_set_source,
    render_synced,
)
from core.documents import KINDS, ON_CHANGE


@click.group()
def source() -> None:
    """Where documents come from."""


@source.command("add", cls=SourceCommand)
@click.argument("type_name", metavar="TYPE")
@click.argument("name")
@click.option("--brand", help="Brand of all its documents.")
@click.option("--status", type=click.Choice(["approved", "draft"]), default="draft", show_default=True)
@click.option("--document-kind", "kind", type=click.Choice(KINDS), default="other", show_default=True)
@click.option("--access", default="source", show_default=True, help="source, all, or group:NAME,user:EMAIL.")
@click.option("--on-change", type=click.Choice(ON_CHANGE), default="keep_approved", show_default=True)
@click.option(
    "--trust",
    multiple=True,
    metavar="PATTERN",
    help="Trust these as approved: 'approved/', '**'. Repeatable.",
)
@click.option("--reason", help="Why; it is kept in the audit. Needed with --trust.")
@click.option("--preview", is_flag=True, help="Only show what would be read; add nothing.")
@as_person
@as_json
def add(type_name: str, name: str, *, json_output: bool, as_email: str | None, **values: Any) -> None:
    """Add a source of TYPE under NAME. What a document says about itself stands above these options.

    Secrets come from the environment or ONBRAND_SECRETS_FILE: ONBRAND_SOURCE_<NAME>_<OPTION>.
    """
    options = take_options(values)
    is_asking = not json_output and is_terminal()
    if is_asking:
        options = ask_for_options(type_name, name, options, read_settings())
    wanted = {"type": type_name, "name": name, "options": options, "as": as_email, **values}
    if is_asking and not wanted["preview"]:
        wanted = ask_for_trust(wanted)
    added = run_one("source add", wanted)
    if json_output:
        echo_json(added)
    else:
        click.echo(render_added_source(added))


@source.command("set", cls=SourceCommand)
@click.argument("name")
@click.option("--brand", help="Brand of all its documents; '' for none.")
@click.option("--document-kind", "kind", type=click.Choice(KINDS))
@click.option("--on-change", type=click.Choice(ON_CHANGE), help="What a change of an approved document does.")
@click.option(
    "--schedule", help="When it is synced: 'every 30 minutes', a cron line '0 6 * * mon-fri', or off."
)
@click.option(
    "--stale-after",
    "stale_after_hours",
    metavar="HOURS",
    help="Without a sync for so long, answers from it say so and an alert goes out; off for never.",
)
@click.option("--reason", help="Why; it is kept in the audit.")
@as_person
@as_json
@print_result(render_set_source)
def set_fields(name: str, reason: str | None, as_email: str | None, **fields: str | None) -> Any:
    """Change what holds for all documents of a source that say nothing else, or options of its type ('': none)."""
    options = take_options(fields)
    given = {field: value for field, value in fields.items() if value is not None}
    said = {"name": name, "fields": given, "options": options, "reason": reason, "as": as_email}
    return run_one("source set", said)


@source.command("list")
@as_json
@print_result(render_sources)
def list_all() -> Any:
    """All sources and their last sync."""
    return run_one("source list", {})


@source.command("remove")
@click.argument("name")
@click.option("--reason", help="Why; it is kept in the audit.")
@as_person
@as_json
@print_result(render_removed_source)
def remove(name: str, reason: str | None, as_email: str | None) -> Any:
    """Silence a source and all its documents; its files are not touched."""
    return run_one("source remove", {"name": name, "reason": reason, "as": as_email})


add_trust_commands(source)
add_mapping_commands(source)


@click.command()
@click.argument("name", required=False)
@click.option("--full", is_flag=True, help="Read every file again, changed or not.")
@click.option(
    "--allow-removals",
    "--allow-empty",
    "allow_empty",
    is_flag=True,
    help="What is gone from the source is rightly gone, however much: silence it. Needs NAME.",
)
@click.option(
    "--access-only",
    is_flag=True,
    help="Only what takes access away or has gone, and what is said beside files; no new content.",
)
@click.option(
    "--wait/--no-wait",
    default=True,
    show_default=True,
    help="Whether to wait for the end, or only ask for it.",
)
@as_json
def sync(name: str | None, *, wait: bool, json_output: bool, **wishes: bool) -> None:
    """Bring the index up to date with one source, or all of them."""
    with SyncProgress(is_shown=wait and not json_output) as progress:
        results = run_one("sync", {"name": name, "wait": wait, **wishes}, progress.show)
    # Where nobody works the command has carried them out itself, whether it was to wait or not.
    are_jobs = all("job" in result for result in results)
    if json_output:
        echo_json(results[0] if len(results) == 1 else results)
    elif are_jobs:
        click.echo(render_jobs(results))
    else:
        click.echo("\n".join(render_synced(report) for report in results))
    sys.exit(1 if not are_jobs and any(report["failed"] for report in results) else 0)
