"""OpenDocument texts in reading order, without deletions, comments and hidden text. Loaded by the registry."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator

from lxml.etree import _Element as XmlElement

from core.documents import Block, ParsedDocument
from ingest.parsers.clean_text import build_block, build_document, build_table_rows, find_first_heading
from ingest.parsers.hidden_text import HiddenText
from ingest.parsers.open_document_looks import OdtLook, OdtStyles
from ingest.parsers.parser import FileUnreadable, RowMapping
from ingest.parsers.safe_xml import get_name, get_value, parse_xml, read_part

_MOST_SPACES, _MOST_REPEATS = 100, 64
# Deletions, comments, indexes that say the headings once more, and what belongs to programs.
_SKIPPED_WORDS = (
    "alphabetical-index annotation annotation-end bibliography event-listeners forms illustration-index"
    " object-index ruby-text script sequence-decls table-index table-of-content tracked-changes user-field-decls"
    " user-index variable-decls"
)
_SKIPPED = frozenset(_SKIPPED_WORDS.split())
_HIDDEN_FIELDS = ("hidden-text", "hidden-paragraph")
_BLANKS = re.compile(r"\s+")
_SIGNS = {"tab": "\t", "line-break": "\n", "soft-page-break": ""}


def parse_open_document(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document; its title is the file's property, else the first heading."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _check_open(archive)
        parts = {name: read_part(archive, f"{name}.xml") for name in ("content", "styles", "meta")}
    roots = {name: parse_xml(part) for name, part in parts.items() if part}
    if "content" not in roots:
        raise FileUnreadable("holds no content.xml")
    reader = _OdtReader(OdtStyles(root for name, root in roots.items() if name != "meta"))
    body = next((one for one in roots["content"].iter() if get_name(one) == "text"), None)
    blocks = [] if body is None else list(reader.read_blocks(body, OdtLook()))
    title = _read_title(roots.get("meta")) or find_first_heading(blocks)
    return (build_document(blocks, title=title, hidden=reader.hidden.characters),)


def _check_open(archive: zipfile.ZipFile) -> None:
    manifest = read_part(archive, "META-INF/manifest.xml")
    if manifest and b"encryption-data" in manifest:
        raise FileUnreadable("is password-protected; save it without a password")


def _read_title(meta: XmlElement | None) -> str:
    found = (one for one in (() if meta is None else meta.iter()) if get_name(one) == "title")
    title = next(found, None)
    return "" if title is None else str(title.text or "")


class _OdtReader:
    """Walks a text once; `hidden` is filled while reading."""

    def __init__(self, styles: OdtStyles) -> None:
        self.hidden = HiddenText()
        self._styles = styles
        self._after: list[Block] = []  # of boxes and notes that stand in the paragraph at hand
        self._readers: dict[str, Callable[[XmlElement, OdtLook, int], Iterator[Block]]] = {
            "h": self._read_paragraph,
            "p": self._read_paragraph,
            "list": self._read_list,
            "table": self._read_table,
        }

    def read_blocks(self, parent: XmlElement, look: OdtLook, depth: int = 0) -> Iterator[Block]:
        """Blocks of a body, section, box or cell. `depth`: of the list around, 0 outside of one."""
        for child in parent:
            name = get_name(child)
            if name in _SKIPPED:
                continue
            inner = self._styles.change_look(look, get_value(child, "style-name"))
            if name == "section" and (inner.is_hidden or get_value(child, "display") == "none"):
                self._hide(child)
            elif name in self._readers:
                yield from self._readers[name](child, inner, depth)
            else:
                yield from self.read_blocks(child, inner, depth)

    def _read_paragraph(self, paragraph: XmlElement, look: OdtLook, depth: int) -> Iterator[Block]:
        hiding = next((one for one in paragraph.iter() if _is_hiding(one)), None)
        if hiding is not None:
            self._hide(paragraph)
            return
        text = "".join(self._read_text(paragraph, look))
        self.hidden.add_invisible(text)
        level = get_value(paragraph, "outline-level")
        if self._styles.find_name(get_value(paragraph, "style-name")) == "title":
            level = "1"
        if get_name(paragraph) == "h" or level == "1":
            yield build_block("heading", text, level=min(6, max(1, int(level or 1))))
        elif depth:
            yield build_block("list_item", text, level=depth)
        else:
            yield build_block("paragraph", text)
        after, self._after = self._after, []
        yield from after

    def _read_text(self, element: XmlElement, look: OdtLook) -> Iterator[str]:
        """Text inside, without the text that follows it; what nobody sees is counted and left out."""
        yield self._show(element.text, look)
        for child in element:
            yield from self._read_inline(child, look)
            yield self._show(child.tail, look)

    def _read_inline(self, child: XmlElement, look: OdtLook) -> Iterator[str]:
        name = get_name(child)
        if name == "s":
            yield " " * min(_MOST_SPACES, int(get_value(child, "c") or 1))
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name in _HIDDEN_FIELDS:
            self.hidden.add("".join(map(str, child.itertext())) + get_value(child, "string-value"))
        elif name in ("note", "frame"):
            inner = self._styles.change_look(look, get_value(child, "style-name"))
            self._after += [block for block in self.read_blocks(child, inner) if block.text]
        elif name not in _SKIPPED:
            yield from self._read_text(child, self._styles.change_look(look, get_value(child, "style-name")))

    def _show(self, text: str | None, look: OdtLook) -> str:
        if not text or look.is_struck:
            return ""
        if look.is_unseen:
            self.hidden.add(text)
            return ""
        return _BLANKS.sub(" ", text)

    def _read_list(self, element: XmlElement, look: OdtLook, depth: int) -> Iterator[Block]:
        for item in element:
            is_first = get_name(item) == "list-item"
            for block in self.read_blocks(item, look, depth + 1):
                is_item = block.kind == "list_item" and block.level == depth + 1
                if is_item and not is_first:  # a second paragraph of the same item
                    yield build_block("paragraph", block.text)
                else:
                    yield block
                    is_first = is_first and not is_item

    def _read_table(self, table: XmlElement, look: OdtLook, depth: int) -> Iterator[Block]:
        rows = [row for row in table.iter() if get_name(row) == "table-row" and _find_table(row) is table]
        cells = [
            [cell for cell in row if get_name(cell) in ("table-cell", "covered-table-cell")] for row in rows
        ]
        if sum(map(len, cells)) == 1:  # a frame around a text, not a table
            yield from self.read_blocks(cells[0][0], look, depth)
            return
        shown = [
            (row, line)
            for row, line in zip(rows, cells, strict=True)
            if get_value(row, "visibility") != "collapse"
        ]
        yield from build_table_rows([self._read_row(line, look) for _, line in shown])

    def _read_row(self, cells: list[XmlElement], look: OdtLook) -> list[str]:
        texts: list[str] = []
        for cell in cells:
            inner = self._styles.change_look(look, get_value(cell, "style-name"))
            text = "\n".join(block.text for block in self.read_blocks(cell, inner) if block.text)
            repeated = int(get_value(cell, "number-columns-repeated") or 1)
            texts += [text] * min(_MOST_REPEATS, max(1, repeated))
        return texts

    def _hide(self, element: XmlElement) -> None:
        self.hidden.add("".join(str(text) for text in element.itertext()))


def _is_hiding(element: XmlElement) -> bool:
    return get_name(element) == "hidden-paragraph" and get_value(element, "is-hidden") != "false"


def _find_table(row: XmlElement) -> XmlElement | None:
    return next((one for one in row.iterancestors() if get_name(one) == "table"), None)
