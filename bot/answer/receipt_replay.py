"""Runs the checks of a receipt's claims again. Pure; used by `onbrand receipt verify`."""

from collections.abc import Iterator

from bot.answer.claim_checks import list_failed_checks
from bot.answer.evidence import reads_as_stored
from core.receipt_body import ReceiptBody, ReceiptClaim


def list_unproved(body: ReceiptBody) -> tuple[str, ...]:
    """One line for each claim that its sentences do not prove; an official text was proved by who wrote it."""
    if body.official is not None:
        return ()
    return tuple(_check_claims(body))


def _check_claims(body: ReceiptBody) -> Iterator[str]:
    for place, claim in enumerate(body.claims, start=1):
        failed = _list_failed(claim) if body.mode == "model" else _compare_with_sentence(claim)
        if failed:
            yield f"claim {place}: {failed}"


def _list_failed(claim: ReceiptClaim) -> str:
    sentences = [one.sentence for one in claim.evidence]
    above = tuple(part for one in claim.evidence for part in (one.title, one.heading) if part)
    failed = list_failed_checks(claim.text, sentences, context=above)
    return f"does not pass {', '.join(failed)}" if failed else ""


def _compare_with_sentence(claim: ReceiptClaim) -> str:
    is_stored = reads_as_stored(claim.text, [one.sentence for one in claim.evidence])
    return "" if is_stored else "is not the stored text"
