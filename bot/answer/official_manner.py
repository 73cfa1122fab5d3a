"""What is asked for, of whom and in which manner: differences of a whole question. Pure; called by official.py."""

import re
from collections.abc import Collection

from bot.answer.normalise import normalise_text
from bot.answer.official_groups import EXCLUDING
from bot.answer.official_phrases import (
    AGENT,
    DEFINITION,
    OPPOSING,
    PART,
    PAST_OR_STOCK,
    PREDECESSOR,
    RIVAL_ACTS,
    THING,
    WHICH,
)
from bot.answer.official_reading import UNIT, Reading, Word, fold, list_words
from bot.answer.official_words import KINDS_OF_NAME

OURSELVES = frozenset({"we", "i"})
# Asked of a question that asks for nothing of the kind, these ask for another fact.
NARROW_ASKS = frozenset({"why", "who", "where", "when", "how long", "how often"})


def compare_manner(asked: Reading, official: Reading) -> list[str]:
    """Negation, duty against permission, and what is asked for."""
    # "May we … without X?" and "Is X required …?" are one question.
    asks_duty = official.says_without and asked.obliges and not asked.is_negative
    found = {
        "negation": asked.is_negative != official.is_negative and not asks_duty,
        "duty": _exchanges_duty(asked, official) and not asks_duty,
        "counts another thing": _counts_other(asked, official),
        "asks another thing": _asks_other(asked, official),
        "asks for leave": asked.is_yes_or_no and asked.permits and not official.is_yes_or_no,
        "asks what it is": _says_only(DEFINITION, asked, official),
        "asks for a part": _says_only(PART, asked, official),
        "asks which, not how many": bool(official.counted) and _says_only(WHICH, asked, official),
        "asks who was before": "who" in official.asks and _says_only(PREDECESSOR, asked, official),
        "asks what was": official.permits and _says_only(PAST_OR_STOCK, asked, official),
    }
    return [name for name, holds in found.items() if holds]


def _exchanges_duty(asked: Reading, official: Reading) -> bool:
    is_exchanged = (asked.obliges and official.permits and not official.obliges) or (
        official.obliges and asked.permits and not asked.obliges
    )
    return is_exchanged and (asked.is_yes_or_no or official.is_yes_or_no)


def _counts_other(asked: Reading, official: Reading) -> bool:
    things = asked.counted - {UNIT}
    parts = {fold(part) for word in official.words for part in word.text.split("_")}
    is_known = bool(official.counted or things & (official.keys | parts))
    return bool(things) and things.isdisjoint(official.counted) and is_known


def _says_only(pattern: re.Pattern[str], asked: Reading, official: Reading) -> bool:
    said, known = (pattern.search(normalise_text(one.text)) for one in (asked, official))
    return said is not None and known is None


def _asks_other(asked: Reading, official: Reading) -> bool:
    """Who, when, where, why, how much: where both say it, they must agree; where one does, it must not narrow."""
    if _ask_the_way(asked, official):
        return False
    if asked.asks == {"how"}:
        return bool(official.asks) and official.asks <= NARROW_ASKS
    if asked.asks and official.asks:
        return not asked.asks & official.asks
    if asked.asks:
        return not asked.asks.isdisjoint(NARROW_ASKS)
    return "why" in official.asks or (official.asks == {"who"} and asked.asks_what)


def _ask_the_way(asked: Reading, official: Reading) -> bool:
    """How to get something and where to get it are one question."""
    return "how to" in official.asks and not asked.asks.isdisjoint({"where", "how to"})


def compare_roles(asked: Reading, official: Reading) -> list[str]:
    """A rival who is spoken of does not speak; "the Enterprise plan" is not "the Enterprise customers"."""
    plain, known = normalise_text(asked.text), normalise_text(official.text)
    rivals = [word.text for word in official.words if word.before in OPPOSING and not word.is_idle]
    acting = [one for one in rivals if re.search(RIVAL_ACTS.format(name=re.escape(one)), plain)]
    heads = [*_list_other_heads(asked, official), *_list_other_agents(plain, known)]
    return [f"rival acts {one}" for one in acting] + [f"head {one}" for one in heads]


def _list_other_heads(asked: Reading, official: Reading) -> list[str]:
    """Words that stand where the official question says what a name is."""
    kinds = [word for word in official.words if word.after in KINDS_OF_NAME]
    named = [word for word in asked.words if _shares(word, kinds) and word.after not in KINDS_OF_NAME]
    heads = [head for word in named for head in list_words(word.after)]
    return [head.text for head in heads if _excludes(head) and not _shares(head, official.words)]


def _list_other_agents(plain: str, known: str) -> list[str]:
    """Groups of people who act, or are asked for, where the official question speaks of us or of things."""
    agents = {*AGENT.findall(known)}
    others = {*AGENT.findall(plain)} - agents if agents & OURSELVES else set()
    others |= {*THING.findall(plain)} - {*THING.findall(known)}
    return sorted(one for one in others if is_audience(one))


def _excludes(word: Word) -> bool:
    return any(key.split(":")[0] in EXCLUDING for key in word.keys)


def _shares(word: Word, words: Collection[Word]) -> bool:
    return any(word.keys & other.keys for other in words)


def is_audience(text: str) -> bool:
    """Does the word name a group of people?"""
    return any(key.startswith("audience:") for word in list_words(text) for key in word.keys)


def is_head(word: Word, official: Reading) -> bool:
    """What is asked for: the thing "of" something, the thing that is counted, the deed of "who"."""
    is_deed = "who" in official.asks and word.before == "who"
    return word.after == "of" or is_deed or word.before in {"much", "many"}
