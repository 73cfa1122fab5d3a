"""`onbrand eval`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from admin.commands.running import as_json, as_person, print_result, run_one
from admin.evals.answers_html import build_answers_page
from admin.evals.answers_text import render_answers
from admin.evals.endpoints import read_endpoints
from admin.evals.golden import write_lines
from admin.evals.report_html import build_page
from admin.evals.report_text import render_retrieval
from core.endpoint_keys import find_endpoint_key
from core.errors import UsageError
from core.settings import Settings

REPORT_EVERY = 25

questions_option = click.option(
    "--questions",
    "file",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON lines with id, question, type, gold (path and snippet), answer, must_contain, must_not_contain.",
)
day_option = click.option("--on", metavar="DATE", help="As of this day (YYYY-MM-DD) instead of today.")
brand_option = click.option("--brand", help="This brand and what belongs to no brand.")
page_option = click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page with plots too."
)


@click.group("eval")
def evaluate() -> None:
    """Measure onbrand on questions of your own whose answers are known."""


@evaluate.command("retrieval")
@questions_option
@as_person
@day_option
@brand_option
@click.option("--limit", type=click.IntRange(10, 100), default=10, show_default=True, help="Passages read.")
@page_option
@as_json
@print_result(render_retrieval)
def retrieval(file: Path, as_email: str | None, html: Path | None, **options: Any) -> Any:
    """Is the right passage found? By type of question, with intervals, and the misses to read."""
    result = run_one("eval retrieval", {"questions": _read_file(file), "as": as_email, **options})
    if html is not None:
        _write_file(html, build_page(result))
    return result


@evaluate.command("answers")
@questions_option
@click.option("--no-model", is_flag=True, help="Closest approved passages only; no endpoint is asked.")
@click.option(
    "--endpoint",
    "endpoints",
    multiple=True,
    metavar="NAME=URL,MODEL",
    help="A column of its own, instead of the configured model; repeatable. A third part is its dialect. "
    "Key: ONBRAND_LLM_KEY_<NAME>, else ONBRAND_LLM_KEY. What the asker may read is sent there.",
)
@click.option("--thinking", is_flag=True, help="Let the models think first: slower.")
@as_person
@day_option
@brand_option
@click.option(
    "--prices",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON or CSV: model, input_per_million, output_per_million, currency. Without it no cost is shown.",
)
@page_option
@as_json
@print_result(render_answers)
def answers(  # noqa: PLR0913 - one parameter for each option that is not passed on as it is
    *,
    file: Path,
    as_email: str | None,
    no_model: bool,
    endpoints: Sequence[str],
    prices: Path | None,
    html: Path | None,
    **options: Any,
) -> Any:
    """Is the answer right, and proved by the right sentence? By type, side by side over endpoints, with the misses."""
    if no_model and endpoints:
        raise UsageError("--no-model and --endpoint exclude each other; give one of them")
    wanted = {
        "questions": _read_file(file),
        "prices": _read_file(prices) if prices else None,
        "endpoints": _describe_endpoints(endpoints),
        "use_model": not no_model,
        "as": as_email,
    }
    result = run_one("eval answers", {**wanted, **options}, _show_progress)
    if html is not None:
        _write_file(html, build_answers_page(result))
    return result


@evaluate.command("golden")
@click.option("--since", metavar="DATE", help="Answers of this day (YYYY-MM-DD) and later; without it: all.")
@click.option("--limit", type=click.IntRange(min=1), help="Only so many receipts, the newest.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where the questions are written; a file that exists is not overwritten.",
)
@as_json
@print_result(
    lambda result: f"{result['written']} questions of {result['receipts']} receipts in {result['file']}"
)
def golden(*, since: str | None, limit: int | None, out: Path) -> Any:
    """Fill a questions file from receipts: what was asked and cited. Prune it: only what was right is golden."""
    if out.exists():
        raise UsageError(f"the file {str(out)!r} exists; give another name, or remove it")
    found = run_one("eval golden", {"since": since, "limit": limit})
    _write_file(out, write_lines(found["golden"]))
    return {"file": str(out), "receipts": found["receipts"], "written": len(found["golden"])}


def _describe_endpoints(given: Sequence[str]) -> list[dict[str, Any]]:
    """JSON-ready, with the keys of this command's own environment: the owner of the world may have others."""
    settings = Settings.from_environment()
    return [
        asdict(replace(one, key=find_endpoint_key(settings, name=one.name, url=one.url)))
        for one in read_endpoints(given)
    ]


def _show_progress(progress: Mapping[str, Any]) -> None:
    if progress["done"] % REPORT_EVERY == 0:
        click.echo(f"{progress['column']}: {progress['done']} of {progress['total']} questions", err=True)


def _read_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the file {str(path)!r} cannot be read: {error}") from error


def _write_file(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the file {str(path)!r} cannot be written: {error}") from error
