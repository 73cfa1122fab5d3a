"""Numbers with what they count: `9 weeks`, `16 px`, `40 %`. Pure; used by bot/answer/claim_checks.py."""

import re
from collections.abc import Iterator, Sequence

from bot.answer.checks.names import find_names
from bot.answer.checks.units import ORDERED, ORDERS, PERIODS, UNITS
from bot.answer.normalise import normalise_text
from bot.answer.tokens import Day, find_dates, find_tokens, spell_numbers

_COUNTS = re.compile(
    r"\W*(?:two|three|four|five|six|zwei|drei|vier|deux|trois|quatre|dos|tres|cuatro)\b", re.IGNORECASE
)
_NUMBERED = re.compile(r"[A-Za-z]\d[\d.]*")
"""`Q3`, `v2.1`: a letter that is counted."""
_SHARE = re.compile(r"\b(\d{1,3}) (?:out of|in|of) (?:every |the )?(\d{1,3})\b")
_SHARES = (("single", "1"), ("half", "50%"), ("quarter", "25%"), ("3 quarters", "75%"))
_COUNT_VALUES = {"two": 2, "three": 3, "four": 4, "five": 5}
_COUNT = re.compile(
    rf"\b({'|'.join(_COUNT_VALUES)})(?= (?:times|ways|reasons|things|parts|kinds|types|points|of (?:them|these))\b)"
)
_ITEMS = re.compile(r", (?:and |or )?| (?:and|or) ")
_PAIR = re.compile(r"\b[Tt]he two\b")
_SCALES = (("year", "month", 12), ("week", "day", 7), ("h", "min", 60), ("day", "h", 24), ("min", "s", 60))
PARTS = {
    "half": frozenset({"50%", "2"}),
    "third": frozenset({"33%", "34%", "33.3%", "3"}),
    "quarter": frozenset({"25%", "4"}),
}
_PART = re.compile(r"\b(half|(?<=a )third|(?<=a )quarter)(?= of)")
_NUMBERED_UNIT = re.compile(rf"\b({PERIODS}) (\d+)\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIT = "|".join(sorted((re.escape(word).replace("\\-", "[ -]") for word in UNITS), key=len, reverse=True))
_MEASURE = re.compile(
    rf"(?<![\w.#,])(\d[\d,]*(?:\.\d+)?)(?:[ -](?:to|or|and|bis|oder|à|ou|a|o)[ -]|[ -]?[–-][ -]?|[ -])?"
    rf"(\d[\d,]*(?:\.\d+)?)?[ -]?(?:(?:business|working|calendar|full|more|whole) )?({_UNIT})(?!\w)"
)


def find_unproved_numbers(text: str, cited: Sequence[str]) -> frozenset[str]:
    """Numbers, amounts, dates, codes and numbers with their unit that no cited sentence has."""
    proved = frozenset().union(*(find_tokens(sentence) | _find_shares(sentence) for sentence in cited))
    # A name with a digit in it is a name: names have a check of their own.
    names = {name.lower() for name, _ in find_names(text) if not _NUMBERED.fullmatch(name)}
    unproved = find_tokens(text) - proved - names
    unproved -= {
        one for one in unproved if _YEAR.fullmatch(one) and any(_has_digits(one, text) for text in cited)
    }
    # "Two claims are rejected: …" counts what is cited.
    unproved -= {str(len(cited))} if len(cited) > 1 and _COUNTS.match(text) else set()
    unproved -= _count_lists(text, cited) | _list_converted(text, cited)
    measured = frozenset(one for sentence in cited for one in find_measures(sentence))
    known = {number for number, _ in measured}
    wrong = {
        f"{number} {unit}"
        for number, unit in find_measures(text)
        if number in known and (number, unit) not in measured
    }
    stored_dates = [one for sentence in cited for one in find_dates(sentence)]
    dates = {
        str(one) for one in find_dates(text) if not any(_is_same_day(one, other) for other in stored_dates)
    }
    return unproved - _list_orders(text, cited) | wrong | dates | _list_unproved_parts(text, cited)


def _list_unproved_parts(text: str, cited: Sequence[str]) -> frozenset[str]:
    """Parts such as "half of it" where no sentence says half, or 50%."""
    parts = set(_PART.findall(normalise_text(text)))
    said = [normalise_text(one) for one in cited]
    proved = frozenset().union(*(find_tokens(one) | _find_shares(one) for one in cited))
    return frozenset(
        one for one in parts if not proved & PARTS[one] and not any(one in other for other in said)
    )


def _find_shares(text: str) -> frozenset[str]:
    """`40%` where the text says "four out of ten", `50%` where it says "half"."""
    plain = spell_numbers(normalise_text(text))
    parts = (100 * int(part) / int(whole) for part, whole in _SHARE.findall(plain) if int(whole))
    return frozenset(f"{value:g}%" for value in parts) | {share for word, share in _SHARES if word in plain}


def _list_converted(text: str, cited: Sequence[str]) -> frozenset[str]:
    """The 2 of "2 years" where a sentence has 24 months."""
    known = frozenset(one for text in cited for one in find_measures(text))
    return frozenset(
        number
        for number, unit in find_measures(text)
        for larger, smaller, times in _SCALES
        if unit == larger and number.isdigit() and (str(int(number) * times), smaller) in known
    )


def _count_lists(text: str, cited: Sequence[str]) -> frozenset[str]:
    """A count such as "three times: 120, 60 and 30 days" counts a list of a sentence, and "the two" speaks of both."""
    counted = {_COUNT_VALUES[word] for word in _COUNT.findall(normalise_text(text))}
    sizes = {len(_ITEMS.findall(part)) + 1 for one in cited for part in re.split(r"[.;:]\s", one)}
    pair = {2} if _PAIR.search(text) else set()
    return frozenset(str(size) for size in (counted & sizes) | pair)


def _list_orders(text: str, cited: Sequence[str]) -> frozenset[str]:
    """The numbers of "week 2" where a sentence has "the second week"."""
    told = {(ORDERS[word], unit) for one in cited for word, unit in ORDERED.findall(normalise_text(one))}
    counted = _NUMBERED_UNIT.findall(spell_numbers(normalise_text(text)))
    return frozenset(number for unit, number in counted if (number, unit) in told)


def _is_same_day(one: Day, other: Day) -> bool:
    """A year that is left out on either side is no difference."""
    return one[:2] == other[:2] and (None in (one[2], other[2]) or one[2] == other[2])


def _has_digits(digits: str, text: str) -> bool:
    """As in the name of a file, where no number is read."""
    return bool(re.search(rf"(?<![\d.,:]){digits}(?![\d,:%])", text))


def find_measures(text: str) -> Iterator[tuple[str, str]]:
    """Each number that stands before a unit, with that unit in its one spelling."""
    for first, second, unit in _MEASURE.findall(spell_numbers(normalise_text(text))):
        name = UNITS[unit] if unit in UNITS else UNITS[unit.replace(" ", "-")]
        for number in filter(None, (first, second)):
            yield number.replace(",", ""), name
