"""Workbooks made here with openpyxl, and CSV files."""

import io
from collections.abc import Sequence
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from core.documents import ParsedDocument
from ingest.parsers.parser import FileUnreadable, RowMapping
from ingest.parsers.registry import parse_file

_NO_ROWS = RowMapping()
_QUOTES = [
    ("Quote", "Customer", "Approved until"),
    ("We went live in nine days. Nobody noticed.", "Acme", date(2026, 3, 31)),
    ("It just works.", "Beta", None),
    ("It just works.", "Gamma", date(2027, 1, 1)),
]


def _build_book(**sheets: Sequence[Sequence[object]]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for line in table:
            sheet.append(list(line))
    return book


def _parse(book: Workbook, rows: RowMapping = _NO_ROWS) -> tuple[ParsedDocument, ...]:
    stream = io.BytesIO()
    book.save(stream)
    return parse_file("book.xlsx", stream.getvalue(), rows=rows)


def _list(document: ParsedDocument) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def test_sheet_gives_its_name_and_rows_with_headers() -> None:
    (document,) = _parse(_build_book(Quotes=_QUOTES))
    assert _list(document) == [
        ("heading", "Quotes"),
        (
            "table_row",
            "Quote: We went live in nine days. Nobody noticed. · Customer: Acme · Approved until: 2026-03-31",
        ),
        ("table_row", "Quote: It just works. · Customer: Beta"),
        ("table_row", "Quote: It just works. · Customer: Gamma · Approved until: 2027-01-01"),
    ]


def test_lines_above_the_header_and_single_columns_are_paragraphs() -> None:
    (document,) = _parse(
        _build_book(A=[("CTA list",), (), ("CTA", "Page"), ("Try it", "Home")], B=[("Only",)])
    )
    assert _list(document) == [
        ("heading", "A"),
        ("paragraph", "CTA list"),
        ("table_row", "CTA: Try it · Page: Home"),
        ("heading", "B"),
        ("paragraph", "Only"),
    ]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (7.0, "General", "7"),
        (9.5, "0.00", "9.5"),
        (0.07, "0%", "7%"),
        (0.125, "0.0%", "12.5%"),
        (1e16, "General", "10000000000000000"),
        (True, "General", "TRUE"),
        (datetime(2026, 3, 1), "DD.MM.YYYY", "2026-03-01"),  # noqa: DTZ001 - Excel knows no zones
        (datetime(2026, 3, 1, 9, 30), "DD.MM.YYYY HH:MM", "2026-03-01 09:30"),  # noqa: DTZ001 - Excel knows no zones
        ("two\nlines", "General", "two\nlines"),
    ],
)
def test_cell_shows_its_value_plainly(value: object, number_format: str, shown: str) -> None:
    book = _build_book(A=[("Name", "Value"), ("x", value)])
    book["A"]["B2"].number_format = number_format
    assert _list(_parse(book)[0])[-1] == ("table_row", f"Name: x · Value: {shown}")


def test_error_values_and_hidden_sheets_are_not_read() -> None:
    book = _build_book(A=[("Name", "Value"), ("x", "#REF!")], Old=[("a", "b"), ("c", "d")])
    book["Old"].sheet_state = "hidden"
    assert _list(_parse(book)[0]) == [("heading", "A"), ("table_row", "Name: x")]


def test_mapped_rows_become_documents_of_their_own() -> None:
    rows = RowMapping({"title": "quote", "valid_until": "Approved until"})
    first, second, third = _parse(_build_book(Quotes=_QUOTES), rows)
    assert first.title == "We went live in nine days. Nobody noticed."
    assert first.part == "Quotes/we-went-live-in-nine-days-nobody-noticed"
    assert first.metadata == {"title": first.title, "valid_until": date(2026, 3, 31)}
    assert [block.kind for block in first.blocks] == ["heading", "table_row"]
    assert second.metadata == {"title": "It just works."}
    assert second.part != third.part
    assert {one.part.rpartition("-")[0] for one in (second, third)} == {"Quotes/it-just-works"}


def test_long_title_of_a_row_is_cut() -> None:
    (document,) = _parse(_build_book(Q=[("T", "B"), ("word " * 60, "x")]), RowMapping({"title": "T"}))
    assert document.title is not None
    assert 100 < len(document.title) <= 120


def test_mapping_that_names_an_unknown_column_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FileUnreadable, match=r"no column 'Owner' .*'Quote', 'Customer', 'Approved until'"):
        _parse(_build_book(Quotes=_QUOTES), RowMapping({"title": "Quote", "owner": "Owner"}))


def test_sheet_without_any_mapped_column_is_skipped() -> None:
    documents = _parse(
        _build_book(Notes=[("a", "b"), ("c", "d")], Quotes=_QUOTES), RowMapping({"title": "Quote"})
    )
    assert {document.part.split("/")[0] for document in documents} == {"Quotes"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_one_sheet(delimiter: str) -> None:
    content = f'CTA{delimiter}From\n"Try it{delimiter} now.\nFree."{delimiter}2026-03-01\n'.encode()
    (whole,) = parse_file("cta.csv", content)
    assert _list(whole) == [("table_row", f"CTA: Try it{delimiter.strip()} now.\nFree. · From: 2026-03-01")]
    (row,) = parse_file("cta.csv", content, rows=RowMapping({"valid_from": "From"}))
    assert row.metadata == {"valid_from": date(2026, 3, 1)}
    assert row.part.startswith("try-it-now-free")
