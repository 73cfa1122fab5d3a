"""What came first: "before founding it, he bought pumps" is "he founded it after he bought pumps". Pure.

Used by claim_checks.py before anything is compared.
"""

import re
from collections.abc import Sequence

from bot.answer.checks.language import Language
from bot.answer.checks.names import split_parts
from bot.answer.checks.reading import mean
from bot.answer.checks.spelling import spell_out
from bot.answer.normalise import even_text

_JOINT = re.compile(r"\b(before|after)\b", re.IGNORECASE)
_OTHER = {"before": "after", "after": "before"}


def even_order(claim: str, sentences: Sequence[str], language: Language) -> str:
    """The claim with the word that a sentence has, where both put the same two things in the same order."""
    joints = _JOINT.findall(claim)
    if len(joints) != 1:
        return claim
    word = joints[0].lower()
    own = _list_events(claim, language)
    turned = [one for one in sentences if [each.lower() for each in _JOINT.findall(one)] == [_OTHER[word]]]
    if any(_is_converse(own, _list_events(one, language)) for one in turned):
        return _JOINT.sub(_OTHER[word], claim)
    return claim


def _list_events(text: str, language: Language) -> tuple[frozenset[str], frozenset[str]]:
    """Meanings of what happens, and of what stands behind "before" or "after"."""
    first, _, second = _JOINT.split(even_text(text), maxsplit=1)
    if not split_parts(first):
        # "Before A, B": the comma parts them.
        second, _, first = second.partition(",")
    return _list_meanings(first, language), _list_meanings(second, language)


def _list_meanings(text: str, language: Language) -> frozenset[str]:
    words = split_parts(spell_out(text.lower()))
    return frozenset(mean(word, language) for word in words if word not in language.small_words)


def _is_converse(
    own: tuple[frozenset[str], frozenset[str]], stored: tuple[frozenset[str], frozenset[str]]
) -> bool:
    """What stands behind the word here stands before it there, and the other way round."""
    (event, behind), (other, other_behind) = own, stored
    return len(behind & other) > len(behind & other_behind) and len(event & other_behind) > len(event & other)
