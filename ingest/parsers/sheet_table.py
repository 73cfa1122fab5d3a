"""A sheet as its parser has read it: cells, header, rows. Shared by sheets.py and sheet_rows.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.documents import Block
from ingest.parsers.clean_text import build_block, clean_line, drop_invisible, join_cells


@dataclass(frozen=True, slots=True)
class CellText:
    """What a cell shows, and the day it holds, if it holds one. `hidden` counts what it holds and does not show.

    `typed` is the text with its own blanks and lines, where these differ from what is shown in running text.
    """

    text: str
    day: date | None = None
    hidden: int = 0
    typed: str = ""

    @property
    def words(self) -> str:
        """The text to the letter, as it is quoted."""
        return drop_invisible(self.typed).strip() if self.typed else self.text


Row = Sequence[CellText]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet cut in three: lines above the header, the header (empty: one column), the data rows."""

    name: str
    lead: Sequence[Row]
    header: Sequence[str]
    data: Sequence[Row]
    hidden: int = 0
    """Characters in its cells that are not shown."""

    def find_columns(self, wanted: Mapping[str, str]) -> dict[str, int]:
        """Field -> position, for the columns that this sheet has; case and blanks do not matter."""
        keys = [fold_header(name) for name in self.header]
        folded = {field: fold_header(column) for field, column in wanted.items()}
        return {field: keys.index(column) for field, column in folded.items() if column in keys}


def build_row(sheet: Sheet, line: Row) -> Block:
    """`Header: value · Header: value`; empty cells are left out."""
    return build_block("table_row", join_cells(sheet.header, [cell.text for cell in line]))


def fold_header(name: str) -> str:
    """A header as it is compared."""
    return clean_line(name).casefold()
