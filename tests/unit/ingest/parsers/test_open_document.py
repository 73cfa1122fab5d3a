"""OpenDocument texts: structure kept; deletions, comments and hidden text left out; nothing that hurts is opened."""

import io
import zipfile

import pytest

from core.documents import Block, ParsedDocument
from ingest.parsers import registry
from ingest.parsers.parser import FileUnreadable
from ingest.parsers.registry import parse_file

_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("draw", "drawing"),
        ("dc", "dc"),
    )
)
_STYLES = (
    '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="T2"><style:text-properties fo:color="#ffffff"/></style:style>'
    '<style:style style:name="T3"><style:text-properties fo:font-size="1pt"/></style:style>'
    '<style:style style:name="T4"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="T5" style:parent-style-name="T2"/>'
    '<style:style style:name="T6">'
    '<style:text-properties fo:color="#ffffff" fo:background-color="#003366"/></style:style>'
    '<style:style style:name="P1" style:parent-style-name="Title"/>'
    '<style:style style:name="fr1">'
    '<style:graphic-properties draw:fill="solid" draw:fill-color="#003366"/></style:style>'
)


def _build(body: str, *, meta: str = "", prolog: str = "", parts: dict[str, str] | None = None) -> bytes:
    content = (
        f'<?xml version="1.0"?>{prolog}<office:document-content {_SPACES}><office:automatic-styles>{_STYLES}'
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    files = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **(parts or {})}
    if meta:
        files["meta.xml"] = (
            f"<office:document-meta {_SPACES}><office:meta>{meta}</office:meta></office:document-meta>"
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


def _parse(body: str, *, meta: str = "") -> ParsedDocument:
    (document,) = parse_file("a.odt", _build(body, meta=meta))
    return document


def test_headings_keep_their_level_and_the_title_style_is_the_first() -> None:
    heading = '<text:h text:outline-level="2">Marks</text:h>'
    body = f'<text:p text:style-name="P1">Guide</text:p>{heading}<text:p>Words.</text:p>'
    document = _parse(body)
    assert document.blocks == (
        Block("heading", "Guide", 1),
        Block("heading", "Marks", 2),
        Block("paragraph", "Words."),
    )
    assert document.title == "Guide"


def test_title_is_the_files_own_before_its_first_heading() -> None:
    document = _parse('<text:h text:outline-level="1">One</text:h>', meta="<dc:title>Brand guide</dc:title>")
    assert document.title == "Brand guide"


def test_lists_keep_their_depth_and_a_second_paragraph_is_no_item() -> None:
    body = (
        "<text:list><text:list-item><text:p>One</text:p><text:p>more</text:p><text:list><text:list-item><text:p>Two"
        "</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>Three</text:p></text:list-item></text:list>"
    )
    assert _parse(body).blocks == (
        Block("list_item", "One", 1),
        Block("paragraph", "more"),
        Block("list_item", "Two", 2),
        Block("list_item", "Three", 1),
    )


def test_table_rows_repeat_their_header_and_repeated_cells_fill_their_columns() -> None:
    body = (
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Term</text:p></table:table-cell>"
        "<table:table-cell><text:p>Use</text:p></table:table-cell><table:table-cell><text:p>Print</text:p></table:table-cell>"
        "</table:table-row></table:table-header-rows><table:table-row><table:table-cell><text:p>mark</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="2"><text:p>yes</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )
    assert _parse(body).blocks == (Block("table_row", "Term: mark · Use: yes · Print: yes"),)


def test_cell_that_claims_a_million_columns_costs_little() -> None:
    cell = '<table:table-cell table:number-columns-repeated="1000000"><text:p>x1</text:p></table:table-cell>'
    document = _parse(
        f"<table:table><table:table-row>{cell}</table:table-row>" * 1
        + f"<table:table-row>{cell}</table:table-row></table:table>"
    )
    assert len(str(document.blocks)) < 10_000


@pytest.mark.parametrize("style", ["T1", "T2", "T3", "T5"])
def test_text_that_nobody_sees_is_left_out_and_counted(style: str) -> None:
    document = _parse(f'<text:p>Seen<text:span text:style-name="{style}">secret</text:span> words.</text:p>')
    assert (document.blocks[0].text, document.hidden) == ("Seen words.", len("secret"))


@pytest.mark.parametrize(
    "hidden",
    [
        '<text:section text:display="none"><text:p>secret</text:p></text:section>',
        '<text:p><text:hidden-paragraph text:is-hidden="true"/>secret</text:p>',
        '<text:p>Seen.<text:hidden-text text:string-value="secret"/></text:p>',
    ],
)
def test_hidden_sections_paragraphs_and_fields_are_left_out_and_counted(hidden: str) -> None:
    document = _parse(f"{hidden}<text:p>Words.</text:p>")
    assert "secret" not in str(document.blocks)
    assert document.hidden == len("secret")


def test_white_text_on_a_ground_is_seen() -> None:
    body = (
        '<text:p><text:span text:style-name="T6">White on blue</text:span></text:p>'
        '<text:p><draw:frame draw:style-name="fr1">'
        '<draw:text-box><text:p text:style-name="T2">In a box</text:p></draw:text-box></draw:frame></text:p>'
    )
    document = _parse(body)
    assert [block.text for block in document.blocks] == ["White on blue", "In a box"]
    assert document.hidden == 0


def test_deletions_comments_struck_text_and_the_contents_list_are_left_out() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:table-of-content><text:index-body><text:p>Marks 3</text:p>"
        "</text:index-body></text:table-of-content><text:p>Keep<office:annotation><text:p>A comment</text:p>"
        '</office:annotation><text:span text:style-name="T4"> out</text:span> this.</text:p>'
    )
    document = _parse(body)
    assert (document.blocks, document.hidden) == ((Block("paragraph", "Keep this."),), 0)


def test_footnotes_follow_their_paragraph_and_blanks_are_kept() -> None:
    body = (
        "<text:p>One<text:s text:c='2'/>two<text:line-break/>three<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>Only in print.</text:p></text:note-body></text:note>.</text:p>"
    )
    assert [block.text for block in _parse(body).blocks] == ["One two\nthree.", "Only in print."]


def test_encrypted_file_is_refused_as_password_protected() -> None:
    manifest = '<m xmlns="urn:x"><encryption-data/></m>'
    with pytest.raises(FileUnreadable, match="password-protected"):
        parse_file("a.odt", _build("", parts={"META-INF/manifest.xml": manifest}))


def test_xml_entities_are_never_expanded() -> None:
    with pytest.raises(FileUnreadable, match="declares XML entities"):
        parse_file("a.odt", _build("<text:p>&a;</text:p>", prolog='<!DOCTYPE x [<!ENTITY a "ha">]>'))


def test_archive_that_unpacks_to_too_much_is_refused_before_unpacking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "_UNPACKED_LIMIT_BYTES", 1024 * 1024)
    content = _build("<text:p>Words.</text:p>", parts={"Pictures/a.bin": "0" * (2 * 1024 * 1024)})
    with pytest.raises(FileUnreadable, match=r"unpacks to 2 MB; the limit is 1 MB"):
        parse_file("a.odt", content)


def test_other_open_document_kinds_are_named() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(FileUnreadable, match=r"named \.odt, but the content is an OpenDocument spreadsheet"):
        parse_file("a.odt", stream.getvalue())
