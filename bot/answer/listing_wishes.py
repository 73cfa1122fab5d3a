"""Does a question ask for ALL of a kind that run on a day: calls to action, campaigns, quotes …? Pure.

Called by bot/answer/listings.py. Whatever cannot be read as a list with conditions is no wish for a list.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.answer.spans import find_span
from bot.answer.words import list_content_words
from core.running_documents import Span

ListedKind = Literal["cta", "campaign", "quote", "claim", "case_study", "battlecard", "asset"]
MOST_CHARACTERS = 200
MOST_WORDS_OF_CONDITION = 6

_NOUNS: dict[ListedKind, str] = {
    "cta": r"(?:ctas?|cta buttons?|calls?[- ]to[- ]actions?|buttons?)",
    "campaign": r"(?:marketing )?campaigns?",
    "quote": r"(?:customer |client )?(?:quotes|quotations|testimonials)",
    "claim": r"claims",
    "case_study": r"(?:case studies|customer stories|success stories)",
    "battlecard": r"battle ?cards",
    "asset": r"(?:assets|photos|photographs|images|pictures|photo series|logos|icons|films|videos)",
}
# Few have more than one call to action or campaign of a sort, so one is asked for as all are.
_ONE_IS_ENOUGH = ("cta", "campaign")
_LEAD_WORDS = """
what which whats what's list show give name tell me us please pls all any every each the our are is were was do does
did we have has you got there of current currently active running live ongoing valid usable still open now and ok hi
hey a full complete in can could see i need want get today today's overview so
"""
_TAIL_WORDS = """
is are was were be been being run runs running ran live active current currently valid now right at the moment today
still we may can could should i us use used do does did have has there date going place will open up allowed usable
today's available approved as of these those please all and in force out you our this week that which
"""
_PREPOSITION_WORDS = (
    "for on at about against with in from by of to around regarding vs versus targeting aimed"
)
_LEAD, _TAIL = frozenset(_LEAD_WORDS.split()), frozenset(_TAIL_WORDS.split())
_PREPOSITIONS = frozenset(_PREPOSITION_WORDS.split())
# Nobody asks for a list in another way; a few bare words ("current campaigns", "Renew page CTAs") are one too.
_FIRST = re.compile(
    r"^(?:please |hi |hey |ok |so |and |can you |could you )*(?:what|whats|what's|which|list|show|give|name|tell|all"
    r"|any|every|current|currently|active|running|live|ongoing|valid|open|are there|are any|do we have|have we"
    r"|overview|our|the|can i (?:have|get|see)|i (?:need|want)|today's"
    r"|(?!(?:how|who|whose|when|where|why|is|was|were|will|does|did|may|must|should|would)\b)\w+(?: \w+){0,3}$)",
    re.IGNORECASE,
)
_CURRENT = re.compile(
    r"\b(?:active|current|currently|live|ongoing|running|runs?|ran|now|at the moment|today|still|valid|in force|in date"
    r"|usable|in use)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:active|current|currently|live|now|at the moment|today|still|valid|in force|in date|usable)\b",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\b(?:page|pages|homepage|website|site|landing|newsletter|banner)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[’'&.+-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class ListingWish:
    """What is to be listed. Each of `conditions` (stems of one phrase) must hold; `span` None is the day itself."""

    kind: ListedKind
    conditions: tuple[tuple[str, ...], ...] = ()
    span: Span | None = None


def asks_for_listing(question: str, *, today: date) -> ListingWish | None:
    """The wish behind a question for all that run; None for every other question."""
    text = " ".join(question.replace("’", "'").split()).strip(" ?.!")
    if len(text) > MOST_CHARACTERS:
        return None
    found = find_span(text, today=today)
    bare = f"{text[: found.start]} {text[found.end :]}" if found else text
    for kind, noun in _NOUNS.items():
        place = re.search(rf"\b{noun}\b(?!['-])", bare, re.IGNORECASE)
        if place is not None:
            before, after = bare[: place.start()], bare[place.end() :]
            wish = _read_wish(kind, place.group(), before, after)
            is_listed = wish is not None and (found is not None or _is_current(kind, before, after))
            return ListingWish(kind, wish or (), found.span if found else None) if is_listed else None
    return None


def _is_current(kind: ListedKind, before: str, after: str) -> bool:
    """Is it about what runs now? For buttons a page is enough: one that is over is on no page."""
    around = f"{before} {after}"
    if kind in _ONE_IS_ENOUGH:
        return bool(_CURRENT.search(around)) or (kind == "cta" and bool(_PAGE.search(after)))
    return bool(_STRONG.search(around))


def _read_wish(kind: ListedKind, noun: str, before: str, after: str) -> tuple[tuple[str, ...], ...] | None:
    """The conditions, or None when the question is about something else than all of them."""
    modifiers = _read_modifiers(before)
    tail = _read_tail(after)
    if modifiers is None or tail is None:
        return None
    own = [noun] if kind == "asset" and noun.lower() != "assets" else []
    phrases = (list_content_words(" ".join(words)) for words in (modifiers, own, *tail))
    return tuple(phrase for phrase in phrases if phrase)


def _read_modifiers(before: str) -> Sequence[str] | None:
    """The words right before the noun that say which ones; None when more stands there than asks for a list."""
    words = _WORD.findall(before)
    if words and not _FIRST.match(before.strip()):
        return None
    place = next((number for number, word in enumerate(words) if word.lower() not in _LEAD), len(words))
    rest = words[place:]
    if len(rest) > MOST_WORDS_OF_CONDITION or any(word.lower() in _PREPOSITIONS for word in rest):
        return None
    return [word for word in rest if word.lower() not in _LEAD]


def _read_tail(after: str) -> list[list[str]] | None:
    """The phrases after the noun, each behind a preposition; None when something else is said there."""
    phrases: list[list[str]] = []
    is_open = False
    for word in _WORD.findall(after):
        lowered = word.lower()
        if lowered in _PREPOSITIONS:
            phrases.append([])
            is_open = True
        elif is_open and (lowered not in _TAIL or lowered in ("the", "our")):
            phrases[-1].append(word)
        elif lowered in _TAIL:
            is_open = is_open and not phrases[-1]
        else:
            return None
    return (
        None
        if any(len(one) > MOST_WORDS_OF_CONDITION for one in phrases)
        else [one for one in phrases if one]
    )
