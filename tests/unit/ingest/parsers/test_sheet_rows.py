"""Sheets row by row: the words of a row to the letter, its consent, and by what it is known again."""

import io
from collections.abc import Mapping
from datetime import date

import pytest
from openpyxl import Workbook

from bot.answer.cells import read_cells
from bot.answer.quoted_speech import list_quotations
from core.documents import ParsedDocument
from core.errors import UsageError
from core.table_rows import ROW_NOTE, check_columns
from ingest.chunk import split_into_passages
from ingest.parsers.consent import read_consent
from ingest.parsers.parser import FileUnreadable, RowMapping
from ingest.parsers.registry import parse_file

QUOTES = {"quote": "What they said", "speaker": "Who", "company": "Firm", "consent": "OK to use"}
NO_CONSENTS = (
    *("no", "", " ", "revoked", "Withdrawn", "verbal only", "not approved", "yes/no", "pending", "x", "?"),
    *(
        "asked",
        "until next year",
        "yes until 2026-02-30",
        "FALSE",
        "0",
        "1",
        "signed 2024-03-01",
        "31.12.2027",
    ),
)
CTAS = {"cta": "Button", "page": "Where", "valid_from": "Live from", "valid_until": "Live until"}


def parse(mapping: Mapping[str, str], *lines: str) -> tuple[ParsedDocument, ...]:
    return parse_file("rows.csv", "\n".join(lines).encode(), rows=RowMapping(mapping))


def parse_quote(consent: str, **more: str) -> ParsedDocument:
    headers, cells = "".join(f";{name}" for name in more.values()), ";".join(("", *more))
    (document,) = parse(
        {**QUOTES, **{name: name for name in more.values()}},
        f"What they said;Who;Firm;OK to use{headers}",
        f"It just works.;Ann Otter;Otter Ltd;{consent}{cells if more else ''}",
    )
    return document


def test_quotation_stands_first_under_a_name_that_answers_know_with_who_said_it() -> None:
    (document,) = parse(
        QUOTES,
        "Firm,Topic,OK to use,Who,What they said",
        'Otter Ltd,Speed,yes,Ann Otter,"We went live in nine days: nobody noticed."',
    )
    (block,) = document.blocks
    assert block.text == (
        "Quote: We went live in nine days: nobody noticed. · Speaker: Ann Otter · Company: Otter Ltd · "
        "Consent: yes · Topic: Speed"
    )
    assert document.title == "Ann Otter, Otter Ltd"
    (passage,) = split_into_passages(document)
    (quotation,) = list_quotations(passage)
    assert (quotation.words, quotation.speaker) == (
        "We went live in nine days: nobody noticed.",
        "Ann Otter, Otter Ltd",
    )
    assert quotation.text == passage.text == block.text


@pytest.mark.parametrize(
    "words",
    [
        "We went live  in nine days.\n\n  Nobody noticed.",
        "«\u00a0It just works.\u00a0»",  # French marks with the spaces that belong to them
        "“Twelve days – I have waited longer for a desk.”",
        "It\tjust works · really: yes",
    ],
)
def test_quotation_keeps_every_blank_line_and_mark_of_its_cell(words: str) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Who", "What they said"])
    sheet.append(["Ann  Otter", f" {words} "])
    stream = io.BytesIO()
    book.save(stream)
    rows = RowMapping({"quote": "What they said", "speaker": "Who"})
    (document,) = parse_file("q.xlsx", stream.getvalue(), rows=rows)
    (passage,) = split_into_passages(document)
    assert passage.text == f"Quote: {words} · Speaker: Ann  Otter"
    assert [words in sentence for sentence in passage.sentence_texts()] == [True]


def test_invisible_characters_are_no_part_of_a_quotation() -> None:
    (document,) = parse({"quote": "Q"}, "Q,N", "It\u200b just\u00ad  works.,1")
    assert document.blocks[0].text == "Quote: It just  works. · N: 1"


def test_call_to_action_is_the_passage_and_the_title_and_its_page_stands_beside_it() -> None:
    first, second = parse(
        CTAS,
        "Button,Where,Live from,Live until,Owner",
        "Book a walkthrough,Enterprise landing page,2026-09-07,2026-11-30,ann",
        "Try it free,https://www.otter.example/enterprise,2026-01-12,,ann",
    )
    assert first.title == "Book a walkthrough"
    assert first.blocks[0].text.startswith("CTA: Book a walkthrough · Page: Enterprise landing page · ")
    assert first.metadata == {"valid_from": date(2026, 9, 7), "valid_until": date(2026, 11, 30)}
    assert second.metadata == {
        "url": "https://www.otter.example/enterprise",
        "valid_from": date(2026, 1, 12),
    }
    cells = read_cells(second.blocks[0].text)
    assert (cells["CTA"], cells["Page"]) == ("Try it free", "https://www.otter.example/enterprise")


@pytest.mark.parametrize("page", ["http://x.example/a", "https://x.example/a and more", "the home page"])
def test_page_that_is_no_link_is_only_searched(page: str) -> None:
    (document,) = parse({"cta": "C", "page": "P"}, "C;P", f"Go;{page}")
    assert document.metadata == {}
    assert page in document.blocks[0].text


def test_mapped_link_stands_above_that_of_the_page() -> None:
    (document,) = parse(
        {"cta": "C", "page": "P", "url": "L"}, "C;P;L", "Go;https://x.example/a;https://x.example/b"
    )
    assert document.metadata == {"url": "https://x.example/b"}


@pytest.mark.parametrize(
    "cell",
    ["yes", "Approved", "TRUE", "written", "Written consent", "yes (by email)", "✓", "Signed.", "erteilt"],
)
def test_consent_leaves_the_status_of_the_row_as_it_is(cell: str) -> None:
    document = parse_quote(cell)
    assert document.metadata == {}
    assert parse_quote(cell, approved="status").metadata == {"status": "approved"}


@pytest.mark.parametrize("cell", NO_CONSENTS)
def test_row_without_a_consent_is_a_draft_whatever_it_says_itself_and_a_note_says_why(cell: str) -> None:
    document = parse_quote(cell, approved="status")
    assert document.metadata["status"] == "draft"
    why = str(document.metadata[ROW_NOTE])
    assert (repr(cell.strip()) in why) if cell.strip() else why == "rows without a consent stay drafts"


def test_retired_row_without_a_consent_stays_retired() -> None:
    assert parse_quote("no", Retired="status").metadata["status"] == "retired"


@pytest.mark.parametrize(
    "cell", ["2027-05-31", "until 2027-05-31", "yes, until 2027-05-31.", "Written (valid till 2027-05-31)"]
)
def test_day_in_the_consent_is_the_last_day_of_the_row(cell: str) -> None:
    assert parse_quote(cell).metadata == {"valid_until": date(2027, 5, 31)}


@pytest.mark.parametrize(
    ("ends", "last"),
    [("2027-01-31", date(2027, 1, 31)), ("2028-01-31", date(2027, 5, 31)), ("soon", "soon")],
)
def test_earlier_of_two_last_days_holds_and_what_is_no_day_is_left_to_be_refused(
    ends: str, last: object
) -> None:
    assert parse_quote("2027-05-31", **{ends: "valid_until"}).metadata == {"valid_until": last}


def test_sheet_without_the_column_of_consents_has_none() -> None:
    book = Workbook()
    first, second = book.worksheets[0], book.create_sheet("Old")
    first.append(["What they said", "Who", "Firm", "OK to use"])
    first.append(["It just works.", "Ann", "Otter", "yes"])
    second.append(["What they said", "Who"])
    second.append(["It worked.", "Bob"])
    stream = io.BytesIO()
    book.save(stream)
    new, old = parse_file("q.xlsx", stream.getvalue(), rows=RowMapping(QUOTES))
    assert (new.metadata.get("status"), old.metadata["status"]) == (None, "draft")


def test_consent_that_is_withdrawn_makes_another_document_so_that_no_approval_outlives_it() -> None:
    given, withdrawn = parse_quote("yes"), parse_quote("withdrawn")
    assert given.part == "it-just-works"
    assert withdrawn.part == "it-just-works-without-consent"
    assert parse_quote("approved until 2027-01-01").part == given.part


def test_quotations_of_one_speaker_are_told_apart_by_their_own_words() -> None:
    lines = ["What they said;Who;Firm;OK to use", "It works.;Ann;Otter;yes", "So fast.;Ann;Otter;yes"]
    one, two = parse(QUOTES, *lines)
    (alone,) = parse(QUOTES, *lines[:2])
    assert (one.part, two.part, alone.part) == ("it-works", "so-fast", "it-works")
    assert one.title == two.title == "Ann, Otter"


def test_rows_with_one_call_to_action_are_told_apart_by_their_page() -> None:
    lines = ["Button;Where;Live from;Live until", "Try it;Home;;", "Try it;Prices;;2027-01-01"]
    one, two = parse(CTAS, *lines)
    assert one.part != two.part
    later = parse(CTAS, lines[0], lines[2].replace("2027", "2028"), lines[1])
    assert {document.part for document in later} == {one.part, two.part}


def test_other_columns_keep_their_headers_and_none_takes_the_name_of_a_mapped_one() -> None:
    (document,) = parse({"quote": "Said", "status": "State"}, "Said;Quote;State;", "It works.;7 EUR;draft;x")
    assert document.blocks[0].text == "Quote: It works. · Quote (other): 7 EUR · x"
    assert document.metadata == {"status": "draft"}


def test_missing_column_of_words_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FileUnreadable, match=r"no column 'Firm' \(mapped to 'company'\).*'Said', 'Who'"):
        parse({"quote": "Said", "company": "Firm"}, "Said;Who", "It works.;Ann")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"quotes": "Q"}, "rows cannot map quotes; allowed: title, brand, .*, quote, speaker"),
        ({"quote": ""}, "quote needs the header of a column"),
        ({"quote": True}, "quote needs the header of a column"),
        ({}, "rows must map"),
        ("Quote", "rows must map .* received str"),
    ],
)
def test_columns_are_checked_by_name(columns: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        check_columns(columns)
    assert check_columns({"quote": " Q ", "valid_until": 2026}) == {"quote": "Q", "valid_until": "2026"}


def test_long_cell_is_not_repeated_whole_in_the_note() -> None:
    assert len(read_consent("maybe " * 500).why) < 200
