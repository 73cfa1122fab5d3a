"""A second generator of harmful claims, written without knowledge of the checks. Used by the tests of claims."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from random import Random

from tests.claims import unseen_mixtures, unseen_numbers, unseen_wording
from tests.claims.unseen_mixtures import Variant
from tests.claims.unseen_text import is_statement
from tests.claims.unseen_words import REWORDINGS

EditOne = Callable[[str], Iterator[str]]
EditMany = Callable[[Sequence[str]], Iterator[Variant]]
EDITS_OF_ONE: Mapping[str, EditOne] = {
    "number changed": unseen_numbers.change_number,
    "number respelled": unseen_numbers.respell_number,
    "magnitude shifted": unseen_numbers.shift_magnitude,
    "numbers exchanged": unseen_numbers.exchange_numbers,
    "unit changed": unseen_numbers.change_unit,
    "date changed": unseen_numbers.change_date,
    "negation added": unseen_wording.add_negation,
    "negation removed": unseen_wording.remove_negation,
    "modal changed": unseen_wording.change_modal,
    "scope changed": unseen_wording.change_scope,
    "turned round": unseen_wording.turn_round,
    "condition dropped": unseen_wording.drop_condition,
    "sides exchanged": unseen_wording.exchange_sides,
}
EDITS_OF_MANY: Mapping[str, EditMany] = {
    "name replaced": unseen_mixtures.replace_names,
    "names exchanged": unseen_mixtures.exchange_names,
    "name borrowed": unseen_mixtures.borrow_names,
    "speaker changed": unseen_mixtures.change_speaker,
    "quote stitched": unseen_mixtures.stitch_quotes,
    "predicate stitched": unseen_mixtures.stitch_predicates,
}
KINDS = (*EDITS_OF_ONE, *EDITS_OF_MANY)


@dataclass(frozen=True, slots=True)
class HarmfulEdit:
    """A claim that looks like its sentences and says something else."""

    kind: str
    claim: str
    sentences: tuple[str, ...]


def generate_unseen_edits(sentences: Sequence[str], *, seed: int, count: int) -> Iterator[HarmfulEdit]:
    """At most `count` edits, the kinds taking turns; fewer when the sentences give no more. Same seed, same edits."""
    random = Random(seed)
    stored = frozenset(map(_squeeze, sentences))
    columns = [_shuffle_kind(kind, sentences, random) for kind in KINDS]
    seen: set[str] = set()
    for edit in (edit for row in zip_longest(*columns) for edit in row if edit is not None):
        if len(seen) >= count:
            return
        claim = _reword(edit.claim, random) if random.random() < 0.5 else edit.claim
        if _squeeze(claim) not in stored and claim not in seen:
            seen.add(claim)
            yield HarmfulEdit(edit.kind, claim, edit.sentences)


def _shuffle_kind(kind: str, sentences: Sequence[str], random: Random) -> list[HarmfulEdit]:
    found = {claim: HarmfulEdit(kind, claim, cited) for claim, cited in _make_variants(kind, sentences)}
    edits = list(found.values())
    random.shuffle(edits)
    return edits


def _make_variants(kind: str, sentences: Sequence[str]) -> Iterator[Variant]:
    if kind in EDITS_OF_MANY:
        # Adjacent sentences belong together (a quote and who said it), so nothing is left out here.
        kept = [one for one in sentences if is_statement(one) or one.startswith("“")]
        yield from EDITS_OF_MANY[kind](kept)
        return
    for sentence in filter(is_statement, dict.fromkeys(sentences)):
        for claim in EDITS_OF_ONE[kind](sentence):
            yield claim, (sentence,)


def _reword(claim: str, random: Random) -> str:
    """Says the same in slightly other words, so that the edit is not all that differs."""
    for pattern, replacement in REWORDINGS:
        if random.random() < 0.7:
            claim = re.sub(pattern, replacement, claim)
    return f"In short: {claim}" if random.random() < 0.15 else claim


def _squeeze(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
