"""A claim, and each part of it, laid beside each sentence: what it repeats, and how much of it. Pure.

Used by the checks that hold what is repeated to the letter, and compare what is said in other words freely.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from bot.answer.checks.language import Language
from bot.answer.checks.names import find_names, split_parts
from bot.answer.checks.reading import TURNING, Clause, mean
from bot.answer.checks.spelling import drop_answer, spell_out
from bot.answer.normalise import even_text
from bot.answer.tokens import drop_day_stops, spell_dates, spell_numbers
from bot.answer.words import stem_word

NEAR, ALIKE, NEARLY = 0.7, 0.6, 0.75
"""Share of the claim's words that stand in a sentence in the same order."""
FEWEST_WORDS, FEWEST_HELD = 3, 4
GENERAL = frozenset({"a", "an", "any", "ein", "eine", "un", "une", "una"})
"""First words of a sentence that speaks of all of a kind."""
LIKE = dict.fromkeys(TURNING, "not") | {"least": "atleast", "limited": "only", "when": "if"}

_BEHIND_VERBS = frozenset({"the", "a", "an", "your", "our", "any", "all", "between", "it", "them"})
_ROW_MARKS = re.compile(r"[·;]|: ")
_PARTS = re.compile(r"(?<!\b[A-Z])[.;!?]\s+|\s[-–—]\s|,\s+(?:and|also|but|und|aber|et|mais|y|pero)\s+|\n")
_OWNERS = re.compile(r"(?<=\w)'s\b|(?<=\d),(?=\d{3})")


@dataclass(frozen=True, slots=True)
class Spelled:
    """Words as they stand, and what they mean, side by side."""

    forms: tuple[str, ...]
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Whole:
    """Meanings and operators of the whole claim, of which a part is looked at."""

    words: frozenset[str]
    operators: frozenset[str]


def _read_whole(spelled: Spelled, language: Language) -> _Whole:
    operators = list_operators(spelled.forms, language)
    # "Not without consent" is "not unless there is consent".
    return _Whole(frozenset(spelled.meanings), operators | ({"except"} if "not" in operators else set()))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A part of the claim (`own`) and a sentence (`copied`), with what stands in any of the sentences."""

    own: Spelled
    copied: Spelled
    everything: frozenset[str]
    names: frozenset[str]
    whole: _Whole
    language: Language


@dataclass(frozen=True, slots=True)
class Copy:
    """A part of the claim beside a sentence: the share of each that both have in the same order."""

    part: int
    sentence: int
    matcher: SequenceMatcher[str]
    comparison: Comparison
    share: float
    held: float


@dataclass(frozen=True, slots=True)
class Repeats:
    """What the claim repeats: meanings of its words there, and the places of the sentences."""

    words: frozenset[str]
    sentences: frozenset[int]
    alike: frozenset[int]
    """The same of sentences that it repeats for the greater part."""

    def hold(self, clause: Clause) -> bool:
        """True when the claim's clause is a part of what it repeats."""
        words = [word for word in clause.words if word in self.words]
        return bool(self.words) and len(words) >= NEARLY * len(clause.words)


def find_copies(claim: str, sentences: Sequence[str], language: Language) -> tuple["Copy", ...]:
    """The claim, and each part of it, laid beside each sentence; computed once for all that ask."""
    claim = drop_answer(claim)
    parts = [part for part in _PARTS.split(drop_day_stops(claim)) if len(part.split()) >= FEWEST_WORDS]
    texts = [claim, *(parts if len(parts) > 1 else [])]
    everything = frozenset(word for one in sentences for word in _spell(one, language).meanings)
    whole = _read_whole(_spell(claim, language), language)
    found = []
    for number, text in enumerate(texts):
        names = list_names(text, language)
        for place, sentence in enumerate(sentences):
            if "·" in sentence and not _ROW_MARKS.search(text):
                continue  # prose made of a row repeats its words in an order of its own: rows have a check for that
            apart = _list_told_apart(sentence, language)
            own, copied = _spell(text, language, apart=apart), _spell(sentence, language, apart=apart)
            matcher = SequenceMatcher(None, own.meanings, copied.meanings, autojunk=False)
            comparison = Comparison(
                own, copied, everything, names | list_names(sentence, language), whole, language
            )
            found.append(
                Copy(number, place, matcher, comparison, _share(matcher, own), _share(matcher, copied))
            )
    return tuple(found)


@lru_cache(maxsize=4096)
def list_names(text: str, language: Language) -> frozenset[str]:
    """Words with a capital; one that only begins a sentence when it is no known word."""
    known = language.same.keys() | language.small_words
    return frozenset(
        mean(part, language)
        for name, is_first in find_names(text)
        for part in split_parts(name)
        if not (
            is_first and (part in known or language.stem(part) in known or is_order(part, text, language))
        )
    )


def is_order(word: str, text: str, language: Language) -> bool:
    """A verb at the head of a sentence: "alternate between", "spell the"."""
    after = re.search(rf"\b{re.escape(word)}\s+([^\W\d_]+)", text.lower())
    return after is not None and after[1] in language.phrase_starts | _BEHIND_VERBS


def find_repeats(copies: Sequence["Copy"]) -> "Repeats":
    """Where the claim repeats a sentence, or holds one, nearly word for word."""
    words: set[str] = set()
    sentences: set[int] = set()
    alike = frozenset(one.sentence for one in copies if one.share >= ALIKE)
    for one in copies:
        own = one.comparison.own.meanings
        if one.share >= NEAR:
            words |= set(own)
        elif one.held >= NEAR and len(one.comparison.copied.forms) >= FEWEST_HELD:
            blocks = one.matcher.get_matching_blocks()
            words |= {word for block in blocks for word in own[block.a : block.a + block.size]}
        else:
            continue
        sentences.add(one.sentence)
    return Repeats(frozenset(words), frozenset(sentences), alike | sentences)


def list_operators(forms: Sequence[str], language: Language) -> frozenset[str]:
    """Classes of what turns, binds or limits in these words, alike ones under one name."""
    names = (str(one.lastgroup).rsplit("_", 1)[0] for one in language.operators.finditer(" ".join(forms)))
    return frozenset(LIKE.get(name, name) for name in names)


def _share(matcher: SequenceMatcher[str], spelled: Spelled) -> float:
    words = len(spelled.forms)
    return sum(block.size for block in matcher.get_matching_blocks()) / words if words else 0.0


@lru_cache(maxsize=4096)
def _spell(text: str, language: Language, *, apart: frozenset[str] = frozenset()) -> Spelled:
    """`apart`: meanings that are not taken for one, because the sentence itself tells their words apart."""
    forms = split_parts(_OWNERS.sub("", spell_numbers(spell_dates(spell_out(even_text(text).lower())))))
    return Spelled(tuple(forms), tuple(_mean(form, language, apart) for form in forms))


def _mean(form: str, language: Language, apart: frozenset[str]) -> str:
    if form in language.small_words:
        return form
    meaning = mean(form, language)
    return stem_word(form) if meaning in apart else meaning


@lru_cache(maxsize=4096)
def _list_told_apart(sentence: str, language: Language) -> frozenset[str]:
    """Meanings of which the sentence holds several words: "write customer, not client"."""
    forms = {stem_word(form): mean(form, language) for form in split_parts(even_text(sentence).lower())}
    meanings = list(forms.values())
    return frozenset(one for one in meanings if meanings.count(one) > 1)
