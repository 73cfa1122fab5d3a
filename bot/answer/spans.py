"""The days that a question asks about: a day, a month, a quarter, a year. Pure; used by bot/answer/listings.py."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from core.running_documents import Span
from index.understanding import MONTHS

_MONTH = "|".join(["sept", *(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS)])
_IN = r"(?:in|during|throughout|over|as of|as at|through|back in)\s+(?:the\s+)?(?:month\s+of\s+)?"
_ON = r"(?:as of|as at|on|at|as per)\s+(?:the\s+)?"
_YEAR = r"(?:,?\s+(?:of\s+)?(?P<year>(?:19|20)\d\d))?"
_WHOLE = re.compile(
    r"\b(?:"
    rf"{_ON}(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
    rf"|{_ON}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\.?(?:,?\s+(?P<dayyear>\d{{4}}))?"
    rf"|{_ON}(?P<month2>{_MONTH})\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,?\s+(?P<dayyear2>\d{{4}}))?"
    rf"|{_IN}(?P<whole>{_MONTH})\b\.?(?!\s+\d{{1,2}}\b){_YEAR}"
    rf"|(?:{_IN})?q(?P<quarter>[1-4])(?:,?\s+(?:of\s+)?(?P<qyear>\d{{4}}))?"
    rf"|{_IN}(?P<ordinal>first|second|third|fourth|last)\s+quarter(?:\s+of\s+(?P<oyear>\d{{4}}))?"
    r"|(?:in|during)\s+(?:the\s+year\s+)?(?P<only>(?:19|20)\d\d)"
    r"|(?:(?:in|during)\s+)?(?P<which>this|last|next)\s+(?P<unit>month|quarter|year)"
    r")\b",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth")


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """Days, and where the words stand that name them: `text[start:end]`."""

    span: Span
    start: int
    end: int


def find_span(text: str, *, today: date) -> FoundSpan | None:
    """The first span that is named; what has no year is of today's year. None: none is, or it is no date."""
    found = _WHOLE.search(text)
    if found is None:
        return None
    try:
        span = _read_span(found, today)
    except ValueError:
        return None
    return FoundSpan(span, found.start(), found.end())


def _read_span(found: re.Match[str], today: date) -> Span:
    if found["iso"]:
        day = date.fromisoformat(found["iso"])
        return Span(day, day)
    if found["month"] or found["month2"]:
        return _read_written_day(found, today)
    if found["whole"]:
        return _build_months(int(found["year"] or today.year), _number_month(found["whole"]), 1)
    if found["only"]:
        return _build_months(int(found["only"]), 1, 12)
    if found["which"]:
        return _read_relative(found["which"].lower(), found["unit"].lower(), today)
    year = int(found["qyear"] or found["oyear"] or today.year)
    ordinal = (found["ordinal"] or "").lower().replace("last", "fourth")
    quarter = int(found["quarter"] or _ORDINALS.index(ordinal) + 1)
    return _build_months(year, 3 * quarter - 2, 3)


def _read_written_day(found: re.Match[str], today: date) -> Span:
    year = int(found["dayyear"] or found["dayyear2"] or today.year)
    day = date(year, _number_month(found["month"] or found["month2"]), int(found["day"] or found["day2"]))
    return Span(day, day)


def _read_relative(which: str, unit: str, today: date) -> Span:
    length = {"month": 1, "quarter": 3, "year": 12}[unit]
    moved = {"this": 0, "last": -length, "next": length}[which]
    months = today.year * 12 + (today.month - 1) // length * length + moved
    return _build_months(months // 12, months % 12 + 1, length)


def _build_months(year: int, month: int, count: int) -> Span:
    last = month + count - 1
    return Span(date(year, month, 1), date(year, last, monthrange(year, last)[1]))


def _number_month(name: str) -> int:
    start = name[:3].lower()
    return next(number for number, one in enumerate(MONTHS, start=1) if one.startswith(start))
