"""Reads a question for the matcher of official answers: meanings, names, numbers, negation, what is asked for. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.answer.normalise import normalise_text
from bot.answer.official_groups import EXCLUDING
from bot.answer.official_phrases import (
    ASKS_PATTERNS,
    COUNTED,
    DUTY,
    ENDS_COUNTED,
    NO_NAMES,
    OPEN,
    PERMISSION,
    QUESTION,
    REWRITES,
    RHETORICAL,
    SENTENCE_END,
    SMALL_TALK,
    UNITS,
    YES_OR_NO,
)
from bot.answer.official_words import HINTS, IDLE_WORDS, NEGATIONS, SAME
from bot.answer.tokens import find_tokens
from bot.answer.words import stem_word

LONGEST_PHRASE = 5
_ASIDES = [["before", "they"], ["before", "it"], ["before", "we"]]
UNIT = "a unit"
WORD = re.compile(r"[a-z0-9]+(?:['.&/+#-][a-z0-9]+)*")
_UNITED_STATES = re.compile(r"\bU\.?S\.?A?(?![\w])")
_CAPITALISED = re.compile(r"[A-Z][\w'-]*")
_QUOTED = re.compile(r"[\"“„]([^\"“”„]+)[\"”“]|(?<!\w)['‘]([^'‘’]+)['’](?!\w)")


@dataclass(frozen=True, slots=True)
class Word:
    """One word or fixed phrase that matters. `keys` are its meanings (its stem, and `group:line` of the lists)."""

    text: str
    keys: frozenset[str]
    is_idle: bool = False
    before: str = ""
    after: str = ""
    is_aside: bool = False
    """True in a closing clause that goes without saying ("before they go out")."""

    @property
    def is_listed(self) -> bool:
        """True when the lists know it: then its letters or its vector do not matter."""
        return any(":" in key for key in self.keys)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the matcher sees it."""

    text: str
    words: tuple[Word, ...]
    names: frozenset[str]
    numbers: frozenset[str]
    is_negative: bool
    says_without: bool
    asks: frozenset[str]
    permits: bool
    obliges: bool
    counted: frozenset[str]
    is_yes_or_no: bool
    asks_what: bool

    @property
    def keys(self) -> frozenset[str]:
        """All meanings together, idle words included."""
        return frozenset().union(*(word.keys for word in self.words))


def read_question(text: str) -> Reading:
    """Read one question; the same text is read once."""
    return _read_question(text)


@lru_cache(maxsize=4096)
def _read_question(text: str) -> Reading:
    text = unify_spelling(text)
    # Only in capitals is it the country; in small letters it is all of us.
    spelled = text if text.isupper() else _UNITED_STATES.sub("usa", text)
    plain = RHETORICAL.sub(lambda one: one[0].replace("n't", ""), normalise_text(spelled))
    plain = " ".join(SMALL_TALK.sub(" ", plain).split())
    tokens = WORD.findall(plain)
    words = _read_sentences(plain)
    return Reading(
        text=text,
        words=words,
        names=_find_names(text, words),
        numbers=find_numbers(plain),
        is_negative=_is_negative(tokens),
        says_without=not {"without", "w/o"}.isdisjoint(tokens),
        asks=frozenset(name for name, pattern in ASKS_PATTERNS.items() if pattern.search(plain)),
        permits=PERMISSION.search(plain) is not None,
        obliges=DUTY.search(plain) is not None,
        counted=_find_counted(plain),
        asks_what=re.search(r"\bwhat\b", plain) is not None,
        is_yes_or_no=YES_OR_NO.match(plain) is not None and OPEN.search(plain) is None,
    )


def _read_sentences(plain: str) -> tuple[Word, ...]:
    """All words; where one sentence asks, what the others say besides is an aside."""
    sentences = SENTENCE_END.split(plain)
    asks = [QUESTION.search(one) is not None for one in sentences]
    return tuple(
        replace(word, is_aside=True) if any(asks) and not does_ask else word
        for one, does_ask in zip(sentences, asks, strict=True)
        for word in list_words(one)
    )


def unify_spelling(text: str) -> str:
    """Put what is spelled in several ways into one."""
    for pattern, right in REWRITES:
        text = pattern.sub(right, text)
    return text


def list_hints(word: Word) -> frozenset[str]:
    """Meanings for which the word may stand, besides its own."""
    meanings = HINTS.get(word.text, ())
    return frozenset().union(*(_MEANINGS.get(one, frozenset()) | {fold(one)} for one in meanings))


def list_words(text: str) -> tuple[Word, ...]:
    """The words of a text, listed phrases as one. `text` is normalised."""
    tokens = [token.removesuffix("'s").strip("'") for token in WORD.findall(text)]
    words: list[Word] = []
    place, is_aside = 0, False
    while place < len(tokens):
        length = next(
            (
                length
                for length in range(min(LONGEST_PHRASE, len(tokens) - place), 1, -1)
                if "_".join(tokens[place : place + length]) in PHRASES
            ),
            1,
        )
        near = (
            tokens[place - 1] if place else "",
            tokens[place + length] if place + length < len(tokens) else "",
        )
        built = build_words("_".join(tokens[place : place + length]))
        is_aside = is_aside or tokens[place : place + 2] in _ASIDES
        words += [replace(word, before=near[0], after=near[1], is_aside=is_aside) for word in built]
        place += length
    return tuple(words)


def find_numbers(text: str) -> frozenset[str]:
    """Numbers, dates, amounts and codes. Quarters are words here, and `one` is hardly ever a number."""
    plain = re.sub(
        r"\b(?:first|second|third|fourth|[1-4](?:st|nd|rd|th)) (?:quarter|half)\b|\b[qh][1-4]\b", " ", text
    )
    return find_tokens(re.sub(r"\bone\b", " ", plain))


def fold(word: str) -> str:
    """The stem under which a word is compared."""
    return stem_word(word)


def build_words(token: str) -> list[Word]:
    """A word or listed phrase by its meanings; an unlisted one with a hyphen by its parts."""
    if token.replace("-", "_") in _MEANINGS and token not in _MEANINGS:
        return build_words(token.replace("-", "_"))
    if token in _MEANINGS:
        return [Word(token, _MEANINGS[token] | {fold(token)}, token in IDLE_WORDS)]
    stem = fold(token)
    base = next((form for form in _list_base_forms(token) if form in _MEANINGS), None)
    if base is not None:
        return [Word(token, _MEANINGS[base] | {stem}, token in IDLE_WORDS)]
    if token in IDLE_WORDS:
        return [Word(token, frozenset({stem}), is_idle=True)]
    parts = [part for part in re.split(r"['.&/+-]", token) if len(part) > 1]
    if len(parts) > 1 and not any(character.isdigit() for character in token):
        return [word for part in parts for word in build_words(part)]
    return [Word(token, frozenset({stem}), _is_idle(token))]


def _list_base_forms(token: str) -> list[str]:
    ends = (("s", ""), ("es", ""), ("ies", "y"), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"))
    return [
        token[: -len(end)] + new for end, new in ends if token.endswith(end) and len(token) > len(end) + 2
    ]


def _find_counted(plain: str) -> frozenset[str]:
    """Stems of the thing of which "how many" or "the number" is asked; units of time and size are no thing."""
    counted: set[str] = set()
    for phrase in COUNTED.findall(plain):
        words = phrase.split()
        end = next((place for place, word in enumerate(words) if word in ENDS_COUNTED), len(words))
        if not UNITS.isdisjoint(words):
            counted.add(UNIT)
        elif end:
            counted.add(fold(words[end - 1]))
    return frozenset(counted)


def _is_idle(token: str) -> bool:
    return token in IDLE_WORDS or token in NEGATIONS or len(token) == 1 or "'" in token


def _find_names(text: str, read: Collection[Word]) -> frozenset[str]:
    """Capitalised words inside a sentence, and what stands in quotation marks: they are meant to the letter."""
    quoted = {word for one, other in _QUOTED.findall(text) for word in WORD.findall((one or other).lower())}
    words = re.findall(r"[\w'-]+|[.?!:]", text)
    inner = [
        word
        for before, word in zip([".", *words], words, strict=False)
        if before not in ".?!:" and _CAPITALISED.fullmatch(word)
    ]
    letters = [word for word in words if word[0].isalpha()]
    if len(inner) * 2 > len(letters) + 1:
        # All in capitals, or Every Word With One: the capitals say nothing.
        inner = []
    names = {word.lower().removesuffix("'s") for word in inner}
    # A listed word (a country, a month) is compared by its meaning, whatever its case.
    plain = {word.text for word in read if not word.is_listed}
    return frozenset((names & plain) | quoted) - NO_NAMES


def _is_negative(tokens: Collection[str]) -> bool:
    return any(token in NEGATIONS or token.endswith("n't") for token in tokens)


def _read_lists() -> Mapping[str, frozenset[str]]:
    meanings: defaultdict[str, set[str]] = defaultdict(set)
    for group, lines in {"same": SAME, **EXCLUDING}.items():
        for line in lines.split("/"):
            words = line.split()
            for word in words:
                meanings[word].add(f"{group}:{words[0]}")
    return {word: frozenset(keys) for word, keys in meanings.items()}


_MEANINGS = _read_lists()
PHRASES = _MEANINGS.keys() | HINTS.keys() | IDLE_WORDS
