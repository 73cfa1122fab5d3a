"""Who said it: words of somebody stay with their speaker, whole. Pure."""

import re
from collections.abc import Sequence

from bot.answer.checks.copies import is_order
from bot.answer.checks.language import Language
from bot.answer.checks.names import find_names, split_parts
from bot.answer.checks.quotations import LONG_RUN, find_longest_run
from bot.answer.normalise import even_text

MOST_CREDIT_WORDS = 14
"""A line of so many words with a name in it, after a quotation, names its speaker."""
FEWEST_SPOKEN = 5
"""Fewer words between quotation marks are a term."""
_QUOTATION = re.compile(r"\"([^\"]+)\"")
_QUOTE_ROW = re.compile(r"^\W*quote: ", re.IGNORECASE)
_QUOTED_FIELD = re.compile(r"^\W*quote: .*?(?= · |$)|\"[^\"]*\"?", re.IGNORECASE)
_ORDER = re.compile(r"^\W*[^\W\d_]+ (?=\")")
"""`Write "…"`: nobody is named Write."""
_ELISION = re.compile(r"\.\.\.|…|\[\W*\]")


def is_said_so(claim: str, sentences: Sequence[str], language: Language) -> bool:
    """True when no words of one speaker are given to another, and nothing is left out within them."""
    speech = [place for place, one in enumerate(sentences) if _is_speech(even_text(one))]
    repeated = [place for place in speech if find_longest_run(claim, sentences[place]) >= LONG_RUN]
    if repeated and _ELISION.search(claim) and not any(_ELISION.search(one) for one in sentences):
        return False
    own = {part for name, _ in find_names(claim) for part in split_parts(name) if len(part) > 1}
    speakers = {place: _list_speakers(place, sentences, language) for place in speech}
    silent = [names for place, names in speakers.items() if place not in repeated]
    return all(_is_credited(own, speakers[place], silent, sentences) for place in repeated)


def _is_credited(
    own: set[str], speaker: set[str], silent: Sequence[set[str]], sentences: Sequence[str]
) -> bool:
    """The claim names this speaker and no other whose words it does not repeat, or nobody at all."""
    if not speaker or own & speaker:
        # Half of another's name and company beside the right name is a mixture of two people.
        return not speaker or not any(len(own & (names - speaker)) > 1 for names in silent)
    return not own & {part for one in sentences for name, _ in find_names(one) for part in split_parts(name)}


def _list_speakers(place: int, sentences: Sequence[str], language: Language) -> set[str]:
    """Parts of the names beside the quotation, or in the line after it."""
    beside = _QUOTED_FIELD.sub(" ", _ORDER.sub("", even_text(sentences[place])))
    credit = sentences[place + 1] if place + 1 < len(sentences) and _is_credit(sentences[place + 1]) else ""
    # A verb that begins the sentence is nobody: "Open with the question: …".
    found = (
        name
        for text in (f". {beside}", f"- {credit}")
        for name, is_first in find_names(text)
        if not (is_first and is_order(name.lower(), beside, language))
    )
    return {part for name in found for part in split_parts(name)} - _LABELS


_LABELS = frozenset(
    [
        "speaker",
        "role",
        "company",
        "topic",
        "consent",
        "written",
        "until",
        "status",
        "approved",
        "owner",
        "customer",
        "head",
        "of",
        "director",
        "manager",
        "chief",
        "officer",
        "draft",
        "verbal",
        "only",
        "withdrawn",
        "retired",
    ]
)


def _is_speech(plain: str) -> bool:
    """Words of somebody: a row with a quotation, or a sentence that is little else than one."""
    quoted = _QUOTATION.search(plain)
    words = len(quoted[1].split()) if quoted else 0
    return bool(_QUOTE_ROW.search(plain)) or (words >= FEWEST_SPOKEN and 2 * words > len(plain.split()))


def _is_credit(sentence: str) -> bool:
    """A line such as `– Ingrid Haldorsen, Head of Procurement, Hallgrim Pumps`."""
    is_short = len(sentence.split()) <= MOST_CREDIT_WORDS and "," in sentence
    return is_short and not _is_speech(even_text(sentence)) and not sentence.rstrip().endswith(".")
