"""What a question means after earlier ones, by rules: itself, or a whole question made with the turn before.

Pure. Called by bot/answer/pipeline.py before the search; bot/answer/follow_up_prompt.py does the same with a model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answer.follow_up_forms import (
    AND_MORE,
    ANYTHING,
    BARE_ASK,
    CONNECTOR,
    COUNTED,
    INSTEAD,
    MORE_OF_IT,
    OTHER_KIND,
    THE_ONE,
    WISHES,
    WISHES_AT_END,
    WORD,
)
from bot.answer.follow_up_slots import fit_act, fit_kind, fit_part, may_stand_in
from bot.answer.follow_up_topic import (
    count_telling_words,
    find_pointer,
    find_topic,
    find_topic_of_answer,
    is_about_nothing,
    resolve_pointer,
)
from bot.answer.follow_up_words import (
    ASK_WORDS,
    HELPERS,
    ORDERS,
    POSSESSIVES,
    PREPOSITIONS,
    WE,
    WISH_FILLERS,
    WISH_WORDS,
    Wish,
)
from bot.answer.word_lists import SMALL_WORDS
from core.answers import Turn

# A fragment of more words than this says enough by itself.
MOST_FRAGMENT_WORDS = 7
MOST_BARE_WORDS = 2
# What is longer is no follow-up, and no work for patterns.
MOST_CHARACTERS = 300
MOST_WISH_WORDS = 9
_SAYS_NOTHING = SMALL_WORDS | ASK_WORDS | HELPERS | ORDERS | WISH_FILLERS


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is searched for (a whole question), what is wished of the answer, and who decided on both."""

    question: str
    wish: Wish = "answer"
    by: Literal["itself", "rules", "model"] = "itself"


def resolve_follow_up(text: str, earlier: Sequence[Turn]) -> FollowUp:
    """The question that is meant. `earlier` is oldest first, each as it was understood; without any it is the text."""
    last = next((turn for turn in reversed(earlier) if count_telling_words(turn.question)), None)
    asked = " ".join(text.split()).strip("¿¡ ")
    if last is None or not WORD.search(asked) or len(asked) > MOST_CHARACTERS:
        return FollowUp(text)
    wish = _find_wish(asked)
    if wish is not None:
        return FollowUp(last.question, wish, "rules")
    rest, wish_at_end = _cut_wish(asked)
    question = _resolve(rest, last)
    return FollowUp(question, wish_at_end, "rules") if question else FollowUp(text)


def _find_wish(asked: str) -> Wish | None:
    """The wish when the text is nothing else."""
    plain = " ".join(asked.lower().replace("’", "'").strip("?!.… ").split())
    by_form = next((wish for wish, form in WISHES if form.fullmatch(plain)), None)
    return by_form or _find_wish_in_words(plain)


def _find_wish_in_words(plain: str) -> Wish | None:
    words = set(WORD.findall(plain))
    if len(words) > MOST_WISH_WORDS or not WE.isdisjoint(words - {"i", "we", "you"}):
        return None
    for wish, telling in WISH_WORDS:
        if words & telling and words <= telling | _SAYS_NOTHING:
            return wish
    rest = words - _SAYS_NOTHING
    if not rest and COUNTED.search(plain):
        return "shorter"
    return "longer" if not rest and AND_MORE.search(plain) else None


def _cut_wish(asked: str) -> tuple[str, Wish]:
    for wish, form in WISHES_AT_END:
        rest = form.sub("", asked)
        if rest != asked:
            return rest, wish
    return asked, "answer"


def _resolve(asked: str, last: Turn) -> str | None:
    """The whole question, or None when the text is one already."""
    connector = CONNECTOR.match(asked)
    body = asked[connector.end() :] if connector and connector[0].strip() else asked
    is_joined = body != asked and bool(body.strip("?!. "))
    body = body if is_joined else asked
    if is_joined and THE_ONE.match(body):
        body = THE_ONE.sub("", body)
    question = _resolve_form(body, last)
    if question is None and is_joined:
        question = _resolve_joined(body, last)
    return question or _resolve_sentence(body, last, is_joined=is_joined)


def _resolve_form(body: str, last: Turn) -> str | None:
    """Forms that are follow-ups whatever came before."""
    bare = body.strip("?!. ")
    if BARE_ASK.fullmatch(bare):
        return _ask_about(bare, last)
    if MORE_OF_IT.fullmatch(bare):
        return f"{last.question.rstrip('?!. ')}: {bare}?"
    some = ANYTHING.match(body)
    rest = body[some.end() :] if some else ""
    is_part = rest and _is_led(rest) and len(body.split()) <= MOST_FRAGMENT_WORDS
    return fit_part(rest, last.question) if is_part else None


def _resolve_joined(body: str, last: Turn) -> str | None:
    """Forms that are follow-ups after "and" only: another kind, another act."""
    kind = OTHER_KIND.fullmatch(body.strip("?!. "))
    fitted = fit_kind(kind["kind"], last.question) if kind else None
    return fitted or fit_act(body, last.question)


def _resolve_sentence(body: str, last: Turn, *, is_joined: bool) -> str | None:
    """By the words: one that points back, a verb, or neither."""
    pointer = find_pointer(body)
    # "And on their trucks?" names a part of its own.
    is_own_part = is_joined and _is_led(body) and not _is_clause(body)
    if pointer is not None and not (is_own_part and pointer[0].lower() in POSSESSIVES):
        return resolve_pointer(body, pointer, last)
    if not _is_clause(body):
        return _resolve_fragment(body, last, is_joined=is_joined)
    leans = (is_joined or INSTEAD.search(body) is not None) and _leans_on_another(body)
    if is_about_nothing(body) or leans:
        return f"{body.rstrip('?!. ')} for {find_topic_of_answer(last)}?"
    return None


def _is_led(text: str) -> bool:
    words = WORD.findall(text)
    return bool(words) and words[0].lower() in PREPOSITIONS


def _resolve_fragment(body: str, last: Turn, *, is_joined: bool) -> str | None:
    words = WORD.findall(body)
    is_part = _is_led(body) and 1 < len(words) <= MOST_FRAGMENT_WORDS
    is_joined_part = is_joined and len(words) <= MOST_FRAGMENT_WORDS
    is_bare = len(words) <= MOST_BARE_WORDS and may_stand_in(body, last.question)
    return fit_part(body, last.question) if is_part or is_joined_part or is_bare else None


def _ask_about(asking: str, last: Turn) -> str:
    """After "can we use it" a bare "until when" is joined to it; after other questions it names the topic."""
    question = last.question.strip().rstrip("?!. ")
    first = WORD.search(question)
    if first and first[0].lower() in HELPERS:
        return f"{asking} {question[0].lower()}{question[1:]}?"
    return f"{asking}: {find_topic(last)}?"


def _is_clause(body: str) -> bool:
    """Does it ask or order by itself, with a verb?"""
    words = [word.lower() for word in WORD.findall(body)]
    return bool(words) and (
        words[0] in ASK_WORDS | HELPERS | ORDERS or any(word in HELPERS | ASK_WORDS for word in words[1:])
    )


def _leans_on_another(body: str) -> bool:
    """One thing, and neither whose nor of what: "and when is the launch?"."""
    words = {word.lower() for word in WORD.findall(body)}
    has_name = any(word[0].isupper() and word != "I" for word in WORD.findall(body)[1:])
    is_ours = not WE.isdisjoint(words) and not INSTEAD.search(body)
    return count_telling_words(body) <= 1 and not is_ours and not has_name
