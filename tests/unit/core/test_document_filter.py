"""Naming many documents by what holds of them."""

from datetime import date

import pytest

from core.access import OPEN_TO_ALL
from core.document_filter import parse_filter
from core.documents import AnsweringDocument, Facts
from core.errors import UsageError
from core.ledger import DocumentRow

TODAY = date(2026, 10, 15)
CARD = DocumentRow(
    AnsweringDocument(
        "d1",
        2,
        "drive",
        "sales/card.md",
        "Card",
        Facts("approved", OPEN_TO_ALL, kind="battlecard", brand="Pel"),
        owner="Ada@pelmarrow.example",
        newer_draft=True,
        review_by=date(2026, 10, 1),
    ),
    3,
    {},
    is_removed=False,
)


@pytest.mark.parametrize(
    "text",
    [
        "source=drive",
        "path=sales/*",
        "kind=battlecard",
        "status=approved",
        "brand=Pel",
        "owner=ada@PELMARROW.example",
        "classification=quote",
        "access=all",
        "newer_draft=yes",
        "overdue=yes",
        " kind = battlecard , source=drive ",
    ],
)
def test_document_is_named_by_what_holds_of_it(text: str) -> None:
    assert parse_filter(text)(CARD, TODAY)


@pytest.mark.parametrize(
    "text",
    ["source=wiki", "path=*.pdf", "brand=", "newer_draft=no", "overdue=no", "kind=battlecard,source=wiki"],
)
def test_all_pairs_must_hold(text: str) -> None:
    assert not parse_filter(text)(CARD, TODAY)


@pytest.mark.parametrize("text", ["", "kind", "colour=red", "kind=battlecard,source", ","])
def test_filter_that_is_not_understood_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(
        UsageError, match="allowed: NAME=VALUE, several joined by commas, of source, path, kind"
    ):
        parse_filter(text)


def test_switch_takes_yes_or_no() -> None:
    with pytest.raises(UsageError, match="overdue 'maybe' is not understood; allowed: yes, no"):
        parse_filter("overdue=maybe")(CARD, TODAY)
