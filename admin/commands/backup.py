"""`onbrand backup` and `restore`."""

from pathlib import Path
from typing import Any

import click

from admin.commands.running import as_json, as_person, print_result, read_settings, run_one
from admin.render_backup import render_backup, render_restored

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))


@click.command()
@folder_argument
@click.option("--reason", default="", help="Why; kept in the audit.")
@as_person
@as_json
@print_result(render_backup)
def backup(folder: Path, as_email: str | None, reason: str) -> Any:
    """Copy everything to DIR (new or empty) while onbrand runs: database, index, and a manifest of both."""
    return run_one("backup", {"folder": str(folder.absolute()), "as": as_email, "reason": reason})


@click.command()
@folder_argument
@click.option("--replace", is_flag=True, help="Move what is in ONBRAND_HOME aside; nothing is deleted.")
@click.option("--reason", default="", help="Why; kept in the audit.")
@as_json
@print_result(render_restored)
def restore(folder: Path, replace: bool, reason: str) -> Any:
    """Put the backup in DIR into ONBRAND_HOME, which nobody may be using.

    Every file is checked first. A home that holds something is left alone unless --replace is given.
    """
    # Imported here: other commands need not know how a world is put back.
    from admin.restoring import restore_world

    return restore_world(read_settings(), folder.absolute(), replace=replace, reason=reason)
