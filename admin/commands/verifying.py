"""`onbrand verify`: the claim checks alone, for trying and for tests."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from admin.commands.running import as_json, echo_json, read_lines
from bot.answer.claim_checks import CHECKS, list_failed_checks
from core.errors import UsageError


@click.command()
@click.argument("claim", required=False)
@click.option(
    "--sentence", "sentences", multiple=True, help="A stored sentence that the claim cites; repeatable."
)
@click.option(
    "--batch", metavar="FILE", help="JSON lines with `claim` and `sentences`; `-` reads standard input."
)
@as_json
def verify(claim: str | None, sentences: tuple[str, ...], batch: str | None, json_output: bool) -> None:
    """Check whether SENTENCES prove a CLAIM. Exit 1 when they do not; with --batch, when a line cannot be read."""
    if (claim is None) == (batch is None) or (claim is not None and not sentences):
        raise UsageError("give either a claim with --sentence, or --batch FILE")
    if batch is not None:
        results = [_run_line(line, number) for number, line in read_lines(batch)]
        for result in results:
            click.echo(json.dumps(result, ensure_ascii=False))
        sys.exit(1 if any("error" in one for one in results) else 0)
    result = judge_claim({"claim": claim, "sentences": list(sentences)})
    if json_output:
        echo_json(result)
    else:
        click.echo("supported" if result["supported"] else f"not supported: {', '.join(result['failed'])}")
    sys.exit(0 if result["supported"] else 1)


def judge_claim(fields: Mapping[str, Any]) -> dict[str, Any]:
    """`claim`, `sentences` and optionally `quote`, `context` -> `supported` and the checks that failed."""
    claim, sentences = fields.get("claim"), fields.get("sentences")
    if not isinstance(claim, str):
        raise UsageError(f"`claim` must be a text, not {claim!r}")
    context, quote = fields.get("context") or [], fields.get("quote") or ""
    if not _is_texts(sentences) or not _is_texts(context):
        raise UsageError("`sentences` (and `context`, if given) must be lists of texts")
    if not isinstance(quote, str):
        raise UsageError(f"`quote` must be a text, not {quote!r}")
    failed = list_failed_checks(claim, list(sentences or ()), quote=quote, context=list(context))
    return {"supported": not failed, "failed": list(failed)}


def _run_line(line: str, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except ValueError as error:
        return {"line": number, "error": f"not a JSON object: {error}"}
    if not isinstance(fields, dict):
        return {"line": number, "error": "not a JSON object"}
    named = {"id": fields["id"]} if "id" in fields else {}
    try:
        return {**named, **judge_claim(fields)}
    except UsageError as error:
        return {**named, "line": number, "error": str(error)}


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


verify.epilog = "Checks: " + ", ".join(CHECKS)
