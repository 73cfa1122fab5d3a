"""Decides whether a question is close enough to an official one. Pure; called by official_serving and gap_joining.

Vectors only bring candidates: what is near may still ask for another thing, so every difference in a word that
matters is a veto. Being wrong here is far worse than leaving the question to the ordinary way.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.answer.normalise import normalise_text
from bot.answer.official_groups import EXCLUDING
from bot.answer.official_reading import (
    UNIT,
    Reading,
    Word,
    correct_slips,
    find_numbers,
    list_words,
    read_question,
)
from bot.answer.official_words import KINDS_OF_NAME

Nearness = Callable[[str, Sequence[str]], float]
"""How near a word is to the nearest of some others, 0 to 1."""

# Measured on tests/unit/bot/answer/official_development.jsonl.
VAGUE_COSINE = 0.6
ADDING_COSINE, OMITTING_COSINE = 0.55, 0.65
SAME_WORD, NEAR_WORD = 0.6, 0.55
IDLE_KEYS = frozenset(
    {
        "same:allowed",
        "same:required",
        "same:how_often",
        "same:longest_time",
        "same:deadline",
        "order:before",
        "order:after",
    }
)
MOST_ADDED, FEWEST_WORDS = 2, 2
_PREPOSITIONS = "for in on at with during within against under via by from to into"
PREPOSITIONS = frozenset(_PREPOSITIONS.split())
# A group in which an additional member is just a manner of speaking; only an exchange of members counts.
SOFT_GROUPS = frozenset(
    {"act", "extent", "grow", "team_change", "edge", "uptime", "payment", "order", "rank", "going"}
)
# Asked of a question that asks for nothing of the kind, these ask for another fact.
NARROW_ASKS = frozenset({"why", "who", "where", "when", "how long", "how often"})
# A customer is named beside others without meaning another question.
COMMON = frozenset({"audience:customer"})


@dataclass(frozen=True, slots=True)
class OfficialQuestion:
    """One phrasing of an official answer, with what its text and evidence speak of."""

    reading: Reading
    context: frozenset[str]
    numbers: frozenset[str]
    own_names: frozenset[str]
    core: frozenset[str]
    """Meanings of the words that are not idle: who shares none of them asks something else."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`vetoes` name differences that matter; `missing` are words of the asked, `unsaid` of the official question.

    `mentioned` are missing words that the answer's text or evidence has; `narrowing` are missing words that
    stand where they narrow the question ("private schools", "on vehicles"). `official` counts its words.
    """

    vetoes: tuple[str, ...]
    missing: tuple[str, ...]
    mentioned: tuple[str, ...]
    narrowing: tuple[str, ...]
    unsaid: tuple[str, ...]
    official: int
    adds_to_yes_or_no: bool
    is_vague: bool


def is_same_question(
    asked: str, official: OfficialQuestion, *, cosine: float, measure_nearness: Nearness
) -> bool:
    """The whole rule. `cosine` is of the two questions."""
    if is_to_the_letter(asked, official.reading.text):
        return True
    found = compare_questions(asked, official)
    # Only small words ("What do we do?") leave nothing to go by but the very words.
    is_other = bool(found.vetoes) or found.adds_to_yes_or_no or not found.official
    if is_other or (found.is_vague and cosine < VAGUE_COSINE):
        return False
    if found.unsaid:
        return _may_omit(found) and cosine >= OMITTING_COSINE
    words = [word.text for word in official.reading.words if not word.is_idle]
    if any(measure_nearness(word, words) < NEAR_WORD for word in found.narrowing):
        return False
    foreign = [word for word in found.missing if measure_nearness(word, words) < SAME_WORD]
    # A further word that nothing of the answer speaks of asks for more than it says.
    return (
        not foreign
        and len(found.mentioned) <= MOST_ADDED
        and (not found.mentioned or cosine >= ADDING_COSINE)
    )


def _may_omit(found: Comparison) -> bool:
    """One word may be left out, none exchanged: an opposite is near as a vector, so nearness excuses nothing here."""
    is_core_said = len(found.unsaid) == 1 and found.official >= FEWEST_WORDS
    return is_core_said and not found.missing and not found.mentioned


def is_to_the_letter(text: str, question: str) -> bool:
    """The same question but for case, spaces and marks at its end."""
    return _strip(text) == _strip(question)


def _strip(text: str) -> str:
    return normalise_text(text).rstrip("?!. ")


def build_official_question(
    question: str, texts: Iterable[str] = (), *, own_names: Collection[str] = ()
) -> OfficialQuestion:
    """Read a phrasing once; `texts` are the answer, its evidence and its other phrasings."""
    plain = normalise_text("\n".join(texts))
    context = frozenset().union(*(word.keys for word in list_words(plain))) if plain else frozenset()
    reading = read_question(question)
    core = frozenset().union(*(word.keys for word in reading.words if not word.is_idle))
    return OfficialQuestion(reading, context, find_numbers(plain), frozenset(own_names), core)


def compare_questions(text: str, official: OfficialQuestion) -> Comparison:
    """Every difference between the two."""
    asked = read_question(correct_slips(text, official.reading))
    asked_words = _list_counted(asked, official)
    official_words = _list_counted(official.reading, official)
    missing = [word for word in asked_words if not word.is_aside and not _has(word, official.reading.words)]
    unsaid = [word for word in official_words if not word.is_aside and not _has(word, asked.words)]
    vetoes = [
        *_compare_names(asked, official),
        *_compare_numbers(asked, official),
        *_compare_groups(asked, official),
        *_compare_manner(asked, official.reading),
    ]
    return Comparison(
        tuple(vetoes),
        tuple(word.text for word in missing if not word.keys & official.context),
        tuple(word.text for word in missing if word.keys & official.context),
        tuple(word.text for word in missing if not word.keys & official.context and _narrows(word, official)),
        tuple(word.text for word in unsaid),
        len(official_words),
        asked.is_yes_or_no and not official.reading.is_yes_or_no and bool(missing),
        _is_vague(asked, official.reading, len(official_words)),
    )


def _is_vague(asked: Reading, official: Reading, words: int) -> bool:
    """One shared word, and of "how long" or "when" not a trace: it may be about anything."""
    says_what = bool(asked.asks) or not asked.keys.isdisjoint(official.keys & IDLE_KEYS)
    return words < FEWEST_WORDS and bool(official.asks) and not says_what


def _narrows(word: Word, official: OfficialQuestion) -> bool:
    """After a preposition, or right before a word that the official question has."""
    follows = [one for one in list_words(word.after) if not one.is_idle]
    return word.before in PREPOSITIONS or (bool(follows) and _has(follows[0], official.reading.words))


def _list_counted(reading: Reading, official: OfficialQuestion) -> list[Word]:
    return [
        word
        for word in reading.words
        if (not word.is_idle or word.text in official.reading.names)
        and not word.keys & IDLE_KEYS
        and not word.keys & official.own_names
        and word.text not in KINDS_OF_NAME
    ]


def _has(word: Word, words: Iterable[Word]) -> bool:
    return any(word.keys & other.keys for other in words)


def _compare_names(asked: Reading, official: OfficialQuestion) -> list[str]:
    def _said(name: str, words: Iterable[Word]) -> bool:
        named = list_words(name)
        return all(_has(part, words) for part in named)

    own = official.own_names
    lost = [name for name in official.reading.names - own if not _said(name, asked.words)]
    foreign = [
        name
        for name in asked.names - own
        if not _said(name, official.reading.words)
        and not all(part.keys & official.context for part in list_words(name))
    ]
    return [f"name {name}" for name in (*lost, *foreign)]


def _compare_numbers(asked: Reading, official: OfficialQuestion) -> list[str]:
    lost = official.reading.numbers - asked.numbers
    foreign = asked.numbers - official.reading.numbers - official.numbers
    return [f"number {number}" for number in sorted(lost | foreign)]


def _compare_groups(asked: Reading, official: OfficialQuestion) -> list[str]:
    """Members of one group exclude each other: another region, audience, medium, time, size."""
    vetoes = []
    for group in EXCLUDING:
        prefix = f"{group}:"
        ours, theirs = _members(official.reading.words, prefix), _members(asked.words, prefix)
        ours_only = {m: w for m, w in ours.items() if m not in theirs and not _has(w, asked.words)}
        theirs_only = {
            m: w for m, w in theirs.items() if m not in ours and not _has(w, official.reading.words)
        }
        if ours_only and theirs_only:
            vetoes.append(f"{group} {'/'.join(sorted(theirs_only))} for {'/'.join(sorted(ours_only))}")
        elif group not in SOFT_GROUPS:
            extra = [
                m
                for m, w in theirs_only.items()
                if m not in official.context and (not w.is_idle or (ours and m not in COMMON))
            ]
            lost = [m for m, w in ours_only.items() if not w.is_idle]
            vetoes += [f"{group} {member}" for member in (*extra, *lost)]
    return vetoes


def _ask_the_way(asked: Reading, official: Reading) -> bool:
    """How to get something and where to get it are one question."""
    return "how to" in official.asks and not asked.asks.isdisjoint({"where", "how to"})


def _members(words: Iterable[Word], prefix: str) -> dict[str, Word]:
    return {key: word for word in words for key in word.keys if key.startswith(prefix)}


def _compare_manner(asked: Reading, official: Reading) -> list[str]:
    """Negation, duty against permission, and what is asked for."""
    # "May we … without X?" and "Is X required …?" are one question.
    asks_duty = official.says_without and asked.obliges and not asked.is_negative
    is_denied = asked.is_negative != official.is_negative
    is_exchanged = (asked.obliges and official.permits and not official.obliges) or (
        official.obliges and asked.permits and not asked.obliges
    )
    things = asked.counted - {UNIT}
    counts_other = things.isdisjoint(official.counted) and (official.counted or things & official.keys)
    found = {
        "negation": is_denied and not asks_duty,
        "duty": is_exchanged and not asks_duty and (asked.is_yes_or_no or official.is_yes_or_no),
        "counts another thing": bool(things) and bool(counts_other),
        "asks another thing": _asks_other(asked, official),
    }
    return [name for name, holds in found.items() if holds]


def _asks_other(asked: Reading, official: Reading) -> bool:
    """Who, when, where, why, how much: where both say it, they must agree; where one does, it must not narrow."""
    if _ask_the_way(asked, official):
        return False
    if asked.asks and official.asks:
        return not asked.asks & official.asks
    if asked.asks:
        return not asked.asks.isdisjoint(NARROW_ASKS)
    return "why" in official.asks or (official.asks == {"who"} and asked.asks_what)
