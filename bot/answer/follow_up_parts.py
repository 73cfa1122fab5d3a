"""The parts of a question that a preposition leads, and of which sort they are. Pure; called by follow_up_slots.py."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.answer.follow_up_forms import QUOTED, WORD
from bot.answer.follow_up_words import (
    ASK_WORDS,
    GERMAN,
    HELPERS,
    PAGE_ENDS,
    PLAN_ENDS,
    PREPOSITION_CLASSES,
    PREPOSITIONS,
    SORTS,
    WE,
    split_list,
)
from bot.answer.word_lists import SMALL_WORDS

DETERMINERS = split_list(
    "the a an our your my any every all this der die das den dem unsere le la les l' el los las un une una"
)
ENDS_A_PART = ASK_WORDS | HELPERS | split_list("and or but i we you if now right at currently yet today")
_WHICH_TIME = frozenset({"this", "next", "last"})
_ACRONYM = re.compile(r"[A-Z]{2,}s?")
# Lower-case names ("obrenda") look like no other word; what ends so is an ordinary noun.
_ORDINARY = re.compile(
    r"(?:ing|tion|sion|ity|ment|ness|ance|ence|ship|ure|age|ics|ies|s|y|ed|al|er|or|time|room|ware|line|"
    r"port|space|style|tone|work|out|use|ice|ive|ble|ful|ent|ant|ph|th|ch|ct|ff)$"
)
MOST_NAME_WORDS = 3
SHORTEST_NAME = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a question: `start` and `end` in it, the preposition that leads it (or ""), and what it names."""

    start: int
    end: int
    preposition: str
    named: str
    sort: str | None


def read_part(fragment: str) -> Part:
    """A fragment as a part: its preposition, what it names, and of which sort that is."""
    first, _, rest = fragment.partition(" ")
    preposition = first if first.lower() in PREPOSITIONS and rest else ""
    named = rest.strip() if preposition else fragment
    return Part(0, len(fragment), preposition, named, _find_sort(named))


def _find_sort(named: str) -> str | None:
    if QUOTED.fullmatch(named.strip()):
        return "wording"
    words = [word for word in list_words(named) if word not in DETERMINERS]
    if not words:
        return None
    for sort, ends in (("page", PAGE_ENDS), ("plan", PLAN_ENDS)):
        if words[-1] in ends:
            return sort
    pairs = ["_".join(pair) for pair in pairwise(words)]
    # Two words say more than one, and the last says more than the others: a press release is no journalist.
    groups = (pairs, words[-1:], words)
    known = next(
        (sort for group in groups for sort, members in SORTS.items() if members.intersection(group)), None
    )
    if known or re.fullmatch(r"(?:19|20)\d\d", words[-1]):
        return known or "time"
    return "name" if _is_name(named) else None


def _is_name(named: str) -> bool:
    words = [word for word in WORD.findall(named) if word.lower() not in DETERMINERS]
    if not words or len(words) > MOST_NAME_WORDS:
        return False
    if any(word[0].isupper() for word in words):
        return not any(_ACRONYM.fullmatch(word) for word in words)
    is_known = words[0].lower() in SMALL_WORDS | WE or _ORDINARY.search(words[0]) is not None
    return len(words) == 1 and len(words[0]) >= SHORTEST_NAME and not is_known


def list_parts(asked: str) -> list[Part]:
    """The parts of a question that a preposition leads, each up to the next one or to a verb that asks."""
    words = list(WORD.finditer(asked))
    parts = []
    for index, word in enumerate(words):
        if word[0].lower() in PREPOSITIONS and index + 1 < len(words):
            end = _find_end(asked, words, index)
            if end > words[index + 1].start():
                named = asked[words[index + 1].start() : end]
                parts.append(Part(word.start(), end, word[0], named, _find_sort(named)))
    return parts


def _find_end(asked: str, words: Sequence[re.Match[str]], index: int) -> int:
    end = words[index].end()
    is_german = not GERMAN.isdisjoint(word[0].lower() for word in words)
    for word in words[index + 1 :]:
        is_time = end > words[index].end() and word[0].lower() in _WHICH_TIME
        is_cut = is_time or re.search(r"[,;:?!]|\s[–-]\s", asked[end : word.start()]) is not None
        if is_cut or word[0].lower() in PREPOSITIONS | ENDS_A_PART:
            break
        # A German verb stands behind the noun that ends the part.
        if is_german and _ends_in_noun(asked[:end]) and word[0].islower():
            break
        end = word.end()
    return end


def _ends_in_noun(text: str) -> bool:
    return text.rsplit(maxsplit=1)[-1][0].isupper()


def is_alike(one: str, other: str) -> bool:
    """Do two prepositions, of whichever language, ask the same?"""
    if one.lower() == other.lower():
        return True
    return any({one.lower(), other.lower()} <= members for members in PREPOSITION_CLASSES[:-1])


def list_words(text: str) -> list[str]:
    """Its words in lower case."""
    return [word.lower() for word in WORD.findall(text)]
