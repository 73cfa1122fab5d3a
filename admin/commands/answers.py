"""`onbrand answers`: official answers."""

from typing import Any

import click

from admin.commands.running import as_json, as_person, print_result, run_one
from admin.render_answers import render_official, render_officials

answer_argument = click.argument("answer", metavar="ANSWER_ID")


@click.group()
def answers() -> None:
    """Official answers: fixed text, served word for word as long as its evidence stands."""


@answers.command("add")
@click.option("--question", "questions", multiple=True, required=True, help="Repeatable: several phrasings.")
@click.option("--text", required=True, help="The answer, word for word.")
@click.option(
    "--evidence",
    multiple=True,
    required=True,
    metavar="DOCUMENT#WORDS",
    help="An approved sentence: DOCUMENT#words of it, or PATH::the whole sentence. Repeatable.",
)
@click.option("--brand", help="Only for questions of this brand and of none.")
@click.option("--until", metavar="DATE", help="Last day on which it is served (YYYY-MM-DD).")
@click.option("--owner", metavar="EMAIL", help="Who answers for it.")
@click.option("--gap", metavar="GAP_ID", help="The gap that it closes.")
@click.option("--reason", required=True, help="Why; kept in the audit.")
@as_person
@as_json
@print_result(render_official)
def add(as_email: str | None, **values: Any) -> Any:
    """Serve a fixed text to a question from now on."""
    return run_one("answers add", {"as": as_email, **values})


@answers.command("list")
@click.option("--all", "retired", is_flag=True, help="Retired ones, too.")
@as_person
@as_json
@print_result(render_officials)
def list_all(retired: bool, as_email: str | None) -> Any:
    """Official answers, and those that are stale with the reason."""
    return run_one("answers list", {"all": retired, "as": as_email})


@answers.command("show")
@answer_argument
@as_person
@as_json
@print_result(render_official)
def show(answer: str, as_email: str | None) -> Any:
    """One official answer with its evidence as it stands now."""
    return run_one("answers show", {"answer": answer, "as": as_email})


@answers.command("retire")
@answer_argument
@click.option("--reason", required=True, help="Why; kept in the audit.")
@as_person
@as_json
@print_result(render_official)
def retire(answer: str, reason: str, as_email: str | None) -> Any:
    """Do not serve it any more."""
    return run_one("answers retire", {"answer": answer, "reason": reason, "as": as_email})
