"""Pages that are pictures: read by a program that is asked over pipes, marked, and never at any cost."""

import io
import sys
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from core.documents import Block, ParsedDocument
from ingest.parsers import ocr
from ingest.parsers.ocr import OCR_PAGES, UNREAD_PAGES, describe_ocr, set_ocr
from ingest.parsers.parser import FileUnreadable
from ingest.parsers.pdf_ocr import find_program
from ingest.parsers.registry import parse_file

# Says what it was asked and how large the picture is that came; a second paragraph breaks a word.
_FAKE = """#!{python}
import sys
picture = sys.stdin.buffer.read()
print(" ".join(sys.argv[1:]), picture[:2].decode())
print()
print("Keep the har-\\nbour mark clear\\nof others.")
"""


@pytest.fixture(autouse=True)
def _restore_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.WISH, "languages", "eng+deu")
    monkeypatch.setattr(ocr.WISH, "seconds", 40.0)


def _install(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str = _FAKE) -> None:
    path = folder / "tesseract"
    path.write_text(program.format(python=sys.executable))
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def _build(pages: str) -> bytes:
    """A page each: t text, p picture, e empty."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(200, 100))
    for page in pages:
        if page == "t":
            canvas.drawString(20, 50, "Real text of this page.")
        elif page == "p":
            canvas.rect(10, 10, 50, 50, fill=1)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _parse(pages: str) -> ParsedDocument:
    (document,) = parse_file("a.pdf", _build(pages))
    return document


def test_picture_pages_are_read_in_their_place_and_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, monkeypatch)
    document = _parse("tpe")
    assert document.blocks == (
        Block("paragraph", "Real text of this page.", 0, 1),
        Block("paragraph", "stdin stdout -l eng+deu P5", 0, 2),
        Block("paragraph", "Keep the harbour mark clear of others.", 0, 2),
    )
    assert document.metadata == {OCR_PAGES: [2]}


def test_page_with_text_is_never_read_from_its_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, monkeypatch, "#!{python}\nprint('read by mistake')")
    assert _parse("te").metadata == {}


def test_program_that_hangs_leaves_its_pages_unread_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, monkeypatch, "#!{python}\nimport threading\nthreading.Event().wait(60)")
    monkeypatch.setattr(ocr.WISH, "seconds", 0.5)
    document = _parse("tpp")
    assert document.metadata == {UNREAD_PAGES: [2, 3]}
    assert len(document.blocks) == 1


def test_program_that_fails_or_finds_nothing_leaves_a_file_of_pictures_named_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, monkeypatch, "#!{python}\nraise SystemExit(1)")
    with pytest.raises(FileUnreadable, match=r"only images \(a scan\?\), and tesseract found no words"):
        _parse("pp")


def test_without_the_program_a_file_of_pictures_says_what_would_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileUnreadable, match=r"only images \(a scan\?\); with tesseract installed"):
        _parse("p")
    with pytest.raises(FileUnreadable, match=r"^holds no text$"):
        _parse("e")


@pytest.mark.parametrize("languages", ["", "e", "eng;rm", "--psm 0", "eng+", "../x"])
def test_languages_that_are_none_switch_reading_pictures_off(
    languages: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, monkeypatch)
    set_ocr(languages, seconds=40)
    assert find_program() is None


def test_huge_page_is_drawn_small_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, monkeypatch, "#!{python}\nimport sys\nprint(len(sys.stdin.buffer.read()), 'bytes')")
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(14_000, 14_000))
    canvas.rect(0, 0, 9_000, 9_000, fill=1)
    canvas.save()
    (document,) = parse_file("a.pdf", stream.getvalue())
    assert 1_000_000 < int(document.blocks[0].text.split()[0]) < 17_000_000


def test_curator_is_told_which_pages_were_read_and_which_were_not() -> None:
    read, unread = describe_ocr({OCR_PAGES: [2], UNREAD_PAGES: list(range(3, 20)), "title": "x"})
    assert read.startswith("page 2 was read from the picture by OCR, which may err")
    assert unread.startswith("pages 3, 4, 5, 6, 7, 8, 9, 10 … were not read")
    assert describe_ocr({}) == ()
