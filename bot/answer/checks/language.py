"""A language as the checks see it: words that turn, bind or limit a sentence, and words that mean the same.

The tables stand in english.py, german.py, french.py and spanish.py; reading.py applies them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


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
        return {word: line[0] for line in lines for word in line}

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


def _read_lines(text: str) -> Iterable[tuple[str, list[str]]]:
    for line in text.strip().splitlines():
        name, _, phrases = line.partition(":")
        if phrases:
            yield name.strip(), [one.strip() for one in phrases.split(",") if one.strip()]


def _as_pattern(phrase: str, months: list[str]) -> str:
    """`#` stands for an amount or a date that comes next and is no part of the phrase, `@` for a date alone.

    `*` stands for any ending.
    """
    plain = re.escape(phrase).replace(r"\ ", r"\s+").replace(r"\*", r"\w*")
    ahead = rf"(?=\s*(?:the\s+)?(?:end\b|[$€£]?\d|(?:{'|'.join(months)})))"
    day = rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.|er)?\s+(?:of\s+|de\s+)?)?(?:{'|'.join(months)})"
    date = rf"(?=\s*(?:the\s+|dem\s+|au\s+|el\s+|le\s+)?(?:end\b|{day}|(?:19|20)\d\d\b|\d{{4}}-\d\d))"
    return plain.replace(r"\s+\#", ahead).replace(r"\s+@", date)
