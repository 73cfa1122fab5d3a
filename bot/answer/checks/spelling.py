"""One spelling for turns of speech that mean the same: short forms, and "not more than" for "at most". Pure.

Used by reading.py and copies.py.
"""

import re

from bot.answer.checks.units import ORDERED, ORDERS
from bot.answer.tokens import MONTH_NAMES, drop_day_stops, spell_numbers

_UNLESS = re.compile(r"\b(?:(?:do|does|must|may|can|is|are) not|never|not) (be )?([^.;:]{3,90}?),? unless\b")
_NOT_WITHOUT = re.compile(
    r"\b(?:(?:do|does|must|may|can|is|are|be) not|not|never) (be |able to )?([^.,;:]{3,90}?),? without\b"
)
_NOT_BEFORE = re.compile(
    r"\b(?:(?:do|does|will|must|may|can|is|are) )?(?:not|never|nothing|nobody|no one) ((?:[a-z]+ ){1,3}?)before"
    rf"(?= (?:the end|\d|{'|'.join(sorted(MONTH_NAMES))}))"
)
_WITHOUT_NOT = re.compile(
    r"\bwithout ([^.,;:]{3,90}), (?:[^.,;:]{2,40}?) "
    r"(?:(?:do|does|must|may|can|is|are) not|never) (be )?([^.;:]{3,90})"
)
_SMALLER = r"(?:narrower|shorter|smaller|lower|thinner|less|fewer|below|under)\b(?: than)?"
_LARGER = r"(?:wider|longer|larger|bigger|higher|taller|greater|more|above|over|beyond)\b(?: than)?"
_AMOUNT = r"(?= (?:[a-z]+ ){0,3}[$€£]?\d)"
_NOT_SMALLER = re.compile(
    rf"\b(?:(?:may|can|could) )?(?:not|never|no) (?:[a-z]+ ){{0,3}}?{_SMALLER}{_AMOUNT}"
)
_NOT_LARGER = re.compile(rf"\b(?:(?:may|can|could) )?(?:not|never|no) (?:[a-z]+ ){{0,3}}?{_LARGER}{_AMOUNT}")
_OR_SMALLER = re.compile(rf"(\bat least [^;:]{{1,60}}? or ){_SMALLER}{_AMOUNT}")
_OR_LARGER = re.compile(rf"(\bat most [^;:]{{1,60}}? or ){_LARGER}{_AMOUNT}")
_ABOUT = re.compile(r"~ ?(?=[$€£]?\d)")
_NOT = re.compile(r"\b(ca|wo|sha)?n't\b|(?<=\w)n't\b")
_FULL = {"ca": "can not", "wo": "will not", "sha": "shall not"}
_UN = re.compile(
    r"\bun(usable|approved|supported|available|licensed|authori[sz]ed|published|decided|sure|clear|aware|verified|confirmed|changed)\b"
)
_INCLUDED = re.compile(r"(?:,| -) ((?:(?! - )[^.,;:()]){3,60}?),? included(?=\s*(?:[.;]|$))")
_SHARE = re.compile(r"\b(\d{1,2}) (?:out of|in every) (?:every )?(\d{1,3})\b")
_ELIDED = re.compile(r"(?<![\w'])(l|d|n|s|c|j|m|t|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu)'(?=[^\W\d_])")
_IF_HE = re.compile(r"(?<![\w'])s'(?=ils?\b)")
_JOINED_NOT = re.compile(
    r"\b(can|could|would|should|must|may|might|do|does|did|is|are|was|were|has|have|had)not\b"
)
_UNIT_BEHIND = re.compile(r"\b(\d+(?:\.\d+)?)(px|pt|pts|mm|cm|em|rem|kb|mb|gb|x)\b")
_LABEL = re.compile(r"(^|· ?)([^·:]{1,40}): ")
_ASIDE = re.compile(r"\(([^()]*)\)")
_DASH = re.compile(r"\s*—\s*|(?<=[^\W\d])–(?=[^\W\d])|\s–\s")
_YES = re.compile(r"^\s*(?:yes|no|ja|nein|oui|non|sí|si)\s*[,.:;–-]+\s*", re.IGNORECASE)


def spell_out(plain: str) -> str:
    """Short forms and number words in full: "don't" is "do not", "nine" is "9". Lower case in and out."""
    plain = _INCLUDED.sub(r" including \1", plain)
    plain = _ELIDED.sub(r"\1e ", _IF_HE.sub("si ", drop_day_stops(_ABOUT.sub("about ", plain))))
    plain = _SHARE.sub(_write_share, _UNIT_BEHIND.sub(r"\1 \2", spell_numbers(plain)))
    plain = ORDERED.sub(lambda match: f"{match[2]} {ORDERS[match[1]]}", plain)
    full = _NOT.sub(lambda match: f" {_FULL.get(match[1] or '', 'not')}", plain)
    full = _UN.sub(r"not \1", _JOINED_NOT.sub(r"\1 not", full))
    full = _OR_LARGER.sub(r"\1at most", _NOT_LARGER.sub("at most", full))
    full = _OR_SMALLER.sub(r"\1at least", _NOT_SMALLER.sub("at least", full))
    full = _NOT_BEFORE.sub(r"\1not before", full)
    full = _WITHOUT_NOT.sub(r"may \2\3 only with \1", full)
    return _NOT_WITHOUT.sub(r"may \1\2 only with", _UNLESS.sub(r"may \1\2 only if", full))


def _write_share(match: re.Match[str]) -> str:
    """`4 out of 10` as `40%`."""
    return f"{100 * int(match[1]) / int(match[2]):g}%" if int(match[2]) else match[0]


def drop_answer(text: str) -> str:
    """The text without the "Yes, …" or "No: …" that it begins with."""
    return _YES.sub("", text)


def lift_asides(text: str) -> str:
    """What stands in brackets comes last, so that the sentence around it is one; a long dash is a stop."""
    if "·" in text:
        text = _LABEL.sub(r"\1\2 ", text)
    asides = _ASIDE.findall(text)
    return _DASH.sub(" - ", " . ".join([_ASIDE.sub(" ", text), *asides]))
