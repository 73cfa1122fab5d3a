"""Excel workbooks and CSV files, row by row. Loaded by the registry."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from hashlib import sha256

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell

from core.documents import Block, ParsedDocument
from ingest.parsers.clean_text import (
    build_block,
    build_document,
    clean_line,
    clean_text,
    decode_bytes,
    drop_invisible,
    join_cells,
)
from ingest.parsers.hidden_text import count_invisible
from ingest.parsers.parser import FileUnreadable, RowMapping
from ingest.parsers.sheets_hidden import CellLooks

_DELIMITERS = ",;\t|"
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TITLE_LENGTH, _SLUG_LENGTH = 120, 60
_BOOKKEEPING = ("status", "owner", "access", "classification", "kind", "brand", "url")


@dataclass(frozen=True, slots=True)
class _CellText:
    """What a cell shows, and the day it holds, if it holds one. `hidden` counts what it holds and does not show."""

    text: str
    day: date | None = None
    hidden: int = 0


_Row = Sequence[_CellText]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet cut in three: lines above the header, the header (empty: one column), the data rows."""

    name: str
    lead: Sequence[_Row]
    header: Sequence[str]
    data: Sequence[_Row]
    hidden: int = 0
    """Characters in its cells that are not shown."""

    def find_column(self, wanted: str) -> int | None:
        """The column's position; case and blanks do not matter."""
        keys = [_fold(name) for name in self.header]
        return keys.index(_fold(wanted)) if _fold(wanted) in keys else None


def parse_workbook(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:
    """One document of all visible sheets; with `rows`, one document per data row."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        looks = CellLooks()
        read = [(sheet, list(_read_cells(sheet.iter_rows(), looks))) for sheet in book.worksheets]
        unseen = sum(
            _count_held(line) for sheet, lines in read if sheet.sheet_state != "visible" for line in lines
        )
        sheets = [
            _build_sheet(sheet.title, lines, rows) for sheet, lines in read if sheet.sheet_state == "visible"
        ]
    finally:
        book.close()
    return _build_documents(sheets, rows, hidden=unseen)


def parse_csv(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:
    """The same for a CSV file: one sheet without a name; comma, semicolon, tab or bar between the cells."""
    raw = decode_bytes(content)
    text = drop_invisible(raw)
    first = next((line for line in text.split("\n") if line.strip()), "")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count))
    table = [[_read_value(cell, "") for cell in line] for line in lines]
    return _build_documents([_build_sheet("", table, rows)], rows, hidden=count_invisible(raw))


def _read_cells(lines: Iterable[Sequence[Cell | MergedCell]], looks: CellLooks) -> Iterator[_Row]:
    for line in lines:
        yield [_read_cell(cell, looks) if _has_value(cell) else _CellText("") for cell in line]


def _read_cell(cell: Cell | MergedCell, looks: CellLooks) -> _CellText:
    shown = _read_value(cell.value, cell.number_format or "")
    if looks.is_unseen(cell):
        return _CellText("", hidden=len(shown.text))
    spelled = count_invisible(cell.value) if isinstance(cell.value, str) else 0
    return replace(shown, hidden=spelled) if spelled else shown


def _count_held(line: _Row) -> int:
    return sum(len(cell.text) + cell.hidden for cell in line)


def _has_value(cell: Cell | MergedCell) -> bool:
    return cell.value is not None and cell.data_type != "e"  # "e" is #REF!, #N/A and their like


def _read_value(value: object, number_format: str) -> _CellText:
    """The value as text: days as YYYY-MM-DD, shares as percent, no trailing `.0`."""
    if isinstance(value, datetime):
        has_time = value.time() != time(0)
        return _CellText(value.strftime("%Y-%m-%d %H:%M" if has_time else "%Y-%m-%d"), value.date())
    if isinstance(value, date):
        return _CellText(value.isoformat(), value)
    if isinstance(value, bool):
        return _CellText(str(value).upper())
    if isinstance(value, int | float):
        is_share = "%" in re.sub(r'"[^"]*"|\\.', "", number_format)
        return _CellText(f"{_format_number(value * 100)}%" if is_share else _format_number(value))
    text = clean_text(str(value))
    return _CellText(text, _read_day(text))


def _format_number(value: float) -> str:
    """Twelve significant digits, so that 0.07 × 100 is 7 and not 7.000000000000001; never an exponent."""
    if isinstance(value, int):
        return str(value)
    digits = format(float(format(value, ".12g")), ".12f")
    return digits.rstrip("0").rstrip(".")


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None


def _build_sheet(name: str, lines: Iterable[_Row], rows: RowMapping) -> _Sheet:
    listed = list(lines)
    table = [line for line in listed if any(cell.text for cell in line)]
    hidden = sum(cell.hidden for line in listed for cell in line)
    wanted = {_fold(column) for column in rows.columns.values()}
    start = _find_first(table, lambda line: any(_fold(cell.text) in wanted for cell in line))
    if start is None:
        start = _find_first(table, lambda line: sum(bool(cell.text) for cell in line) > 1)
    if start is None:
        return _Sheet(name, table, (), (), hidden)
    header = [clean_line(cell.text) for cell in table[start]]
    return _Sheet(name, table[:start], header, table[start + 1 :], hidden)


def _find_first(table: Sequence[_Row], fits: Callable[[_Row], bool]) -> int | None:
    return next((number for number, line in enumerate(table) if fits(line)), None)


def _build_documents(
    sheets: Sequence[_Sheet], rows: RowMapping, *, hidden: int
) -> tuple[ParsedDocument, ...]:
    """`hidden`: characters of the file that belong to none of these sheets. Of rows the first one carries all."""
    hidden += sum(sheet.hidden for sheet in sheets)
    if not rows:
        blocks = (block for sheet in sheets for block in _list_blocks(sheet))
        return (build_document(blocks, hidden=hidden),)
    _check_columns(sheets, rows)
    mapped = [sheet for sheet in sheets if _has_any_column(sheet, rows)]
    documents = tuple(_list_row_documents(mapped, rows))
    if not documents:
        raise FileUnreadable("holds no text")
    return (replace(documents[0], hidden=hidden), *documents[1:])


def _list_blocks(sheet: _Sheet) -> Iterator[Block]:
    if sheet.lead or sheet.data or sheet.header:
        yield build_block("heading", sheet.name, level=1)
    for line in sheet.lead:
        yield build_block("paragraph", "\n".join(cell.text for cell in line if cell.text))
    if sheet.header and not sheet.data:
        yield build_block("table_row", join_cells((), sheet.header))
    for line in sheet.data:
        yield _build_row(sheet, line)


def _build_row(sheet: _Sheet, line: _Row) -> Block:
    return build_block("table_row", join_cells(sheet.header, [cell.text for cell in line]))


def _has_any_column(sheet: _Sheet, rows: RowMapping) -> bool:
    return any(sheet.find_column(column) is not None for column in rows.columns.values())


def _check_columns(sheets: Sequence[_Sheet], rows: RowMapping) -> None:
    """Raises FileUnreadable when a mapped column stands in no sheet."""
    for field, column in rows.columns.items():
        if all(sheet.find_column(column) is None for sheet in sheets):
            names = dict.fromkeys(repr(name) for sheet in sheets for name in sheet.header if name)
            raise FileUnreadable(
                f"has no column {column!r} (mapped to {field!r}); its columns are {', '.join(names) or 'none'}"
            )


def _list_row_documents(sheets: Sequence[_Sheet], rows: RowMapping) -> Iterator[ParsedDocument]:
    """One document per row; `part` is sheet and title. Rows that share a title are told apart by their text, so
    that none takes another's place when one of them is deleted.
    """
    documents = [one for sheet in sheets for one in _list_rows_of(sheet, rows)]
    titles = Counter(document.part for document in documents)
    taken: set[str] = set()
    for document in documents:
        part = document.part
        if titles[part] > 1:
            part = f"{part}-{sha256(document.blocks[-1].text.encode()).hexdigest()[:8]}"
        yield replace(document, part=_make_unique(part, taken))


def _list_rows_of(sheet: _Sheet, rows: RowMapping) -> Iterator[ParsedDocument]:
    heading = [build_block("heading", sheet.name, level=1)] if sheet.name else []
    for number, line in enumerate(sheet.data, 1):
        block = _build_row(sheet, _without_bookkeeping(sheet, line, rows))
        if not block.text:
            continue
        metadata = _read_metadata(sheet, line, rows)
        title = str(metadata.get("title") or next(cell.text for cell in line if cell.text))
        slug = _build_slug(title) or f"row-{number}"
        part = f"{sheet.name}/{slug}" if sheet.name else slug
        yield ParsedDocument((*heading, block), clean_line(title)[:_TITLE_LENGTH].rstrip(), metadata, part)


def _without_bookkeeping(sheet: _Sheet, line: _Row, rows: RowMapping) -> _Row:
    """The row without cells that say how it may be used, not what it says: they become the document's own facts."""
    hidden = {sheet.find_column(column) for field, column in rows.columns.items() if field in _BOOKKEEPING}
    return [_CellText("") if position in hidden else cell for position, cell in enumerate(line)]


def _read_metadata(sheet: _Sheet, line: _Row, rows: RowMapping) -> Mapping[str, object]:
    """Mapped field -> its day or its text; fields whose cell is empty are left out."""
    metadata: dict[str, object] = {}
    for field, column in rows.columns.items():
        position = sheet.find_column(column)
        if position is not None and position < len(line) and line[position].text:
            metadata[field] = line[position].day or line[position].text
    return metadata


def _make_unique(part: str, taken: set[str]) -> str:
    candidate, number = part, 1
    while candidate in taken:
        number += 1
        candidate = f"{part}-{number}"
    taken.add(candidate)
    return candidate


def _build_slug(title: str) -> str:
    return re.sub(r"[\W_]+", "-", title.casefold()).strip("-")[:_SLUG_LENGTH].strip("-")


def _fold(name: str) -> str:
    return clean_line(name).casefold()
