"""What a question says about where to look, by rule: kinds of document, and a day. Pure; used by search and answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.documents import Kind

# Words by which people name a kind of document. A boost, never a filter: the words may mean something else.
KIND_WORDS: Mapping[Kind, str] = {
    "battlecard": r"battle ?cards?|competitors?|versus|vs",
    "case_study": r"case stud(?:y|ies)|customer stor(?:y|ies)|success stor(?:y|ies)|quotes?|testimonials?",
    "campaign_brief": r"campaigns?|briefs?|ctas?|calls? to action",
    "brand_guide": r"brand guide(?:lines?)?|style ?guides?|guidelines?|tone of voice",
    "messaging": r"messaging|positioning|boilerplates?|taglines?|value propositions?",
    "asset": r"logos?|icons?|assets?|photos?|images?|portraits?",
}
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = "|".join(["sept", *(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS)])
_DAY = re.compile(
    r"\b(?:as of|(?:was|were)\b[^?.!]*\bon)\s+(?:the\s+)?(?:"
    rf"(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\.?(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|(?P<month2>{_MONTH})\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year2>\d{{4}}))?"
    r")\b",
    re.IGNORECASE,
)


# A quoted phrase of two words or more; a single quotation mark inside a word ("don't") opens nothing.
_QUOTED = re.compile(r"[\"“„]([^\"“”„]+)[\"”“]|(?<!\w)['‘]([^'‘’]+)['’](?!\w)")


@dataclass(frozen=True, slots=True)
class Understood:
    """Kinds that the question names, the day that it asks about (None: it names none), and phrases it quotes."""

    kinds: tuple[Kind, ...]
    day: date | None
    phrases: tuple[str, ...]


def understand(text: str, *, today: date) -> Understood:
    """Read a question; a day without a year is of today's year."""
    return Understood(find_kinds(text), find_day(text, today=today), find_phrases(text))


def find_phrases(text: str) -> tuple[str, ...]:
    """Phrases in quotation marks, in lower case: what is asked about to the letter."""
    phrases = (" ".join((one or other).lower().split()) for one, other in _QUOTED.findall(text))
    return tuple(phrase for phrase in phrases if " " in phrase)


def find_kinds(text: str) -> tuple[Kind, ...]:
    """Kinds named in the text, in the order of KIND_WORDS."""
    return tuple(
        kind for kind, words in KIND_WORDS.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)
    )


def find_day(text: str, *, today: date) -> date | None:
    """The past day after "as of", or after "was … on": 2026-03-03, 3 March, March 3rd, 2026.

    Never a day to come: words of a question open no embargo.
    """
    day = _read_day(text, today=today)
    return day if day is not None and day <= today else None


def _read_day(text: str, *, today: date) -> date | None:
    found = _DAY.search(text)
    if found is None:
        return None
    if found["iso"]:
        return _build_day(*map(int, found["iso"].split("-")))
    name = (found["month"] or found["month2"])[:3].lower()
    month = next(number for number, one in enumerate(MONTHS, start=1) if one.startswith(name))
    year = int(found["year"] or found["year2"] or today.year)
    return _build_day(year, month, int(found["day"] or found["day2"]))


def _build_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
