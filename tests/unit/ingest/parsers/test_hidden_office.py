"""Text that no reader of an office file or a PDF can see is left out and counted; what only looks like it stays."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from PIL import Image, ImageDraw
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.util import Inches, Pt
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.parsers.parser import RowMapping
from ingest.parsers.registry import parse_file
from tests.unit.ingest.parsers.test_hidden_text import SECRET, SHOWN, read

_WHITE: Any = RGBColor.from_string("FFFFFF")  # type: ignore[no-untyped-call]
_TEAL: Any = RGBColor.from_string("008080")  # type: ignore[no-untyped-call]
_RUN = '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>T</w:t></w:r>'
_HIGHLIGHT = '<w:highlight w:val="black"/><w:color'
_STYLED_TABLE = '<w:tblPr><w:tblStyle w:val="MediumShading1"/></w:tblPr>'


def read_word(xml: str, fill: Callable[[Any], object] = lambda _file: None) -> tuple[str, int]:
    file, stream = Document(), io.BytesIO()
    file.add_paragraph(SHOWN)
    fill(file)
    if xml:
        file.element.body.insert(1, parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1)))
    file.save(stream)
    return read("a.docx", stream.getvalue())


@pytest.mark.parametrize(
    "look",
    [
        "<w:vanish/>",
        '<w:color w:val="FFFFFF"/>',
        '<w:sz w:val="2"/>',
        '<w:color w:val="00FF00"/><w:shd w:val="clear" w:fill="00FF00"/>',
    ],
)
def test_word_text_that_nobody_sees_is_left_out_and_counted(look: str) -> None:
    xml = f"<w:p><w:r><w:rPr>{look}</w:rPr><w:t>{SECRET}</w:t></w:r></w:p>"
    assert read_word(xml) == (SHOWN, len(SECRET))


@pytest.mark.parametrize(
    "xml",
    [
        f'<w:p><w:pPr><w:shd w:val="clear" w:fill="004040"/></w:pPr>{_RUN}</w:p>',
        f"<w:p>{_RUN.replace('<w:color', _HIGHLIGHT)}</w:p>",
        f'<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill="123456"/></w:tcPr><w:p>{_RUN}</w:p></w:tc></w:tr></w:tbl>',
        f"<w:tbl>{_STYLED_TABLE}<w:tr><w:tc><w:p>{_RUN}</w:p></w:tc></w:tr></w:tbl>",
        f"<w:p>{_RUN.replace('FFFFFF', 'auto')}</w:p>",
    ],
)
def test_white_word_text_on_a_ground_of_its_own_stays(xml: str) -> None:
    assert read_word(xml) == (f"{SHOWN}\nT", 0)


def test_word_text_whose_style_hides_it_is_left_out_and_counted() -> None:
    def fill(file: Any) -> None:
        style = file.styles.add_style("Ghost", 1)
        style.font.color.rgb = None
        style.element.get_or_add_rPr().append(parse_xml(f'<w:color {nsdecls("w")} w:val="FFFFFF"/>'))
        file.add_paragraph(SECRET, style="Ghost")

    assert read_word("", fill) == (SHOWN, len(SECRET))


def read_deck(fill: Callable[[Any, Any], object]) -> tuple[str, int]:
    deck, stream = Presentation(), io.BytesIO()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    add_box(slide, SHOWN)
    fill(deck, slide)
    deck.save(stream)
    text, hidden = read("a.pptx", stream.getvalue())
    return text.removeprefix("Slide 1\n"), hidden


def add_box(slide: Any, text: str, *, left: float = 1, top: float = 1) -> Any:
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(3), Inches(0.5))
    box.text_frame.text = text
    return box.text_frame.paragraphs[0].runs[0].font


def hide_slide(deck: Any, _slide: Any) -> None:
    other = deck.slides.add_slide(deck.slide_layouts[6])
    add_box(other, SECRET)
    other._element.set("show", "0")


def hide_beside(_deck: Any, slide: Any) -> None:
    add_box(slide, SECRET, left=-5)


def hide_tiny(_deck: Any, slide: Any) -> None:
    add_box(slide, SECRET, top=3).size = Pt(1)


def hide_white(_deck: Any, slide: Any) -> None:
    add_box(slide, SECRET, top=3).color.rgb = _WHITE


def hide_by_theme(_deck: Any, slide: Any) -> None:
    add_box(slide, SECRET, top=3).color.theme_color = MSO_THEME_COLOR.BACKGROUND_1


def hide_on_teal(_deck: Any, slide: Any) -> None:
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = _TEAL
    add_box(slide, SECRET, top=3).color.rgb = _TEAL


def hide_switched_off(_deck: Any, slide: Any) -> None:
    add_box(slide, SECRET, top=3)
    slide.shapes[-1]._element.nvSpPr.cNvPr.set("hidden", "1")


@pytest.mark.parametrize(
    "hide",
    [
        hide_slide,
        hide_beside,
        hide_tiny,
        hide_white,
        hide_by_theme,
        hide_on_teal,
        hide_switched_off,
    ],
)
def test_slide_text_that_nobody_sees_is_left_out_and_counted(hide: Callable[[Any, Any], None]) -> None:
    assert read_deck(hide) == (SHOWN, len(SECRET))


def show_on_shape(_deck: Any, slide: Any) -> None:
    slide.shapes.add_shape(1, Inches(0), Inches(2), Inches(9), Inches(3)).fill.solid()
    add_box(slide, "T", top=3).color.rgb = _WHITE


def show_in_shape(_deck: Any, slide: Any) -> None:
    shape = slide.shapes.add_shape(1, Inches(0), Inches(2), Inches(9), Inches(3))
    shape.text_frame.text = "T"
    shape.text_frame.paragraphs[0].runs[0].font.color.rgb = _WHITE


def show_on_dark(_deck: Any, slide: Any) -> None:
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = _TEAL
    add_box(slide, "T", top=3).color.rgb = _WHITE


@pytest.mark.parametrize("show", [show_on_shape, show_in_shape, show_on_dark])
def test_white_slide_text_on_a_ground_of_its_own_stays(show: Callable[[Any, Any], None]) -> None:
    assert read_deck(show) == (f"{SHOWN}\nT", 0)


@pytest.mark.parametrize(
    "look",
    [
        {"font": Font(color="FFFFFFFF")},
        {"font": Font(size=1)},
        {"number_format": ";;;"},
        {"font": Font(color="FF00FF00"), "fill": PatternFill("solid", fgColor="FF00FF00")},
    ],
)
def test_cell_that_shows_nothing_is_left_out_and_counted(look: dict[str, Any]) -> None:
    book = build_book(["Rule", "Note"], [SHOWN, SECRET])
    for name, value in look.items():
        setattr(book.worksheets[0]["B2"], name, value)
    assert read_book(book) == (f"Sheet\nRule: {SHOWN}", len(SECRET))


def test_white_cell_on_a_filled_ground_stays() -> None:
    book = build_book([SHOWN])
    cell = book.worksheets[0]["A1"]
    cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF004040")
    assert read_book(book) == (f"Sheet\n{SHOWN}", 0)


def test_hidden_sheet_is_left_out_and_counted_also_row_by_row() -> None:
    book = build_book(["Rule", "Owner"], [SHOWN, "Cora"])
    book.create_sheet("Ghost").append([SECRET])
    book["Ghost"].sheet_state = "veryHidden"
    assert read_book(book)[1] == len(SECRET)
    stream = io.BytesIO()
    book.save(stream)
    (row,) = parse_file("a.xlsx", stream.getvalue(), rows=RowMapping({"owner": "Owner"}))
    assert row.hidden == len(SECRET)


def build_book(*rows: list[str]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return book


def read_book(book: Workbook) -> tuple[str, int]:
    stream = io.BytesIO()
    book.save(stream)
    return read("a.xlsx", stream.getvalue())


def read_pdf(draw: Callable[[Canvas], object]) -> tuple[str, int]:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(600, 800))
    canvas.setFont("Helvetica", 12)
    canvas.drawString(60, 700, SHOWN)
    draw(canvas)
    canvas.save()
    return read("a.pdf", stream.getvalue())


def draw_white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(60, 600, SECRET)


def draw_white_on_white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.99, 0.99, 0.99)
    canvas.rect(50, 580, 400, 60, stroke=0, fill=1)
    draw_white(canvas)


def draw_unpainted(canvas: Canvas) -> None:
    text = canvas.beginText(60, 600)
    text.setTextRenderMode(3)
    text.textLine(SECRET)
    canvas.drawText(text)


def draw_tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(60, 600, SECRET)


def draw_outside(canvas: Canvas) -> None:
    canvas.drawString(700, 600, SECRET)


def draw_cropped(canvas: Canvas) -> None:
    canvas.setCropBox((0, 650, 600, 800))
    canvas.drawString(60, 600, SECRET)


def draw_clear(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    canvas.drawString(60, 600, SECRET)


@pytest.mark.parametrize(
    "draw",
    [draw_white, draw_white_on_white, draw_unpainted, draw_tiny, draw_outside, draw_cropped, draw_clear],
)
def test_pdf_text_that_nobody_sees_is_left_out_and_counted(draw: Callable[[Canvas], None]) -> None:
    assert read_pdf(draw) == (SHOWN, len(SECRET.replace(" ", "")))


def draw_white_on_dark(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0, 0.3, 0.3)
    canvas.rect(50, 580, 400, 60, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(60, 600, "White on teal.")


def build_picture() -> ImageReader:
    picture = Image.new("RGB", (600, 800), "white")
    ImageDraw.Draw(picture).text((60, 190), "White on teal. White on teal.", fill="black")
    return ImageReader(picture)


def test_white_pdf_text_on_a_dark_ground_stays() -> None:
    assert read_pdf(draw_white_on_dark) == (f"{SHOWN}\nWhite on teal.", 0)


def test_what_a_scanner_read_stays_where_its_picture_shows_ink() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(build_picture(), 0, 0, 600, 800)
        for height, words in ((602, "White on teal."), (300, SECRET)):
            text = canvas.beginText(60, height)
            text.setTextRenderMode(3)
            text.textLine(words)
            canvas.drawText(text)

    text, hidden = read_pdf(draw)
    assert "White on teal." in text
    assert SECRET not in text
    assert hidden >= len(SECRET.replace(" ", ""))
