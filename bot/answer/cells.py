"""Reads one row of a table (`Header: value · Header: value`): its cells, its days, and whether it may be used. Pure.

Called by bot/answer/quotations.py and bot/answer/listings.py.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from core.documents import Validity
from index.understanding import MONTHS

BETWEEN_CELLS = " · "
FEWEST_CELLS = 2
_CELL = re.compile(r"(?P<header>[^:·]{1,60}): (?P<value>.+)", re.DOTALL)
_WRITTEN_DAY = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]+) (\d{4})\b")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_FIRST_DAY = re.compile(r"\b(?:from|start|starts|begin|begins|since)\b", re.IGNORECASE)
_LAST_DAY = re.compile(r"\b(?:until|till|end|ends|expires|expiry|through)\b", re.IGNORECASE)
_CONSENT = re.compile(r"\b(?:consent|permission|release|einwilligung|freigabe)\b", re.IGNORECASE)
# What only sounds like a consent, or is none any more.
_NO_CONSENT = re.compile(
    r"\b(?:verbal|verbally|oral|orally|spoken|withdrawn|revoked|refused|declined|denied|none|no|not|never|pending"
    r"|requested|asked|expired|missing|unknown|mündlich|widerrufen|abgelehnt|keine?)\b",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?:status|state)", re.IGNORECASE)
_NOT_IN_USE = re.compile(
    r"\b(?:draft|retired|rejected|withdrawn|expired|archived|pending|paused|ended|over|not|in review)\b",
    re.IGNORECASE,
)


def read_cells(sentence: str) -> Mapping[str, str]:
    """Header -> value in their order; empty when the sentence is no row of a table."""
    cells: dict[str, str] = {}
    last = ""
    for piece in sentence.split(BETWEEN_CELLS):
        found = _CELL.fullmatch(piece)
        if found is not None:
            last = found["header"].strip()
            cells[last] = found["value"].strip()
        elif last:
            cells[last] += f"{BETWEEN_CELLS}{piece}"
    return cells if len(cells) >= FEWEST_CELLS else {}


def find_cell(cells: Mapping[str, str], headers: Sequence[str]) -> str:
    """The value under the first of these headers (case does not matter); empty when there is none."""
    folded = {header.casefold(): value for header, value in cells.items()}
    return next((folded[header] for header in headers if header in folded), "")


def read_days(cells: Mapping[str, str]) -> Validity:
    """From the latest first day to the earliest last day that the row names under such a header."""
    starts = [
        day for header, value in cells.items() if _FIRST_DAY.search(header) and (day := _read_day(value))
    ]
    ends = [day for header, value in cells.items() if _LAST_DAY.search(header) and (day := _read_day(value))]
    return Validity(max(starts, default=None), min(ends, default=None))


def is_refused(cells: Mapping[str, str]) -> bool:
    """True when the row itself says that it may not be used: consent only verbal or withdrawn, status not approved."""
    return any(
        (_CONSENT.search(header) and _NO_CONSENT.search(value))
        or (_STATUS.fullmatch(header) and _NOT_IN_USE.search(value))
        for header, value in cells.items()
        if not _read_day(value)
    )


def meets(validity: Validity, first: date, last: date) -> bool:
    """Do these days meet the span from `first` to `last`?"""
    starts, ends = validity.valid_from or date.min, validity.valid_until or date.max
    return starts <= last and first <= ends


def _read_day(value: str) -> date | None:
    try:
        if found := _ISO_DAY.search(value):
            return date.fromisoformat(found.group())
        if found := _WRITTEN_DAY.search(value):
            day, month, year = found.groups()
            return date(int(year), MONTHS.index(month.lower()) + 1, int(day))
    except ValueError:
        return None
    return None
