"""What every passage store promises: edge, local mode, over the wire, and a live server if there is one."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from core.access import (
    EVERYONE,
    LOCAL_OWNER,
    MAX_CLAUSES,
    OWNER_ACCESS,
    AccessList,
)
from core.documents import STATUSES
from index.passage_store import FactsChange, Hit, IndexedPassage, Legs, PassageStore, Scope
from index.payload import UNRESTRICTED, build_point_id
from index.store_errors import VectorNotFinite, WrongDimension
from tests.contracts.stored_passages import (
    EAST,
    MARA,
    NO_KEYWORDS,
    NORTH,
    TILO,
    TODAY,
    WORDS,
    build_facts,
    build_passage,
    build_scope,
    names,
    to_vector,
)

DAY = timedelta(days=1)
MARKETING = frozenset({"group:marketing"})
LAUNCH = frozenset({"group:launch"})


def find(store: PassageStore, scope: Scope, text: str = "data security", *, depth: int = 50) -> Legs:
    return store.find(to_vector(EAST), WORDS.of_question(text), scope=scope, depth=depth)


def test_passage_comes_back_as_it_was_stored(store: PassageStore) -> None:
    stored = build_passage("promise")
    store.upsert([stored])
    hit = find(store, build_scope()).dense[0]
    assert hit == Hit(build_point_id(stored), 1.0, "promise", 1, stored.passage, stored.facts.digest())


@pytest.mark.parametrize(
    "access",
    [
        AccessList((LAUNCH,)),
        AccessList((frozenset({"user:tilo@example.com"}),)),
        OWNER_ACCESS,
        AccessList(()),
        AccessList((frozenset(),)),
        AccessList((frozenset({EVERYONE}), frozenset())),
        AccessList((frozenset({UNRESTRICTED}),)),
    ],
    ids=AccessList.describe,
)
def test_passage_is_hidden_from_person_without_access(store: PassageStore, access: AccessList) -> None:
    store.upsert([build_passage("secret", facts=build_facts(access=access)), build_passage("open")])
    assert names(find(store, build_scope(MARA))) == {"open"}
    assert names(find(store, build_scope(LOCAL_OWNER))) == {"open", "secret"}


def test_two_clauses_mean_that_both_must_match(store: PassageStore) -> None:
    store.upsert([build_passage("launch", facts=build_facts(access=AccessList((MARKETING, LAUNCH))))])
    assert names(find(store, build_scope(MARA))) == set()
    assert names(find(store, build_scope(TILO))) == {"launch"}


def test_every_one_of_eight_clauses_must_match(store: PassageStore) -> None:
    for level in range(MAX_CLAUSES):
        clauses = [MARKETING] * MAX_CLAUSES
        clauses[level] = LAUNCH
        facts = build_facts(access=AccessList(tuple(clauses)))
        store.upsert([build_passage(f"level {level}", facts=facts)])
    assert names(find(store, build_scope(MARA))) == set()
    assert len(names(find(store, build_scope(TILO)))) == MAX_CLAUSES


def test_deactivated_person_finds_nothing_even_if_open_to_all(store: PassageStore) -> None:
    store.upsert([build_passage("open")])
    assert find(store, build_scope(replace(MARA, active=False))) == Legs((), ())


def test_draft_and_retired_passages_are_hidden_unless_asked_for(store: PassageStore) -> None:
    store.upsert([build_passage(status, facts=build_facts(status=status)) for status in STATUSES])
    assert names(find(store, build_scope())) == {"approved"}
    assert names(find(store, replace(build_scope(), statuses=("draft", "retired")))) == {"draft", "retired"}
    assert names(find(store, replace(build_scope(), statuses=()))) == set()


def test_validity_includes_both_boundary_days(store: PassageStore) -> None:
    store.upsert([build_passage("spring", facts=build_facts(valid=(TODAY, TODAY + DAY)))])
    days = [TODAY - DAY, TODAY, TODAY + DAY, TODAY + 2 * DAY, None]
    found = [bool(names(find(store, build_scope(on=day)))) for day in days]
    assert found == [False, True, True, False, True]


def test_open_end_of_validity_is_open(store: PassageStore) -> None:
    store.upsert(
        [
            build_passage("until", facts=build_facts(valid=(None, TODAY))),
            build_passage("from", facts=build_facts(valid=(TODAY, None))),
        ]
    )
    assert names(find(store, build_scope(on=date.min))) == {"until"}
    assert names(find(store, build_scope(on=date.max))) == {"from"}


def test_brand_means_that_brand_and_what_has_none(store: PassageStore) -> None:
    store.upsert(
        [build_passage(str(brand), facts=build_facts(brand=brand)) for brand in ("acme", "other", None)]
    )
    assert names(find(store, build_scope(brand="acme"))) == {"acme", "None"}
    assert names(find(store, build_scope())) == {"acme", "other", "None"}


def test_kinds_and_sources_narrow_when_given(store: PassageStore) -> None:
    store.upsert(
        [
            build_passage("card", facts=replace(build_facts(), kind="battlecard")),
            replace(build_passage("elsewhere"), source="drive"),
        ]
    )
    assert names(find(store, replace(build_scope(), kinds=("battlecard", "messaging")))) == {"card"}
    assert names(find(store, replace(build_scope(), sources=("drive",)))) == {"elsewhere"}


def test_replaced_document_leaves_no_old_tail(store: PassageStore) -> None:
    store.upsert([build_passage("guide", ordinal=number) for number in range(5)])
    store.upsert([build_passage("guide", ordinal=number, revision=2) for number in range(2)])
    store.upsert([build_passage("bystander")])
    store.remove("guide", keep_revisions=[2, 9])
    assert (store.count("guide"), store.count()) == (2, 3)
    assert {hit.revision for hit in find(store, build_scope()).dense if hit.document_id == "guide"} == {2}


def test_who_sweeps_for_one_revision_leaves_a_later_one_alone(store: PassageStore) -> None:
    for revision in (1, 2, 3, 4):
        store.upsert([build_passage("guide", revision=revision)])
    store.remove("guide", keep_revisions=[1, 3], up_to=3)
    assert {hit.revision for hit in find(store, build_scope()).dense} == {1, 3, 4}
    store.remove("guide", up_to=3)
    assert {hit.revision for hit in find(store, build_scope()).dense} == {4}


def test_removed_document_is_gone(store: PassageStore) -> None:
    store.upsert([build_passage("guide"), build_passage("bystander")])
    store.remove("guide")
    store.remove("never stored")
    assert names(find(store, build_scope())) == {"bystander"}
    assert (store.count("guide"), store.count()) == (0, 1)


def test_many_documents_are_removed_at_once_and_others_stay(store: PassageStore) -> None:
    store.upsert([build_passage(name) for name in ("guide", "voice", "tone")])
    store.remove_documents(["guide", "tone", "never stored"])
    assert [store.count(name) for name in ("guide", "voice", "tone")] == [0, 1, 0]
    store.remove_documents([])
    assert store.count("voice") == 1


def test_second_write_of_the_same_passage_does_not_grow_the_index(store: PassageStore) -> None:
    store.upsert([build_passage("guide", "old words on security")])
    store.upsert([build_passage("guide", "new words on security")])
    assert store.count() == 1
    assert [hit.passage.text for hit in find(store, build_scope()).dense] == ["new words on security"]


def test_nothing_is_written_for_no_passages(store: PassageStore) -> None:
    store.upsert([])
    assert store.count() == 0


def test_more_passages_than_one_batch_are_all_written(store: PassageStore) -> None:
    store.upsert([build_passage("long", ordinal=number) for number in range(300)])
    assert store.count("long") == 300


def test_new_facts_take_effect_on_their_revision_only(store: PassageStore) -> None:
    store.upsert([build_passage("guide", ordinal=n, revision=r) for n in range(2) for r in (1, 2)])
    closed = build_facts(access=AccessList((LAUNCH,)), brand="acme", valid=(TODAY, None))
    store.set_facts([FactsChange("guide", 2, closed)])
    assert {hit.revision for hit in find(store, build_scope(MARA)).dense} == {1}
    digests = {(hit.revision, hit.facts_digest) for hit in find(store, build_scope(TILO)).bm25}
    assert digests == {(1, build_facts().digest()), (2, closed.digest())}
    store.set_facts([FactsChange("guide", 2, build_facts())])
    assert {hit.revision for hit in find(store, build_scope(MARA, on=date.min)).dense} == {1, 2}


@pytest.mark.parametrize("question", ["", "don't", "the and of", "😀 🚀", "xylophone"])
def test_question_without_known_words_still_has_its_dense_leg(store: PassageStore, question: str) -> None:
    hidden = build_passage("hidden", facts=build_facts(access=AccessList((LAUNCH,))))
    store.upsert([build_passage("open"), hidden])
    legs = find(store, build_scope(), question)
    assert [hit.document_id for hit in legs.dense] == ["open"]
    assert legs.bm25 == ()


def test_passage_without_keywords_is_found_by_its_vector(store: PassageStore) -> None:
    store.upsert([build_passage("emoji", "😀"), build_passage("words")])
    legs = find(store, build_scope())
    assert {hit.document_id for hit in legs.dense} == {"emoji", "words"}
    assert {hit.document_id for hit in legs.bm25} == {"words"}


@pytest.mark.parametrize("vector", [EAST[:3], (*EAST, 0.0), ()])
def test_wrong_dimension_is_refused_and_nothing_written(
    store: PassageStore, vector: tuple[float, ...]
) -> None:
    with pytest.raises(WrongDimension, match=rf"'bad' has {len(vector)} dimensions; 4 are expected"):
        store.upsert([build_passage("good"), build_passage("bad", vector=vector)])
    with pytest.raises(WrongDimension):
        store.find(to_vector(vector), NO_KEYWORDS, scope=build_scope(), depth=1)
    assert store.count() == 0


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_vector_that_is_not_finite_is_refused_and_nothing_written(store: PassageStore, value: float) -> None:
    with pytest.raises(VectorNotFinite, match="'bad'"):
        store.upsert([build_passage("good"), build_passage("bad", vector=(value, 0.0, 0.0, 1.0))])
    with pytest.raises(VectorNotFinite):
        store.find(to_vector((value, 0.0, 0.0, 1.0)), NO_KEYWORDS, scope=build_scope(), depth=1)
    assert store.count() == 0


def test_dense_leg_is_ordered_by_cosine(store: PassageStore) -> None:
    vectors = {"same": (5.0, 0.0, 0.0, 0.0), "near": (3.0, 4.0, 0.0, 0.0), "far": NORTH}
    store.upsert([build_passage(name, vector=vector) for name, vector in vectors.items()])
    hits = find(store, build_scope()).dense
    assert [(hit.document_id, hit.score) for hit in hits] == [("same", 1.0), ("near", 0.6), ("far", 0.0)]


@pytest.mark.parametrize("depth", [1, 7, 50])
def test_ties_are_cut_by_point_id_however_long_they_are(store: PassageStore, depth: int) -> None:
    tied = [build_passage("tied", ordinal=number) for number in range(120)]
    store.upsert([*tied, build_passage("behind", vector=NORTH)])
    first = sorted(map(build_point_id, tied))[:depth]
    legs = find(store, build_scope(), depth=depth)
    assert [hit.point_id for hit in legs.dense] == first
    assert len({hit.score for hit in legs.bm25}) == 1
    assert [hit.point_id for hit in legs.bm25] == sorted(hit.point_id for hit in legs.bm25)


def test_depth_of_zero_finds_nothing(store: PassageStore) -> None:
    store.upsert([build_passage("open")])
    assert find(store, build_scope(), depth=0) == Legs((), ())


def test_every_store_gives_the_same_legs(fresh_store: PassageStore, reference: PassageStore) -> None:
    passages = scatter_passages(150)
    for each in (fresh_store, reference):
        each.upsert(passages)
    for text, vector in zip(
        ("data security", "promise", "launch data"), np.eye(4, dtype=np.float32), strict=False
    ):
        question = (vector, WORDS.of_question(text))
        ours, theirs = (
            each.find(*question, scope=build_scope(), depth=20) for each in (fresh_store, reference)
        )
        for left, right in ((ours.dense, theirs.dense), (ours.bm25, theirs.bm25)):
            assert [hit.point_id for hit in left] == [hit.point_id for hit in right]
            for ours_hit, theirs_hit in zip(left, right, strict=True):
                # Noise can round to neighbouring digits, which are 1e-6 apart.
                assert ours_hit.score == pytest.approx(theirs_hit.score, rel=0, abs=1.01e-6)


def scatter_passages(number: int) -> list[IndexedPassage]:
    """Vectors and texts in all directions, each text several times, a third of them hidden from Mara."""
    draw = np.random.default_rng(7)
    vocabulary = ["data", "security", "promise", "launch", "price", "customer"]
    texts = [" ".join(draw.choice(vocabulary, size=size)) for size in (2, 3, 5, 8, 13)]
    hidden = build_facts(access=AccessList((LAUNCH,)))
    return [
        build_passage(
            f"document {ordinal}",
            texts[draw.integers(len(texts))],
            facts=hidden if ordinal % 3 == 0 else None,
            vector=draw.normal(size=4).tolist(),
        )
        for ordinal in range(number)
    ]
