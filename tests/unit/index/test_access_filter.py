"""The one place that makes filters: what a scope becomes, before any store sees it."""

from dataclasses import replace
from datetime import date

import pytest

from core.access import ANYONE, LOCAL_OWNER, MAX_CLAUSES, AccessList, Person
from core.documents import Facts
from index.access_filter import (
    Either,
    FilterWords,
    HasId,
    IntegerRange,
    MatchAny,
    PassageFilter,
    build_document_filter,
    build_reading_filter,
    build_revision_filter,
    build_scope_filter,
    translate_filter,
)
from index.passage_store import Scope
from index.payload import ACCESS_FIELDS, build_facts_payload

MARA = Person("mara@example.com", groups=frozenset({"marketing"}))
MARA_IS = ("all", "group:marketing", "user:mara@example.com")
APPROVED = MatchAny("status", ("approved",))


def test_owner_has_no_access_condition_but_every_other() -> None:
    assert build_scope_filter(Scope(LOCAL_OWNER, None)) == PassageFilter((APPROVED,))


def test_everyone_else_must_match_all_eight_clauses() -> None:
    first, others, status = build_scope_filter(Scope(MARA, None)).must
    assert status == APPROVED
    assert first == MatchAny("acl_0", MARA_IS)
    every = tuple(MatchAny(f"acl_{level}", (*MARA_IS, "*")) for level in range(1, 8))
    assert others == Either(MatchAny("acl_1", ("*",)), every)


@pytest.mark.parametrize("clauses", range(MAX_CLAUSES + 1))
def test_marker_in_the_second_field_means_that_there_is_no_further_clause(clauses: int) -> None:
    access = AccessList((frozenset({"group:marketing", "*"}),) * clauses)
    payload = build_facts_payload(Facts("approved", access))
    marked = [payload[field] == ["*"] for field in ACCESS_FIELDS]
    assert marked == [level >= max(clauses, 1) for level in range(MAX_CLAUSES)]


def test_reading_filter_is_the_scope_filter_for_certain_points() -> None:
    allowed = build_scope_filter(Scope(MARA, date(2026, 3, 9)))
    reading = build_reading_filter(allowed, ["b", "a"])
    assert reading == PassageFilter((HasId(frozenset({"a", "b"})), *allowed.must))


def test_missing_clause_marker_does_not_open_the_first_clause() -> None:
    first = build_scope_filter(Scope(ANYONE, None)).must[0]
    assert first == MatchAny("acl_0", ("all",))


def test_deactivated_person_matches_nothing() -> None:
    assert build_scope_filter(Scope(replace(MARA, active=False), None)).matches_nothing


@pytest.mark.parametrize("asker", [MARA, ANYONE, LOCAL_OWNER])
def test_ordinary_scope_may_match_something(asker: Person) -> None:
    assert not build_scope_filter(Scope(asker, date(2026, 3, 9), brand="acme")).matches_nothing


def test_scope_without_statuses_matches_nothing_even_for_the_owner() -> None:
    assert build_scope_filter(Scope(LOCAL_OWNER, None, statuses=())).matches_nothing


def test_day_is_compared_with_both_ends_as_a_number() -> None:
    conditions = build_scope_filter(Scope(LOCAL_OWNER, date(2026, 3, 9))).must
    assert conditions[1:] == (
        IntegerRange("valid_from", lte=20260309),
        IntegerRange("valid_until", gte=20260309),
    )


def test_brand_kinds_and_sources_are_conditions_only_when_given() -> None:
    scope = Scope(LOCAL_OWNER, None, brand="acme", kinds=("battlecard",), sources=("drive", "folder"))
    assert build_scope_filter(scope).must[1:] == (
        MatchAny("brand", ("acme", "*")),
        MatchAny("kind", ("battlecard",)),
        MatchAny("source", ("drive", "folder")),
    )


def test_kept_revisions_are_excluded_from_removal() -> None:
    document = MatchAny("document_id", ("guide",))
    assert build_document_filter("guide") == PassageFilter((document,))
    kept = MatchAny("revision", (1, 3))
    assert build_document_filter("guide", keep_revisions={3, 1}) == PassageFilter((document,), (kept,))
    assert build_revision_filter("guide", 3) == PassageFilter((document, MatchAny("revision", (3,))))


def test_translation_says_the_same_in_a_stores_words() -> None:
    words: FilterWords[dict[str, object]] = FilterWords(
        filter=dict, field_condition=dict, match_any=dict, range=dict, has_id=sorted
    )
    either = Either(MatchAny("d", ("*",)), (MatchAny("e", ("y",)),))
    must = (MatchAny("a", ("x",)), IntegerRange("b", lte=2), either, HasId(frozenset({"2", "1"})))
    assert translate_filter(PassageFilter(must, (MatchAny("c", (1,)),)), words) == {
        "must": [
            {"key": "a", "match": {"any": ["x"]}},
            {"key": "b", "range": {"gte": None, "lte": 2}},
            {
                "should": [
                    {"key": "d", "match": {"any": ["*"]}},
                    {"must": [{"key": "e", "match": {"any": ["y"]}}]},
                ]
            },
            ["1", "2"],
        ],
        "must_not": [{"key": "c", "match": {"any": [1]}}],
    }
