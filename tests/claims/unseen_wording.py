"""Harmful edits of wording in one sentence: negation, modals, scope, conditions, sides. Called by unseen_edits.py."""

import re
from collections.abc import Iterator

from tests.claims.unseen_text import holds_example, is_protected, repair_start, replace_each
from tests.claims.unseen_words import MODALS, NEGATIONS_ADDED, NEGATIONS_REMOVED, OPPOSITES, SCOPES

_LEADING_CONDITION = re.compile(r"^(?:If|When|Where|Unless|After|Below|On) [^,]{6,80}, (?=[a-z])(?!such as)")
_TRAILING_CONDITION = re.compile(
    r",?(?: and)? (?:if|unless|until (?:their|the contract)|except|only (?:if|when|where|inside|in)"
    r"|when (?:the customer|there|quoting)|with (?:the disclaimer|the survey|written|a signed)"
    r"|without a vertical|only where|in a press release|in published material|(?<!it )in writing)\b[^.;:·]*"
)
_PAIRS = (
    r"(?<=Write: )(?P<a>[^·]+?)(?P<gap> · Not: )(?P<b>[^·,]+?)(?= ·|,)",
    r"(?<=Do: )(?P<a>.+?)(?P<gap> · Don't: )(?P<b>.+)$",
    r'(?<=[Ww]rite )(?P<a>"[^"]+")(?P<gap>,? (?:not|never) )(?P<b>"[^"]+")',
    r"(?<=from )(?P<a>€?[\d.]+%?)(?P<gap> (?:days )?to )(?P<b>€?[\d.]+%?)",
    r"(?P<a>\b[\d.]+ days|one day)(?P<gap>(?:, down from| instead of) )(?P<b>[\w.]+)(?=\.)",
    r"(?<=by the )(?P<a>number of \w+)(?P<gap>, not by the )(?P<b>number of \w+)",
    r"(?<=Pelmarrow: )(?P<a>[^·]+)(?P<gap> · [A-Z]\w+: )(?P<b>[^·]+)$",
    r"(?<=Pelmarrow Intake: )(?P<a>[^·]+)(?P<gap> · [A-Z]\w+: )(?P<b>[^·]+)$",
    r"(?<=Pelmarrow Renew: )(?P<a>[^·]+)(?P<gap> · [A-Z]\w+: )(?P<b>[^·]+)$",
    r"(?P<a>[Pp]rint)(?P<gap>, not on )(?P<b>the web)",
    r"(?<=in )(?P<a>talks and emails)(?P<gap>, but not on )(?P<b>the website)",
    r"(?<=on the )(?P<a>\w+)(?P<gap>[^.]*; we do not \w+ )(?P<b>\w+)",
    r"(?<=use )(?P<a>[A-Z]\w+)(?P<gap> for headings and )(?P<b>[A-Z]\w+)",
    r"(?P<a>\d+ mm)(?P<gap> in print and )(?P<b>\d+ px)",
    r"(?P<a>AES-256)(?P<gap> at rest and )(?P<b>TLS 1\.3)",
    r"(?<=the )(?P<a>number)(?P<gap>, the name and the )(?P<b>nothing)",
    r"(?P<a>An approver)(?P<gap> decides; )(?P<b>a signatory)",
    r"(?P<a>\w+ stores contracts)(?P<gap>; )(?P<b>\w+ makes sure)",
    r"^(?P<a>Mirrivo)(?P<gap> decides for your people; )(?P<b>Pelmarrow)",
    r"^(?P<a>Obrenda)(?P<gap> builds a form for anything; )(?P<b>Intake)",
    r"(?P<a>Renew)(?P<gap> can be bought without )(?P<b>Intake)",
    r"(?<=name )(?P<a>Pelmarrow Flow)(?P<gap> .*product is now )(?P<b>Pelmarrow Intake)",
    r"^(?P<a>Flow)(?P<gap> is now )(?P<b>Intake)",
)


def add_negation(sentence: str) -> Iterator[str]:
    """Not, never, no longer, n't, without, fails to."""
    yield from _replace_all(sentence, NEGATIONS_ADDED)


def remove_negation(sentence: str) -> Iterator[str]:
    """The word that forbids or denies taken out, or turned round."""
    yield from _replace_all(sentence, NEGATIONS_REMOVED)


def change_modal(sentence: str) -> Iterator[str]:
    """May, must, can, would, need not."""
    yield from _replace_all(sentence, MODALS)


def change_scope(sentence: str) -> Iterator[str]:
    """All, some, most, only, on average."""
    yield from _replace_all(sentence, SCOPES)


def turn_round(sentence: str) -> Iterator[str]:
    """Before and after, more and less, allowed and banned."""
    yield from _replace_all(sentence, OPPOSITES)


def drop_condition(sentence: str) -> Iterator[str]:
    """The clause that limits the rest is gone."""
    if " · " in sentence:
        return
    leading = _LEADING_CONDITION.match(sentence)
    if leading:
        yield repair_start(sentence[leading.end() :])
    for hit in _TRAILING_CONDITION.finditer(sentence):
        rest = sentence[: hit.start()] + sentence[hit.end() :]
        if not is_protected(sentence, hit.start()) and len(rest.split()) >= 3:
            yield repair_start(rest)


def exchange_sides(sentence: str) -> Iterator[str]:
    """A in the place of B: in `A replaces B`, `write A, not B`, `from A to B`, the columns of a comparison."""
    for pattern in _PAIRS:
        for hit in re.finditer(pattern, sentence):
            if hit["a"].lower() != hit["b"].lower():
                swapped = hit["b"] + hit["gap"] + hit["a"]
                yield repair_start(sentence[: hit.start()] + swapped + sentence[hit.end() :])


def _replace_all(sentence: str, pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    if not holds_example(sentence):
        for pattern, replacement in pairs:
            yield from replace_each(sentence, pattern, replacement)
