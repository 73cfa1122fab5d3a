"""PowerPoint decks slide by slide, speaker notes included. Loaded by the registry."""

import io
from collections.abc import Iterable, Iterator

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide
from pptx.table import Table
from pptx.text.text import TextFrame, _Paragraph

from core.documents import Block, ParsedDocument
from ingest.parsers.bounds import check_pages
from ingest.parsers.clean_text import build_block, build_document, build_table_rows, clean_line
from ingest.parsers.parser import RowMapping
from ingest.parsers.slides_hidden import drop_unseen, read_whole

_TEMPLATE_TITLE = "PowerPoint Presentation"  # what programs write into decks that were never given a title
_SLIDE_EDGES = (
    PP_PLACEHOLDER.DATE,
    PP_PLACEHOLDER.FOOTER,
    PP_PLACEHOLDER.HEADER,
    PP_PLACEHOLDER.SLIDE_NUMBER,
)
_BULLETED = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY)
_STRUCK = ("sngStrike", "dblStrike")


def parse_slides(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document; `page` is the slide's number. Hidden slides are not read, nor what nobody sees on the others."""
    deck = Presentation(io.BytesIO(content))
    check_pages(len(deck.slides), unit="slides")
    numbered = list(enumerate(deck.slides, 1))
    # Neither hidden slides nor bullets nor struck-out runs have a public word in python-pptx.
    shown = [(number, slide) for number, slide in numbered if not _is_hidden(slide)]
    hidden = sum(len(clean_line(read_whole(slide._element))) for _, slide in numbered if _is_hidden(slide))  # noqa: SLF001
    width, height = int(deck.slide_width or 0), int(deck.slide_height or 0)
    hidden += sum(drop_unseen(slide, width=width, height=height) for _, slide in shown)
    stated = clean_line(deck.core_properties.title or "")
    titles = (_read_title(slide) for _, slide in shown)
    title = stated if stated and stated != _TEMPLATE_TITLE else next(filter(None, titles), None)
    blocks = (block for number, slide in shown for block in _read_slide(slide, number))
    return (build_document(blocks, title=title, hidden=hidden),)


def _is_hidden(slide: Slide) -> bool:
    return slide._element.get("show") in ("0", "false")  # noqa: SLF001


def _read_title(slide: Slide) -> str:
    shape = slide.shapes.title
    return clean_line("\n".join(map(_read_text, shape.text_frame.paragraphs))) if shape is not None else ""


def _read_slide(slide: Slide, number: int) -> Iterator[Block]:
    # Without a heading of its own, the slide's text would stand under the title of the slide before.
    yield build_block("heading", _read_title(slide) or f"Slide {number}", level=2, page=number)
    title = slide.shapes.title
    skipped = None if title is None else title.shape_id
    yield from _read_shapes((shape for shape in slide.shapes if shape.shape_id != skipped), page=number)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            yield build_block("note", _read_text(paragraph), page=number)


def _read_shapes(shapes: Iterable[BaseShape], *, page: int) -> Iterator[Block]:
    for shape in shapes:
        if isinstance(shape, GroupShape):
            yield from _read_shapes(shape.shapes, page=page)
        elif isinstance(shape, GraphicFrame) and shape.has_table:
            yield from build_table_rows(_read_table(shape.table), page=page)
        elif shape.has_text_frame:
            kind = shape.placeholder_format.type if shape.is_placeholder else None
            if kind not in _SLIDE_EDGES:
                yield from _read_frame(shape.text_frame, is_bulleted=kind in _BULLETED, page=page)  # type: ignore[attr-defined]


def _read_table(table: Table) -> list[list[str]]:
    return [
        ["\n".join(map(_read_text, cell.text_frame.paragraphs)) for cell in row.cells] for row in table.rows
    ]


def _read_frame(frame: TextFrame, *, is_bulleted: bool, page: int) -> Iterator[Block]:
    for paragraph in frame.paragraphs:
        text = _read_text(paragraph)
        if _is_list_item(paragraph, is_bulleted=is_bulleted):
            yield build_block("list_item", text, level=paragraph.level + 1, page=page)
        else:
            yield build_block("paragraph", text, page=page)


def _is_list_item(paragraph: _Paragraph, *, is_bulleted: bool) -> bool:
    """The paragraph's own mark decides; else its depth, else what its placeholder does by default."""
    properties = paragraph._p.pPr  # noqa: SLF001
    if properties is not None:
        if properties.find(qn("a:buNone")) is not None:
            return False
        if any(properties.find(qn(f"a:{name}")) is not None for name in ("buChar", "buAutoNum", "buBlip")):
            return True
    return is_bulleted or paragraph.level > 0


def _read_text(paragraph: _Paragraph) -> str:
    """Text of the runs, without struck-out ones."""
    parts: list[str] = []
    for child in paragraph._p:  # noqa: SLF001
        if child.tag == qn("a:br"):
            parts.append("\n")
        elif child.tag in (qn("a:r"), qn("a:fld")):
            look = child.find(qn("a:rPr"))
            if look is None or look.get("strike") not in _STRUCK:
                parts.append(child.findtext(qn("a:t")) or "")
    return "".join(parts)
