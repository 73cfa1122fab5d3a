"""Tables of a page as finished rows: merged cells, headers of several rows, header columns, tables in cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lxml.html import HtmlElement

from ingest.parsers.clean_text import CELL_JOIN, clean_line, clean_text, join_cells
from ingest.parsers.html_blocks import read_visible_text
from ingest.parsers.parser import RowMapping
from ingest.parsers.sheet_table import CellText, Sheet, fold_header

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NUMBERS = "numberingColumn"  # the class of a column that only counts the rows
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LEADING = ("quote", "cta", "title")
_MOST_COLUMNS = 64
_LONGEST_LABEL = 300
"""Characters of a merged cell that is said again in each of its rows; a longer one stands in the first only."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """`is_first` is False where a merged cell goes on; `rows_left` counts the rows that it still covers."""

    text: str
    is_header: bool
    is_first: bool = True
    rows_left: int = 0


_Line = Sequence[_Cell]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table cut in three: its own titles, the names of its columns (none without a header row), the rows."""

    titles: Sequence[str]
    header: Sequence[str]
    data: Sequence[_Line]


def arrange_tables(tree: HtmlElement, rows: RowMapping) -> list[Sheet]:
    """Each table in place: one finished row per <tr>, lines inside a cell of another table, or plain sections.

    Tables with the column that `rows` names first are taken out and given back, in order, to be read row by row.
    """
    taken: list[Sheet] = []
    # From the last to the first, so that a table in a cell is done before the table around it.
    for table in reversed(list(tree.iter("table"))):
        if _is_layout(table):
            for part in (table, *table.iterdescendants("thead", "tbody", "tfoot", "tr", "th", "td")):
                part.tag = "div"
            continue
        is_inner = any(True for _ in table.iterancestors("td", "th"))
        cut = _cut_table(table)
        if not is_inner and _has_leading_column(cut.header, rows):
            taken.append(_build_sheet(cut))
            cut = _Table(cut.titles, (), ())
        _replace(table, _list_texts(cut), is_inner=is_inner)
    return taken[::-1]


def _has_leading_column(header: Sequence[str], rows: RowMapping) -> bool:
    """True for the column of quotations, calls to action or titles; without these, the first that is mapped."""
    leading = [name for name in _LEADING if name in rows.columns] or list(rows.columns)
    return bool(leading) and fold_header(rows.columns[leading[0]]) in map(fold_header, header)


def _build_sheet(table: _Table) -> Sheet:
    lines = [line for line in table.data if sum(cell.is_first for cell in line) > 1 or len(line) == 1]
    data = [[CellText(cell.text, _read_day(cell.text)) for cell in line] for line in lines]
    return Sheet("", (), table.header, data)


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None


def _is_layout(table: HtmlElement) -> bool:
    """A frame of one cell, or headings in a table that has no header cell."""
    cells = list(table.iterdescendants("td", "th"))
    if len(cells) == 1:
        return True
    is_plain = all(cell.tag == "td" for cell in cells)
    return is_plain and next(table.iterdescendants(*_HEADINGS), None) is not None


def _cut_table(table: HtmlElement) -> _Table:
    lines = _read_grid(table)
    titles = [read_visible_text(caption) for caption in table.iterchildren("caption")]
    while len(lines) > 1 and _is_whole_line(lines[0]):
        titles.append(lines.pop(0)[0].text)
    count = _count_header_lines(lines)
    return _Table(titles, _join_header(lines[:count]), lines[count:])


def _list_texts(table: _Table) -> list[str]:
    """Titles and rows, in order, as text. A header alone is all that the table says."""
    rows = [_join_line(table.header, line) for line in table.data] or [join_cells((), table.header)]
    return [text for text in (*table.titles, *rows) if text]


def _read_grid(table: HtmlElement) -> list[_Line]:
    """Rows of equal columns: a merged cell stands in each row and, where it is a header, each column it covers."""
    lines: list[_Line] = []
    carried: dict[int, _Cell] = {}
    for row in table.iterdescendants("tr"):
        line = list(_place_cells(row, carried))
        carried = {column: cell for column, cell in enumerate(line) if cell.rows_left > 0}
        if any(cell.text for cell in line):
            lines.append(line)
    return lines


def _place_cells(row: HtmlElement, carried: dict[int, _Cell]) -> Iterator[_Cell]:
    """The row's own cells, with those that reach down into it from above at their columns."""
    column = 0
    own = iter([cell for one in row.iterchildren("th", "td") for cell in _read_cell(one)])
    waiting = next(own, None)
    while (waiting is not None or column <= max(carried, default=-1)) and column < _MOST_COLUMNS:
        above = carried.get(column)
        if above is not None:
            text = above.text if len(above.text) <= _LONGEST_LABEL else ""
            yield replace(above, text=text, is_first=False, rows_left=above.rows_left - 1)
        elif waiting is not None:
            yield waiting
            waiting = next(own, None)
        else:
            yield _Cell("", is_header=False)
        column += 1


def _read_cell(cell: HtmlElement) -> Iterator[_Cell]:
    if _NUMBERS in cell.get("class", "").split():
        return
    is_header = cell.tag == "th" or cell.getparent().getparent().tag == "thead"
    text = clean_text(read_visible_text(cell))
    label = text if len(text) <= _LONGEST_LABEL else ""
    below = _read_span(cell.get("rowspan")) - 1
    yield _Cell(text, is_header, rows_left=below)
    for _ in range(min(_read_span(cell.get("colspan")), _MOST_COLUMNS) - 1):
        yield _Cell(label if is_header else "", is_header, is_first=False, rows_left=below)


def _read_span(value: str | None) -> int:
    return max(1, int(value)) if value and value.isdecimal() and len(value) < 6 else 1  # noqa: PLR2004


def _is_whole_line(line: _Line) -> bool:
    """One header cell over all columns: a title of the table, or of a part of it."""
    return len(line) > 1 and line[0].is_header and not any(cell.is_first for cell in line[1:])


def _count_header_lines(lines: Sequence[_Line]) -> int:
    """Rows of header cells at the top; the first one alone where the table holds nothing else."""
    is_header = [all(cell.is_header for cell in line) for line in lines]
    if not is_header or all(is_header):
        return len(is_header[:1])
    return is_header.index(False)


def _join_header(lines: Sequence[_Line]) -> list[str]:
    """One name a column; a group's name stands before its columns' names."""
    width = max(map(len, lines), default=0)
    columns = [[line[column].text for line in lines if column < len(line)] for column in range(width)]
    return [clean_line(" ".join(dict.fromkeys(filter(None, texts)))) for texts in columns]


def _join_line(header: Sequence[str], line: _Line) -> str:
    own = [cell for cell in line if cell.is_first]
    if len(line) > 1 and line[0].is_first and len(own) == 1 and not any(cell.text for cell in line[1:]):
        return own[0].text
    if header:
        return join_cells(header, [cell.text for cell in line])
    return CELL_JOIN.join(_pair_cells(line))


def _pair_cells(line: _Line) -> Iterator[str]:
    """Without a header row: a header cell names the next cell that says something."""
    name = ""
    for cell in line:
        if not cell.text:
            continue
        if cell.is_header:
            if name:
                yield name
            name = cell.text
        else:
            yield join_cells((name,), (cell.text,))
            name = ""
    if name:
        yield name


def _replace(table: HtmlElement, texts: Sequence[str], *, is_inner: bool) -> None:
    """Finished rows keep the kind of a row by standing in a table of one column without a header."""
    box = table.makeelement("div" if is_inner else "table")
    box.tail = table.tail
    for text in texts:
        line = box.makeelement("div" if is_inner else "tr")
        box.append(line)
        _write_lines(line if is_inner else _append(line, "td"), text)
    table.getparent().replace(table, box)


def _append(parent: HtmlElement, tag: str) -> HtmlElement:
    element = parent.makeelement(tag)
    parent.append(element)
    return element


def _write_lines(target: HtmlElement, text: str) -> None:
    first, *others = text.split("\n")
    target.text = first
    for other in others:
        _append(target, "br").tail = other
