"""Does a question ask for words to be copied: a quote, claim line, disclaimer, boilerplate or tagline? Pure.

Called by bot/answer/quotation_desk.py; words only, so a question in which they mean something else must not fit.
"""

import re
from dataclasses import dataclass
from typing import Literal

from bot.answer.words import list_content_words

WishedKind = Literal["quote", "claim", "disclaimer", "boilerplate", "tagline"]
MOST_CHARACTERS = 300
MOST_DESCRIBING_WORDS = 5

_POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|please|pls|ok|so|and|lol)\b[ ,!]*)*"
    r"(?:(?:can|could|would|will) you(?: please)? |i(?:'d| would) (?:like|love|need) "
    r"|(?:can|could|may) (?:i|we) (?:please )?(?:have|get|see) "
    r"|(?:i|we) (?:need|want)(?: to (?:find|see|have|get))? "
    r"|(?:i'm|we're|i am|we are) looking for )?",
    re.IGNORECASE,
)
_WISH = (
    r"(?:find|need|want|give|show|get|got|have|send|list|search|any|is there|are there|do (?:we|you) have"
    r"|have (?:we|you)(?: got)?|looking for|what(?:'s| is| are|s)?|which|where(?:'s| is| are| can i find)|tell)"
)
_FILL = r"(?:\s+(?:me|us|for|out|a|an|any|some|the|our|all|good|nice|great|strong|short|another|one|of|right|exact))*"
_INSIDE = re.compile(r"\b(?:of|in|to|with|under|for)\s+(?:the |our |a )?$", re.IGNORECASE)
# Whoever starts so wants a rule, a reason or a figure about such words, not the words.
_ABOUT_THEM = re.compile(
    r"^(?:how|when|why|who(?! said)|can|could|may|must|should|shall|is(?! there\b)|are(?! there\b)"
    r"|do(?! (?:we|you) have\b)|does|did|was|were|will|would|if|what (?:counts|makes|happens|kind|sort|rules?)"
    r"|compare|rewrite|check|translate|review|write|draft)\b",
    re.IGNORECASE,
)
_RULE_WORDS = re.compile(
    r"\b(?:rules?|restrictions?|polic(?:y|ies)|guidelines?|process|procedure|permitted|qualify|difference|translate[ds]?"
    r"|length|format)\b",
    re.IGNORECASE,
)
_QUOTE_NOUN = r"(?:customer |client |user )?(?:quotes?|quotations?|testimonials?|soundbites?)"
# "quote marks", "a price quote", "may I quote": the same word with another meaning.
_OTHER_QUOTE = re.compile(
    r"\b(?:quot(?:e|es|ation)[ -]marks?|(?:single|double|smart|curly|straight|block|air|scare|price|sales) ?quotes?"
    r"|(?:to|i|we|you|can|may|not|they|people|journalists?) quote"
    r"|quote(?:d|s)? (?:tracker|sheet|file|format|style|a figure|figures?|the)|quotes? (?:or|vs)"
    r"|(?:style|approval|punctuation|tracker)s? (?:of|for|in) (?:a |customer )?quotes?)\b",
    re.IGNORECASE,
)
_NOUNS: dict[WishedKind, str] = {
    "quote": _QUOTE_NOUN,
    "disclaimer": r"disclaimers?|small print|fine print|legal lines?",
    "boilerplate": r"boiler ?plates?|boiler-plates?|about[- ]us (?:text|paragraph|blurb)",
    "tagline": r"tag ?lines?|tag-lines?|slogans?|straplines?",
    "claim": r"claim lines?|approved claims?"
    r"|claims?(?: (?:can|may|could) (?:we|i) (?:use|make))? (?:about|on|for|regarding)",
}
_AFTER = re.compile(
    r"\s*(?:$|[?,.;]|(?:about|on|for|from|by|of|in|that|which|saying|who|where|we|i|to|right|please|regarding|with"
    r"|around|and|vs|goes|go|belongs?|applies|apply|do we (?:need|add|use)|(?:is|are) there)\b)",
    re.IGNORECASE,
)
_SAY = re.compile(
    r"\bwhat (?:did|do|does|has|have) (?P<who>(?:the |our |a |an )?[^?,;]{2,60}?) (?:say|said|tell us|told us|think)"
    r"(?: (?:about|on|of|regarding) (?P<topic>[^?]+))?",
    re.IGNORECASE,
)
_WHO_SAID = re.compile(r"^(?:and )?who said (?:that |the words )?(?P<topic>[^?]{6,})", re.IGNORECASE)
_CUSTOMER_SAYING = re.compile(
    r"\b(?:(?:customers?|clients?|users?) (?:saying|who (?:says?|said)|that (?:says?|said)|praising)"
    r"|(?:anything|something) from (?:a|any|our|one of our) (?:customers?|clients?|users?)(?: (?:on|about|saying))?) "
    r"(?P<topic>[^?]+)",
    re.IGNORECASE,
)
# Those do not speak: what they "say" is a rule, and finding it is the ordinary way.
_NO_SPEAKER = re.compile(
    r"\b(?:we|i|you|one|it|they|he|she|this|that|guides?|guidelines?|guidance|rules?|polic(?:y|ies)|pages?|documents?|docs?"
    r"|battlecards?|briefs?|handbook|website|site|sheet|messaging|brand|style|research|data|survey|report|book|manual"
    r"|law|legal|contract|numbers|list)\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"\b(?:from|by|of) (?P<who>.+?)(?= (?:about|on|for|regarding|that|saying|who|which|praising|where|to)\b|[,?;]|$)",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"\b(?:about|on|for|regarding|concerning|saying|that|praising|around|to|with) (?P<topic>.+)",
    re.IGNORECASE,
)
# Said of every quotation, and so telling nothing about this one.
_GENERAL = frozenset(
    list_content_words(
        "customer client company firm user people person quote testimonial claim line approved speaker name title role "
        "slide deck page website post one-pager usable standard latest exact wording text copy disclaimer boilerplate "
        "tagline slogan words version"
    )
)


@dataclass(frozen=True, slots=True)
class QuotationWish:
    """What is to be copied, in stems: what it is about, whose words they are, and what may be either of the two."""

    kind: WishedKind
    topic: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    either: tuple[str, ...] = ()


def asks_for_quotation(question: str) -> QuotationWish | None:
    """The wish behind a question for words to copy; None for every other question."""
    text = " ".join(question.replace("’", "'").split())
    if len(text) > MOST_CHARACTERS:
        return None
    said = _read_saying(text)
    if said is not None:
        return said
    bare = _POLITE.sub("", text)
    if (bare == text and _ABOUT_THEM.match(bare)) or _RULE_WORDS.search(bare):
        return None
    return _read_noun(bare)


def names_kind(kind: WishedKind, text: str) -> bool:
    """Does a text speak of such words by their name?"""
    return re.search(rf"\b(?:{_NOUNS[kind]}|{kind}s?)\b", text, re.IGNORECASE) is not None


def _read_saying(text: str) -> QuotationWish | None:
    if found := _WHO_SAID.search(text):
        return _build_wish("quote", topic=found["topic"])
    if found := _CUSTOMER_SAYING.search(text):
        return _build_wish("quote", topic=found["topic"])
    found = _SAY.search(text)
    if found is None or _NO_SPEAKER.search(found["who"]) or found["who"].endswith(" to"):
        return None
    return _build_wish("quote", topic=found["topic"] or "", source=found["who"])


def _read_noun(text: str) -> QuotationWish | None:
    for kind, nouns in _NOUNS.items():
        found = re.search(rf"\b(?:{nouns})\b", text, re.IGNORECASE)
        if found is None or (kind == "quote" and _OTHER_QUOTE.search(text)):
            continue
        before, after = text[: found.start()], text[found.end() :]
        preposition = re.search(r"\b(about|on|for|regarding)$", found.group(), re.IGNORECASE)
        if preposition is not None:
            after = f" {preposition[1]}{after}"
        if _is_wish(before, after) and not _INSIDE.search(before):
            return _read_around(kind, before, after)
    return None


def _is_wish(before: str, after: str) -> bool:
    """The thing wished for comes first, after a word of wishing or a few words that describe it."""
    described = re.sub(rf"^{_WISH}{_FILL}\b", "", before, flags=re.IGNORECASE)
    has_verb = re.search(
        r"\b(?:is|are|was|were|has|have|had|did|does|need(?:s|ed)?|goes|go|must|should)\b", described
    )
    is_end = _AFTER.match(after)
    return has_verb is None and is_end is not None and len(described.split()) <= MOST_DESCRIBING_WORDS


def _read_around(kind: WishedKind, before: str, after: str) -> QuotationWish:
    source = _SOURCE.search(after) if kind == "quote" else None
    rest = after[source.end() :] if source else after
    topic = _TOPIC.search(rest)
    described = re.sub(rf"^{_WISH}{_FILL}\b", "", before, flags=re.IGNORECASE)
    return _build_wish(
        kind,
        topic=topic["topic"] if topic else "",
        source=source["who"] if source else "",
        either=described,
    )


def _build_wish(kind: WishedKind, *, topic: str = "", source: str = "", either: str = "") -> QuotationWish:
    return QuotationWish(kind, _list_telling(topic), _list_telling(source), _list_telling(either))


def _list_telling(text: str) -> tuple[str, ...]:
    return tuple(word for word in list_content_words(text) if word not in _GENERAL)
