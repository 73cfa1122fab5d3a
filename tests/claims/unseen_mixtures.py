"""Harmful edits that need more than one sentence: names, speakers, stitched quotes. Called by unseen_edits.py."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.claims.unseen_text import is_protected, is_statement
from tests.claims.unseen_words import NAME_FAMILIES

Variant = tuple[str, tuple[str, ...]]
"""A claim and the stored sentences that it cites."""

_ATTRIBUTION = re.compile(
    r"^(?:– )?(?P<speaker>[A-Z][\w-]+ [A-Z][\w-]+), (?P<role>[^,]+),(?: (?P<company>.+))?$"
)
_QUOTE_ROW = re.compile(
    r"^Quote: (?P<text>.+?) · Speaker: (?P<speaker>[^·]+) · Role: (?P<role>[^·]+) · Company: (?P<company>[^·]+) ·"
)
# A plain subject of up to five words: no clause, no place in front of it.
_PREDICATE = re.compile(
    r"^(?P<subject>[A-Z][\w'-]*(?: (?!that|who|which|whether|where|when|and|if|in|now|than|not|only|it)[\w'-]+){0,4}?)"
    r" (?P<verb>is|are|may|must|can|has|have) (?P<rest>.{12,})$"
)
_NO_SUBJECT = re.compile(
    r"^(?:It|They|There|This|These|That|We|You|If|In|On|With|Where|When|Do|Never|Allowed|Use|At|For|By|No|Nothing|Nobody|Each|Keep|Say|From|Leave)\b"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said, and the stored sentences that prove it."""

    text: str
    speaker: str
    role: str
    company: str
    sentences: tuple[str, ...]


def replace_names(sentences: Sequence[str]) -> Iterator[Variant]:
    """One name instead of another of its family, which occurs elsewhere in the sentences."""
    for sentence in sentences:
        for family in NAME_FAMILIES:
            for name in _names_in(sentence, family):
                others = [other for other in _known(family, sentences) if _differs(sentence, name, other)]
                for other in others[:4]:
                    yield _rename(sentence, name, other), (sentence,)


def exchange_names(sentences: Sequence[str]) -> Iterator[Variant]:
    """Two names of one sentence in each other's place; not two of one list."""
    for sentence in sentences:
        for family in NAME_FAMILIES:
            for left, right in pairwise(_names_in(sentence, family)):
                gap = sentence.split(left, 1)[1].split(right, 1)[0]
                if re.search(r"\b(?!and\b|or\b|the\b)[a-z]{2,}", gap) and "together" not in gap:
                    held = _rename(sentence, left, "\0")
                    yield held.replace(right, left).replace("\0", right), (sentence,)


def borrow_names(sentences: Sequence[str]) -> Iterator[Variant]:
    """A name from a second cited sentence, put into the first."""
    for first, second in pairwise(sentences):
        for family in NAME_FAMILIES:
            here, there = _names_in(first, family), _names_in(second, family)
            for name in here[:1]:
                for other in there:
                    if _differs(first, name, other) and name not in second:
                        yield _rename(first, name, other), (first, second)


def change_speaker(sentences: Sequence[str]) -> Iterator[Variant]:
    """A quote in the mouth of somebody else, who is cited as well."""
    quotes = find_quotes(sentences)
    for quote in quotes:
        for other in quotes:
            if other.speaker == quote.speaker:
                continue
            cited = quote.sentences + other.sentences
            yield f'{other.speaker} of {other.company} says: "{quote.text}"', cited
            yield f'"{quote.text}" – {other.speaker}, {other.role}, {quote.company}', cited
            if other.role != quote.role:
                yield f'{quote.speaker}, {other.role}, said: "{quote.text}"', cited


def stitch_quotes(sentences: Sequence[str]) -> Iterator[Variant]:
    """The first half of one quote with the second half of another, or a quote without its middle."""
    quotes = find_quotes(sentences)
    for quote in quotes:
        halves = re.split(r"(?<=[,.]) |(?= and )", quote.text)
        if len(halves) > 2:
            yield f'{quote.speaker} says: "{_join(halves[0], halves[-1])}"', quote.sentences
        for other in quotes:
            tail = re.split(r"(?<=[,.]) |(?= and )", other.text)
            if other.text != quote.text and min(len(halves), len(tail)) > 1:
                text = _join(halves[0], tail[-1])
                yield f'{quote.speaker} says: "{text}"', quote.sentences + other.sentences


def stitch_predicates(sentences: Sequence[str]) -> Iterator[Variant]:
    """The subject of one sentence with what is said about the subject of another."""
    parts = [hit for sentence in sentences if (hit := _PREDICATE.match(sentence)) and _has_subject(hit)]
    for number, first in enumerate(parts):
        later = [one for one in parts[number + 1 :] + parts[:number] if one["verb"] == first["verb"]]
        for second in later[:4]:
            if not _list_words(first["subject"]) & _list_words(second["subject"]):
                claim = f"{first['subject']} {first['verb']} {second['rest']}"
                yield claim, (first.string, second.string)


def find_quotes(sentences: Sequence[str]) -> list[Quote]:
    """Quotes of stories (sentence and attribution after it) and of a quote list's rows."""
    found: list[Quote] = []
    for sentence, after in pairwise((*sentences, "")):
        row, author = _QUOTE_ROW.match(sentence), _ATTRIBUTION.match(after)
        if row:
            found.append(Quote(row["text"], row["speaker"], row["role"], row["company"], (sentence,)))
        elif sentence.startswith("“") and author and author["company"]:
            text = sentence.strip("“”")
            found.append(Quote(text, author["speaker"], author["role"], author["company"], (sentence, after)))
    return found


def _join(head: str, tail: str) -> str:
    return f"{head.rstrip(',.')}, {tail.strip()}" if not tail.startswith(" ") else head.rstrip(",.") + tail


def _list_words(subject: str) -> set[str]:
    return {word for word in subject.lower().split() if len(word) > 3}


def _has_subject(hit: re.Match[str]) -> bool:
    return not _NO_SUBJECT.match(hit.string) and is_statement(hit.string) and not is_protected(hit.string, 0)


def _known(family: Sequence[str], sentences: Sequence[str]) -> list[str]:
    return [name for name in family if any(name in sentence for sentence in sentences)]


def _names_in(sentence: str, family: Sequence[str]) -> list[str]:
    """In reading order; a name that is a part of a longer one there is not counted."""
    found = [name for name in family if re.search(_as_pattern(name), sentence)]
    whole = [name for name in found if not any(name != longer and name in longer for longer in found)]
    return sorted(whole, key=sentence.index)


def _rename(sentence: str, name: str, other: str) -> str:
    return re.sub(_as_pattern(name), lambda _: other, sentence)


def _as_pattern(name: str) -> str:
    # "Pelmarrow" in "Pelmarrow Intake" or in "Pelmarrow Sans" is a part of another name.
    return rf"(?<![@\w]){re.escape(name)}(?!\w|\.example| (?:Intake|Renew|Flow|Serif|Sans)\b)"


def _differs(sentence: str, name: str, other: str) -> bool:
    # Singular, plural and capitals make no other role of "Head of Procurement".
    bare, others = name.lower().replace("s", ""), other.lower().replace("s", "")
    return other not in sentence and bare not in others and others not in bare
