"""What waits for a curator, and why."""

from dataclasses import replace
from datetime import date

import pytest

from core.access import OPEN_TO_ALL
from core.documents import AnsweringDocument, Facts, Status, Validity
from core.ledger import DocumentRow
from core.review_queue import list_review_items

TODAY = date(2026, 10, 15)
GOOD = AnsweringDocument(
    "d", 1, "kit", "a.md", "A", Facts("approved", OPEN_TO_ALL), owner="ada@pelmarrow.example"
)


def list_reasons(document: AnsweringDocument) -> tuple[str, ...]:
    row = DocumentRow(document, document.revision, {}, is_removed=False)
    items = list_review_items([row], gone={"gil@pelmarrow.example"}, on=TODAY)
    return items[0].reasons if items else ()


def with_end(day: date) -> AnsweringDocument:
    return replace(GOOD, facts=replace(GOOD.facts, validity=Validity(None, day)))


def with_status(status: Status) -> AnsweringDocument:
    return replace(GOOD, facts=replace(GOOD.facts, status=status), owner=None)


@pytest.mark.parametrize(
    ("document", "reasons"),
    [
        (GOOD, ()),
        (with_status("draft"), ("waits for approval",)),
        (with_status("retired"), ()),
        (replace(GOOD, newer_draft=True), ("a newer draft waits",)),
        (replace(GOOD, review_by=date(2026, 10, 14)), ("review was due on 2026-10-14",)),
        (replace(GOOD, review_by=TODAY), ()),
        (with_end(date(2026, 11, 14)), ("ends on 2026-11-14",)),
        (with_end(date(2026, 11, 15)), ()),
        (with_end(date(2026, 10, 14)), ()),
        (replace(GOOD, owner=None), ("has no owner",)),
        (replace(GOOD, owner="Gil@pelmarrow.example"), ("its owner Gil@pelmarrow.example has left",)),
    ],
)
def test_document_waits_for_each_reason_that_holds(
    document: AnsweringDocument, reasons: tuple[str, ...]
) -> None:
    assert list_reasons(document) == reasons


def test_all_reasons_are_told_at_once() -> None:
    document = replace(with_end(date(2026, 10, 20)), owner=None, newer_draft=True)
    assert list_reasons(document) == ("a newer draft waits", "ends on 2026-10-20", "has no owner")
