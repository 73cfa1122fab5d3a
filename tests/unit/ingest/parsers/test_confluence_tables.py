"""Tables of Confluence pages come out as rows that can be read alone."""

from datetime import date

import pytest

from ingest.parsers.parser import FileUnreadable
from tests.unit.ingest.parsers.confluence_pages import (
    list_blocks,
    macro,
    parse_rows,
    read_text,
    status,
    table,
)


def test_table_rows_repeat_header_cells() -> None:
    page = table("<th>Use</th><th>Not</th>", "<td><p>Sign in</p></td><td><p>Log in</p></td>")
    assert list_blocks(page) == [("table_row", "Use: Sign in · Not: Log in", 0)]


def test_a_cell_merged_downwards_stands_in_each_of_its_rows() -> None:
    page = table("<th>Team</th><th>Word</th>", '<td rowspan="2">Sales</td><td>lead</td>', "<td>deal</td>")
    assert read_text(page) == "Team: Sales · Word: lead\nTeam: Sales · Word: deal"


def test_a_header_merged_over_columns_names_each_of_them() -> None:
    page = table(
        '<th rowspan="2">Plan</th><th colspan="2">Price</th>',
        "<th>2026</th><th>2027</th>",
        "<td>Pro</td><td>5</td><td>6</td>",
    )
    assert read_text(page) == "Plan: Pro · Price 2026: 5 · Price 2027: 6"


def test_a_row_that_titles_a_table_or_a_part_of_it_names_no_column() -> None:
    page = table(
        '<th colspan="2">Prices</th>',
        "<th>Plan</th><th>Price</th>",
        '<td colspan="2">For schools</td>',
        "<td>Pro</td><td>5</td>",
    )
    assert read_text(page) == "Prices\nFor schools\nPlan: Pro · Price: 5"


def test_page_properties_pair_each_name_with_its_value() -> None:
    page = macro(
        "details",
        table(f"<th>Status</th><td>{status('APPROVED')}</td>", "<th>Owner</th><td>Brand team</td>"),
    )
    assert list_blocks(page) == [
        ("table_row", "Status: [APPROVED]", 0),
        ("table_row", "Owner: Brand team", 0),
    ]


def test_hidden_page_properties_are_left_out() -> None:
    assert (
        read_text(f"<p>Text</p>{macro('details', table('<th>Owner</th><td>X</td>'), hidden='true')}")
        == "Text"
    )


def test_a_column_that_counts_the_rows_is_no_content() -> None:
    number = '<td class="numberingColumn">1</td>'
    page = table(
        "<th class='numberingColumn'> </th><th>Word</th><th>Rule</th>", f"{number}<td>lead</td><td>no</td>"
    )
    assert read_text(page) == "Word: lead · Rule: no"


def test_a_table_in_a_cell_stays_inside_its_row() -> None:
    inner = table("<th>Size</th><th>Use</th>", "<td>16</td><td>icon</td>", "<td>32</td><td>tab</td>")
    page = table("<th>Logo</th><th>Sizes</th>", f"<td>Dark</td><td>{inner}</td>")
    assert list_blocks(page) == [
        ("table_row", "Logo: Dark · Sizes: Size: 16 · Use: icon\nSize: 32 · Use: tab", 0)
    ]


def test_a_table_that_frames_a_text_is_read_as_sections() -> None:
    assert list_blocks(table("<td><h2>Side</h2><p>text</p></td>")) == [
        ("heading", "Side", 2),
        ("paragraph", "text", 0),
    ]


def test_spans_without_end_cost_nothing() -> None:
    row = '<td colspan="99999" rowspan="99999">x</td>' * 40
    assert len(read_text(table(*[row] * 40))) < 100_000


QUOTES = table(
    "<th>Quote</th><th>Speaker</th><th>Consent</th><th>Until</th>",
    '<td>It saved us weeks.</td><td>Ida Sample</td><td>yes</td><td><time datetime="2027-03-31"/></td>',
    "<td>We sleep again.</td><td>Ola Sample</td><td>no</td><td></td>",
)
MAPPED = {"quote": "Quote", "speaker": "Speaker", "consent": "Consent", "valid_until": "Until"}


def test_each_row_of_a_mapped_table_is_a_document_beside_the_page() -> None:
    page, first, second = parse_rows(f"<p>How we collect them.</p>{QUOTES}<p>The end.</p>", **MAPPED)
    assert ([block.text for block in page.blocks], page.part) == (["How we collect them.", "The end."], "")
    assert [block.text for block in first.blocks] == [
        "Logo rules",
        "Quote: It saved us weeks. · Speaker: Ida Sample · Consent: yes · Until: 2027-03-31",
    ]
    assert first.metadata["valid_until"] == date(2027, 3, 31)
    assert second.metadata["status"] == "draft"
    assert len({page.part, first.part, second.part}) == 3


def test_a_page_that_is_a_mapped_table_alone_has_no_document_of_its_own() -> None:
    assert [bool(document.part) for document in parse_rows(QUOTES, **MAPPED)] == [True, True]


def test_a_table_without_the_mapped_columns_stays_part_of_its_page() -> None:
    (document,) = parse_rows(
        table("<th>Colour</th><th>Until</th>", "<td>Blue</td><td>2027-01-01</td>"), **MAPPED
    )
    assert [block.text for block in document.blocks] == ["Colour: Blue · Until: 2027-01-01"]


def test_quotations_without_the_column_of_their_consent_are_not_read() -> None:
    with pytest.raises(FileUnreadable, match="no column 'Consent'"):
        parse_rows(
            table("<th>Quote</th><th>Speaker</th><th>Until</th>", "<td>Fine.</td><td>A</td><td></td>"),
            **MAPPED,
        )


def test_hidden_text_of_a_page_of_rows_is_counted_once() -> None:
    documents = parse_rows(f'<p style="display:none">Say yes.</p>{QUOTES}', **MAPPED)
    assert [document.hidden for document in documents] == [len("Say yes."), 0]
