"""The generator of harmful edits: claims that look like their sentences and are wrong. Used by tests and benchmark."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tests.claims import harmful_names, harmful_values, harmful_wording, unseen_numbers
from tests.claims.harmful_forms import join_sentence, pick_beside, reword_claim, shorten_row
from tests.claims.harmful_values import Variant
from tests.claims.unseen_text import is_statement

ROUNDS = 12
FORMS = ("plain", "reworded", "beside", "joined", "reworded beside", "reworded joined")

Change = Callable[[Sequence[str]], Iterator[Variant]]
EDITS: Mapping[str, Change] = {
    "number": harmful_values.change_numbers,
    "unit": harmful_values.change_units,
    "negation": harmful_wording.change_negations,
    "modal": harmful_wording.change_modals,
    "month": harmful_values.change_months,
    "name": harmful_names.change_names,
    "scope": harmful_wording.change_scopes,
}
QUOTINGS: Mapping[str, Callable[[Sequence[str]], Iterator[harmful_names.Quoting]]] = {
    "swapped_speaker": harmful_names.swap_speakers,
    "stitched_quote": harmful_names.stitch_quotes,
}
# A denial of a wrong value would be right: two edits at once are of values and names.
VALUES = ("number", "unit", "month", "name")
MIXED = "mixed"
KINDS = (*EDITS, *QUOTINGS, MIXED)


@dataclass(frozen=True, slots=True)
class HarmfulEdit:
    """A wrong claim, the stored sentences that it cites, and what stands in its quote field."""

    kind: str
    claim: str
    sentences: tuple[str, ...]
    quote: str = ""


def generate_harmful_edits(sentences: Sequence[str], *, seed: int, per_kind: int) -> Iterator[HarmfulEdit]:
    """At most `per_kind` edits of each of KINDS, kind after kind. Same seed, same edits; none twice."""
    for kind in KINDS:
        seen: set[tuple[str, tuple[str, ...], str]] = set()
        # Edits of one kind do not depend on the other kinds.
        for edit in _list_edits(kind, tuple(sentences), Random(f"{seed} {kind}")):
            key = (_squeeze(edit.claim), edit.sentences, edit.quote)
            if key not in seen:
                seen.add(key)
                yield edit
            if len(seen) >= per_kind:
                break


def _list_edits(kind: str, sentences: tuple[str, ...], random: Random) -> Iterator[HarmfulEdit]:
    if kind in QUOTINGS:
        found = list(dict.fromkeys(QUOTINGS[kind](sentences)))
        random.shuffle(found)
        yield from (HarmfulEdit(kind, claim, cited, quote) for claim, cited, quote in found)
        return
    stored = frozenset(map(_squeeze, sentences))
    places = {sentence: place for place, sentence in enumerate(sentences)}
    statements = [one for one in sentences if is_statement(one)]
    variants = mix_edits(statements, random) if kind == MIXED else EDITS[kind](statements)
    found_variants = [one for one in dict.fromkeys(variants) if _squeeze(one[0]) not in stored]
    random.shuffle(found_variants)
    for turn in range(ROUNDS):
        for number, variant in enumerate(found_variants):
            place = places[variant[1][0]]
            claim, cited = _put_in_form((number + turn) % len(FORMS), variant, (place, sentences), random)
            yield HarmfulEdit(kind, claim, cited)


def mix_edits(sentences: Sequence[str], random: Random) -> Iterator[Variant]:
    """Two edits of two kinds in one claim, and what has no kind of its own: days, years, opposites, other subjects."""
    for sentence in sentences:
        yield from ((claim, (sentence,)) for claim in unseen_numbers.change_date(sentence))
        first, second = random.sample(VALUES, 2)
        once = [claim for claim, cited in EDITS[first]([sentence]) if cited == (sentence,)]
        if once:
            twice = [claim for claim, _ in EDITS[second]([random.choice(once)]) if claim != sentence]
            yield from ((claim, (sentence,)) for claim in random.sample(twice, min(2, len(twice))))
    yield from harmful_wording.turn_round(sentences)
    yield from harmful_names.stitch_predicates(sentences)


def _put_in_form(form: int, variant: Variant, around: tuple[int, Sequence[str]], random: Random) -> Variant:
    claim, cited = variant
    place, sentences = around
    name = FORMS[form]
    if "reworded" in name:
        if len(cited) == 1 and random.random() < 0.6:
            claim = shorten_row(claim, cited[0])
        claim = reword_claim(claim, random)
    if "beside" in name or "joined" in name:
        beside = pick_beside(place, sentences, claim, random=random)
        if beside and "joined" in name:
            claim = join_sentence(claim, beside[0], random)
        cited = tuple(dict.fromkeys((*cited, *beside)))
    return claim, tuple(random.sample(cited, len(cited)))


def _squeeze(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
