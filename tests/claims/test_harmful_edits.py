from collections import Counter
from collections.abc import Sequence
from functools import cache

import pytest

from bot.answer.claim_checks import list_failed_checks
from tests.claims.harmful_edits import KINDS, HarmfulEdit, generate_harmful_edits
from tests.claims.sample_sentences import list_sample_sentences
from tests.claims.unseen_edits import generate_unseen_edits

FEW, MANY, IN_ALL = 40, 1100, 10_000
SEEDS = (1, 2)
MOST_SHOWN = 10


@cache
def make_edits(seed: int, per_kind: int) -> tuple[HarmfulEdit, ...]:
    return tuple(generate_harmful_edits(list_sample_sentences(), seed=seed, per_kind=per_kind))


def list_passing(edits: Sequence[HarmfulEdit]) -> list[HarmfulEdit]:
    return [edit for edit in edits if not list_failed_checks(edit.claim, edit.sentences, quote=edit.quote)]


def describe_edits(edits: Sequence[HarmfulEdit]) -> str:
    """What a person needs to mend the checks: not thousands of lines."""
    shown = [f"{edit.kind}: {edit.claim!r} from {edit.sentences!r}, quote {edit.quote!r}" for edit in edits]
    return "\n".join([f"{len(edits)} harmful edits pass", *shown[:MOST_SHOWN]])


def test_same_seed_makes_the_same_harmful_edits_and_another_makes_others() -> None:
    sentences = list_sample_sentences()[::15]
    first, again, other = (
        tuple(generate_harmful_edits(sentences, seed=seed, per_kind=FEW)) for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other


def test_each_kind_of_harmful_edit_is_made_and_none_twice() -> None:
    edits = make_edits(SEEDS[0], FEW)

    assert Counter(edit.kind for edit in edits) == dict.fromkeys(KINDS, FEW)
    assert len(set(edits)) == len(edits)


def test_harmful_edit_cites_stored_sentences_and_is_none_of_them() -> None:
    stored = frozenset(list_sample_sentences())
    for edit in make_edits(SEEDS[0], FEW):
        assert edit.sentences
        assert stored.issuperset(edit.sentences)
        # Where the claim is a stored sentence, the wrong part is the quote.
        assert edit.claim not in stored or edit.quote


def test_no_harmful_edit_passes_the_checks() -> None:
    passing = list_passing(make_edits(SEEDS[0], FEW))

    assert not passing, describe_edits(passing)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", SEEDS)
def test_none_of_ten_thousand_harmful_edits_passes_the_checks(seed: int) -> None:
    edits = make_edits(seed, MANY)
    made = Counter(edit.kind for edit in edits)
    passing = list_passing(edits)

    assert min(made[kind] for kind in KINDS) >= 1000
    assert len(edits) >= IN_ALL
    assert not passing, describe_edits(passing)


def test_sample_sentences_hold_what_each_format_of_the_samples_says() -> None:
    sentences = list_sample_sentences()

    for said in (
        "Headings are set in Pelmarrow Serif, semibold.",
        "Backups are taken every 15 minutes and kept for 35 days.",
        "The crate is approved in four hours.",
        "Contracts lay in six plants and in the mailboxes of people who had left.",
        "Leave politely when the suite has been signed.",
    ):
        assert said in sentences
    assert any(sentence.startswith("Quote: It saved us") for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_generators_do_not_make_the_same_claims() -> None:
    ours = {edit.claim for edit in make_edits(SEEDS[0], MANY)}
    others = {edit.claim for edit in generate_unseen_edits(list_sample_sentences(), seed=1, count=10_000)}

    assert len(ours & others) < len(others) / 2
