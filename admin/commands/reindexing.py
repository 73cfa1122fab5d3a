"""`onbrand reindex` and `onbrand index`."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from admin.commands.running import as_json, as_person, echo_json, print_result, run_one
from admin.commands.sync_progress import SyncProgress
from admin.operations.reindexing import open_unanswered, run_reindex, run_rollback
from admin.render_index import render_index, render_reindexed, render_rolled_back
from admin.render_jobs import render_jobs
from core.errors import UsageError
from core.local_socket import Report
from core.settings import Settings
from index.assembly import IndexMismatch

LABEL = "the index"

with_option = click.option(
    "--with",
    "lines",
    multiple=True,
    metavar="NAME=VALUE",
    help="Build by another embedder: the ONBRAND_EMBEDDER… lines that .env will have. Repeatable.",
)
reason_option = click.option("--reason", default="", help="Why; kept in the audit.")


@click.command()
@click.option("--wait", is_flag=True, help="Return when it has ended, with what it did.")
@click.option("--force", is_flag=True, help="Switch even where a check says not to; it is kept in the audit.")
@click.option(
    "--questions",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Golden questions to ask of both indexes; else those of ONBRAND_REINDEX_QUESTIONS.",
)
@with_option
@reason_option
@as_person
@as_json
def reindex(*, wait: bool, file: Path | None, json_output: bool, **options: Any) -> None:
    """Build a new index from the stored text beside the one that answers, check it, and switch in one step.

    A run that was stopped goes on where it was. After it, `onbrand index rollback` goes back.
    """
    wishes = {"wait": wait, "force": options["force"], "questions": _read_file(file)}
    done = _run("reindex", run_reindex, {**_name_arguments(options), **wishes}, is_shown=not json_output)
    if "job" in done:
        echo_json(done) if json_output else click.echo(render_jobs([done]))
        return
    echo_json(done) if json_output else click.echo(render_reindexed(done))
    sys.exit(0 if done["state"] == "switched" else 1)


@click.group()
def index() -> None:
    """The generations of the index."""


@index.command("show")
@as_json
@print_result(render_index)
def show() -> Any:
    """Which generation answers, which is kept, which is being built."""
    return run_one("index show", {})


@index.command("rollback")
@with_option
@reason_option
@as_person
@as_json
def rollback(*, json_output: bool, **options: Any) -> None:
    """Let the index before the last switch answer again, with all that has changed since."""
    done = _run("index rollback", run_rollback, _name_arguments(options), is_shown=not json_output)
    echo_json(done) if json_output else click.echo(render_rolled_back(done))
    sys.exit(0 if done["state"] == "switched" else 1)


def _run(
    name: str, run_here: Callable[..., dict[str, Any]], arguments: Mapping[str, Any], *, is_shown: bool
) -> dict[str, Any]:
    with SyncProgress(is_shown=is_shown) as progress:

        def show_progress(one: Mapping[str, Any]) -> None:
            progress.show({**one, "source": LABEL})

        try:
            return dict(run_one(name, arguments, show_progress))
        except IndexMismatch:
            return _run_unanswered(run_here, arguments, show_progress)


def _run_unanswered(
    run_here: Callable[..., dict[str, Any]], arguments: Mapping[str, Any], report: Report
) -> dict[str, Any]:
    # .env names another embedder already: nothing can answer before the new index does.
    with open_unanswered(Settings.from_environment()) as world:
        return run_here(world, arguments, report)


def _name_arguments(options: Mapping[str, Any]) -> dict[str, Any]:
    return {"with": list(options["lines"]), "reason": options["reason"], "as": options["as_email"]}


def _read_file(path: Path | None) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig") if path else None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the questions in {str(path)!r} cannot be read: {error}") from error
