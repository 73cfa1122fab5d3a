"""`onbrand ask` and `onbrand search`."""

import sys
from typing import Any

import click

from admin.commands.running import as_json, as_person, echo_json, run_batch, run_one
from admin.render import render_answer, render_results
from core.errors import UsageError

LINE_FIELDS = ("question", "as", "brand", "on")
ASK_FIELDS = (*LINE_FIELDS, "after")

question_argument = click.argument("question", required=False)
batch_option = click.option(
    "--batch", metavar="FILE", help="JSON lines with `id` and `question`; `-` reads standard input."
)
brand_option = click.option("--brand", help="This brand and what belongs to no brand.")
day_option = click.option("--on", metavar="DATE", help="As of this day (YYYY-MM-DD) instead of today.")


@click.command()
@question_argument
@as_person
@brand_option
@day_option
@click.option("--after", metavar="RECEIPT", help='Go on from this answer of yours: "and in Germany?"')
@click.option("--thinking", is_flag=True, help="Let the model think first: slower.")
@click.option("--no-model", is_flag=True, help="Closest approved passages only; no generated word.")
@batch_option
@as_json
def ask(question: str | None, batch: str | None, json_output: bool, **options: Any) -> None:
    """Answer a QUESTION from approved material, with its proof."""
    common = {
        "as": options["as_email"],
        "brand": options["brand"],
        "on": options["on"],
        "thinking": options["thinking"],
        "use_model": not options["no_model"],
        "after": options["after"],
    }
    if _is_batch(question, batch):
        # A file of questions measures; it is nobody who waits for an answer.
        common["is_recorded"] = False
        done = run_batch("ask", str(batch), common=common, accepted=ASK_FIELDS, lists=("earlier",))
        sys.exit(0 if done else 1)
    answer = run_one("ask", {"question": question, **common})
    if json_output:
        echo_json(answer)
    else:
        click.echo(render_answer(answer))


@click.command()
@question_argument
@as_person
@brand_option
@day_option
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="Most results.")
@batch_option
@as_json
def search(question: str | None, batch: str | None, json_output: bool, **options: Any) -> None:
    """Show the passages found for a QUESTION, best first."""
    common = {
        "as": options["as_email"],
        "brand": options["brand"],
        "on": options["on"],
        "limit": options["limit"],
    }
    if _is_batch(question, batch):
        sys.exit(0 if run_batch("search", str(batch), common=common, accepted=LINE_FIELDS) else 1)
    found = run_one("search", {"question": question, **common})
    if json_output:
        echo_json(found)
    else:
        click.echo(render_results(found))


def _is_batch(question: str | None, batch: str | None) -> bool:
    if (question is None) == (batch is None):
        raise UsageError("give either a question or --batch FILE")
    return batch is not None
