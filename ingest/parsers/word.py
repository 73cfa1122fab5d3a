"""Word documents in reading order, without tracked deletions and hidden text. Loaded by the registry."""

import io
import re
from collections.abc import Iterator

from docx import Document
from docx.document import Document as WordFile
from docx.oxml.ns import qn
from docx.styles.style import BaseStyle
from lxml.etree import _Element as XmlElement

from core.documents import Block, ParsedDocument
from ingest.parsers.clean_text import build_block, build_document, build_table_rows, find_first_heading
from ingest.parsers.hidden_text import HiddenText
from ingest.parsers.parser import RowMapping
from ingest.parsers.word_hidden import RunLooks, get_value, is_on

_HEADING = re.compile(r"heading (\d)$", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list (?:bullet|number)(?: (\d))?$", re.IGNORECASE)
_TEMPLATE_TITLE = "Word Document"  # what python-docx writes into files that were never given a title
_WRAPPERS = tuple(qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml"))
_REMOVED = tuple(qn(f"w:{name}") for name in ("del", "moveFrom", "rPr", "pPr", "txbxContent"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def parse_word(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document; its title is the Title style's text, else the file's property, else the first heading."""
    file = Document(io.BytesIO(content))
    reader = _WordReader(file)
    blocks = list(reader.read_blocks(file.element.body))
    stated = file.core_properties.title
    title = reader.title or (stated if stated != _TEMPLATE_TITLE else "") or find_first_heading(blocks)
    return (build_document(blocks, title=title, hidden=reader.hidden.characters),)


class _WordReader:
    """Knows the file's styles; `title` and `hidden` are filled while reading."""

    def __init__(self, file: WordFile) -> None:
        self._styles: dict[str, BaseStyle] = {style.style_id: style for style in file.styles}
        self._looks = RunLooks(file)
        self.title = ""
        self.hidden = HiddenText()

    def read_blocks(self, parent: XmlElement) -> Iterator[Block]:
        """Blocks of a body, cell or text box, in document order; content controls are walked into."""
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._read_paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._read_table(child)
            elif child.tag in _WRAPPERS:
                yield from self.read_blocks(child)

    def _read_paragraph(self, paragraph: XmlElement) -> Iterator[Block]:
        style_id = get_value(paragraph, "w:pPr/w:pStyle") or ""
        name = self._find_style_name(style_id)
        if self._looks.is_hidden_style(style_id):
            self.hidden.add(self._read_text(paragraph))
        elif not name.startswith("toc "):
            text = self._read_text(paragraph)
            self.hidden.add_invisible(text)
            yield self._build_block(paragraph, name, text)
        for box in _find_text_boxes(paragraph):
            yield from self.read_blocks(box)

    def _build_block(self, paragraph: XmlElement, style_name: str, text: str) -> Block:
        if style_name == "title":
            self.title = self.title or text
            return build_block("heading", text, level=1)
        heading = _HEADING.match(style_name)
        if heading:
            return build_block("heading", text, level=min(6, max(1, int(heading[1]))))
        depth = self._find_list_depth(paragraph, style_name)
        return build_block("list_item", text, level=depth) if depth else build_block("paragraph", text)

    def _find_style_name(self, style_id: str) -> str:
        """The style's own name, or that of the built-in heading or title it is based on; lower case."""
        style = self._styles.get(style_id)
        first = (style.name or "").lower() if style is not None else ""
        for _ in range(10):
            name = (style.name or "").lower() if style is not None else ""
            if name == "title" or _HEADING.match(name):
                return name
            style = (
                self._styles.get(get_value(style.element, "w:basedOn") or "") if style is not None else None
            )
        return first

    def _find_list_depth(self, paragraph: XmlElement, style_name: str) -> int:
        number = get_value(paragraph, "w:pPr/w:numPr/w:numId")
        if number is not None:
            return 0 if number == "0" else int(get_value(paragraph, "w:pPr/w:numPr/w:ilvl") or 0) + 1
        listed = _LIST_STYLE.match(style_name)
        return int(listed[1] or 1) if listed else 0

    def _read_text(self, element: XmlElement) -> str:
        """Text of the runs inside, as printed: no deletions, no hidden or struck-out runs, no field codes."""
        parts: list[str] = []
        for child in element:
            if child.tag == qn("w:t"):
                parts.append(child.text or "")
            elif child.tag in _BREAKS:
                parts.append(_BREAKS[child.tag])
            elif child.tag not in _REMOVED and child.tag != _FALLBACK:
                parts.append(self._read_run(child) if child.tag == qn("w:r") else self._read_text(child))
        return "".join(parts)

    def _read_run(self, run: XmlElement) -> str:
        """Nothing of a run that is struck out or unseen; only what is unseen counts as hidden."""
        if any(is_on(run, name) for name in ("w:strike", "w:dstrike")):
            return ""
        text = self._read_text(run)
        if text.strip() and self._looks.is_unseen(run):
            self.hidden.add(text)
            return ""
        return text

    def _read_table(self, table: XmlElement) -> Iterator[Block]:
        rows = [
            row for row in _find_parts(table, "w:tr") if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None
        ]
        cells = [list(_find_parts(row, "w:tc")) for row in rows]
        if sum(map(len, cells)) == 1:  # a frame around a text, not a table
            yield from self.read_blocks(cells[0][0])
            return
        texts: list[list[str]] = []
        for row in cells:
            texts.append(self._read_row(row, above=texts[-1] if texts else []))
        yield from build_table_rows(texts)

    def _read_row(self, cells: list[XmlElement], *, above: list[str]) -> list[str]:
        """Texts by grid column. A cell merged downwards repeats its text; a wide header names its columns."""
        texts: list[str] = []
        for cell in cells:
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            if (
                merge is not None
                and merge.get(qn("w:val"), "continue") == "continue"
                and len(above) > len(texts)
            ):
                text = above[len(texts)]
            else:
                text = "\n".join(block.text for block in self.read_blocks(cell) if block.text)
            span = int(get_value(cell, "w:tcPr/w:gridSpan") or 1)
            texts += [text] + [text if not above else ""] * (min(span, 64) - 1)
        return texts


def _find_parts(parent: XmlElement, name: str) -> Iterator[XmlElement]:
    for child in parent:
        if child.tag == qn(name):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _find_parts(child, name)


def _find_text_boxes(paragraph: XmlElement) -> Iterator[XmlElement]:
    """Boxes anchored in this paragraph. Each is stored twice (new and old form); the old one is skipped."""
    for box in paragraph.iterdescendants(qn("w:txbxContent")):
        tags: list[str] = []
        for parent in box.iterancestors():
            if parent.tag == qn("w:p"):
                if parent is paragraph and _FALLBACK not in tags:
                    yield box
                break
            tags.append(str(parent.tag))
