"""RTF: headings, lists, tables, characters; nothing that a word processor would not show."""

import time

import pytest

from core.documents import ParsedDocument
from ingest.parsers.parser import FileUnreadable
from ingest.parsers.registry import parse_file

_HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial;}{\f2\fcharset128 Gothic;}}"
    r"{\colortbl;\red255\green255\blue255;\red200\green0\blue0;\red0\green0\blue80;}"
    r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 Heading 2;}{\s5 toc 1;}{\s6 Title;}{\s7\v Secret;}"
    r"{\*\cs8\outlinelevel0 heading 1 Char;}}{\info{\title Brand guide}{\author Ada Byrne}}"
)


def _parse(body: str, head: str = _HEAD) -> ParsedDocument:
    (document,) = parse_file("a.rtf", f"{head}{body}}}".encode("latin-1"))
    return document


def _read(body: str) -> list[tuple[str, str, int]]:
    return [(block.kind, block.text, block.level) for block in _parse(body).blocks]


def test_headings_come_from_styles_and_from_outline_levels() -> None:
    body = (
        r"\pard\s6 Guide\par\pard\s1 One\par\pard\s2 Two\par\pard\outlinelevel2 Three\par\pard\s0 Words.\par"
    )
    assert _read(body) == [
        ("heading", "Guide", 1),
        ("heading", "One", 1),
        ("heading", "Two", 2),
        ("heading", "Three", 3),
        ("paragraph", "Words.", 0),
    ]


def test_title_is_the_files_own_and_its_author_is_no_text() -> None:
    document = _parse(r"Words.\par")
    assert document.title == "Brand guide"
    assert "Ada" not in str(document.blocks)


def test_list_items_know_their_depth_and_not_their_bullets() -> None:
    body = (
        r"\pard\ls1\ilvl0{\listtext\'95\tab}One\par\pard\ls1\ilvl1{\listtext o\tab}Two\par"
        r"\pard{\pntext\bullet\tab}{\*\pn\pnlvlblt}Old kind\par\pard After\par"
    )
    assert _read(body) == [
        ("list_item", "One", 1),
        ("list_item", "Two", 2),
        ("list_item", "Old kind", 1),
        ("paragraph", "After", 0),
    ]


def test_table_rows_repeat_their_header_and_cells_that_are_merged_down() -> None:
    row = r"\trowd{merge}\cellx1\cellx2\pard\intbl {a}\cell {b}\par second\cell\row"
    body = "".join(
        row.format(merge=merge, a=a, b=b)
        for merge, a, b in (("", "Term", "Use"), (r"\clvmgf", "mark", "yes"), (r"\clvmrg", "", "no"))
    )
    assert [block.text for block in _parse(body + r"\pard After\par").blocks] == [
        "Term: mark · Use second: yes\nsecond",
        "Term: mark · Use second: no\nsecond",
        "After",
    ]


def test_frame_of_one_cell_is_a_paragraph() -> None:
    assert _read(r"\trowd\cellx1\pard\intbl Only words\cell\row\pard") == [("paragraph", "Only words", 0)]


@pytest.mark.parametrize(
    "run",
    [
        r"{\v secret}",
        r"\v secret\v0 ",
        r"{\cf1 secret}",
        r"{\cf2\highlight2 secret}",
        r"{\fs2 secret}",
        r"{\v{\b secret}}",
    ],
)
def test_text_that_nobody_sees_is_left_out_and_counted(run: str) -> None:
    document = _parse(rf"Seen {run}words.\par")
    assert document.blocks[0].text == "Seen words."
    assert document.hidden == len("secret")


def test_paragraph_in_a_hidden_style_is_left_out_and_counted() -> None:
    document = _parse(r"\pard\s7 secret\par\pard\s0 Seen.\par")
    assert (len(document.blocks), document.hidden) == (1, len("secret"))


@pytest.mark.parametrize(
    "body",
    [
        r"\pard\cbpat3{\cf1 White on blue}\par",
        r"{\cf1\chcbpat3 White on blue}\par",
        r"\trowd\clcbpat3\cellx1\pard\intbl{\cf1 White on blue}\cell\row",
    ],
)
def test_white_text_on_a_ground_is_seen(body: str) -> None:
    document = _parse(body)
    assert (document.blocks[0].text, document.hidden) == ("White on blue", 0)


def test_deleted_and_struck_text_is_left_out_without_a_count() -> None:
    document = _parse(r"Keep{\deleted  gone}{\strike  out} this.\par")
    assert (document.blocks[0].text, document.hidden) == ("Keep this.", 0)


def test_fields_show_their_result_and_not_their_code() -> None:
    body = r'See {\field{\*\fldinst HYPERLINK "https://example.com/x"}{\fldrslt the guide}}.{\xe index words}\par'
    assert _read(body) == [("paragraph", "See the guide.", 0)]


def test_comments_headers_pictures_and_contents_are_left_out() -> None:
    body = (
        r"{\header Page head\par}{\pict\wmetafile8 0102aabb}{\*\annotation{\*\atnref 1} A comment}"
        r"\pard\s5 Contents line\par\pard\s0 Words.\par{\*\unknown things}"
    )
    assert _read(body) == [("paragraph", "Words.", 0)]


def test_text_boxes_are_read_without_their_settings() -> None:
    body = (
        r"{\shp{\*\shpinst\shpleft1{\sp{\sn shapeType}{\sv 202}}{\shptxt\pard In a box\par}}}\pard Words.\par"
    )
    assert [block.text for block in _parse(body).blocks] == ["In a box", "Words."]


def test_characters_of_every_code_page_are_read() -> None:
    body = (
        r"M\'e4rz \u8222?Zitat\u8220? {\f1\'cf\'f0\'e8\'e2\'e5\'f2} {\f2\'93\'fa\'96\'7b} \u-10179?\u-8704?"
        r" {\uc2\u8364 ab}\emdash\par"
    )
    assert _parse(body).blocks[0].text == "März „Zitat“ Привет 日本 😀 €—"


def test_escaped_signs_and_broken_lines_are_read() -> None:
    body = "A \\{b\\} \\\\ c\\~d\\_e\\-f\\line\n next\\\nThird\\par"
    assert [block.text for block in _parse(body).blocks] == ["A {b} \\ c d-ef\nnext", "Third"]


def test_binary_data_is_passed_over_whatever_it_holds() -> None:
    assert _read(r"{\pict\bin9 }}}\par}}} Words.\par")[-1] == ("paragraph", "Words.", 0)


@pytest.mark.parametrize("body", ["{" * 5_000, r"\par" * 3, r"{\v all of it}\par"])
def test_file_that_shows_nothing_or_is_built_to_hurt_is_refused(body: str) -> None:
    with pytest.raises(FileUnreadable):
        _parse(body)


def test_large_file_is_read_in_linear_time() -> None:
    started = time.monotonic()
    assert len(_parse(r"\pard Some words here.\par" * 20_000).blocks) == 20_000
    assert time.monotonic() - started < 10
