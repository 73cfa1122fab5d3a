"""Books: pages in the order of the spine, the table of contents said once, nothing that hurts is opened."""

import io
import zipfile
from collections.abc import Mapping

import pytest

from core.documents import Block, ParsedDocument
from ingest.parsers import registry
from ingest.parsers.parser import FileUnreadable
from ingest.parsers.registry import parse_file

_XHTML = "application/xhtml+xml"
_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)


def _page(body: str, head: str = "<title/>") -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "xhtml11.dtd">'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{head}</head><body>{body}</body></html>'
    )


def _build(pages: Mapping[str, str], *, package: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    """Items of the manifest stand in the opposite order of the spine."""
    marks = {"nav": ' properties="nav"'}
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="{_XHTML}"{marks.get(name, "")}/>'
        for name in reversed(list(pages))
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in pages)
    written = package or (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>Brand book</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": _CONTAINER,
        "OPS/book.opf": written,
    }
    files |= {f"OPS/{name}.xhtml": text for name, text in pages.items()} | dict(parts or {})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


def _parse(pages: Mapping[str, str]) -> ParsedDocument:
    (document,) = parse_file("a.epub", _build(pages))
    return document


def test_pages_come_in_the_order_of_the_spine_and_the_title_is_the_books() -> None:
    document = _parse({"two": _page("<h1>One</h1><p>First.</p>"), "one": _page("<h2>Two</h2>")})
    assert document.title == "Brand book"
    assert document.blocks == (
        Block("heading", "One", 1),
        Block("paragraph", "First."),
        Block("heading", "Two", 2),
    )


def test_contents_page_does_not_say_the_headings_once_more() -> None:
    document = _parse(
        {
            "nav": _page('<nav><ol><li><a href="one.xhtml">One</a></li></ol></nav>'),
            "one": _page("<h1>One</h1>"),
        }
    )
    assert document.blocks == (Block("heading", "One", 1),)


def test_contents_page_of_older_books_is_left_out() -> None:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="t" href="t.xhtml"'
        f' media-type="{_XHTML}"/>'
        f'<item id="c" href="c.xhtml" media-type="{_XHTML}"/></manifest><spine>'
        '<itemref idref="t"/><itemref idref="c"/></spine>'
        '<guide><reference type="toc" href="t.xhtml#a"/></guide></package>'
    )
    content = _build({"t": _page("<p>One 1</p>"), "c": _page("<h1>One</h1>")}, package=package)
    (document,) = parse_file("a.epub", content)
    assert [block.text for block in document.blocks] == ["One"]


def test_lists_and_tables_keep_their_structure() -> None:
    head = "<thead><tr><th>Term</th><th>Use</th></tr></thead>"
    table = f"<table>{head}<tbody><tr><td>mark</td><td>yes</td></tr></tbody></table>"
    document = _parse({"one": _page(f"<ul><li>A<ul><li>B</li></ul></li></ul>{table}")})
    assert document.blocks == (
        Block("list_item", "A", 1),
        Block("list_item", "B", 2),
        Block("table_row", "Term: mark · Use: yes"),
    )


def test_hidden_text_is_left_out_and_counted() -> None:
    document = _parse({"one": _page('<p>Seen.</p><p style="display:none">secret words</p>')})
    assert (len(document.blocks), document.hidden) == (1, len("secret words"))


def test_names_of_signs_and_drawings_inside_the_text_are_understood() -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><text>drawn</text></svg>'
    document = _parse({"one": _page(f"<p>Ink&nbsp;&amp;&nbsp;paper&mdash;always{drawing}.</p>")})
    assert [block.text for block in document.blocks] == ["Ink & paper—always."]


def test_number_of_a_note_is_not_read_as_part_of_the_sentence() -> None:
    marks = (
        '<a xmlns:epub="http://www.idpf.org/2007/ops" epub:type="noteref">1</a><a role="doc-noteref">2</a>'
    )
    assert _parse({"one": _page(f"<p>Since 2020{marks}.</p>")}).blocks == (Block("paragraph", "Since 2020."),)


def test_page_that_is_not_well_formed_is_still_read() -> None:
    assert _parse({"one": "<html><body><p>Open<br>ended"}).blocks == (Block("paragraph", "Open\nended"),)


def test_scrambled_pages_are_refused_and_scrambled_fonts_are_not() -> None:
    listed = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData><CipherData>'
        '<CipherReference URI="{}"/></CipherData></EncryptedData></encryption>'
    )
    pages = {"one": _page("<p>Words.</p>")}
    fonts = _build(pages, parts={"META-INF/encryption.xml": listed.format("OPS/font.otf")})
    assert parse_file("a.epub", fonts)[0].blocks[0].text == "Words."
    with pytest.raises(FileUnreadable, match="protected against copying"):
        parse_file("a.epub", _build(pages, parts={"META-INF/encryption.xml": listed.format("OPS/one.xhtml")}))


@pytest.mark.parametrize("where", ["page", "package"])
def test_xml_entities_are_never_expanded(where: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
    content = _build(
        {"one": bomb if where == "page" else _page("<p>Words.</p>")},
        package=bomb if where == "package" else "",
    )
    with pytest.raises(FileUnreadable, match="declares XML entities"):
        parse_file("a.epub", content)


def test_archive_that_unpacks_to_too_much_is_refused_before_unpacking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "_UNPACKED_LIMIT_BYTES", 1024 * 1024)
    content = _build({"one": _page("<p>Words.</p>")}, parts={"OPS/a.bin": "0" * (2 * 1024 * 1024)})
    with pytest.raises(FileUnreadable, match=r"unpacks to 2 MB; the limit is 1 MB"):
        parse_file("a.epub", content)


def test_book_without_its_parts_is_refused_in_words() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    with pytest.raises(FileUnreadable, match="names no package file"):
        parse_file("a.epub", stream.getvalue())


def test_path_outside_of_the_book_reads_nothing() -> None:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="p" href="../../../etc/passwd"'
        ' media-type="application/xhtml+xml"/></manifest><spine><itemref idref="p"/></spine></package>'
    )
    with pytest.raises(FileUnreadable, match="holds no text"):
        parse_file("a.epub", _build({}, package=package))
