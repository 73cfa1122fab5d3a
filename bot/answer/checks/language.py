"""A language as the checks see it: words that turn, bind or limit a sentence, and words that mean the same.

The tables stand in english.py, german.py, french.py and spanish.py; reading.py applies them.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.answer.words import SHORTEST_STEM, stem_word

LONG_NOUN = 5
"""Letters of a word that may be the last in a compound."""


@dataclass(frozen=True)
class Language:
    """Tables of one language, as text: one entry a line, `name: phrase, phrase`; `*` stands for any ending."""

    code: str
    operator_lines: str
    """Words that turn or limit what is said, by class. Earlier lines win where two begin at the same place."""
    breaks: str
    """Words before which another clause begins."""
    joins: str
    """Words that join equals: what is said of the first holds for the next."""
    auxiliaries: str
    """Words by which a clause has a predicate of its own."""
    pointers: str
    """Words that stand for what was named before."""
    small: str
    """Words that carry no meaning of their own."""
    same_lines: str
    """A line holds words that mean the same."""
    months: str
    """Names of the months, January first."""
    rival_lines: str
    """A line holds words of which one can never stand for another: opposites, colours, channels."""
    combination_lines: str = ""
    """`unneeded: must not`: operators that mean another one together in one clause."""
    beginnings: str = ""
    """Beginnings of words that may be cut when words are compared."""
    endings: str = ""
    """The same of endings; empty: English ones."""
    noun_endings: str = ""
    """Endings of common nouns in a language that writes all nouns with a capital; empty: it does not."""
    orders: str = ""
    """Verbs by which a clause after "and" begins that tells what to do."""
    openers: str = ""
    """Words by which a phrase begins that may as well stand at another place: "in 2026", "for links"."""

    @cached_property
    def operators(self) -> re.Pattern[str]:
        """One pattern; the name of the group that matched is the class, with a number behind it."""
        groups = []
        for number, (name, phrases) in enumerate(_read_lines(self.operator_lines)):
            patterns = (_as_pattern(one, self.months.split()) for one in phrases)
            groups.append(f"(?P<{name}_{number}>{'|'.join(patterns)})")
        return re.compile(rf"(?<![\w'-])(?:{'|'.join(groups)})(?![\w'-])")

    @cached_property
    def combinations(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """(class, the classes that it stands for), in the order in which they are tried."""
        lines = (line.partition(":") for line in self.combination_lines.strip().splitlines())
        return tuple((name.strip(), frozenset(parts.split())) for name, _, parts in lines)

    def combine(self, operators: set[str]) -> None:
        """Put one operator in the place of those that mean it together: "müssen … nicht" is "unneeded"."""
        for name, parts in self.combinations:
            if parts <= operators:
                operators.difference_update(parts)
                operators.add(name)

    def stem(self, word: str) -> str:
        """The word without accents and endings; words with digits, and months, only as English cuts them."""
        plain = fold_marks(word)
        if not self.endings or word in self.months.split() or any(sign.isdigit() for sign in word):
            return stem_word(plain)
        bare = self._first.sub("", plain)
        while (shorter := self._last.sub("", bare)) != bare:
            bare = shorter
        return bare

    @cached_property
    def _first(self) -> re.Pattern[str]:
        return re.compile(rf"^(?:{'|'.join(self.beginnings.split()) or '(?!)'})(?=\w{{{SHORTEST_STEM + 1}}})")

    @cached_property
    def _last(self) -> re.Pattern[str]:
        return re.compile(rf"(?<=\w{{{SHORTEST_STEM + 1}}})(?:{'|'.join(self.endings.split())})$")

    @cached_property
    def _noun_ends(self) -> tuple[str, ...]:
        known = (word for word in self.same if len(word) >= LONG_NOUN)
        return (*self.noun_endings.split(), *known)

    def is_noun(self, word: str) -> bool:
        """True for a word, in lower case, that its ending or the last word in it shows to be no name."""
        return bool(self.noun_endings) and len(word) >= LONG_NOUN and word.endswith(self._noun_ends)

    @cached_property
    def breaking(self) -> frozenset[str]:
        """Words before which another clause begins."""
        return frozenset(self.breaks.split())

    @cached_property
    def joining(self) -> frozenset[str]:
        """Words between equals."""
        return frozenset(self.joins.split())

    @cached_property
    def predicates(self) -> frozenset[str]:
        """Auxiliaries."""
        return frozenset(self.auxiliaries.split())

    @cached_property
    def pointing(self) -> frozenset[str]:
        """Words that stand for what was named before."""
        return frozenset(self.pointers.split())

    @cached_property
    def commanding(self) -> frozenset[str]:
        """Verbs that tell what to do."""
        return frozenset(self.orders.split())

    @cached_property
    def phrase_starts(self) -> frozenset[str]:
        """Words by which a phrase begins that may be moved."""
        return frozenset(self.openers.split())

    @cached_property
    def small_words(self) -> frozenset[str]:
        """Without a meaning of their own."""
        return frozenset(self.small.split())

    @cached_property
    def same(self) -> Mapping[str, str]:
        """Word -> the first word of its line."""
        lines = [line.split() for line in self.same_lines.strip().splitlines() if line.strip()]
        words = {word: line[0] for line in lines for word in line}
        return {self.stem(word): first for word, first in words.items()} | words

    @cached_property
    def rivals(self) -> Mapping[str, frozenset[str]]:
        """Word -> what it must not be taken for."""
        found: dict[str, frozenset[str]] = {}
        for line in self.rival_lines.strip().splitlines():
            sides = [frozenset(side.split()) for side in line.split("/")]
            for side in sides:
                others = frozenset().union(*(one for one in sides if one is not side))
                for word in side:
                    found[word] = found.get(word, frozenset()) | others
        return found


def fold_marks(word: str) -> str:
    """The word without its accents."""
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def _read_lines(text: str) -> Iterable[tuple[str, list[str]]]:
    for line in text.strip().splitlines():
        name, _, phrases = line.partition(":")
        if phrases:
            yield name.strip(), [one.strip() for one in phrases.split(",") if one.strip()]


def _as_pattern(phrase: str, months: list[str]) -> str:
    """`#` stands for an amount or a date that comes next and is no part of the phrase, `@` for a date alone.

    `*` stands for any ending, ` … ` for words between: what stands behind it is no part of the phrase.
    """
    phrase, _, later = phrase.partition(" … ")
    plain = re.escape(phrase).replace(r"\ ", r"\s+").replace(r"\*", r"\w*")
    if later:
        return rf"{plain}(?=\s[^.,;:!?()]*?\b{_as_pattern(later, months)}(?![\w'-]))"
    ahead = rf"(?=\s*(?:the\s+)?(?:end\b|[$€£]?\d|(?:{'|'.join(months)})))"
    day = rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.|er)?\s+(?:of\s+|de\s+)?)?(?:{'|'.join(months)})"
    date = rf"(?=\s*(?:the\s+|dem\s+|au\s+|el\s+|le\s+)?(?:end\b|{day}|(?:19|20)\d\d\b|\d{{4}}-\d\d))"
    return plain.replace(r"\s+\#", ahead).replace(r"\s+@", date)
