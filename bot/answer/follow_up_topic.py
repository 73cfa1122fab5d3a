"""What a question or its answer was about, and words that point back to it. Pure; called by bot/answer/follow_up.py."""

import re

from bot.answer.follow_up_forms import ACT, FOUND_ONES, NO_IT, SUBJECT, WORD
from bot.answer.follow_up_words import (
    ASK_WORDS,
    ATTRIBUTES,
    HELPERS,
    NO_THINGS,
    ORDERS,
    PERSONS,
    POSSESSIVES,
    SORTS,
    THOSE,
    VERSIONS,
    WE,
    split_list,
)
from bot.answer.word_lists import SMALL_WORDS
from core.answers import Turn

_POINTERS = re.compile(
    r"(?<![\w'’-])(?:it|its|it's|they|them|their|they're|he|she|him|her|his|hers|he's|she's|that's|that|"
    r"this|those|these|"
    r"ça|cela|eso|esto|das(?=\s+(?-i:[a-zäöü])|\W*$)|(?:(?<=there )|(?<=have )|(?<=got )|(?<=need )|"
    r"(?<=find ))one(?=\W*$|\s+(?:in|from|for|about|with|on|by|as)\b)|(?:an?|any) [\w-]+ ones?|(?:the|which|"
    r"that|this|another|first|second|third|last|other|newer|older) ones?)"
    r"(?![\w'’-])",
    re.IGNORECASE,
)
_CLAUSE_BEFORE = re.compile(
    r"[,;:?]|[.!] |\s[–-] |\b(?:and|or|if|because|who|where|whether|before|after)\b", re.IGNORECASE
)
_TRAILING = re.compile(
    r"(?:\s+(?:end|ends|start|starts|run|runs|running|expire|expires|mean|approved|allowed|ok|right now|now|"
    r"today|"
    r"at the moment|currently|please|yet|exactly))+$",
    re.IGNORECASE,
)
_OF = re.compile(
    rf"^(?:the |our )?(?:{'|'.join(sorted(ATTRIBUTES))}) (?:of|for) (?P<thing>.+)$", re.IGNORECASE
)
# "Which customer segments does it cover?"; with more words than these a text has its own antecedent.
MOST_BEFORE_SUBJECT = 2
THINGS = frozenset({"it", "this", "that", "them", "one"})
_VERBS = split_list(
    "apply mean include cover hold count end start run work go say come cost need happen look expire change still "
    "valid ok true right current final public confidential official new free legal also only auch noch"
)
_LONGEST_TITLE = 80
_THEY = frozenset({"they", "them", "their", "they're"})
_MEASURES = split_list("long much many often")
_SAYS = split_list("say claim state write mention assume true sure know think confirm promise")


def find_topic(
    turn: Turn, *, with_title: bool = False, of_actor: bool = False, of_thing: bool = False
) -> str:
    """What the turn's question was about, as a phrase.

    `with_title` adds the title of what its first claim stands on; `of_actor` is who did it, `of_thing` what it
    was done to, where the question says so.
    """
    question = turn.question.strip().rstrip("?!. ")
    known = SUBJECT.search(question) if of_actor else ACT.match(question) if of_thing else None
    if known:
        return known["name" if of_actor else "thing"]
    words = list(WORD.finditer(question))
    start = next((word.start() for word in words if not _is_lead(word)), 0)
    start -= question[start - 1 : start] in set("'\"“‘„")
    about = _TRAILING.sub("", question[start:]).strip() or question
    inner = _OF.match(about)
    about = inner["thing"] if inner else about
    title = _find_title(turn) if with_title else ""
    is_new = title and title.lower() not in about.lower()
    return f"{about} – {title}" if is_new else about


def find_topic_of_answer(turn: Turn) -> str:
    """The topic; with the title of what was found, when the question asked for something to be found."""
    return find_topic(turn, with_title=_asks_for_finds(turn.question))


def find_pointer(text: str) -> re.Match[str] | None:
    """The word that stands for something of an earlier turn, or None when it has its meaning in the text itself."""
    if NO_IT.search(text):
        return None
    return next((found for found in _POINTERS.finditer(text) if _points_back(text, found)), None)


def resolve_pointer(text: str, pointer: re.Match[str], turn: Turn) -> str:
    """The text with the topic in the place of the pointer; where it only goes with a noun, the topic is added."""
    word = pointer[0].lower()
    is_of_answer = word in PERSONS | THOSE or word.startswith("the") or _asks_for_finds(turn.question)
    topic = find_topic(
        turn,
        with_title=is_of_answer,
        of_actor=word in PERSONS | _THEY,
        of_thing=word in {"it", "its", "it's"},
    )
    asked = text.rstrip("?!. ")
    before, after = asked[: pointer.start()], asked[pointer.end() :]
    if word.endswith(("'s", "'re")):
        verb = "are" if word.endswith("'re") else "is"
        return f"{before}{topic} {verb}{after}?"
    goes_with_noun = word in POSSESSIVES | THOSE and _next_word(after) and not _is_filler(_next_word(after))
    if word.endswith((" one", " ones")) or (goes_with_noun and not _stands_alone(before, after)):
        kept = "the" if word in POSSESSIVES else pointer[0]
        return f"{before}{kept}{after} ({topic})?"
    return f"{before}{topic}{after}?"


def is_about_nothing(text: str) -> bool:
    """True for a question that names attributes only: "what's the budget?" has no meaning by itself."""
    words = {re.sub(r"['’]s$", "", word.lower()) for word in WORD.findall(text)}
    telling = words - SMALL_WORDS - ASK_WORDS - HELPERS - ORDERS - _MEASURES
    if telling & VERSIONS:
        return not telling - VERSIONS - SORTS["language"] - SORTS["place"] - SORTS["format"]
    return bool(telling) and telling <= ATTRIBUTES and WE.isdisjoint(words)


def count_telling_words(text: str) -> int:
    """How many words say what is asked about."""
    words = {word.lower().removesuffix("'s") for word in WORD.findall(text)}
    return len(words - SMALL_WORDS - ASK_WORDS - HELPERS - ORDERS)


def _is_lead(word: re.Match[str]) -> bool:
    """Words that ask; a capital inside the question begins a name, whatever the word is."""
    text = word[0]
    if word.start() and text[0].isupper() and text.lower() not in WE:
        return False
    # "how long did Hallgrim take": the measure asks too.
    return text.lower() in _MEASURES or text.lower() in (SMALL_WORDS | ASK_WORDS | HELPERS | ORDERS | WE) - {
        "the"
    }


def _find_title(turn: Turn) -> str:
    evidence = turn.claims[0].evidence if turn.claims else ()
    title = " ".join(evidence[0].title.split()) if evidence else ""
    return title[:_LONGEST_TITLE]


def _asks_for_finds(question: str) -> bool:
    return FOUND_ONES.search(question) is not None or question.lower().startswith(
        ("which", "who", "what was", "welche")
    )


def _points_back(text: str, found: re.Match[str]) -> bool:
    before, after = text[: found.start()], text[found.end() :]
    word = found[0].lower()
    if re.sub(r"['’]s$", "", _next_word(after)) in NO_THINGS or after.lstrip().startswith((":", "“", '"')):
        return False
    # "who owns it" begins with such a word; "which customer holds its own keys, and where's their data" joins two.
    if _CLAUSE_BEFORE.search(before, 1) and count_telling_words(before):
        return False
    if word == "that" and _last_word(before) in _SAYS and len(after.split()) > 2:  # noqa: PLR2004 - a clause
        return False
    if word == "that" and _next_word(after) in WE and _last_word(before) not in HELPERS:
        return False
    is_subject = _last_word(before) in HELPERS and count_telling_words(before) <= MOST_BEFORE_SUBJECT
    return is_subject or count_telling_words(before) <= _count_allowed(before, word)


def _count_allowed(before: str, pointer: str) -> int:
    """Telling words that may stand before: the verb of "can we translate it", the actor of "may partners use it"."""
    words = [word.lower() for word in WORD.findall(before)]
    if pointer in (POSSESSIVES | _THEY) - THINGS:
        return 0
    if len(words) > 1 and (words[0] in ORDERS | {"who", "wer"} or not WE.isdisjoint(words[1:3])):
        return 1
    is_object = pointer in THINGS and len(words) > 1 and words[0] in HELPERS | ASK_WORDS
    return 1 if is_object and "the" not in words else 0


def _stands_alone(before: str, after: str) -> bool:
    """True for "is that approved" and "does this apply": what follows the pointer is no noun of its own."""
    following = _next_word(after)
    is_verb = following.endswith(("ed", "ing")) or following in _VERBS
    return _last_word(before) in HELPERS and is_verb


def _is_filler(word: str) -> bool:
    return word in SMALL_WORDS | HELPERS


def _next_word(text: str) -> str:
    found = WORD.search(text)
    return found[0].lower() if found else ""


def _last_word(text: str) -> str:
    words = WORD.findall(text)
    return words[-1].lower() if words else ""
