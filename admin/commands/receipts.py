"""`onbrand receipt` and `onbrand recall`."""

import sys
from typing import Any

import click

from admin.commands.running import as_json, as_person, echo_json, print_result, run_one
from admin.render_receipts import render_recall, render_receipt, render_verified
from core.errors import UsageError


@click.group()
def receipt() -> None:
    """What proves an answer: every answer leaves a receipt, and its id stands with it."""


@receipt.command("show")
@click.argument("receipt_id", metavar="ID")
@as_person
@as_json
@print_result(render_receipt)
def show(receipt_id: str, as_email: str | None) -> Any:
    """One receipt: question, claims, the stored sentences behind them, and the way to the answer."""
    return run_one("receipt show", {"receipt": receipt_id, "as": as_email})


@receipt.command("verify")
@click.argument("receipt_id", metavar="[ID]", required=False)
@click.option("--all", "every", is_flag=True, help="All receipts; so too without an ID.")
@click.option(
    "--head", metavar="NUMBER:HASH", help="A head noted earlier: the chain must still hold that row."
)
@as_person
@as_json
def verify(receipt_id: str | None, every: bool, json_output: bool, **values: Any) -> None:
    """Replay the checks; exit 1 if anything is wrong.

    The chain must be whole, each text and sentence must give its hash, and each claim must be proved by the
    sentences it cites. A document that has changed since is a note and no failure.
    """
    if receipt_id and (every or values["head"]):
        raise UsageError("give one receipt by its ID, or --all (with --head); not both")
    found = run_one(
        "receipt verify", {"receipt": receipt_id, "head": values["head"], "as": values["as_email"]}
    )
    if json_output:
        echo_json(found)
    else:
        click.echo(render_verified(found))
    sys.exit(0 if found["ok"] else 1)


@click.command("recall")
@click.argument("document")
@as_person
@as_json
@print_result(render_recall)
def recall(document: str, as_email: str | None) -> Any:
    """Every answer that cited DOCUMENT (its id, a path, or SOURCE:PATH), the newest first."""
    return run_one("recall", {"document": document, "as": as_email})
