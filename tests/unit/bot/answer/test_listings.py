"""Promises of bot/answer/listings.py and what it reads with: all that run, none that is over or has not begun."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.answer.listing_wishes import ListingWish, asks_for_listing
from bot.answer.listings import MOST_LISTED, explain_listing, list_running
from bot.answer.spans import find_span
from bot.answer.words import list_content_words
from core.documents import Validity
from core.running_documents import Span
from index.search import FoundPassage
from tests.fakes.answer_world import DAY, build_found

stems = list_content_words
SAMPLES = Path(__file__).parents[4] / "samples"
MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))


def build_cta(
    name: str, *, page: str = "Home page", start: str = "2026-01-01", end: str = ""
) -> FoundPassage:
    last = f" · Live until: {end}" if end else ""
    validity = Validity(date.fromisoformat(start), date.fromisoformat(end) if end else None)
    text = f"CTA: {name} · Page: {page} · Audience: Chief financial officers · Live from: {start}{last}"
    return build_found(text, document_id=name, title=name, validity=validity)


def list_names(question: str, rows: Sequence[FoundPassage], *, on: date = DAY) -> list[str]:
    wish = asks_for_listing(question, today=on)
    assert wish is not None
    claims = list_running(wish, [(one.document, one.passage) for one in rows], [], on=on)
    return [claim.evidence[0].title for claim in claims]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("as of 3 March", "2026-03-03", "2026-03-03"),
        ("as of 2026-02-28", "2026-02-28", "2026-02-28"),
        ("on March 3rd, 2025", "2025-03-03", "2025-03-03"),
        ("in March", "2026-03-01", "2026-03-31"),
        ("as of March", "2026-03-01", "2026-03-31"),
        ("in February 2024", "2024-02-01", "2024-02-29"),
        ("in Q1 2027", "2027-01-01", "2027-03-31"),
        ("in the last quarter of 2025", "2025-10-01", "2025-12-31"),
        ("in 2025", "2025-01-01", "2025-12-31"),
        ("this month", "2026-10-01", "2026-10-31"),
        ("last quarter", "2026-07-01", "2026-09-30"),
        ("next year", "2027-01-01", "2027-12-31"),
    ],
)
def test_days_months_quarters_and_years_are_read(text: str, first: str, last: str) -> None:
    found = find_span(f"campaigns running {text}?", today=DAY)
    assert found is not None
    assert found.span == Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["on the page", "as of 31 February", "may we run it", "until March"])
def test_what_names_no_days_is_no_span(text: str) -> None:
    assert find_span(text, today=DAY) is None


@pytest.mark.parametrize(
    ("question", "wish"),
    [
        (
            "What are the active CTAs for the enterprise landing page?",
            ListingWish("cta", (stems("enterprise landing page"),)),
        ),
        ("what's the button on the pricing page", ListingWish("cta", (stems("pricing page"),))),
        ("Enterprise landing page CTAs right now?", ListingWish("cta", (stems("enterprise landing page"),))),
        ("current campaigns", ListingWish("campaign")),
        ("which campaigns ran in March", ListingWish("campaign", (), MARCH)),
        ("which quotes may we still use", ListingWish("quote")),
        ("which quotes about savings are still valid", ListingWish("quote", (stems("savings"),))),
        ("which battlecards are current", ListingWish("battlecard")),
        ("which photos may we still use for print", ListingWish("asset", (stems("photos"), stems("print")))),
    ],
)
def test_question_for_all_that_run_tells_kind_conditions_and_days(question: str, wish: ListingWish) -> None:
    assert asks_for_listing(question, today=DAY) == wish


@pytest.mark.parametrize(
    "question",
    [
        "budget of the current campaign",
        "which campaign has the highest budget",
        "which campaigns use Harbour Navy",
        "how do we run campaigns",
        "who runs the campaign now",
        "when does the campaign end",
        "is the Rotterdam campaign still running",
        "rules for button text? how many words",
        "savings quote we may use right now",
        "which campaigns do we have",
        "which quotes do we have",
        "click rate of the current CTA last month",
        "",
        "which campaigns run " + "x" * 300,
    ],
)
def test_other_question_about_campaigns_asks_for_no_list(question: str) -> None:
    assert asks_for_listing(question, today=DAY) is None


def test_of_all_sample_questions_only_those_for_a_list_are_read_so() -> None:
    lines = [
        json.loads(line)
        for name in ("questions.jsonl", "unanswerable.jsonl")
        for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()
    ]
    asked = {one["id"] for one in lines if asks_for_listing(one["question"], today=DAY)}
    assert asked == {"S051", "S052", "S053", "U026"}


def test_all_that_run_are_listed_by_their_last_day_and_nothing_else() -> None:
    rows = [
        build_cta("open"),
        build_cta("late", end="2026-12-31"),
        build_cta("soon", end="2026-10-15"),
        build_cta("over", end="2026-10-14"),
        build_cta("future", start="2026-10-16"),
    ]
    assert list_names("list all active CTAs", rows) == ["soon", "late", "open"]


def test_month_lists_what_met_it_and_opens_no_embargo() -> None:
    rows = [
        build_cta("ended in it", end="2026-03-01"),
        build_cta("began in it", start="2026-03-31", end="2026-04-05"),
        build_cta("before", end="2026-02-28"),
        build_cta("embargoed", start="2026-11-16"),
    ]
    assert list_names("which CTAs ran in March", rows) == ["ended in it", "began in it"]
    assert list_names("which CTAs run in December", rows) == []


def test_each_condition_must_stand_in_one_cell() -> None:
    rows = [
        build_cta("Start", page="Enterprise landing page"),
        build_cta("Start Enterprise now", page="Pricing landing page"),
    ]
    assert list_names("active CTAs for the enterprise landing page", rows) == ["Start"]
    assert list_names("active CTAs for CFOs", rows) == ["Start", "Start Enterprise now"]
    assert list_names("active CTAs for plant managers", rows) == []


def test_what_a_cell_denies_does_not_meet_a_condition() -> None:
    rows = [
        build_found("Asset: Photo one · Use on: Web only, no print", document_id="a", title="no"),
        build_found("Asset: Photo two · Use on: Web and print", document_id="b", title="yes"),
    ]
    assert list_names("which photos may we still use for print", rows) == ["yes"]


def test_campaign_is_a_brief_and_not_the_column_of_another_sheet() -> None:
    brief = build_found(
        "Runs from May.", "It is a long story of five weeks.", document_id="brief", title="Brief"
    )
    row = build_found("CTA: Start · Campaign: Spring", document_id="row", title="Row")
    wish = ListingWish("campaign")
    claims = list_running(wish, [(row.document, row.passage)], [(brief.document, brief.passage)], on=DAY)
    assert [(one.text, one.evidence[0].title) for one in claims] == [
        ("It is a long story of five weeks.", "Brief")
    ]


def test_rows_of_a_table_in_a_document_run_by_their_own_days() -> None:
    table = build_found(
        "CTA: One · Live until: 2026-10-14",
        "CTA: Two · Live until: 2026-10-20",
        "CTA: Three · Status: retired",
    )
    claims = list_running(ListingWish("cta"), [], [(table.document, table.passage)], on=DAY)
    assert [one.text for one in claims] == ["CTA: Two · Live until: 2026-10-20"]
    assert claims[0].evidence[0].valid_until == date(2026, 10, 20)


def test_same_call_to_action_is_listed_once_with_its_days() -> None:
    mention = build_found("Place: Page · Call to action: Start", document_id="brief", title="Brief")
    claims = list_running(
        ListingWish("cta"),
        [(build_cta("Start").document, build_cta("Start").passage)],
        [(mention.document, mention.passage)],
        on=DAY,
    )
    assert [one.evidence[0].title for one in claims] == ["Start"]


@pytest.mark.parametrize(
    ("wish", "count", "why"),
    [
        (ListingWish("cta"), 3, "All 3 that run on 2026-10-15."),
        (ListingWish("cta"), 1, "The only one that runs on 2026-10-15."),
        (ListingWish("quote"), 2, "All 2 that may be used on 2026-10-15."),
        (ListingWish("campaign", (), MARCH), 2, "All 2 that ran between 2026-03-01 and 2026-03-31."),
    ],
)
def test_line_over_a_list_says_that_it_is_whole_and_for_which_day(
    wish: ListingWish, count: int, why: str
) -> None:
    assert explain_listing(wish, count=count, on=DAY) == why


def test_line_over_a_long_list_says_how_many_there_are() -> None:
    assert f"The first {MOST_LISTED} of 31 " in explain_listing(ListingWish("cta"), count=31, on=DAY)
