"""Does a text have a word: itself, a longer form, a slip of the finger, or words of which it is the initials? Pure.

Used by bot/answer/quotations.py, stored_lines.py and listings.py.
"""

import re
from collections.abc import Collection
from difflib import SequenceMatcher

SHORTEST_PREFIX = 5
SHORTEST_MISSPELT = 5
SIMILAR_LETTERS = 0.85
SHORTEST_ACRONYM, LONGEST_ACRONYM, LONGEST_NAME = 2, 5, 6
_PARTS = re.compile(r" · |[,:;()]")


def holds_word(word: str, text: str, stems: Collection[str]) -> bool:
    """`word` is a stem, `stems` are those of the text; `cfo` is held by "Chief Financial Officer"."""
    return word in stems or any(_is_like(word, stem) for stem in stems) or _is_abbreviation(word, text)


def _is_like(word: str, stem: str) -> bool:
    if any(character.isdigit() for character in word):
        return False
    if min(len(word), len(stem)) >= SHORTEST_PREFIX and (stem.startswith(word) or word.startswith(stem)):
        return True
    is_close = word[0] == stem[0] and min(len(word), len(stem)) >= SHORTEST_MISSPELT
    return is_close and SequenceMatcher(None, word, stem).ratio() >= SIMILAR_LETTERS


def _is_abbreviation(word: str, text: str) -> bool:
    if not SHORTEST_ACRONYM <= len(word) <= LONGEST_ACRONYM or not word.isalpha():
        return False
    parts = (part.split() for line in text.splitlines() for part in _PARTS.split(line))
    # In a sentence any letters follow each other by chance: only what is as short as a role or a name is abbreviated.
    return any(word in "".join(one[0] for one in part).lower() for part in parts if len(part) <= LONGEST_NAME)
