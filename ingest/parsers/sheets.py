"""Excel workbooks and CSV files, row by row. Loaded by the registry."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

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
from ingest.parsers.sheet_rows import list_row_documents
from ingest.parsers.sheet_table import CellText, Row, Sheet, build_row, fold_header
from ingest.parsers.sheets_hidden import CellLooks

_DELIMITERS = ",;\t|"
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_workbook(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:
    """One document of all visible sheets; with `rows`, one document per data row."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        looks = CellLooks()
        read = [(sheet, list(_read_cells(_walk_rows(sheet), looks))) for sheet in book.worksheets]
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


def _walk_rows(sheet: Any) -> Iterator[tuple[Cell | MergedCell, ...]]:
    """Each row as long as it is: what a sheet says of its own size may be billions of cells too large."""
    sheet.reset_dimensions()
    return iter(sheet.iter_rows())


def _read_cells(lines: Iterable[Sequence[Cell | MergedCell]], looks: CellLooks) -> Iterator[Row]:
    for line in lines:
        yield [_read_cell(cell, looks) if _has_value(cell) else CellText("") for cell in line]


def _read_cell(cell: Cell | MergedCell, looks: CellLooks) -> CellText:
    shown = _read_value(cell.value, cell.number_format or "")
    if looks.is_unseen(cell):
        return CellText("", hidden=len(shown.text))
    spelled = count_invisible(cell.value) if isinstance(cell.value, str) else 0
    return replace(shown, hidden=spelled) if spelled else shown


def _count_held(line: Row) -> int:
    return sum(len(cell.text) + cell.hidden for cell in line)


def _has_value(cell: Cell | MergedCell) -> bool:
    return cell.value is not None and cell.data_type != "e"  # "e" is #REF!, #N/A and their like


def _read_value(value: object, number_format: str) -> CellText:
    """The value as text: days as YYYY-MM-DD, shares as percent, no trailing `.0`."""
    if isinstance(value, datetime):
        has_time = value.time() != time(0)
        return CellText(value.strftime("%Y-%m-%d %H:%M" if has_time else "%Y-%m-%d"), value.date())
    if isinstance(value, date):
        return CellText(value.isoformat(), value)
    if isinstance(value, bool):
        return CellText(str(value).upper())
    if isinstance(value, int | float):
        is_share = "%" in re.sub(r'"[^"]*"|\\.', "", number_format)
        return CellText(f"{_format_number(value * 100)}%" if is_share else _format_number(value))
    typed = str(value)
    text = clean_text(typed)
    return CellText(text, _read_day(text), typed="" if typed == text else typed)


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


def _build_sheet(name: str, lines: Iterable[Row], rows: RowMapping) -> Sheet:
    listed = list(lines)
    table = [line for line in listed if any(cell.text for cell in line)]
    hidden = sum(cell.hidden for line in listed for cell in line)
    wanted = {fold_header(column) for column in rows.columns.values()}
    start = _find_first(table, lambda line: any(fold_header(cell.text) in wanted for cell in line))
    if start is None:
        start = _find_first(table, lambda line: sum(bool(cell.text) for cell in line) > 1)
    if start is None:
        return Sheet(name, table, (), (), hidden)
    header = [clean_line(cell.text) for cell in table[start]]
    return Sheet(name, table[:start], header, table[start + 1 :], hidden)


def _find_first(table: Sequence[Row], fits: Callable[[Row], bool]) -> int | None:
    return next((number for number, line in enumerate(table) if fits(line)), None)


def _build_documents(sheets: Sequence[Sheet], rows: RowMapping, *, hidden: int) -> tuple[ParsedDocument, ...]:
    """`hidden`: characters of the file that belong to none of these sheets. Of rows the first one carries all."""
    hidden += sum(sheet.hidden for sheet in sheets)
    if not rows:
        blocks = (block for sheet in sheets for block in _list_blocks(sheet))
        return (build_document(blocks, hidden=hidden),)
    documents = list_row_documents(sheets, rows)
    if not documents:
        raise FileUnreadable("holds no text")
    return (replace(documents[0], hidden=hidden), *documents[1:])


def _list_blocks(sheet: Sheet) -> Iterator[Block]:
    if sheet.lead or sheet.data or sheet.header:
        yield build_block("heading", sheet.name, level=1)
    for line in sheet.lead:
        yield build_block("paragraph", "\n".join(cell.text for cell in line if cell.text))
    if sheet.header and not sheet.data:
        yield build_block("table_row", join_cells((), sheet.header))
    for line in sheet.data:
        yield build_row(sheet, line)
