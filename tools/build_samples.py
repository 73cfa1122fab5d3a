"""Builds the binary files of the sample company (docx, pptx, pdf, xlsx) from samples/sources.

Called by hand after a source has changed: python tools/build_samples.py
"""

# reportlab and part of python-pptx carry no types.
# mypy: disable-error-code="import-untyped,no-untyped-call"

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import click
import docx
import openpyxl
import pptx
from docx.shared import Pt as DocxPt
from docx.shared import RGBColor as DocxColour
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from pptx.dml.color import RGBColor
from pptx.util import Inches, Pt
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, ListFlowable, ListItem, Paragraph, SimpleDocTemplate, Spacer, Table

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
PRINTED_DAY = datetime.fromisoformat("2026-10-15")
NAVY, TEAL, CHALK, SLATE = "12304A", "1F8A8C", "F6F4EF", "4A5A66"
SERIF, SANS = "Georgia", "Arial"

_BODY = {"textColor": f"#{NAVY}", "fontName": "Helvetica", "fontSize": 10.5, "leading": 14, "spaceAfter": 6}
_HEADING = {**_BODY, "fontName": "Times-Bold", "keepWithNext": True}
_TINTED = {
    "backColor": f"#{CHALK}",
    "borderPadding": 8,
    "leftIndent": 12,
    "rightIndent": 12,
    "spaceBefore": 12,
}
PDF_STYLES = {
    "paragraph": ParagraphStyle("paragraph", **_BODY),
    "heading1": ParagraphStyle("heading1", **(_HEADING | {"fontSize": 23, "leading": 31})),
    "heading2": ParagraphStyle(
        "heading2", **(_HEADING | {"fontSize": 15, "leading": 20, "spaceBefore": 10, "textColor": f"#{TEAL}"})
    ),
    "quotation": ParagraphStyle(
        "quotation",
        **(_BODY | _TINTED | {"fontName": "Times-Italic", "fontSize": 13, "leading": 18, "spaceAfter": 16}),
    ),
}

BlockKind = Literal["heading", "paragraph", "bullet", "row", "quotation", "notes"]


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a source: `level` counts a heading's hashes, `cells` holds a table row."""

    kind: BlockKind
    text: str = ""
    level: int = 0
    cells: tuple[str, ...] = ()


def parse_source(text: str) -> Iterator[Block]:
    """Reads the small part of Markdown that the sources use: one block a line, no inline marks."""
    for line in filter(None, map(str.strip, text.splitlines())):
        if heading := re.match(r"(#+) (.*)", line):
            yield Block("heading", heading[2], level=len(heading[1]))
        elif line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if not all(set(cell) == {"-"} for cell in cells):
                yield Block("row", cells=cells)
        elif marked := re.match(r"(- |> |Notes: )(.*)", line):
            kinds: dict[str, BlockKind] = {"- ": "bullet", "> ": "quotation", "Notes: ": "notes"}
            yield Block(kinds[marked[1]], marked[2])
        else:
            yield Block("paragraph", line)


def group_blocks(blocks: list[Block]) -> Iterator[tuple[BlockKind, list[Block]]]:
    """Puts neighbouring blocks of a kind together, so that rows become tables and bullets lists."""
    for kind, members in groupby(blocks, key=lambda block: block.kind):
        yield kind, list(members)


def build_docx(text: str) -> bytes:
    document = docx.Document()
    _style_docx(document)
    for kind, blocks in group_blocks(list(parse_source(text))):
        if kind == "row":
            _add_docx_table(document, [block.cells for block in blocks])
            continue
        for block in blocks:
            if kind == "heading":
                document.add_heading(block.text, level=block.level)
            else:
                document.add_paragraph(block.text, style="List Bullet" if kind == "bullet" else None)
    document.core_properties.title = next(parse_source(text)).text
    document.core_properties.author = "Pelmarrow"
    document.core_properties.created = document.core_properties.modified = PRINTED_DAY
    return _save(document.save)


def _style_docx(document: Any) -> None:
    document.styles["Normal"].font.name = SANS
    document.styles["Normal"].font.size = DocxPt(10.5)
    for level, size, colour in ((1, 24, NAVY), (2, 16, TEAL), (3, 12.5, NAVY)):
        font = document.styles[f"Heading {level}"].font
        font.name, font.size, font.color.rgb = (SERIF, DocxPt(size), DocxColour.from_string(colour))


def _add_docx_table(document: Any, rows: list[tuple[str, ...]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Light Grid Accent 1")
    for cells in rows:
        for cell, value in zip(table.add_row().cells, cells, strict=True):
            cell.text = value
    document.add_paragraph()


def build_pptx(text: str) -> bytes:
    presentation = pptx.Presentation()
    presentation.slide_width, presentation.slide_height = Inches(13.333), Inches(7.5)
    slides: list[list[Block]] = []
    for block in parse_source(text):
        if block.kind == "heading":
            slides.append([])
        slides[-1].append(block)
    for number, blocks in enumerate(slides):
        _add_slide(presentation, blocks, is_cover=number == 0)
    presentation.core_properties.title = slides[0][0].text
    presentation.core_properties.author = "Pelmarrow"
    presentation.core_properties.created = presentation.core_properties.modified = PRINTED_DAY
    return _save(presentation.save)


def _add_slide(presentation: Any, blocks: list[Block], *, is_cover: bool) -> None:
    slide = presentation.slides.add_slide(presentation.slide_layouts[0 if is_cover else 1])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = RGBColor.from_string(NAVY if is_cover else CHALK)
    title, body = slide.shapes.title, slide.placeholders[1]
    _place(title, top=2.4 if is_cover else 0.5, height=1.1)
    _place(body, top=3.6 if is_cover else 1.8, height=4.8)
    colour = CHALK if is_cover else NAVY
    _write_lines(title, [blocks[0].text], font=(SERIF, 40 if is_cover else 32), colour=colour)
    if rows := [block.cells for block in blocks if block.kind == "row"]:
        body.element.getparent().remove(body.element)
        _add_slide_table(slide, rows)
    else:
        lines = [block.text for block in blocks if block.kind in ("bullet", "paragraph")]
        _write_lines(body, lines, font=(SANS, 22), colour=colour)
    for block in blocks:
        if block.kind == "notes":
            slide.notes_slide.notes_text_frame.text = block.text


def _place(shape: Any, *, top: float, height: float) -> None:
    """Both figures in inches; the left edge and the width are the same on every slide."""
    shape.left, shape.top, shape.width, shape.height = (
        Inches(0.8),
        Inches(top),
        Inches(11.7),
        Inches(height),
    )


def _write_lines(shape: Any, lines: list[str], *, font: tuple[str, int], colour: str) -> None:
    shape.text_frame.text = "\n".join(lines)
    for paragraph in shape.text_frame.paragraphs:
        paragraph.space_after = Pt(10)
        paragraph.font.name, paragraph.font.size = font[0], Pt(font[1])
        paragraph.font.color.rgb = RGBColor.from_string(colour)


def _add_slide_table(slide: Any, rows: list[tuple[str, ...]]) -> None:
    size = (Inches(0.8), Inches(1.9), Inches(11.7), Inches(0.6) * len(rows))
    table = slide.shapes.add_table(len(rows), len(rows[0]), *size).table
    for row_number, cells in enumerate(rows):
        for column, value in enumerate(cells):
            cell = table.cell(row_number, column)
            cell.text = value
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string(TEAL if row_number == 0 else "FFFFFF")
            font = cell.text_frame.paragraphs[0].font
            font.name, font.size, font.bold = SANS, Pt(18), row_number == 0
            font.color.rgb = RGBColor.from_string("FFFFFF" if row_number == 0 else NAVY)


def build_pdf(text: str) -> bytes:
    blocks = list(parse_source(text))
    buffer = io.BytesIO()
    # invariant=1 takes the clock and the random file id out of the PDF.
    margins = {"leftMargin": 22 * mm, "rightMargin": 22 * mm}
    about = {"title": blocks[0].text, "author": "Pelmarrow", "invariant": 1}
    document = SimpleDocTemplate(buffer, pagesize=A4, **margins, **about)
    flow = [item for kind, members in group_blocks(blocks) for item in _flow_group(kind, members)]
    document.build(flow, onFirstPage=_draw_page_frame, onLaterPages=_draw_page_frame)
    return buffer.getvalue()


def _flow_group(kind: BlockKind, blocks: list[Block]) -> list[Flowable]:
    if kind == "row":
        return [_build_pdf_table([block.cells for block in blocks]), Spacer(1, 4 * mm)]
    if kind == "bullet":
        items = [ListItem(_build_paragraph(block.text, "paragraph")) for block in blocks]
        return [ListFlowable(items, bulletType="bullet")]
    names = [f"heading{block.level}" if kind == "heading" else kind for block in blocks]
    return [_build_paragraph(block.text, name) for block, name in zip(blocks, names, strict=True)]


def _build_paragraph(text: str, style_name: str) -> Paragraph:
    return Paragraph(html.escape(text, quote=False), PDF_STYLES[style_name])


def _build_pdf_table(rows: list[tuple[str, ...]]) -> Table:
    table = Table(
        [[_build_paragraph(cell, "paragraph") for cell in cells] for cells in rows],
        colWidths=[45 * mm, 115 * mm],
    )
    table.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.HexColor(f"#{SLATE}"))])
    table.setStyle([("BACKGROUND", (0, 0), (-1, 0), colors.HexColor(f"#{CHALK}"))])
    table.setStyle([("LINEABOVE", (0, 0), (-1, 0), 2, colors.HexColor(f"#{TEAL}"))])
    return table


def _draw_page_frame(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(colors.HexColor(f"#{SLATE}"))
    canvas.drawString(22 * mm, 12 * mm, f"Pelmarrow customer story · page {document.page}")


def build_xlsx(text: str) -> bytes:
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    for row in csv.reader(io.StringIO(text)):
        sheet.append([_read_cell(value) for value in row])
    sheet.title, sheet.freeze_panes = f"{sheet['A1'].value}s", "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for number, cells in enumerate(sheet.iter_cols(), start=1):
        longest = max(len(str(cell.value or "")) for cell in cells)
        sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, 48)
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        cells[0].font = Font(name=SANS, bold=True, color="FFFFFF")
        cells[0].fill = PatternFill("solid", fgColor=NAVY)
    workbook.properties.creator = "Pelmarrow"
    workbook.properties.created = PRINTED_DAY
    return _save(workbook.save)


def _read_cell(value: str) -> str | date | None:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return date.fromisoformat(value)
    return value or None


def _save(write: Callable[[Any], None]) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return _freeze_zip(buffer.getvalue())


def _freeze_zip(data: bytes) -> bytes:
    """Sets every date in an Office file to the printed day, so that a rebuild gives the same bytes."""
    frozen = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(frozen, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-10-15T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, (2026, 10, 15, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return frozen.getvalue()


BUILDERS = {".docx": build_docx, ".pptx": build_pptx, ".pdf": build_pdf, ".xlsx": build_xlsx}


@click.command()
def build_samples() -> None:
    """Build every file that has a source in samples/sources."""
    for source in sorted(SAMPLES.glob("sources/*/*.*.*")):
        target = SAMPLES / "company" / source.parent.name / source.stem
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(BUILDERS[target.suffix](source.read_text(encoding="utf-8")))
        click.echo(target.relative_to(SAMPLES))


if __name__ == "__main__":
    build_samples()
