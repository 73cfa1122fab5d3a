"""Harmful edits of wording in a stored sentence: negation, modals, scope. Called by harmful_edits.py."""

import re
from collections.abc import Iterator, Sequence

from tests.claims import unseen_wording
from tests.claims.harmful_lists import (
    IMPERATIVES,
    MODAL_CHANGES,
    NEGATIONS,
    NOT_LIMITED,
    PLURAL_VERBS,
    SCOPE_CHANGES,
    SINGULAR_VERBS,
)
from tests.claims.harmful_values import Variant
from tests.claims.unseen_text import holds_example, is_protected, replace_each

_IMPERATIVE = re.compile(rf"^(?P<verb>{'|'.join(IMPERATIVES)}) (?P<rest>[^.]+\.)$")
_PROHIBITION = re.compile(r"^(?:Do not|Never) (?P<verb>[a-z]+) (?P<rest>[^.;]+\.)$")
_STATED = re.compile(
    r"^(?:The|A|An|Every|Each|Our|We|It|Customer|Backups|Data|Pelmarrow|Intake|Renew|Headings)\b"
)
_VERB = re.compile(
    rf"(?<=[a-z\d] )(?P<verb>{'|'.join((*SINGULAR_VERBS, *PLURAL_VERBS))}) (?=[a-z\d€])(?!of\b|to a\b|and\b|or\b)"
)
_NO_SUBJECT = re.compile(
    r"(?:\b(?:to|the|a|an|of|its|their|his|her|our|your|and|or|not|in|for|with|more|that|which|who) )$"
)
_VALUE = re.compile(
    r"(?P<key>Use on|Consent|Tone|Usage rights|Proof|Pelmarrow|Pelmarrow Intake|Pelmarrow Renew|Condition|Contractions"
    r"|Use|Keys|Storage region): (?P<first>[A-Z])(?P<rest>[a-z][^·]+)"
)


def change_negations(sentences: Sequence[str]) -> Iterator[Variant]:
    """A word that denies put in, taken out, or moved."""
    for sentence in sentences:
        if not holds_example(sentence):
            yield from ((claim, (sentence,)) for claim in _negate(sentence))


def change_modals(sentences: Sequence[str]) -> Iterator[Variant]:
    """May, must, should, can, need not, exchanged for one that binds otherwise."""
    for sentence in sentences:
        if not holds_example(sentence):
            yield from ((claim, (sentence,)) for claim in _change_modal(sentence))


def change_scopes(sentences: Sequence[str]) -> Iterator[Variant]:
    """All, some, most, only, on average, at least; a condition that is gone."""
    for sentence in sentences:
        if not holds_example(sentence):
            yield from ((claim, (sentence,)) for claim in _change_scope(sentence))


def turn_round(sentences: Sequence[str]) -> Iterator[Variant]:
    """Opposites, sides exchanged, days and years: what is mixed beside the named kinds."""
    for sentence in sentences:
        for change in (unseen_wording.turn_round, unseen_wording.exchange_sides):
            yield from ((claim, (sentence,)) for claim in change(sentence))


def _negate(sentence: str) -> Iterator[str]:
    for claim in unseen_wording.add_negation(sentence):
        yield claim.replace("couldnot", "could not")
    yield from unseen_wording.remove_negation(sentence)
    for pattern, replacement in NEGATIONS:
        yield from replace_each(sentence, pattern, replacement)
    yield from _deny_verb(sentence)
    yield from _turn_imperative(sentence)
    for hit in _VALUE.finditer(sentence):
        if not hit["rest"].startswith(("o ", "ot ", "othing", "es")):
            denied = f"{hit['key']}: Not {hit['first'].lower()}{hit['rest']}"
            yield sentence[: hit.start()] + denied + sentence[hit.end() :]
    if _STATED.match(sentence) and sentence.endswith(".") and " · " not in sentence:
        start = sentence if sentence.startswith(("Pelmarrow", "Intake", "Renew")) else _lower(sentence)
        yield f"It is not true that {start}"
        yield f"It is not the case that {start}"


def _deny_verb(sentence: str) -> Iterator[str]:
    for hit in _VERB.finditer(sentence):
        verb, before = hit["verb"], sentence[: hit.start()]
        if _NO_SUBJECT.search(before) or is_protected(sentence, hit.start()) or " · " in sentence:
            continue
        base, helper = (SINGULAR_VERBS[verb], "does") if verb in SINGULAR_VERBS else (verb, "do")
        for denial in (f"{helper} not {base}", f"{helper}n't {base}", f"never {verb}", f"no longer {verb}"):
            yield f"{before}{denial} {sentence[hit.end() :]}"
        return


def _turn_imperative(sentence: str) -> Iterator[str]:
    order, ban = _IMPERATIVE.match(sentence), _PROHIBITION.match(sentence)
    if order and not re.search(r"\b(?:not|never|no|only)\b", sentence):
        verb, rest = order["verb"].lower(), order["rest"]
        for start in ("Do not", "Never", "You must not", "You should not"):
            yield f"{start} {verb} {rest}"
    if ban:
        for start in ("You may", "Always", "Please", "You should", "It is fine to", "You must"):
            yield f"{start} {ban['verb']} {ban['rest']}"
        yield f"{ban['verb'].capitalize()} {ban['rest']}"


def _change_modal(sentence: str) -> Iterator[str]:
    yield from unseen_wording.change_modal(sentence)
    for pattern, replacement in MODAL_CHANGES:
        yield from replace_each(sentence, pattern, replacement)
    order, ban = _IMPERATIVE.match(sentence), _PROHIBITION.match(sentence)
    if order and not re.search(r"\b(?:not|never|no|only)\b", sentence):
        verb, rest = order["verb"].lower(), order["rest"]
        for start in ("You need not", "You do not have to", "It is optional to", "If you like, you can"):
            yield f"{start} {verb} {rest}"
    if ban:
        verb, rest = ban["verb"], ban["rest"]
        for start in (
            "You need not",
            "You do not have to",
            "It is not necessary to",
            "Nobody is required to",
        ):
            yield f"{start} {verb} {rest}"


def _change_scope(sentence: str) -> Iterator[str]:
    yield from unseen_wording.change_scope(sentence)
    yield from unseen_wording.drop_condition(sentence)
    for pattern, replacement in SCOPE_CHANGES:
        yield from replace_each(sentence, pattern, replacement)
    if not NOT_LIMITED.search(sentence):
        yield from replace_each(sentence, r"(?<=[a-z] )(is|are) (?=[a-z]+ed\b)", r"\1 only sometimes ")
        yield from replace_each(sentence, r"^(?:A|Every|Each) (?=[a-z]+ [a-z]+s? )", "Only one ")


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
