"""`onbrand source` and `onbrand sync`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import click

from admin.commands.running import as_json, as_person, echo_json, print_result, run_one
from admin.render import render_source_added, render_sources, render_sync
from core.documents import KINDS, ON_CHANGE


@click.group()
def source() -> None:
    """Where documents come from."""


@source.command("add")
@click.argument("type_name", metavar="TYPE")
@click.argument("name")
@click.option("--path", type=click.Path(path_type=Path), help="Folder of a folder source.")
@click.option("--brand", help="Brand of all its documents.")
@click.option("--status", type=click.Choice(["approved", "draft"]), default="draft", show_default=True)
@click.option("--document-kind", "kind", type=click.Choice(KINDS), default="other", show_default=True)
@click.option("--access", default="source", show_default=True, help="source, all, or group:NAME,user:EMAIL.")
@click.option("--on-change", type=click.Choice(ON_CHANGE), default="keep_approved", show_default=True)
@as_person
@as_json
@print_result(render_source_added)
def add(type_name: str, name: str, path: Path | None, as_email: str | None, **declared: Any) -> Any:
    """Add a source of TYPE (folder) under NAME. What a document says about itself stands above these options."""
    options = {} if path is None else {"path": str(path.expanduser().resolve())}
    return run_one(
        "source add", {"type": type_name, "name": name, "options": options, "as": as_email, **declared}
    )


@source.command("list")
@as_json
@print_result(render_sources)
def list_all() -> Any:
    """All sources and their last sync."""
    return run_one("source list", {})


@source.command("remove")
@click.argument("name")
@as_person
@as_json
@print_result(
    lambda removed: (
        f"Removed {removed['name']} with {removed['documents']} document(s). Its files are untouched."
    )
)
def remove(name: str, as_email: str | None) -> Any:
    """Forget a source and all its documents; its files are not touched."""
    return run_one("source remove", {"name": name, "as": as_email})


@click.command()
@click.argument("name", required=False)
@click.option("--full", is_flag=True, help="Read every file again, changed or not.")
@click.option("--wait", is_flag=True, help="Wait for the end (always so at present).")
@as_json
def sync(name: str | None, full: bool, wait: bool, json_output: bool) -> None:  # noqa: ARG001 - --wait is a stable option
    """Bring the index up to date with one source, or all of them."""
    with _Progress(is_shown=not json_output) as progress:
        reports = run_one("sync", {"name": name, "full": full}, progress.show)
    if json_output:
        echo_json(reports[0] if len(reports) == 1 else reports)
    else:
        click.echo("\n".join(render_sync(report) for report in reports))
    sys.exit(1 if any(report["failed"] for report in reports) else 0)


class _Progress:
    """A bar on a terminal, a plain line every fifty files elsewhere; always on standard error."""

    def __init__(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._is_terminal = sys.stderr.isatty()
        self._bar: Any = None
        self._source = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()

    def show(self, progress: Mapping[str, Any]) -> None:
        """Take one progress report of a sync."""
        if not self._is_shown:
            return
        if not self._is_terminal:
            if progress["done"] % 50 == 0 and progress["done"] < progress["total"]:
                click.echo(f"{progress['source']}: {progress['done']} of {progress['total']} files", err=True)
            return
        if progress["source"] != self._source:
            self._open(progress)
        self._bar.update(progress["done"] - self._bar.pos)

    def _open(self, progress: Mapping[str, Any]) -> None:
        self._close()
        self._source = progress["source"]
        self._bar = click.progressbar(
            length=progress["total"], label=self._source, file=sys.stderr, show_pos=True
        )
        self._bar.__enter__()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
