"""Paragraphs, lists and tables of an RTF file as blocks. Used by rich_text.py."""

from dataclasses import dataclass, replace

from core.documents import Block
from ingest.parsers.clean_text import build_block, build_table_rows
from ingest.parsers.hidden_text import HiddenText
from ingest.parsers.rich_text_words import RtfStyle, RtfTables, RtfWord

_MOST_LIST_DEPTH = 9


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """What the control word `pard` puts back."""

    style: int = 0
    outline: int | None = None
    depth: int = 0
    list_number: int = 0
    is_in_table: bool = False
    is_painted: bool = False


class RtfBlocks:
    """Gathers text until its paragraph, cell or row ends. `hidden` counts what nobody could see."""

    def __init__(self, tables: RtfTables) -> None:
        self.hidden = HiddenText()
        self._tables = tables
        self._blocks: list[Block] = []
        self._paragraph = _Paragraph()
        self._text: list[str] = []
        self._unseen: list[str] = []
        self._is_listed = False
        self._cell: list[str] = []
        self._row: list[str] = []
        self._table: list[list[str]] = []
        self._merges: list[bool] = []
        self._merges_next = self._paints_row = False

    @property
    def is_painted(self) -> bool:
        """True when the paragraph, or any cell of its row, lies on a ground of its own."""
        return self._paragraph.is_painted or (self._paragraph.is_in_table and self._paints_row)

    def add_text(self, text: str, *, is_unseen: bool) -> None:
        """Text of the paragraph at hand."""
        (self._unseen if is_unseen else self._text).append(text)

    def mark_item(self) -> None:
        """The paragraph has a bullet or a number before it."""
        self._is_listed = True

    def take(self, word: RtfWord) -> None:
        """A control word about paragraphs, cells or rows; any other is passed over."""
        if word.name in ("par", "sect", "page"):
            self._end_paragraph()
        elif word.name == "cell":
            self._end_cell()
        elif word.name == "row":
            self._end_row()
        elif word.name in ("trowd", "clvmrg", "cellx", "clcbpat"):
            self._define_row(word)
        else:
            self._paragraph = _change_paragraph(self._paragraph, word)

    def finish(self) -> list[Block]:
        """All blocks; what was still open is closed."""
        self._end_paragraph()
        self._end_table()
        return self._blocks

    def _define_row(self, word: RtfWord) -> None:
        if word.name == "trowd":
            self._merges, self._merges_next, self._paints_row = [], False, False
        elif word.name == "clvmrg":
            self._merges_next = True
        elif word.name == "clcbpat":
            self._paints_row = True
        else:
            self._merges.append(self._merges_next)
            self._merges_next = False

    def _take_text(self) -> str:
        """The paragraph's text. Halves of one character came as two."""
        text = "".join(self._text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self.hidden.add("".join(self._unseen))
        self.hidden.add_invisible(text)
        self._text, self._unseen = [], []
        return text

    def _end_paragraph(self) -> None:
        text, style = self._take_text(), self._tables.styles.get(self._paragraph.style, RtfStyle())
        is_listed, self._is_listed = self._is_listed, False
        if not text.strip():
            return
        if style.is_hidden:
            self.hidden.add(text)
        elif self._paragraph.is_in_table:
            self._cell.append(text)
        elif not style.name.startswith("toc "):
            self._end_table()
            self._blocks.append(self._build_block(text, style, is_listed=is_listed))

    def _build_block(self, text: str, style: RtfStyle, *, is_listed: bool) -> Block:
        own = self._paragraph.outline
        heading = style.heading if own is None else RtfStyle(outline=own).heading
        if heading:
            return build_block("heading", text, level=heading)
        if is_listed or self._paragraph.list_number:
            return build_block("list_item", text, level=min(self._paragraph.depth, _MOST_LIST_DEPTH - 1) + 1)
        return build_block("paragraph", text)

    def _end_cell(self) -> None:
        text = self._take_text()
        self._is_listed = False
        self._row.append("\n".join([*self._cell, text]))
        self._cell = []

    def _end_row(self) -> None:
        above = self._table[-1] if self._table else []
        for place, is_merged in enumerate(self._merges[: len(self._row)]):
            if is_merged and place < len(above) and not self._row[place].strip():
                self._row[place] = above[place]
        if self._row:
            self._table.append(self._row)
        self._row = []

    def _end_table(self) -> None:
        if self._cell or self._row:
            self._end_cell()
            self._end_row()
        if sum(map(len, self._table)) == 1:  # a frame around a text, not a table
            self._blocks.append(build_block("paragraph", self._table[0][0]))
        else:
            self._blocks.extend(build_table_rows(self._table))
        self._table = []


def _change_paragraph(paragraph: _Paragraph, word: RtfWord) -> _Paragraph:
    number = word.number or 0
    changes: dict[str, dict[str, int | bool | None]] = {
        "s": {"style": number},
        "outlinelevel": {"outline": number},
        "ilvl": {"depth": max(0, number)},
        "ls": {"list_number": number},
        "intbl": {"is_in_table": True},
        "cbpat": {"is_painted": number != 0},
    }
    if word.name == "pard":
        return _Paragraph()
    return replace(paragraph, **changes[word.name]) if word.name in changes else paragraph  # type: ignore[arg-type]
