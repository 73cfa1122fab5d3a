"""Puts slips of the fingers in an asked question right, as far as the official one or the lists know the word. Pure.

Called by official.py.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.answer.normalise import normalise_text
from bot.answer.official_reading import PHRASES, WORD, Reading, build_words
from bot.answer.official_words import HINTS

SHORTEST_UNKNOWN = 4
SHORTEST_SLIP, SHORTEST_DOUBLE_SLIP, SHORTEST_SMALL_SLIP = 5, 8, 6
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SHORT_YEAR = re.compile(rf"\b((?:{_MONTHS}) )'?(\d\d)\b", re.IGNORECASE)
_PLAIN_WORDS = sorted(
    word for word in PHRASES if word.isalpha() and len(word) >= SHORTEST_SMALL_SLIP and not word.endswith("s")
)


def correct_slips(text: str, known: Reading) -> str:
    """The text with a word that is nearly one of the known question's put right; listed words are left alone."""
    unknown, said = _list_unknown(text)
    text = _complete_years(text, known)
    if not unknown:
        return text
    wanted = [word.text for word in known.words if word.text not in said and "_" not in word.text]
    wanted += [part for word in known.words if "_" in word.text for part in word.text.split("_")]
    right = {word: plain for word in unknown if (plain := _find_small_word(word)) is not None}
    right |= {word: one for one in wanted for word in unknown if is_slip(word, one)}
    return re.sub(r"[^\W\d_]{4,}", lambda match: right.get(match[0].lower(), match[0]), text)


@lru_cache(maxsize=256)
def _list_unknown(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Words of four letters and more that no list knows, and all words."""
    words = frozenset(WORD.findall(normalise_text(text)))
    known = (
        word in HINTS or any(one.is_listed or one.is_idle for one in build_words(word)) for word in words
    )
    return frozenset(
        word
        for word, is_known in zip(words, known, strict=True)
        if len(word) >= SHORTEST_UNKNOWN and not is_known
    ), words


def _complete_years(text: str, known: Reading) -> str:
    """Write "March 26" in full where the known question speaks of March 2026."""
    return _SHORT_YEAR.sub(
        lambda found: found[1] + "20" + found[2] if "20" + found[2] in known.numbers else found[0], text
    )


@lru_cache(maxsize=1024)
def _find_small_word(word: str) -> str | None:
    """The listed word of which one letter was lost, doubled or swapped; names are spelled like nothing listed."""
    if len(word) < SHORTEST_SMALL_SLIP:
        return None
    return next(
        (one for one in _PLAIN_WORDS if _is_small_slip(word, one)),
        None,
    )


def _is_small_slip(word: str, one: str) -> bool:
    # Another letter in the same place makes another word too easily.
    is_likely = len(word) != len(one) or sorted(word) == sorted(one)
    return is_likely and one[0] == word[0] and OSA.distance(word, one, score_cutoff=1) == 1


def is_slip(one: str, two: str) -> bool:
    """One slip of the fingers apart, two in long words."""
    shortest = min(len(one), len(two))
    if shortest < SHORTEST_SLIP or one[0] != two[0] or any(c.isdigit() for c in one + two):
        return False
    return OSA.distance(one, two) <= (2 if shortest >= SHORTEST_DOUBLE_SLIP else 1)
