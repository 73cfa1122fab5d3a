"""A text as the checks read it: clauses with their words, and what turns, binds or limits each. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from bot.answer.checks.language import Language
from bot.answer.checks.spelling import drop_answer, lift_asides, spell_out
from bot.answer.checks.units import UNITS
from bot.answer.normalise import even_text

TURNING = frozenset({"not", "never", "without", "discouraged", "lacking"})
"""Operators by which a clause says the opposite."""
BINDING = frozenset({"must", "should", "may", "can", "unneeded"})
"""Operators that say how far a clause binds."""
HANDED = TURNING | BINDING | {"replacing"}
"""Operators that hold for all equals."""
OPENING = frozenset({"without", "except", "if", "when"})
"""Operators that begin a clause of their own."""

COMPARING = frozenset({"more", "less", "greater", "fewer"})
"""In "less than 5" they are opposites of nothing."""

MOST_HANDED = 4
"""More words are a clause of their own."""
MOST_LISTED = 3
"""Words of one of several equals at the head of a sentence."""
_TOKEN = re.compile(
    r"(?P<stop>(?<!\.[^\W\d_])[.!?;](?=\s|$)|[()|•\n]|\s[-·]+\s|\s/\s)|(?P<comma>,(?!\d)|:(?=\s|$))"
    r"|(?P<word>#[0-9a-f]{3,8}\b|[^\W_]+(?:['.&+][^\W_]+)*\+{0,2})"
)
_AMOUNT_AHEAD = re.compile(r"(?: than)? [$€£]?\d")
_NAMED = re.compile(r"\"[^\"]+\"|`[^`]+`|(?<!\w)_[^_]+_(?!\w)|(?<![\w*])\*[^*]+\*(?![\w*])")
MOST_NAMED = 4
"""So many words between quotation marks are a term that is spoken of: none of them turns or limits anything."""
_SHORT = re.compile(r"'(?:s|re|ve|ll|d|m)\b")
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")


@dataclass(slots=True)
class Clause:
    """A stretch of text with one predicate. `words` are meanings (stems, one for all that mean the same)."""

    words: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    operators: set[str] = field(default_factory=set)
    is_joined: bool = False
    """Comes after a comma or a joining word."""
    has_predicate: bool = False
    sentence: int = 0
    joint: str = ""
    """The word or sign that joins it to the one before."""
    lead: int = 0
    """So many of its words are a phrase before its subject."""
    turned_at: int = 0
    """So many of its words stand before the operator that turns it."""
    starts_turned: bool = False
    """It is turned before its first word: "…, not X" says nothing of what stands before it."""
    is_after_comma: bool = False
    """A comma stands before the word that joins it."""
    is_phrase: bool = False
    """Begins with a word such as "with" or "in"."""
    is_row: bool = False
    """Part of a table row, where equals stand without a joining word."""

    @property
    def is_turned(self) -> bool:
        """Says that something is not so."""
        return bool(self.operators & TURNING)


@dataclass(frozen=True, slots=True)
class Reading:
    """One text, read. `forms` are its words as they stand, in lower case; `words` their meanings, in order."""

    clauses: tuple[Clause, ...]
    words: tuple[str, ...]
    forms: frozenset[str]
    operators: frozenset[str]


def read_text(text: str, language: Language) -> Reading:
    """Read a claim or a stored sentence."""
    plain = spell_out(even_text(lift_asides(drop_answer(text))).lower())
    walk = _Walk(language, is_row="·" in text)
    named = [match.span() for match in _NAMED.finditer(plain) if len(match[0].split()) <= MOST_NAMED]
    spans = [one for one in _find_operators(plain, language) if not _lies_in(one[0], named)]
    for match in _TOKEN.finditer(plain):
        walk.take_operators(spans, before=match.start())
        if _lies_in(match.start(), named):
            walk.take_named(match["word"])
        else:
            walk.take(match, is_inside=_lies_in(match.start(), [(start, end) for start, end, _ in spans]))
    walk.take_operators(spans, before=len(plain) + 1)
    for one in walk.clauses:
        language.combine(one.operators)
    clauses = _hand_on(walk.clauses)
    return Reading(
        tuple(one for one in clauses if one.words or one.operators),
        tuple(walk.words),
        frozenset(walk.forms),
        frozenset().union(*(one.operators for one in clauses)) if clauses else frozenset(),
    )


def join_readings(readings: Sequence[Reading], language: Language) -> tuple[Reading, ...]:
    """Stored sentences in their order: "avoid them" speaks of what the sentence before it speaks of."""
    joined: list[Reading] = []
    for reading in readings:
        if joined and reading.clauses:
            first = reading.clauses[0]
            if len(first.words) < MOST_LISTED and language.pointing & set(first.forms):
                first.words = [*first.words, *joined[-1].words]
        joined.append(reading)
    return tuple(joined)


@lru_cache(maxsize=65_536)
def mean(word: str, language: Language) -> str:
    """The one stem that stands for all words of this meaning."""
    if word in UNITS:
        return UNITS[word]
    return language.stem(language.same.get(word) or language.same.get(language.stem(word)) or word)


def _lies_in(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _find_operators(plain: str, language: Language) -> Iterator[tuple[int, int, str]]:
    for match in language.operators.finditer(plain):
        name = str(match.lastgroup).rsplit("_", 1)[0]
        yield match.start(), match.end(), name


class _Walk:
    def __init__(self, language: Language, *, is_row: bool) -> None:
        self.clauses = [Clause(is_row=is_row)]
        self.words: list[str] = []
        self.forms: list[str] = []
        self._language = language
        self._sentence = 0
        self._taken = 0
        self._is_row = is_row

    def take_operators(self, spans: Sequence[tuple[int, int, str]], *, before: int) -> None:
        """All operators that begin before this place."""
        while self._taken < len(spans) and spans[self._taken][0] < before:
            self._take_operator(spans[self._taken][2])
            self._taken += 1

    def _take_operator(self, name: str) -> None:
        if name == "skip":
            return
        if name in OPENING:
            self._begin(is_joined=False)
        clause = self.clauses[-1]
        if name in TURNING:
            clause.starts_turned = not clause.words
            clause.turned_at = len(clause.words)
        clause.operators.add(name)
        clause.has_predicate = clause.has_predicate or name in BINDING

    def take(self, match: re.Match[str], *, is_inside: bool) -> None:
        """The next word or sign."""
        if match["stop"]:
            self._sentence += match["stop"][0] in ".!?"
            self._begin(is_joined=False)
        elif match["comma"]:
            self._begin(is_joined=True, joint=match["comma"])
        else:
            is_bound = bool(_AMOUNT_AHEAD.match(match.string, match.end()))
            self._take_word(match["word"], is_inside=is_inside, is_bound=is_bound)

    def take_named(self, raw: str | None) -> None:
        """The next word of a term in quotation marks."""
        if raw:
            self.forms.append(raw)
            self.clauses[-1].forms.append(raw)
            self._add(raw)

    def _add(self, word: str) -> None:
        meaning = mean(word, self._language)
        self.clauses[-1].words.append(meaning)
        self.words.append(meaning)

    def _take_word(self, raw: str, *, is_inside: bool, is_bound: bool) -> None:
        word = _ORDINAL.sub(r"\1", _SHORT.sub("", raw))
        language = self._language
        if word in language.breaking and not is_inside:
            self._begin(is_joined=False)
        elif word in language.joining and not is_inside:
            self._begin(is_joined=True, joint=word)
        if not (is_inside and is_bound and word in COMPARING):
            self.forms.append(word)
        clause = self.clauses[-1]
        clause.forms.append(word)
        is_order = (
            clause.joint == "and"
            and len(clause.forms) <= len((clause.joint, word))
            and word in language.commanding
        )
        is_short = word != raw and word in language.pointing  # "It's", "they're".
        clause.has_predicate = clause.has_predicate or word in language.predicates or is_order or is_short
        clause.is_phrase = word in language.phrase_starts if len(clause.forms) == 1 else clause.is_phrase
        if is_inside or word in language.small_words:
            return
        self._add(word)

    def _leads_in(self, clause: Clause) -> bool:
        # "At your discretion, …" binds what follows as "may" does.
        is_bare = not clause.is_joined and clause.operators <= BINDING
        is_bare = is_bare and (bool(clause.operators) or not clause.has_predicate)
        return is_bare and bool(clause.forms) and clause.forms[0] in self._language.phrase_starts

    def _begin(self, *, is_joined: bool, joint: str = "") -> None:
        last = self.clauses[-1]
        if joint == "," and last.operators and not last.words:
            return  # "If you like, …" says of what follows how far it binds.
        if joint == "," and self._leads_in(last):
            last.lead = len(last.words)
            return  # "In titles, we use …": the phrase belongs to what follows.
        if not last.words and not last.operators:
            last.is_joined = last.is_joined and is_joined
            last.sentence = self._sentence
            last.is_after_comma = last.joint == "," and bool(joint)
            last.joint = joint or last.joint
            return
        clause = Clause(is_joined=is_joined, sentence=self._sentence, joint=joint, is_row=self._is_row)
        self.clauses.append(clause)


def _hand_on(clauses: list[Clause]) -> list[Clause]:
    """A joined clause without a predicate of its own is turned and bound as the one before it."""
    for place, clause in enumerate(clauses[1:], start=1):
        is_short = clause.joint in ("or", "nor") or len(clause.words) <= MOST_HANDED
        if is_short and _is_listed(clauses, place) and not clause.operators & HANDED:
            handed = HANDED if clause.joint not in ",:" else HANDED - {"without"}
            clause.operators |= clauses[place - 1].operators & handed
            clause.is_row = clause.is_row or (clause.joint in ":," and clauses[place - 1].is_row)
    clauses = _join_verdicts(clauses)
    reaches = False
    for clause, after in reversed(list(pairwise(clauses))):
        # "Colours, fonts and logos must not change": the predicate stands with the last of them.
        ends_turned = after.is_turned and after.turned_at == len(after.words)
        ends_list = (after.has_predicate or ends_turned) and not after.starts_turned
        reaches = after.is_joined and (ends_list or (reaches and not after.starts_turned))
        reaches = reaches and not clause.has_predicate and not clause.is_phrase
        if reaches and len(clause.words) - clause.lead <= MOST_LISTED and not clause.operators & HANDED:
            clause.operators |= after.operators & HANDED
    return clauses


def _join_verdicts(clauses: list[Clause]) -> list[Clause]:
    """`"Cheapest": rejected` is one clause: what stands behind the colon is said of what stands before it."""
    kept = clauses[:1]
    for clause in clauses[1:]:
        if clause.joint == ":" and not clause.is_row and len(clause.words) <= 1 and kept[-1].words:
            last = kept[-1]
            last.words, last.forms = [*last.words, *clause.words], [*last.forms, *clause.forms]
            last.operators |= clause.operators
        else:
            kept.append(clause)
    return kept


def _is_listed(clauses: Sequence[Clause], place: int) -> bool:
    """One of several equals: joined by a word, or by a comma where such a word comes later."""
    clause = clauses[place]
    if not clause.is_joined or clause.has_predicate:
        return False
    if clause.joint == ":":
        clause.is_row = len(clause.words) < MOST_LISTED and len(clauses[place - 1].words) < MOST_LISTED
        return clause.is_row
    if clause.joint == "and" and clause.is_after_comma and clauses[place - 1].joint != ",":
        return False  # "Never use red, and logos stay blue": two statements, no list.
    in_row = clauses[place - 1].is_row and len(clause.words) <= MOST_LISTED
    return clause.joint != "," or in_row or _is_joined_later(clauses[place + 1 :])


def _is_joined_later(clauses: Sequence[Clause]) -> bool:
    for later in clauses:
        if not later.is_joined or later.has_predicate:
            return False
        if later.joint != ",":
            return True
    return False
