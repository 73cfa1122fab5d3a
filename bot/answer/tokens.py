"""Numbers, amounts, dates and codes of a text, in one spelling each. Pure; used by bot/answer/claims.py."""

import re
from decimal import Decimal, InvalidOperation

from bot.answer.normalise import normalise_text

_UNDER_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
# Other languages as far as their words are no English ones ("once", "sept", "die").
_FOREIGN = """
2 zwei deux dos
3 drei trois tres
4 vier quatre cuatro
5 fünf cinq cinco
6 sechs seis
7 sieben siete
8 acht huit ocho
9 neun neuf nueve
10 zehn dix diez
11 elf onze
12 zwölf douze doce
"""
_WORD_VALUES = (
    {word: value for value, word in enumerate(_UNDER_TWENTY.split())}
    | {word: value for value, word in zip(range(20, 100, 10), _TENS.split(), strict=True)}
    | {word: int(line.split()[0]) for line in _FOREIGN.split("\n") for word in line.split()[1:]}
)
_SPELLED = "|".join(sorted(_WORD_VALUES, key=len, reverse=True))
_NUMBER_WORDS = re.compile(
    rf"\b(?:(?:{_SPELLED}|hundred|thousand)(?:[ -]and[ -](?=(?:{_SPELLED})\b)|[ -]|\b))+(?<![ -])\b"
)
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = _MONTH_NAMES.split()
_FOREIGN_MONTHS = """
januar februar märz april mai juni juli august september oktober november dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
"""
_MONTH_OF = (
    {
        name: number
        for line in _FOREIGN_MONTHS.strip().split("\n")
        for number, name in enumerate(line.split(), start=1)
    }
    | {name: number for number, name in enumerate(_MONTHS, start=1)}
    | {name[:3]: number for number, name in enumerate(_MONTHS, start=1)}
    | {"sept": 9}
)
_SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9, "trillion": 12}
_CURRENCIES = {
    "usd": "$",
    "dollar": "$",
    "dollars": "$",
    "eur": "€",
    "euro": "€",
    "euros": "€",
    "gbp": "£",
    "pound": "£",
    "pounds": "£",
}

SHORT_MONTH = 3
TEN, HUNDRED = 10, 100
MONTH_NAMES = frozenset(name for name in _MONTH_OF if len(name) > SHORT_MONTH)
_MONTH = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*"
_HEX = re.compile(r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_MONTH_BESIDE_NUMBER = re.compile(
    rf"(?:\b\d+(?:st|nd|rd|th|er|\.)?(?: of| de)? ({_MONTH})\b|\b({_MONTH})(?:\.? |-)\d+)"
)
# Short forms, and names that are also words, are months only beside a number.
_MONTH_ALONE = re.compile(rf"\b({'|'.join(sorted(MONTH_NAMES - {'march', 'mars', 'sept', 'mayo'}))})\b")
_RANGE = re.compile(
    rf"(?<![\w.#])([$€£])?({_NUMBER}) ?(?:-|to|and) ?([$€£])?({_NUMBER})(?: ?(%|percent\b|per cent\b))?"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,#])([$€£]|\busd |\beur |\bgbp )? ?({_NUMBER})(?:(?:st|nd|rd|th)\b)?(?: ?(%|percent\b|per cent\b))?"
    r"(?:(?<=\d)(k|mn|m|bn)\b| ?(thousand|million|billion|trillion)\b)?"
    r"(?: ?(usd|dollars?|eur|euros?|gbp|pounds?)\b)?(?!\w|\.\d)"
)
_COUNTED_ONE = re.compile(
    r"(?<!every )(?<!any )(?<!no )(?<!each )"
    r"\bone (?:of|in|out|day|week|month|year|hour|minute|second|per|customer|user|plant|person)\b"
)
_UNIT_BEHIND = re.compile(r"\b(\d+(?:\.\d+)?)(px|pt|pts|mm|cm|km|em|rem|kb|mb|gb|tb|ms|x|dpi|ppi|kg|hz)\b")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of| de)? ({_MONTH})\b\.?,?(?: (?:de )?(\d{{4}})\b)?"
)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,? (\d{{4}})\b)?")
_YEAR = re.compile(r"(?<![\d.,$€£])(?:19|20)\d\d(?![\d.,%])")
_DAY_STOP = re.compile(rf"(?<=\b\d)\.(?= (?:{_MONTH})\b)|(?<=\b\d\d)\.(?= (?:{_MONTH})\b)", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"(?<![\w.,#])(\d+),(\d{1,2})(?![\d,]|\.\d)")
_SIGN_BEHIND = re.compile(r"(?<![\w.,])(\d[\d.,]*) ?([$€£])(?!\w)")
_BARE_POINT = re.compile(r"(?<![\w.,])\.(?=\d)")
_POINTED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_PERCENT = re.compile(r"\b(?:prozent|pour cent|por ciento)\b")
Day = tuple[int, int, int | None]
_CODE = re.compile(r"\b(?=[\w.]*\d)(?=[\w.]*[a-z])\w+(?:\.\w+)*")


def find_tokens(text: str) -> frozenset[str]:
    """Everything in `text` that must not be got wrong: `85%`, `$1200000`, `month:3`, `#ff6600`, `q3`, `7`."""
    plain = even_amounts(_UNIT_BEHIND.sub(r"\1 \2", spell_numbers(normalise_text(text))))
    hexes = set(_HEX.findall(plain))
    plain = _ISO_DATE.sub(_spell_date, _HEX.sub(" ", plain))
    plain = _RANGE.sub(_spread_unit, plain)
    return frozenset(hexes | _find_months(plain) | _find_one(plain) | _find_amounts(plain))


def even_amounts(plain: str) -> str:
    """`3,1 prozent` as `3.1 %`, `12 €` as `€12`."""
    plain = _BARE_POINT.sub("0.", plain)
    return _SIGN_BEHIND.sub(r"\2\1", _DECIMAL_COMMA.sub(r"\1.\2", _PERCENT.sub("%", plain)))


def drop_day_stops(text: str) -> str:
    """`3. märz` as `3 märz`: that stop ends no sentence."""
    return _DAY_STOP.sub("", text)


def spell_dates(plain: str) -> str:
    """`2026-03-03` as `3 march 2026`."""
    return _ISO_DATE.sub(_spell_date, plain)


def _spell_date(match: re.Match[str]) -> str:
    month = int(match[2])
    name = _MONTHS[month - 1] if 1 <= month <= len(_MONTHS) else match[2]
    return f"{int(match[3])} {name} {match[1]}"


def _spread_unit(match: re.Match[str]) -> str:
    """`50-75%` says per cent of both ends, `$5 to 10` says dollars of both."""
    currency, unit = match[1] or "", "%" if match[5] else ""
    return f"{currency}{match[2]}{unit} to {match[3] or currency}{match[4]}{unit}"


def _find_months(plain: str) -> set[str]:
    beside = (first or second for first, second in _MONTH_BESIDE_NUMBER.findall(plain))
    return {f"month:{_MONTH_OF[name]}" for name in (*beside, *_MONTH_ALONE.findall(plain))}


def spell_numbers(plain: str) -> str:
    """Number words in digits, but for "one", which often is none."""
    return _NUMBER_WORDS.sub(_spell_number, plain)


def _spell_number(match: re.Match[str]) -> str:
    """`nine hundred and one` is 901; words that make no number together are spelt one by one."""
    words = [word for word in re.findall(r"\w+", match[0]) if word != "and"]
    if words == ["one"]:
        return match[0]
    total, last = 0, 0
    for word in words:
        if word in ("hundred", "thousand"):
            last = max(last, 1) * (100 if word == "hundred" else 1000)
        else:
            value = _WORD_VALUES[word]
            if last and not _may_follow(last, value):
                return " ".join(str(_WORD_VALUES.get(one, one)) for one in words)
            total, last = total + last, value
    return str(total + last)


def _may_follow(last: int, value: int) -> bool:
    """`hundred` and what is less, `twenty` to `ninety` and a single digit."""
    is_tens = last % TEN == 0 and last % HUNDRED >= 2 * TEN and value < TEN
    return last % HUNDRED == 0 or is_tens


def find_dates(text: str) -> frozenset[Day]:
    """(day, month, year or None) of each date that names day and month."""
    plain = _ISO_DATE.sub(_spell_date, normalise_text(text))
    days = {(int(day), _MONTH_OF[month], _year(year)) for day, month, year in _DAY_MONTH.findall(plain)}
    return frozenset(days | {(int(d), _MONTH_OF[m], _year(y)) for m, d, y in _MONTH_DAY.findall(plain)})


def drop_dates(plain: str) -> str:
    """The text without its dates, and without years."""
    return _YEAR.sub(" ", _MONTH_DAY.sub(" ", _DAY_MONTH.sub(" ", plain)))


def _year(digits: str) -> int | None:
    return int(digits) if digits else None


def _find_one(plain: str) -> set[str]:
    return {"1"} if _COUNTED_ONE.search(plain) else set()


def _find_amounts(plain: str) -> set[str]:
    tokens, rest = set(), plain
    for match in _AMOUNT.finditer(plain):
        tokens.add(_write_amount(match))
        rest = rest[: match.start()] + " " * (match.end() - match.start()) + rest[match.end() :]
    return tokens | set(_CODE.findall(rest))


def _write_amount(match: re.Match[str]) -> str:
    currency = (match[1] or match[6] or "").strip()
    currency = _CURRENCIES.get(currency, currency)
    value = _read_number(match[2], _SCALES.get(match[4] or match[5] or "", 0))
    return f"{currency}{value}{'%' if match[3] else ''}"


def _read_number(digits: str, scale: int) -> str:
    if _POINTED.fullmatch(digits):
        # A thousand and more in one language, one and a little in another: it is only itself.
        return digits
    plain = digits.replace(",", "")
    try:
        value = Decimal(plain).scaleb(scale)
    except InvalidOperation:
        # A version such as 2.1.3 is a name, not a value.
        return plain
    return format(value.normalize(), "f")
