"""Harmful edits of values in a stored sentence: numbers, units, months. Called by harmful_edits.py."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.claims import unseen_numbers
from tests.claims.unseen_text import holds_example, is_protected, replace_each
from tests.claims.unseen_words import MONTHS, UNITS

Variant = tuple[str, tuple[str, ...]]
"""A claim and the stored sentences that it cites."""

TIMES = ("seconds", "minutes", "hours", "days", "weeks", "months", "quarters", "years")
"""From short to long."""
COUNTED = (
    ("employees", "people", "colleagues", "staff", "users"),
    ("plants", "sites", "depots"),
    ("customers",),
    ("contracts",),
    ("suppliers",),
    ("countries",),
    ("forms",),
    ("approvers",),
    ("purchase requests",),
    ("request paths",),
    ("renewals",),
)
"""What is counted; two of one line may mean the same."""
LENGTHS = ("px", "mm", "cm", "pt", "per cent")
SHARES = ("percentage points", "people", "basis points")
SIGNS = ("$", "£", "CHF ")
_WORD = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty"
_COUNT = rf"(?<![\w.,/:#+-])(?:\d[\d,]*(?:\.\d+)?|(?i:{_WORD}))"
_UPPER = re.compile(
    r"(?:fewer than|less than|below|under|at most|no more than|up to|within|last) €?$", re.IGNORECASE
)
_LOWER = re.compile(
    r"(?:more than|above|at least|over|or more|for|from|after|upwards of|another) €?$", re.IGNORECASE
)
_DENIES = re.compile(r"\b(?:no|not|never|nobody|none|without|neither)\b", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:within|under|fewer|less|below|more|above|least|most|over|up to|until|longer)\b", re.IGNORECASE
)
_TIMED = re.compile(
    rf"(?P<number>{_COUNT}(?:st|nd|rd|th)?)(?P<gap>[ -](?:working )?)(?P<unit>{'|'.join(TIMES)}|hour|day|week|month)\b"
)
_COUNTED = re.compile(
    rf"(?P<number>{_COUNT}) (?P<noun>{'|'.join(noun for line in COUNTED for noun in line)})\b"
)
_LENGTH = re.compile(r"(?<=\d)(?P<gap> ?)(?P<unit>px|mm|%)(?![\w%])")
_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b(?! release)")
_ISO = re.compile(r"(?<=: )(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b")
_BARE_NUMBER = re.compile(r"(?<![\w.,/:#+€-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w/:-]|[.,]\d)(?! Type)")
# Three documents of different standing name different rates for education: none of them is simply wrong.
_DISPUTED = re.compile(r"education|universit", re.IGNORECASE)


def change_numbers(sentences: Sequence[str]) -> Iterator[Variant]:
    """Off by one, ten times, digits turned, written out, two exchanged, or another cited sentence's number."""
    for sentence in sentences:
        if not _is_reversed(sentence):
            for change in (
                unseen_numbers.change_number,
                unseen_numbers.respell_number,
                unseen_numbers.shift_magnitude,
                unseen_numbers.exchange_numbers,
            ):
                yield from ((claim, (sentence,)) for claim in change(sentence))
    for first, second in pairwise(sentences):
        yield from _borrow_number(first, second)
        yield from ((claim, (second, first)) for claim, _ in _borrow_number(second, first))


def change_units(sentences: Sequence[str]) -> Iterator[Variant]:
    """Days as weeks, px as mm, € as $, employees as customers."""
    for sentence in sentences:
        if not holds_example(sentence) and not _is_reversed(sentence):
            yield from ((claim, (sentence,)) for claim in _change_unit(sentence))


def change_months(sentences: Sequence[str]) -> Iterator[Variant]:
    """Each other month, in a date, alone, or in a row's ISO date."""
    for sentence in sentences:
        if not holds_example(sentence):
            yield from ((claim, (sentence,)) for claim in _change_month(sentence))


def _borrow_number(first: str, second: str) -> Iterator[Variant]:
    if holds_example(first) or _is_reversed(first) or _DISPUTED.search(first + second):
        return
    for hit in _BARE_NUMBER.finditer(first):
        if is_protected(first, hit.start()) or _BOUND.search(first[: hit.start()]) or _is_date(first, hit):
            continue
        for other in _BARE_NUMBER.finditer(second):
            if other.group() not in first and not _is_date(second, other) and "Write" not in second:
                yield _put(first, hit, other.group()), (first, second)


def _is_date(sentence: str, hit: re.Match[str]) -> bool:
    is_year = re.fullmatch(r"(?:19|20)\d\d", hit.group()) is not None
    return is_year or _MONTH.match(sentence[hit.end() :].strip()) is not None


def _change_unit(sentence: str) -> Iterator[str]:
    for hit in _find(_TIMED, sentence):
        yield from _change_time(sentence, hit)
    for hit in _find(_COUNTED, sentence):
        others = (line[0] for line in COUNTED if hit["noun"] not in line and line[0] not in sentence)
        yield from (_put(sentence, hit, f"{hit['number']} {other}") for other in others)
    for hit in _find(_LENGTH, sentence):
        units = SHARES if hit["unit"] == "%" else LENGTHS
        yield from (_put(sentence, hit, f" {unit}") for unit in units if unit != hit["unit"])
    for sign in SIGNS:
        yield from replace_each(sentence, r"€(?=\d)", sign)
    if not _BOUND.search(sentence):
        for pattern, replacement in UNITS:
            yield from replace_each(sentence, pattern, replacement)


def _find(pattern: re.Pattern[str], sentence: str) -> Iterator[re.Match[str]]:
    return (hit for hit in pattern.finditer(sentence) if not is_protected(sentence, hit.start()))


def _change_time(sentence: str, hit: re.Match[str]) -> Iterator[str]:
    plural = hit["unit"] if hit["unit"].endswith("s") else f"{hit['unit']}s"
    place, before = TIMES.index(plural), sentence[: hit.start()]
    for other, name in enumerate(TIMES):
        # "Within 72 hours" is within 72 days too; "more than five weeks" is more than five days.
        entailed = (other > place and _UPPER.search(before)) or (other < place and _LOWER.search(before))
        if other != place and not entailed:
            unit = name if hit["unit"] == plural else name[:-1]
            yield _put(sentence, hit, f"{hit['number']}{hit['gap'].replace('working ', '')}{unit}")


def _change_month(sentence: str) -> Iterator[str]:
    for hit in _find(_MONTH, sentence):
        day = re.search(r"(\d{1,2}) $", sentence[: hit.start()])
        for other in MONTHS:
            if other not in sentence and _is_day(day, other):
                yield _put(sentence, hit, other)
    for hit in _ISO.finditer(sentence):
        for number, other in enumerate(MONTHS, start=1):
            if number != int(hit["month"]) and int(hit["day"]) <= (28 if number == 2 else 30):
                yield _put(sentence, hit, f"{int(hit['day'])} {other} {hit['year']}")
                yield _put(sentence, hit, f"{hit['year']}-{number:02}-{hit['day']}")


def _is_day(day: re.Match[str] | None, month: str) -> bool:
    return day is None or int(day[1]) <= (28 if month == "February" else 30)


def _is_reversed(sentence: str) -> bool:
    """`No customer appears twice within four weeks` holds for fewer weeks too."""
    return _DENIES.search(sentence) is not None and "within" in sentence


def _put(sentence: str, hit: re.Match[str], text: str) -> str:
    changed = sentence[: hit.start()] + text + sentence[hit.end() :]
    return changed[0].upper() + changed[1:]
