"""`onbrand eval`."""

from pathlib import Path
from typing import Any

import click

from admin.commands.running import as_json, as_person, print_result, run_one
from admin.evals.report_html import build_page
from admin.evals.report_text import render_retrieval
from core.errors import UsageError


@click.group("eval")
def evaluate() -> None:
    """Measure onbrand on questions of your own whose answers are known."""


@evaluate.command("retrieval")
@click.option(
    "--questions",
    "file",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON lines with id, question, type, gold (path and snippet), answer, must_contain, must_not_contain.",
)
@as_person
@click.option("--on", metavar="DATE", help="As of this day (YYYY-MM-DD) instead of today.")
@click.option("--brand", help="This brand and what belongs to no brand.")
@click.option("--limit", type=click.IntRange(10, 100), default=10, show_default=True, help="Passages read.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page with plots too.")
@as_json
@print_result(render_retrieval)
def retrieval(file: Path, as_email: str | None, html: Path | None, **options: Any) -> Any:
    """Is the right passage found? By type of question, with intervals, and the misses to read."""
    try:
        questions = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the file {str(file)!r} cannot be read: {error}") from error
    result = run_one("eval retrieval", {"questions": questions, "as": as_email, **options})
    if html is not None:
        _write_page(html, build_page(result))
    return result


def _write_page(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the page cannot be written to {str(path)!r}: {error}") from error
