"""What a curator should look at, and why. Pure; used by the command line, and by Slack and the console later."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.ledger import DocumentRow

ENDING_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A document with every reason to look at it, in plain words."""

    row: DocumentRow
    reasons: tuple[str, ...]


def list_review_items(
    rows: Iterable[DocumentRow], *, gone: Collection[str], on: date
) -> tuple[ReviewItem, ...]:
    """The documents that wait for somebody. `gone` are e-mails (lower case) of people who left."""
    items = (ReviewItem(row, tuple(_list_reasons(row, gone, on))) for row in rows)
    return tuple(item for item in items if item.reasons)


def _list_reasons(row: DocumentRow, gone: Collection[str], on: date) -> Iterable[str]:
    document = row.document
    owner, until = (document.owner or "").lower(), document.facts.validity.valid_until
    if document.facts.status == "draft":
        yield "waits for approval"
    if document.newer_draft:
        yield "a newer draft waits"
    if document.facts.status != "approved" or (until is not None and until < on):
        return
    if document.is_overdue(on):
        yield f"review was due on {document.review_by}"
    if until is not None and until <= on + ENDING_SOON:
        yield f"ends on {until}"
    if not owner:
        yield "has no owner"
    elif owner in gone:
        yield f"its owner {document.owner} has left"
