"""PDFs, made here with reportlab."""

import io
from collections.abc import Callable, Sequence

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from core.documents import ParsedDocument
from ingest.parsers import bounds, ocr
from ingest.parsers.parser import FileUnreadable
from ingest.parsers.registry import parse_file

_BODY, _BOLD = ("Helvetica", 10), ("Helvetica-Bold", 10)
_PROSE = (
    "Our voice is plain and friendly in every channel we use,",
    "and it stays so when the news is bad for us or for them.",
)


def _parse(draw: Callable[[Canvas], object], **options: object) -> ParsedDocument:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(600, 800), **options)
    draw(canvas)
    canvas.save()
    (document,) = parse_file("guide.pdf", stream.getvalue())
    return document


def _draw(
    canvas: Canvas, lines: Sequence[str], *, y: float = 700, x: float = 60, font: tuple[str, float] = _BODY
) -> float:
    """Draws lines below each other; gives the height of the next one."""
    canvas.setFont(*font)
    for line in lines:
        canvas.drawString(x, y, line)
        y -= font[1] * 1.2
    return y


def _list(document: ParsedDocument) -> list[tuple[str, str, int]]:
    return [(block.kind, block.text, block.level) for block in document.blocks]


def test_headings_are_ranked_by_size_and_lines_joined() -> None:
    def draw(canvas: Canvas) -> None:
        y = _draw(canvas, ["Brand guide"], font=("Helvetica-Bold", 24))
        y = _draw(canvas, ["Voice"], y=y - 10, font=("Helvetica-Bold", 16))
        y = _draw(canvas, _PROSE, y=y - 10)
        y = _draw(canvas, ["Tone"], y=y - 10, font=_BOLD)
        _draw(canvas, ["We are warm."], y=y - 4)

    document = _parse(draw)
    assert document.title == "Brand guide"
    assert _list(document) == [
        ("heading", "Brand guide", 1),
        ("heading", "Voice", 2),
        ("paragraph", " ".join(_PROSE), 0),
        ("heading", "Tone", 3),
        ("paragraph", "We are warm.", 0),
    ]


def test_wider_gap_parts_paragraphs_and_pages_are_numbered() -> None:
    def draw(canvas: Canvas) -> None:
        y = _draw(canvas, _PROSE)
        _draw(canvas, ["A second paragraph."], y=y - 12)
        canvas.showPage()
        _draw(canvas, ["A third."])

    assert [(block.text, block.page) for block in _parse(draw).blocks] == [
        (" ".join(_PROSE), 1),
        ("A second paragraph.", 1),
        ("A third.", 2),
    ]


def test_sentence_that_runs_over_the_page_stays_one_paragraph() -> None:
    def draw(canvas: Canvas) -> None:
        _draw(canvas, ["A sentence that begins on this page", "and is long enough to go"])
        canvas.showPage()
        _draw(canvas, ["on over there."])

    assert _list(_parse(draw)) == [
        ("paragraph", "A sentence that begins on this page and is long enough to go on over there.", 0)
    ]


def test_word_cut_at_line_end_is_mended_and_compound_keeps_its_hyphen() -> None:
    lines = [
        "This frame-",
        "work is data-",
        "driven and well-",
        "known; a long-term plan for the long-",
        "term.",
    ]
    assert _list(_parse(lambda canvas: _draw(canvas, lines))) == [
        ("paragraph", "This framework is data-driven and well-known; a long-term plan for the long-term.", 0)
    ]


def test_bullets_are_list_items_with_depth() -> None:
    def draw(canvas: Canvas) -> None:
        y = _draw(canvas, ["• first item that is long", "  and wraps"])
        y = _draw(canvas, ["• inner"], y=y, x=80)
        y = _draw(canvas, ["• second"], y=y)
        _draw(canvas, ["1. numbered", "2. again"], y=y - 20)

    assert _list(_parse(draw)) == [
        ("list_item", "first item that is long and wraps", 1),
        ("list_item", "inner", 2),
        ("list_item", "second", 1),
        ("list_item", "1. numbered", 1),
        ("list_item", "2. again", 1),
    ]


def test_running_headers_footers_and_page_numbers_are_dropped() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 5):
            _draw(canvas, ["ACME — internal"], y=780)
            _draw(canvas, [f"Chapter text number {number} is unlike the others."], y=600)
            _draw(canvas, [f"Page {number} of 4"], y=20)
            canvas.showPage()

    assert [block.text for block in _parse(draw).blocks] == [
        f"Chapter text number {number} is unlike the others." for number in range(1, 5)
    ]


def test_text_that_repeats_on_two_pages_only_is_kept() -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(2):
            _draw(canvas, ["Approved claims"], y=780)
            canvas.showPage()

    assert len(_parse(draw).blocks) == 2


def test_aligned_columns_are_table_rows() -> None:
    def draw(canvas: Canvas) -> None:
        for number, row in enumerate([("Use", "Not"), ("sign in", "log in"), ("Go", "Golang")]):
            for column, cell in enumerate(row):
                _draw(canvas, [cell], y=700 - 14 * number, x=60 + 150 * column)

    assert _list(_parse(draw)) == [
        ("table_row", "Use: sign in · Not: log in", 0),
        ("table_row", "Use: Go · Not: Golang", 0),
    ]


def test_size_set_by_the_text_matrix_counts() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.scale(12, 12)
        _draw(canvas, ["Scaled heading"], y=60, x=5, font=("Helvetica", 2))
        _draw(canvas, _PROSE, y=55, x=5, font=("Helvetica", 1))

    assert _list(_parse(draw)) == [("heading", "Scaled heading", 1), ("paragraph", " ".join(_PROSE), 0)]


def test_large_lead_sentence_is_no_heading_and_a_signature_no_list_item() -> None:
    lead = "We needed secure and reliable hosting for the site, and we got all of that."

    def draw(canvas: Canvas) -> None:
        y = _draw(canvas, [lead], font=("Helvetica", 13))
        y = _draw(canvas, (*_PROSE, "“It saved us weeks.”"), y=y - 10)
        _draw(canvas, ["– Jane Example, Acme"], y=y - 10)

    assert _list(_parse(draw)) == [
        ("paragraph", lead, 0),
        ("paragraph", " ".join((*_PROSE, "“It saved us weeks.”")), 0),
        ("paragraph", "– Jane Example, Acme", 0),
    ]


def test_stated_title_counts_only_when_the_first_page_shows_it() -> None:
    def draw(canvas: Canvas, title: str) -> None:
        canvas.setTitle(title)
        y = _draw(canvas, ["Case study"], font=("Helvetica", 24))
        _draw(canvas, [*_PROSE, "About Acme Logistics."], y=y)

    assert _parse(lambda canvas: draw(canvas, "Acme Logistics")).title == "Acme Logistics"
    assert _parse(lambda canvas: draw(canvas, "template_final")).title == "Case study"


def test_encrypted_file_is_refused_as_password_protected() -> None:
    with pytest.raises(FileUnreadable, match="password-protected"):
        _parse(lambda canvas: _draw(canvas, _PROSE), encrypt=StandardEncryption("secret"))


def test_file_of_drawings_only_is_refused_as_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.WISH, "languages", "")
    with pytest.raises(FileUnreadable, match=r"holds no text, only images \(a scan\?\); with tesseract"):
        _parse(lambda canvas: canvas.rect(10, 10, 300, 300, fill=1))


def test_file_with_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bounds._bounds, "pages", 1)

    def draw(canvas: Canvas) -> None:
        for _ in range(2):
            _draw(canvas, _PROSE)
            canvas.showPage()

    with pytest.raises(FileUnreadable, match="has 2 pages; the limit is 1"):
        _parse(draw)
