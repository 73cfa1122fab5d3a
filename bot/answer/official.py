"""Decides whether a question is close enough to an official one. Pure; called by official_serving and gap_joining.

Vectors only bring candidates: what is near may still ask for another thing, so every difference in a word that
matters is a veto. Being wrong here is far worse than leaving the question to the ordinary way.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.answer.normalise import normalise_text
from bot.answer.official_groups import EXCLUDING
from bot.answer.official_manner import compare_manner, compare_roles, is_audience, is_head
from bot.answer.official_phrases import DESTINATION
from bot.answer.official_reading import (
    Reading,
    Word,
    find_numbers,
    list_hints,
    list_words,
    read_question,
)
from bot.answer.official_slips import correct_slips
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
    {"act", "extent", "grow", "team_change", "edge", "uptime", "payment", "rank", "going"}
)
# Said in a sentence beside the question, these only tell what it is asked for.
PASSING_GROUPS = frozenset({"medium"})
# Said more than asked for it is a manner of speaking, left out it is another question.
LOSING_GROUPS = frozenset({"order"})
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
    asked = read_question(correct_slips(_drop_destination(text, official), official.reading))
    asked = replace(asked, words=_read_hints(asked.words, official.reading.words))
    asked_words = _list_counted(asked, official)
    official_words = _list_counted(official.reading, official)
    missing = [word for word in asked_words if not word.is_aside and not _has(word, official.reading.words)]
    unsaid = [word for word in official_words if not word.is_aside and not _has(word, asked.words)]
    vetoes = [
        *_compare_names(asked, official),
        *_compare_own_name(asked, official),
        *_compare_numbers(asked, official),
        *_compare_groups(asked, official),
        *compare_manner(asked, official.reading),
        *compare_roles(asked, official.reading),
        *(f"head {word.text}" for word in unsaid if is_head(word, official.reading)),
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


def _drop_destination(text: str, official: OfficialQuestion) -> str:
    """Where the official answer speaks of no medium, it holds for all of them."""
    speaks_of_media = any(key.startswith("medium:") for key in official.context | official.reading.keys)
    return text if speaks_of_media else DESTINATION.sub(" ", text)


def _read_hints(asked: tuple[Word, ...], official: Iterable[Word]) -> tuple[Word, ...]:
    """Words that may stand for one of the official question do so where it is not said itself."""
    unsaid = [word for word in official if not _has(word, asked)]
    covered = [(word, list_hints(word)) for word in asked]
    return tuple(
        replace(word, keys=hints, is_idle=False) if any(hints & one.keys for one in unsaid) else word
        for word, hints in covered
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
        and (word.text not in KINDS_OF_NAME or _limits(word, official.reading))
    ]


def _limits(word: Word, official: Reading) -> bool:
    """Of "product names", where the official question has names of customers."""
    follows = list_words(word.after)
    return (
        word not in official.words
        and not official.names
        and any(_has(one, official.words) for one in follows)
    )


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


def _compare_own_name(asked: Reading, official: OfficialQuestion) -> list[str]:
    """Where the company is asked about, its products and customers are something else."""
    own = official.own_names
    is_left_out = bool(own & official.reading.keys) and not own & asked.keys
    others = [word.text for word in asked.words if word.text in KINDS_OF_NAME or is_audience(word.text)]
    return [f"head {one}" for one in others if is_left_out and one not in official.reading.text.lower()]


def _compare_numbers(asked: Reading, official: OfficialQuestion) -> list[str]:
    lost = official.reading.numbers - asked.numbers
    foreign = asked.numbers - official.reading.numbers - official.numbers
    return [f"number {number}" for number in sorted(lost | foreign)]


def _compare_groups(asked: Reading, official: OfficialQuestion) -> list[str]:
    """Members of one group exclude each other: another region, audience, medium, time, size."""
    return [veto for group in EXCLUDING for veto in _compare_group(group, asked, official)]


def _compare_group(group: str, asked: Reading, official: OfficialQuestion) -> list[str]:
    ours, theirs = (_members(one.words, f"{group}:") for one in (official.reading, asked))
    ours_only = {m: w for m, w in ours.items() if m not in theirs and not _has(w, asked.words)}
    theirs_only = {m: w for m, w in theirs.items() if m not in ours and not _has(w, official.reading.words)}
    if group in PASSING_GROUPS:
        theirs_only = {m: w for m, w in theirs_only.items() if not w.is_aside}
    if ours_only and theirs_only:
        return [f"{group} {'/'.join(sorted(theirs_only))} for {'/'.join(sorted(ours_only))}"]
    if group in SOFT_GROUPS:
        return []
    lost = [m for m, w in ours_only.items() if not w.is_idle and not (w.is_aside and group in LOSING_GROUPS)]
    extra = [
        m
        for m, w in theirs_only.items()
        if m not in official.context and (not w.is_idle or (ours and m not in COMMON))
    ]
    return [f"{group} {member}" for member in (*(() if group in LOSING_GROUPS else extra), *lost)]


def _members(words: Iterable[Word], prefix: str) -> dict[str, Word]:
    return {key: word for word in words for key in word.keys if key.startswith(prefix)}
