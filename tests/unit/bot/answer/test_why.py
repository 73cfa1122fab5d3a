"""Promises of bot/answer/why.py: the reason for an absent answer, without a leak."""

from datetime import date

import pytest

from bot.answer.why import NOTHING_FOUND, explain_absence, list_reasons
from core.access import OPEN_TO_ALL, AccessList
from core.documents import Validity
from index.search import FoundPassage
from tests.fakes.answer_world import DAY, ask, build_found

SALES_ONLY = AccessList((frozenset({"group:sales"}),))
PAST, FUTURE = Validity(valid_until=date(2026, 10, 14)), Validity(valid_from=date(2026, 10, 16))
SECRET = "Project Nightjar"


@pytest.mark.parametrize(
    ("hidden", "reason", "words"),
    [
        (build_found("x", status="draft", title=SECRET), "not_approved", "approve it"),
        (build_found("x", status="retired", title=SECRET), "not_approved", "approve it"),
        (build_found("x", validity=PAST, title=SECRET), "out_of_date", "replaces it"),
        (build_found("x", validity=FUTURE, title=SECRET), "not_yet_valid", "may be used"),
        (build_found("x", access=SALES_ONLY, title=SECRET), "other_audience", "access"),
    ],
)
def test_each_reason_is_named_with_its_next_step_and_without_the_title(
    hidden: FoundPassage, reason: str, words: str
) -> None:
    why = explain_absence(ask("nightjar?"), [hidden])
    assert list_reasons(ask("nightjar?"), [hidden]) == (reason,)
    assert words in why
    assert SECRET not in why


def test_several_reasons_are_named_together() -> None:
    hidden = [build_found("x", status="draft", access=SALES_ONLY), build_found("x", validity=PAST)]
    assert explain_absence(ask("?"), hidden) == (
        "There is material on this, but it is not approved, is out of date or is meant for another audience. "
        "Please ask the brand team to approve it, what replaces it or for access."
    )


def test_both_ends_of_validity_belong_to_the_period() -> None:
    today = build_found("x", validity=Validity(valid_from=DAY, valid_until=DAY), access=OPEN_TO_ALL)
    assert list_reasons(ask("?"), [today]) == ()


def test_nothing_hidden_is_said_plainly() -> None:
    assert explain_absence(ask("?"), []) == NOTHING_FOUND
