"""The registry: suffix to parser, and content that is not what the name says."""

import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping

import pytest
from docx import Document
from openpyxl import Workbook
from pptx import Presentation

from ingest.parsers import registry
from ingest.parsers.parser import FileUnreadable
from ingest.parsers.registry import READABLE_SUFFIXES, parse_file

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
_OFFICE = (".docx", ".pptx", ".xlsx")


def _build_office(suffix: str) -> bytes:
    stream = io.BytesIO()
    if suffix == ".docx":
        word = Document()
        word.add_paragraph("Text")
        word.save(stream)
    elif suffix == ".pptx":
        deck = Presentation()
        deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text = "Text"
        deck.save(stream)
    else:
        book = Workbook()
        book.worksheets[0].append(["Text", "More"])
        book.save(stream)
    return stream.getvalue()


def _rewrite(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The archive with some parts added or replaced."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return stream.getvalue()


@pytest.mark.parametrize("suffix", _OFFICE)
def test_office_file_is_read_by_its_suffix_in_any_case(suffix: str) -> None:
    (document,) = parse_file(f"FILE{suffix.upper()}", _build_office(suffix))
    assert "Text" in " ".join(block.text for block in document.blocks)


@pytest.mark.parametrize("suffix", sorted(READABLE_SUFFIXES))
def test_empty_file_is_refused(suffix: str) -> None:
    with pytest.raises(FileUnreadable, match=r"is empty \(0 bytes\)"):
        parse_file(f"a{suffix}", b"")


@pytest.mark.parametrize("suffix", sorted(READABLE_SUFFIXES))
@pytest.mark.parametrize(
    "content", [b" \n \n", b"%PDF-1.7\n", b"PK\x03\x04broken", b"\xff\xfe\x00", b"<", b"\x80" * 50]
)
def test_damaged_file_raises_nothing_but_file_unreadable(suffix: str, content: bytes) -> None:
    with pytest.raises(FileUnreadable) as caught:
        parse_file(f"secret{suffix}", content)
    assert "secret" not in str(caught.value)


def test_unknown_suffix_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FileUnreadable, match=r"'\.exe'.*\.docx"):
        parse_file("a.exe", b"x")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", b"%PDF-1.7 ...", "named .docx, but the content is a PDF"),
        ("a.md", b"%PDF-1.7 ...", "named .md, but the content is a PDF"),
        ("a.pdf", b"just words", "named .pdf, but the content is text"),
        ("a.xlsx", b"a,b", "named .xlsx, but the content is text"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "named .txt, but the content is a PNG image"),
        ("a.csv", b"\x00\x01\x02" * 99, "named .csv, but the content is binary data"),
        ("a.docx", _OLE + "WordDocument".encode("utf-16-le"), "an Office file of the older kind"),
        ("a.pdf", _OLE, "named .pdf, but the content is an OLE container"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_named(name: str, content: bytes, words: str) -> None:
    with pytest.raises(FileUnreadable) as caught:
        parse_file(name, content)
    assert words in str(caught.value)


def test_one_office_file_under_another_office_name_is_named() -> None:
    with pytest.raises(FileUnreadable, match=r"named \.pptx, but the content is a Word document"):
        parse_file("a.pptx", _build_office(".docx"))


def test_archive_that_is_no_office_file_is_named() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(FileUnreadable, match="not an Office file"):
        parse_file("a.docx", stream.getvalue())


@pytest.mark.parametrize("suffix", _OFFICE)
def test_password_protected_office_file_is_named(suffix: str) -> None:
    with pytest.raises(FileUnreadable, match="password-protected"):
        parse_file(f"a{suffix}", _OLE + "EncryptedPackage".encode("utf-16-le"))


def test_file_with_macros_is_named() -> None:
    content = _rewrite(_build_office(".docx"), {"word/vbaProject.bin": b"x"})
    with pytest.raises(FileUnreadable, match="a Word document with macros"):
        parse_file("a.docx", content)


@pytest.mark.parametrize("padding", [b"", b"<!--" + b" " * 5000 + b"-->"])
@pytest.mark.parametrize(
    ("suffix", "part"), [(".docx", "word/document.xml"), (".xlsx", "xl/sharedStrings.xml")]
)
def test_xml_entities_are_never_expanded(suffix: str, part: str, padding: bytes) -> None:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    w = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    s = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    body = {
        ".docx": b"<w:document %s><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>" % w,
        ".xlsx": b"<sst %s><si><t>&l9;</t></si></sst>" % s,
    }[suffix]
    bomb = b'<?xml version="1.0"?>' + padding + b'<!DOCTYPE x [<!ENTITY l0 "ha">' + laughs + b"]>" + body
    started = time.monotonic()
    with pytest.raises(FileUnreadable):
        parse_file(f"a{suffix}", _rewrite(_build_office(suffix), {part: bomb}))
    assert time.monotonic() - started < 5


def test_archive_that_unpacks_to_too_much_is_refused_before_unpacking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "_UNPACKED_LIMIT_BYTES", 2 * 1024 * 1024)
    content = _rewrite(_build_office(".docx"), {"word/media/a.bin": b"\x00" * (3 * 1024 * 1024)})
    with pytest.raises(FileUnreadable, match=r"unpacks to \d MB; the limit is 2 MB"):
        parse_file("a.docx", content)


def test_reading_markdown_does_not_load_the_office_libraries() -> None:
    code = (
        "import sys; from ingest.parsers.registry import parse_file; parse_file('a.md', b'x')\n"
        "sys.exit(any(name in sys.modules for name in ('docx', 'pptx', 'openpyxl', 'pypdfium2')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0
