"""Which cells of a workbook hold a value and show nothing of it. Used by sheets.py."""

import re
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell

from ingest.parsers.colours import WHITE, Colour, is_same, read_hex

_SHOWS_NOTHING = re.compile(r"\s*;\s*;\s*;\s*")
_LIGHT_THEME = 0  # the first theme colour is the paper's
_TINY = 2.0  # points


class CellLooks:
    """Remembers its verdict by style: a book has few of them and many cells."""

    def __init__(self) -> None:
        self._known: dict[object, bool] = {}

    def is_unseen(self, cell: Cell | MergedCell) -> bool:
        """True for a format that prints nothing, for type of a dot's size, and for type in the cell's own colour."""
        key = getattr(cell, "_style_id", None)  # of a book that is read row by row
        if key is None:
            return _is_unseen(cell)
        if key not in self._known:
            self._known[key] = _is_unseen(cell)
        return self._known[key]


def _is_unseen(cell: Cell | MergedCell) -> bool:
    if _SHOWS_NOTHING.fullmatch(cell.number_format or ""):
        return True
    font: Any = cell.font
    if font is None:
        return False
    if font.sz is not None and float(font.sz) < _TINY:
        return True
    colour, behind = _read_colour(font.color), _find_fill(cell.fill)
    return colour is not None and behind is not None and is_same(colour, behind)


def _find_fill(fill: Any) -> Colour | None:
    """White where nothing is filled; None for a pattern, a gradient or a colour that is only named."""
    pattern = getattr(fill, "patternType", None)
    if fill is None or (pattern is None and not hasattr(fill, "stop")):
        return WHITE
    return _read_colour(fill.fgColor) if pattern == "solid" else None


def _read_colour(colour: Any) -> Colour | None:
    if colour is None:
        return None
    if colour.type == "theme":
        return WHITE if colour.theme == _LIGHT_THEME and not colour.tint else None
    return read_hex(colour.rgb) if colour.type == "rgb" and isinstance(colour.rgb, str) else None
