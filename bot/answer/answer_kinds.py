"""What kind of thing a question asks for, and whether a sentence holds one.

Pure; used by bot/answer/refusal.py and bot/answer/passages.py.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

from bot.answer.words import split_words, stem_word

AnswerKind = Literal[
    "amount", "number", "date", "duration", "colour", "person", "name", "quote", "rule", "file"
]
# What every answer of the kind must carry. A rule or a file name may be said in too many ways to insist on it.
STRICT_KINDS: Final[frozenset[AnswerKind]] = frozenset(
    ("amount", "number", "date", "duration", "colour", "person", "name", "quote")
)

_NAMED = (
    "agency|agencies|analyst|bank|browsers?|city|colleague|companies|company|countries|country|customers?|erp|firm"
    "|hotel|languages?|laptop|lawyer|magazine|name|office|partner|person|place|products?|provider|region|services?"
    "|software|studio|supplier|system|tool|town|vendor"
)
_ASKS: Final[Mapping[AnswerKind, re.Pattern[str]]] = {
    "amount": re.compile(
        r"\bhow much (?:is|are|does|do|did|was|were|has|have|will|money|for|to)\b"
        r"|\bwhat (?:does|do|did|will|would|is)\b.*\b(?:cost|charge|pay|price)s?\b"
        r"|\b(?:price|cost|budget|fee|salary|salaries|revenue|bonus|rate|margin) (?:of|for|per)\b"
        r"|\bbudget\b|\bwhat\b.*\b(?:fee|price|charge|salary)\b"
    ),
    "number": re.compile(
        r"\bhow many\b|\b(?:percentage|share) of\b"
        r"|\b(?:max|maximum|min|minimum|smallest|largest|longest|limit|at most|at least)\b"
    ),
    # "When should I …" asks for a condition, not for a day.
    "date": re.compile(
        r"\bwhen\b(?! (?:i|we|a|an|the|writing|you|someone|they|he|she|there|to)\b)"
        r"(?! (?:should|can|may|must|could|do (?:i|we))\b)"
        r"|\bwhat (?:year|day|month|date)\b|\bdate of\b"
    ),
    "duration": re.compile(
        r"\bhow (?:long|fast|quick|quickly|soon|often)\b"
        r"|\b(?:what|which|our|[a-z]{5,}(?:ion|ing|ery|se|ry)) (?:\w+ )?time\b(?! zone)"
    ),
    "colour": re.compile(r"\bhex\b|\bcolou?r code\b"),
    "person": re.compile(r"(?:^|[,;?.] ?)(?:and )?who(?:m|'s)?\b|\bspeaker\b"),
    "name": re.compile(
        rf"\b(?:which|what) (?:(?!(?:is|are|was|were|do|does|did|can)\b)\w+ ){{0,2}}?(?:{_NAMED})\b|\bnames? of\b"
    ),
    "quote": re.compile(r"\b(?:quotes?|testimonial|saying)\b|\bwhat did\b.*\bsay\b"),
    "rule": re.compile(
        r"^(?:can|may|is|are|do|does|should|could|must|am)\b|\b(?:can|may|should) (?:i|we)\b"
        r"|\b(?:ok|allowed|fine|vs)\b| or .*\?"
    ),
    "file": re.compile(r"\b(?:file|download|template)\b"),
}
# Some other figure: asked for when it is neither money nor a colour code.
_ASKS_FIGURE = re.compile(
    r"\b(?:rate|percentage|score|margin|revenue|turnover|number|size|height|width|length|capacity|values?|figures?)\b"
    r"(?!-| or\b)|\bhow (?:big|large|high|wide|tall|old|far)\b"
)
_ABOUT_QUOTING = re.compile(r"can i quote|quotation mark")
_ABOUT_FORMAT = re.compile(r"quote|format")

_NUMBER_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NUMBER = re.compile(
    rf"\d[\d.,]*|\b(?:{_NUMBER_WORDS}|once|twice|none|no|half|hundred|thousand|million|dozen)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"[A-Z][\w’'-]+ (?:[A-Z]\. ?)?[A-Z][\w’'-]+|@\w+"
    r"|\b(?:team|office|manager|director|owner|department|lead|officer|approver|person|people|designer|engineer)s?\b"
)
# Capital letters say "name" only where no sentence or cell begins.
_NAME = re.compile(
    r"(?<![.!?:·|“\"(•-] )(?<=[\w,;&–)”\"] )([A-Z][\w’'-]+)"
    r"|(?:Speaker|Customer|Company|Owner|Author|Contact|Licensed from|Name): ([A-Z][\w’'-]+)"
    r"|([A-Z][\w’'-]+) (?=[A-Z])"
)
_SHOWS: Final[Mapping[AnswerKind, re.Pattern[str]]] = {
    "amount": re.compile(
        r"[€$£]\s?\d|\b\d[\d.,]*\s?(?:euros?|dollars?|EUR|USD|million|pounds)\b|\bno price\b|\bon request\b|\bfree\b",
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
        r"|\b(?:19|20)\d\d\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:week|month|quarter)\b"
        r"|\b(?:when|where|after|before|once)\b",
        re.IGNORECASE,
    ),
    "duration": re.compile(
        rf"\d|\b(?:{_NUMBER_WORDS}|once|twice|none|no|half|hundred|thousand|million|dozen)\b|\bper \w+"
        r"|\b(?:daily|weekly|monthly|yearly|instant\w*|immediate\w*|at once|until|times?)\b",
        re.IGNORECASE,
    ),
    "colour": re.compile(r"#[0-9a-f]{3,8}\b", re.IGNORECASE),
    "quote": re.compile(r"[“\"«].{12,}[”\"»]|Quote:|(?:^|\n)\s*>"),
    "rule": re.compile(
        r"\b(?:never|do not|don['’]t|not|no|avoid|always|must|may|only|allowed|rejected|instead|prefer(?:red)?)\b"
        r"|^\W*(?:use|write|say|replace|keep)\b",
        re.IGNORECASE,
    ),
    "file": re.compile(r"\.(?:svg|png|jpg|jpeg|zip|mp4|pdf|pptx|docx|xlsx|eps|ai)\b", re.IGNORECASE),
}


def list_asked_kinds(question: str) -> frozenset[AnswerKind]:
    """The kinds of thing that answer the question; empty when any sentence may."""
    asked = question.lower().replace("’", "'")
    kinds: set[AnswerKind] = {kind for kind, pattern in _ASKS.items() if pattern.search(asked)}
    if not kinds & {"amount", "colour"} and _ASKS_FIGURE.search(asked):
        kinds.add("number")
    if _ABOUT_FORMAT.search(asked):
        kinds.discard("duration")
    if _ABOUT_QUOTING.search(asked):
        kinds.discard("quote")
    return frozenset(kinds)


def holds_kind(kind: AnswerKind, sentence: str, question: str) -> bool:
    """Does the sentence hold such a thing? A number or a name that the question itself gives does not count."""
    shows_new = _SHOWS_NEW.get(kind)
    if shows_new is not None:
        return shows_new(sentence, question)
    return _SHOWS[kind].search(sentence) is not None


def _holds_new_number(sentence: str, question: str) -> bool:
    given = set(re.findall(r"[\w.,]+", question.lower()))
    return any(number.lower() not in given for number in _NUMBER.findall(sentence))


def _holds_new_person(sentence: str, question: str) -> bool:
    given = set(split_words(question))
    return any(not given.issuperset(split_words(person)) for person in _PERSON.findall(sentence))


def _holds_new_name(sentence: str, question: str) -> bool:
    given = {stem_word(word) for word in split_words(question)}
    names = ("".join(groups) for groups in _NAME.findall(sentence))
    return any(stem_word(name.lower()) not in given for name in names)


_SHOWS_NEW: Final[Mapping[AnswerKind, Callable[[str, str], bool]]] = {
    "number": _holds_new_number,
    "person": _holds_new_person,
    "name": _holds_new_name,
}
