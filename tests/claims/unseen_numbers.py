"""Harmful edits of numbers, units and dates in one sentence. Called by unseen_edits.py."""

import re
from collections.abc import Iterator
from itertools import pairwise

from tests.claims.unseen_text import (
    ONES,
    TENS,
    holds_example,
    is_protected,
    read_word,
    replace_each,
    spell_number,
)
from tests.claims.unseen_words import MONTHS, UNITS, WEEKDAYS

_MONTH = "|".join(MONTHS)
_WORDS = "|".join((*ONES[2:], *TENS[2:]))
# Neither part of a date, a time, a code, a version or a telephone number.
_NUMBER = re.compile(
    rf"(?<![\w#.,/:+\-])\d{{1,3}}(?:,\d{{3}})*(?:\.\d+)?(?![\w/:]|[.,]\d|-\d| (?:{_MONTH}|(?-i:and \d+ [A-Z]))| Type)"
    rf"|\b(?:{_WORDS})\b(?!-)",
    re.IGNORECASE,
)
_LOWER_BOUND = re.compile(r"(?:more than|above|at least|over|or more) €?$", re.IGNORECASE)
_UPPER_BOUND = re.compile(
    r"(?:fewer than|less than|below|under|at most|no more than|up to|within) €?$", re.IGNORECASE
)
_SAME_LIST = re.compile(rf"^[%€]?(?: [a-z]+| {_MONTH})?(?:,| and| or| to)*\s*(?:between|€)?\s*$")
_DATE = re.compile(rf"(?<!\d)(\d{{1,2}}) ({_MONTH})\b")
_ISO = re.compile(r"(?<=: )(\d{4})-(\d\d)-(\d\d)\b")
_TIME = re.compile(r"\b(\d\d):(\d\d)\b(?= (?:CET|to))")


def change_number(sentence: str) -> Iterator[str]:
    """Off by one or by a few, or with its digits exchanged, as digits."""
    for hit, value in _find_numbers(sentence):
        changed = {value + 1, value - 1, value + 10, _exchange_digits(value)}
        for other in sorted(changed - {value, 0}):
            if other > 1 and _is_wrong(sentence, hit, other - value):
                yield _put(sentence, hit, _as_shown(hit.group(), other))


def respell_number(sentence: str) -> Iterator[str]:
    """Another number, written in the other way: `nine weeks` as `10 weeks`, `34 days` as `thirty-five days`."""
    for hit, value in _find_numbers(sentence):
        for other in (value + 1, value - 1, value + 20):
            if 1 < other < 1000 and _is_wrong(sentence, hit, other - value):
                spelled = f"{other}" if hit.group().isalpha() else spell_number(other)
                yield _put(sentence, hit, spelled).replace(f"{spelled}%", f"{spelled} per cent")


def shift_magnitude(sentence: str) -> Iterator[str]:
    """Ten times, a tenth, a moved decimal point."""
    if holds_example(sentence):
        return
    for hit in _NUMBER.finditer(sentence):
        text = hit.group()
        if is_protected(sentence, hit.start()) or not text[0].isdigit():
            continue
        if "." in text:
            yield _put(sentence, hit, text.replace(".", ""))
            continue
        value = int(text.replace(",", ""))
        if _is_wrong(sentence, hit, 1):
            yield _put(sentence, hit, f"{value * 10:,}")
        if _is_wrong(sentence, hit, -1) and value >= 10:
            yield _put(sentence, hit, f"{value / 10:,.1f}".removesuffix(".0"))


def exchange_numbers(sentence: str) -> Iterator[str]:
    """Two numbers of the sentence in each other's place; not two of one list, where order says nothing."""
    hits = [hit for hit in _NUMBER.finditer(sentence) if not is_protected(sentence, hit.start())]
    for left, right in pairwise(hits):
        gap = sentence[left.end() : right.start()]
        after_from = sentence[: left.start()].rstrip("€").endswith("from ")
        if left.group().lower() == right.group().lower() or (_SAME_LIST.match(gap) and not after_from):
            continue
        swapped = _like(left.group(), right.group()) + gap + _like(right.group(), left.group())
        changed = sentence[: left.start()] + swapped + sentence[right.end() :]
        yield re.sub(r"(?<=[a-z])%", " per cent", changed)


def change_unit(sentence: str) -> Iterator[str]:
    """Days as weeks, px as mm, € as $, per cent as percentage points."""
    if not holds_example(sentence):
        for pattern, replacement in UNITS:
            yield from replace_each(sentence, pattern, replacement)


def change_date(sentence: str) -> Iterator[str]:
    """Another month, day, year, weekday or hour."""
    if holds_example(sentence):
        return
    for hit in _DATE.finditer(sentence):
        day, month = int(hit[1]), MONTHS.index(hit[2])
        yield _put(sentence, hit, f"{day % 27 + 1} {hit[2]}")
        other = MONTHS[(month + 1) % 12] if day <= 28 else "May" if month == 11 else "December"
        yield _put(sentence, hit, f"{hit[1]} {other}")
    for hit in _ISO.finditer(sentence):
        year, month, day = (int(part) for part in hit.groups())
        yield _put(sentence, hit, f"{min(day, 28)} {MONTHS[month % 12]} {year}")
        yield _put(sentence, hit, f"{day} {MONTHS[month - 1]} {year + 1}")
        yield _put(sentence, hit, f"{year}-{month:02}-{day % 27 + 1:02}")
    yield from _change_calendar_words(sentence)


def _change_calendar_words(sentence: str) -> Iterator[str]:
    for hit in re.finditer(r"(?<![\w:#-])20[12]\d(?![-\w])(?! order)", sentence):
        if not is_protected(sentence, hit.start()):
            yield _put(sentence, hit, f"{int(hit.group()) + 1}")
            yield _put(sentence, hit, f"{int(hit.group()) - 1}")
    for hit in _TIME.finditer(sentence):
        yield _put(sentence, hit, f"{int(hit[1]) % 23 + 1:02}:{hit[2]}")
    for number, name in enumerate(WEEKDAYS):
        yield from replace_each(sentence, name, WEEKDAYS[(number + 1) % 5])
    for number, name in enumerate(MONTHS):
        yield from replace_each(sentence, rf"(?<!\d ){name}(?= \d{{4}})", MONTHS[(number + 6) % 12])
    yield from replace_each(sentence, "first half of", "second half of")
    yield from replace_each(sentence, "spring", "autumn")


def _find_numbers(sentence: str) -> Iterator[tuple[re.Match[str], int]]:
    if holds_example(sentence):
        return
    for hit in _NUMBER.finditer(sentence):
        value = _read_value(hit.group())
        if value is not None and not is_protected(sentence, hit.start()):
            yield hit, value


def _read_value(text: str) -> int | None:
    digits = text.replace(",", "")
    return int(digits) if digits.isdigit() else read_word(text)


def _is_wrong(sentence: str, hit: re.Match[str], step: int) -> bool:
    # "More than 640" still holds with 600, "under two minutes" with three.
    before = sentence[: hit.start()]
    if _UPPER_BOUND.search(before):
        return step < 0
    return step > 0 or not _LOWER_BOUND.search(before)


def _exchange_digits(value: int) -> int:
    digits = str(value)
    return int(digits[1] + digits[0] + digits[2:]) if len(digits) > 1 and digits[1] != "0" else value


def _as_shown(text: str, value: int) -> str:
    if text[0].isdigit():
        return f"{value:,}"
    return spell_number(value).capitalize() if text[0].isupper() else spell_number(value)


def _like(model: str, text: str) -> str:
    return text.capitalize() if model[0].isupper() else text.lower()


def _put(sentence: str, hit: re.Match[str], text: str) -> str:
    changed = sentence[: hit.start()] + text + sentence[hit.end() :]
    return changed[0].upper() + changed[1:]
