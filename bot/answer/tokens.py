"""Numbers, amounts, dates and codes of a text, in one spelling each. Pure; used by bot/answer/claims.py."""

import re
from decimal import Decimal, InvalidOperation

from bot.answer.normalise import normalise_text

_NUMBER_NAMES = "zero one two three four five six seven eight nine ten eleven twelve"
_WORD_VALUES = {word: str(value) for value, word in enumerate(_NUMBER_NAMES.split())}
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = _MONTH_NAMES.split()
_MONTH_OF = (
    {name: number for number, name in enumerate(_MONTHS, start=1)}
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

_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*"
_HEX = re.compile(r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_MONTH_BESIDE_NUMBER = re.compile(rf"(?:\b\d+(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b|\b({_MONTH})\.? \d+)")
_MONTH_ALONE = re.compile(
    r"\b(january|february|april|june|july|august|september|october|november|december)\b"
)
_RANGE = re.compile(
    rf"(?<![\w.#])([$€£])?({_NUMBER}) ?(?:-|to|and) ?([$€£])?({_NUMBER})(?: ?(%|percent\b|per cent\b))?"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,#])([$€£]|\busd |\beur |\bgbp )? ?({_NUMBER})(?:(?:st|nd|rd|th)\b)?(?: ?(%|percent\b|per cent\b))?"
    r"(?:(?<=\d)(k|mn|m|bn)\b| ?(thousand|million|billion|trillion)\b)?"
    r"(?: ?(usd|dollars?|eur|euros?|gbp|pounds?)\b)?(?!\w|\.\d)"
)
_CODE = re.compile(r"\b(?=[\w.]*\d)(?=[\w.]*[a-z])\w+(?:\.\w+)*")


def find_tokens(text: str) -> frozenset[str]:
    """Everything in `text` that must not be got wrong: `85%`, `$1200000`, `month:3`, `#ff6600`, `q3`, `7`."""
    plain = normalise_text(text)
    hexes = set(_HEX.findall(plain))
    plain = _ISO_DATE.sub(_spell_date, _HEX.sub(" ", plain))
    plain = _RANGE.sub(_spread_unit, plain)
    return frozenset(hexes | _find_months(plain) | _find_words(plain) | _find_amounts(plain))


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


def _find_words(plain: str) -> set[str]:
    return {_WORD_VALUES[word] for word in re.findall(r"[a-z]+", plain) if word in _WORD_VALUES}


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
    plain = digits.replace(",", "")
    try:
        value = Decimal(plain).scaleb(scale)
    except InvalidOperation:
        # A version such as 2.1.3 is a name, not a value.
        return plain
    return format(value.normalize(), "f")
