"""Blocks of an HTML tree as a reader sees it. Shared by the HTML parser and by raw HTML in Markdown."""

import re

from lxml.html import HtmlElement

from core.documents import Block, BlockKind
from ingest.parsers.clean_text import build_block, build_table_rows

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Struck-out text is unseen too: whoever struck it out takes it back.
_UNSEEN_WORDS = (
    "script style template head title nav noscript iframe svg canvas video audio select datalist textarea"
    " s del strike"
)
_UNSEEN = frozenset(_UNSEEN_WORDS.split())
_BLOCKS_WORDS = (
    "address article aside body blockquote button caption center dd details dialog div dl dt fieldset"
    " figcaption figure footer form header hr html legend li main menu object ol p search section summary"
    " table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_LISTS = ("ul", "ol", "menu", "dl")
_ITEMS = ("li", "dt", "dd")


def is_unseen(element: HtmlElement) -> bool:
    """True for comments and elements never shown. What a style hides, html_hidden.py has taken out before."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _UNSEEN:
        return True
    return bool(tag == "dialog" and element.get("open") is None)


def read_html_blocks(element: HtmlElement) -> list[Block]:
    """The element's visible content in document order; blocks may be empty."""
    reader = _BlockReader()
    reader.read(element)
    reader.end_block()
    return reader.blocks


def read_visible_text(element: HtmlElement) -> str:
    """The element's visible text, one line per block."""
    return "\n".join(block.text for block in read_html_blocks(element) if block.text)


class _BlockReader:
    """Walks a tree once. Inline text gathers in `_parts` until a block element begins or ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._depth = 0
        self._starts_item = False

    def read(self, element: HtmlElement) -> None:
        """Adds what the element shows, without the text that follows it."""
        if is_unseen(element):
            return
        tag = str(element.tag)
        if tag in _HEADINGS:
            self._add("heading", _read_inside(element), level=int(tag[1]))
        elif tag == "pre":
            self._add("code", str(element.text_content()))
        elif tag == "table" and _holds_data(element):
            self._add_table(element)
        elif _is_quotation(element):
            self._add("paragraph", _read_inside(element))
        elif tag in _BLOCKS:
            self._read_block(element, tag)
        else:
            self._read_phrase(element, tag)

    def end_block(self) -> None:
        """Closes the paragraph or list item gathered so far."""
        text, self._parts = "".join(self._parts), []
        if not text.strip():
            return
        kind: BlockKind = "list_item" if self._starts_item else "paragraph"
        self.blocks.append(build_block(kind, text, level=max(1, self._depth) if self._starts_item else 0))
        self._starts_item = False

    def _add(self, kind: BlockKind, text: str, *, level: int = 0) -> None:
        self.end_block()
        self.blocks.append(build_block(kind, text, level=level))

    def _add_table(self, table: HtmlElement) -> None:
        self.end_block()
        for caption in table.iterchildren("caption"):
            self._add("paragraph", _read_inside(caption))
        rows = [row for row in table.iter("tr") if not is_unseen(row)]
        cells = [[cell for cell in row.iterchildren("th", "td") if not is_unseen(cell)] for row in rows]
        has_header = bool(cells) and bool(cells[0]) and all(cell.tag == "th" for cell in cells[0])
        texts = [[_read_inside(cell) for cell in row] for row in cells]
        if not has_header and next(table.iter("thead"), None) is None:
            texts.insert(0, [])
        self.blocks.extend(build_table_rows(texts))

    def _read_block(self, element: HtmlElement, tag: str) -> None:
        self.end_block()
        deeper = 1 if tag in _LISTS or (tag == "dd" and self._depth) else 0
        self._depth += deeper
        if tag in _ITEMS:
            self._starts_item = True
        self._read_children(element)
        self.end_block()
        self._depth -= deeper
        if tag in _ITEMS:
            self._starts_item = False

    def _read_phrase(self, element: HtmlElement, tag: str) -> None:
        if tag == "br":
            self._parts.append("\n")
        elif tag == "img":
            self._add_phrase(element.get("alt"))
        elif tag == "q":
            self._parts.append("“")
            self._read_children(element)
            self._parts.append("”")
        else:
            self._read_children(element)

    def _read_children(self, element: HtmlElement) -> None:
        self._add_phrase(element.text)
        for child in element:
            self.read(child)
            self._add_phrase(child.tail)

    def _add_phrase(self, text: str | None) -> None:
        # A line end in the source is a blank on the screen; only <br> breaks a line.
        self._parts.append(re.sub(r"\s+", " ", text or ""))


def _read_inside(element: HtmlElement) -> str:
    """The text of a heading, quotation or cell; read as a plain section, so its own rule is not met again."""
    element.tag = "div"
    return read_visible_text(element)


def _holds_data(table: HtmlElement) -> bool:
    """False for a table that only arranges the page: its cells are read as sections."""
    if table.get("role") in ("presentation", "none"):
        return False
    return not any(True for _ in table.iterdescendants("table", *_HEADINGS))


def _is_quotation(element: HtmlElement) -> bool:
    """A quotation is one block together with who said it (its footer, cite or caption)."""
    if element.tag == "figure":
        return any(True for _ in element.iterchildren("blockquote"))
    return bool(element.tag == "blockquote")
