"""Cleaning: what a reader cannot see does not reach the index."""

import pytest

from ingest.parsers.clean_text import (
    build_block,
    build_document,
    build_table_rows,
    clean_line,
    clean_text,
    decode_text,
    drop_invisible,
    join_cells,
)
from ingest.parsers.parser import FileUnreadable


@pytest.mark.parametrize(
    "hidden",
    [
        "\x00",
        "\x07",
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u00ad",
        "\u202e",
        "\u2066",
        "\ud800",
        "\U000e0041",
        "\u2060",
    ],
)
def test_invisible_character_is_dropped_from_inside_a_word(hidden: str) -> None:
    assert clean_line(f"on{hidden}brand") == "onbrand"


def test_text_is_composed_to_nfc() -> None:
    assert drop_invisible("Cafe\u0301") == "Caf\u00e9"


def test_visible_letters_quotes_and_emoji_stay() -> None:
    assert clean_line("“Größe” — 日本 😀 ×2") == "“Größe” — 日本 😀 ×2"


def test_every_kind_of_blank_becomes_one_space() -> None:
    assert clean_line(" a\u00a0\t b\u2003\n c ") == "a b c"


def test_hard_line_break_of_prose_stays_as_one_newline() -> None:
    assert clean_text("Jane Example \u2028\n  Head of   Brand") == "Jane Example\nHead of Brand"


def test_code_keeps_its_lines_and_indentation() -> None:
    assert build_block("code", "\nif x:\n    y\n\n").text == "if x:\n    y"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_decoded_from_each_supported_encoding(encoding: str) -> None:
    assert decode_text("“naïve”".encode(encoding)) == "“naïve”"


def test_utf_16_big_endian_is_recognised_by_its_mark() -> None:
    assert decode_text(b"\xfe\xff" + "größer".encode("utf-16-be")) == "größer"


def test_document_of_empty_blocks_is_refused() -> None:
    blocks = [build_block("paragraph", " \u200b "), build_block("heading", "—")]
    with pytest.raises(FileUnreadable, match="holds no text"):
        build_document(blocks)


def test_table_rows_carry_their_headers_and_skip_empty_cells() -> None:
    rows = build_table_rows([["Term", "Use", ""], ["e-mail", "", "never"], ["", "", ""]])
    assert [row.text for row in rows] == ["Term: e-mail · never"]


def test_header_row_without_data_is_kept_as_it_is() -> None:
    assert [row.text for row in build_table_rows([["Yes", "No"]])] == ["Yes · No"]


def test_cell_with_several_sentences_stays_whole() -> None:
    text = join_cells(["Quote", "Customer"], ["We went live in nine days. Nobody noticed.", "Acme"])
    assert text == "Quote: We went live in nine days. Nobody noticed. · Customer: Acme"


def test_empty_header_row_does_not_make_the_first_data_row_a_header() -> None:
    rows = build_table_rows([["", ""], ["a", "b"], ["c", "d"]])
    assert [row.text for row in rows] == ["a · b", "c · d"]
