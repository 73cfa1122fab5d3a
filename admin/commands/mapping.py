"""`onbrand source map`."""

from typing import Any, BinaryIO

import click

from admin.commands.running import as_json, as_person, echo_json, run_one
from admin.commands.source_options import is_terminal
from admin.render_mapping import (
    render_mapped,
    render_mapping,
    render_mapping_changes,
    render_mapping_preview,
)
from core.errors import UsageError


def add_mapping_commands(source: click.Group) -> None:
    """Puts this command into the group `source`."""
    source.add_command(map_source)


@click.command("map")
@click.argument("name")
@click.option("--file", "file", type=click.File("rb"), help="Rules in YAML; - reads standard input.")
@click.option("--show", is_flag=True, help="Print the rules that hold, as --file takes them.")
@click.option("--clear", is_flag=True, help="No rules any more.")
@click.option(
    "--preview",
    is_flag=True,
    help="Only show what --file or --clear would change, and which signals there are.",
)
@click.option("--reason", help="Why; it is kept in the audit.")
@as_person
@as_json
def map_source(
    name: str, *, file: BinaryIO | None, show: bool, clear: bool, json_output: bool, **values: Any
) -> None:
    """Say what labels, properties, folders and titles of source NAME mean: kind, status, owner, days, brand."""
    if sum((file is not None, show, clear)) > 1 or (show and values["preview"]):
        raise UsageError("--file, --clear and --show exclude each other, and --show excludes --preview")
    if file is None and not clear and not values["preview"]:
        _show(run_one("source mapping", {"name": name}), render_mapping, json_output=json_output)
        return
    rules = _read_file(file) if file is not None else "" if clear else None
    wanted = {"name": name, "rules": rules, "reason": values["reason"], "as": values["as_email"]}
    if values["preview"]:
        _show(run_one("source map preview", wanted), render_mapping_preview, json_output=json_output)
        return
    if not json_output and is_terminal():
        click.echo(render_mapping_changes(run_one("source map preview", wanted)), err=True)
        click.confirm("Set these rules?", default=True, abort=True, err=True)
    _show(run_one("source map", wanted), render_mapped, json_output=json_output)


def _read_file(file: BinaryIO) -> str:
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"the mapping {file.name!r} is not UTF-8 ({error}); save it as UTF-8") from error


def _show(result: Any, render: Any, *, json_output: bool) -> None:
    if json_output:
        echo_json(result)
    else:
        click.echo(render(result))
