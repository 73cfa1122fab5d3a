"""Harmful edits of names, speakers and quotations. Called by harmful_edits.py."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.claims import unseen_mixtures
from tests.claims.harmful_values import Variant
from tests.claims.unseen_mixtures import Quote, find_quotes
from tests.claims.unseen_text import holds_example
from tests.claims.unseen_words import COMPANIES, CUSTOMERS, PEOPLE, PRODUCTS

Quoting = tuple[str, tuple[str, ...], str]
"""A claim, the stored sentences that it cites, and its quote field."""

FOREIGN = (
    (COMPANIES[1:], ("Gildern Systems", "Arkwell")),
    (CUSTOMERS, ("Ambrey Castings", "Sollvik Foods")),
    (PEOPLE, ("Maud Terlinck", "Oskar Fennimore")),
    (PRODUCTS, ("Pelmarrow Ledger", "Pelmarrow Desk")),
)
"""Families of names, and names that nothing in the samples bears."""
# Its example may bear another name and be right.
_TAKES_ANY_NAME = re.compile(r"take no article|stand alone|[Ww]rite \"|naming rules|The company is Pelmarrow")
_SPOKEN = (
    '{speaker} of {company} says: "{text}"',
    '"{text}" – {speaker}, {role}, {company}',
    "{speaker}, {role} at {company}, said: “{text}”",
    'As {speaker} ({company}) put it: "{text}"',
    'According to the {role} of {company}, "{text}"',
    "{speaker} ({company}): {text}",
    '{company} on its experience: "{text}"',
)
_STITCHED = (
    '{speaker} says: "{text}"',
    '"{text}" – {speaker}, {role}, {company}',
    "{speaker} of {company}: “{text}”",
    "{company}'s {role} said: '{text}'",
)
_UNMARKED = ("{speaker} of {company}: {text}", "According to {speaker}, {text}")
_JOINTS = (" ", " … ", ", ", " and ", " [...] ", "; ")
# Each part exact, between marks of its own: wrong where the second was said by somebody else.
_PARTED = ('" and "', '", and also: "')


def change_names(sentences: Sequence[str]) -> Iterator[Variant]:
    """Another name of its family, two exchanged, one from a second sentence, one that nobody bears, half of one."""
    kept = [one for one in sentences if not holds_example(one) and not _TAKES_ANY_NAME.search(one)]
    yield from (one for one in unseen_mixtures.replace_names(kept) if not _repeats_role(one[0]))
    yield from unseen_mixtures.exchange_names(kept)
    yield from unseen_mixtures.borrow_names(kept)
    for sentence in kept:
        for family, strangers in FOREIGN:
            for name in (one for one in family if _stands(one, sentence)):
                yield from ((_rename(sentence, name, other), (sentence,)) for other in strangers)
        for person in (one for one in PEOPLE if one in sentence):
            first, last = person.split()
            for other in (one.split() for one in PEOPLE if one != person):
                yield sentence.replace(person, f"{first} {other[1]}"), (sentence,)
                yield sentence.replace(person, f"{other[0]} {last}"), (sentence,)


def swap_speakers(sentences: Sequence[str]) -> Iterator[Quoting]:
    """A quote in the mouth of somebody else: cited with both, with the quote alone, or with half of who said it."""
    quotes = find_quotes(sentences)
    for quote in quotes:
        for other in quotes:
            if other.speaker != quote.speaker and other.company != quote.company:
                yield from _misattribute(quote, other)


def stitch_quotes(sentences: Sequence[str]) -> Iterator[Quoting]:
    """Parts of two quotes, or of two places of one, between one pair of quotation marks or in the quote field."""
    quotes = find_quotes(sentences)
    for quote in quotes:
        parts = _split_quote(quote.text)
        for first, last in _list_gaps(parts):
            yield from _say_stitched(quote, quote.sentences, (first, last), _STITCHED)
        for other in quotes:
            if other.text != quote.text:
                cited = tuple(dict.fromkeys(quote.sentences + other.sentences))
                forms = _STITCHED if other.speaker == quote.speaker else (*_STITCHED, *_UNMARKED)
                yield from _say_stitched(quote, cited, (parts[0], _split_quote(other.text)[-1]), forms)
                yield from _say_stitched(other, cited, (quote.text, other.text), forms)
    plain = [
        one
        for one in sentences
        if len(one.split()) > 7 and " · " not in one and '"' not in one and "“" not in one
    ]
    for one, after in pairwise(plain):
        head, tail = _halve(one)[0], _halve(after)[1]
        yield f'The guide says: "{head} {tail}"', (one, after), ""
        yield one, (one, after), f"{head} {tail}"
        yield one, (one, after), f"{one} {after}"


def stitch_predicates(sentences: Sequence[str]) -> Iterator[Variant]:
    """The subject of one sentence with what another says of its own; not two of which one says less than the other."""
    yield from unseen_mixtures.stitch_predicates(sentences)


def _misattribute(quote: Quote, other: Quote) -> Iterator[Quoting]:
    both = tuple(dict.fromkeys(quote.sentences + other.sentences))
    whole = {"speaker": other.speaker, "role": other.role, "company": other.company, "text": quote.text}
    mixed = (
        whole,
        whole | {"company": quote.company},
        whole | {"speaker": quote.speaker, "role": quote.role},
        whole | {"text": quote.text.split(". ")[0].rstrip(".")},
    )
    for number, form in enumerate(_SPOKEN):
        said = mixed[number % len(mixed)]
        if said["role"] == quote.role and "speaker" not in form:
            said = whole
        if form == _SPOKEN[4] and said["role"] == quote.role and said["company"] == quote.company:
            continue
        if form == _SPOKEN[6] and said["company"] == quote.company:
            said = whole
        if form == _SPOKEN[2] and said["speaker"] == quote.speaker and said["company"] == quote.company:
            said = whole
        claim = form.format(**said)
        yield claim, both, ""
        yield claim, both, quote.text
        yield claim, quote.sentences, quote.text


def _say_stitched(
    quote: Quote, cited: tuple[str, ...], ends: tuple[str, str], forms: Sequence[str]
) -> Iterator[Quoting]:
    who = {"speaker": quote.speaker, "role": quote.role, "company": quote.company}
    joints = (*_JOINTS, *_PARTED) if len(forms) > len(_STITCHED) else _JOINTS
    for number, joint in enumerate(joints):
        text = _join(*ends, joint)
        if any(text.strip(".") in one for one in cited):
            continue
        form = _STITCHED[0] if joint in _PARTED else forms[number % len(forms)]
        yield form.format(text=text, **who), cited, ""
        if joint in _JOINTS:
            yield cited[0], cited, text


def _split_quote(text: str) -> list[str]:
    return re.split(r"(?<=[,.]) |(?= and )", text)


def _list_gaps(parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Two parts with one left out between them, or in the wrong order."""
    for place, first in enumerate(parts):
        yield from ((first, last) for last in parts[place + 2 :])
        yield from ((first, last) for last in parts[:place])


def _join(head: str, tail: str, joint: str) -> str:
    end = tail.strip()
    end = end.removeprefix("and ") if joint == " and " else end
    return f"{head.strip().rstrip(',.')}{joint}{end}"


def _halve(sentence: str) -> tuple[str, str]:
    words = sentence.split()
    return " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])


def _repeats_role(claim: str) -> bool:
    """`Heads of procurement and the head of procurement` says less, not something else."""
    low = claim.lower()
    return any(low.count(role) > 1 for role in ("of procurement", "financial officer", "procurement manager"))


def _stands(name: str, sentence: str) -> bool:
    return re.search(rf"(?<![\w@-]){re.escape(name)}(?![\w-]|\.example)", sentence) is not None


def _rename(sentence: str, name: str, other: str) -> str:
    longer = rf"Pelmarrow {name}" if name in ("Intake", "Renew") and f"Pelmarrow {name}" in sentence else name
    return sentence.replace(longer, other)
