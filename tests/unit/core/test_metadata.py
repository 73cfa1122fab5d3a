"""Declared metadata: the strongest level wins, and what cannot be used falls to the safe side."""

from datetime import UTC, date, datetime

import pytest

from core.access import OPEN_TO_ALL, OWNER_ACCESS, AccessList
from core.documents import Validity
from core.errors import UsageError
from core.metadata import FIELDS, Declared, check_field, merge_levels

MARKETING = AccessList((frozenset({"group:marketing"}),))


def test_nothing_declared_is_a_draft_for_the_owner_alone() -> None:
    assert merge_levels([]) == Declared()
    assert (Declared().status, Declared().access, Declared().kind) == ("draft", OWNER_ACCESS, "other")


def test_every_field_is_read() -> None:
    level = {
        "title": " Voice ",
        "brand": "Pelmarrow",
        "kind": "Brand Guide",
        "status": "APPROVED",
        "owner": "Brand team",
        "valid_from": "2026-01-01",
        "valid_until": date(2026, 12, 31),
        "access": "group:marketing",
        "url": "https://wiki.pelmarrow.example/voice",
        "classification": "link-only",
    }
    assert set(level) == set(FIELDS)
    assert merge_levels([level]) == Declared(
        title="Voice",
        brand="Pelmarrow",
        kind="brand_guide",
        status="approved",
        owner="Brand team",
        validity=Validity(date(2026, 1, 1), date(2026, 12, 31)),
        access=MARKETING,
        url="https://wiki.pelmarrow.example/voice",
        classification="link_only",
    )


WEAK = {
    "title": "weak",
    "brand": "weak",
    "kind": "asset",
    "status": "approved",
    "owner": "weak",
    "valid_from": "2025-01-01",
    "valid_until": "2025-12-31",
    "access": "all",
    "url": "https://weak.example/",
    "classification": "quote",
}
STRONG = {
    "title": "strong",
    "brand": "strong",
    "kind": "messaging",
    "status": "retired",
    "owner": "strong",
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
    "access": "group:marketing",
    "url": "https://strong.example/",
    "classification": "never",
}


@pytest.mark.parametrize("name", FIELDS)
def test_strongest_level_wins_field_by_field(name: str) -> None:
    merged = merge_levels([WEAK, {name: STRONG[name]}])
    assert merged == merge_levels([{**WEAK, name: STRONG[name]}])
    assert merged != merge_levels([WEAK])


@pytest.mark.parametrize("blank", [None, ""])
@pytest.mark.parametrize("name", FIELDS)
def test_blank_value_leaves_the_weaker_level(name: str, blank: object) -> None:
    assert merge_levels([WEAK, {name: blank}]) == merge_levels([WEAK])


def test_foreign_keys_are_ignored() -> None:
    assert merge_levels([{"layout": "post", "tags": ["a"]}]) == Declared()


@pytest.mark.parametrize("value", ["aproved", "yes", True, 1, ["approved"]])
def test_unusable_status_makes_a_draft(value: object) -> None:
    merged = merge_levels([{"status": "approved"}, {"status": value}])
    assert merged.status == "draft"
    assert "status" in merged.warnings[0]
    assert "allowed: draft, approved, retired" in merged.warnings[0]


@pytest.mark.parametrize("name", ["valid_from", "valid_until"])
@pytest.mark.parametrize("value", ["Q3", "2026-02-30", 2026, "31.12.2026", "2026-12-311", "2026-12-31 or so"])
def test_unusable_day_makes_a_draft(name: str, value: object) -> None:
    merged = merge_levels([{"status": "approved"}, {name: value}])
    assert merged.status == "draft"
    assert f"{name} {value!r} is not a day; allowed: YYYY-MM-DD" in merged.warnings


def test_unusable_day_outlasts_an_approval_of_a_stronger_level() -> None:
    assert merge_levels([{"valid_until": "Q3"}, {"status": "approved"}]).status == "draft"


def test_stronger_day_that_can_be_used_heals_an_unusable_weaker_one() -> None:
    merged = merge_levels([{"status": "approved", "valid_until": "Q3"}, {"valid_until": "2026-09-30"}])
    assert merged.status == "approved"
    assert merged.validity == Validity(None, date(2026, 9, 30))
    assert len(merged.warnings) == 1


def test_good_first_day_does_not_heal_an_unusable_last_one() -> None:
    merged = merge_levels([{"status": "approved", "valid_until": "Q3"}, {"valid_from": "2026-01-01"}])
    assert merged.status == "draft"


@pytest.mark.parametrize("value", ["everyone", ["all", "staff"], {"group": "marketing"}, 7])
def test_unusable_access_leaves_it_to_the_owner(value: object) -> None:
    merged = merge_levels([{"access": "all"}, {"access": value}])
    assert merged.access == OWNER_ACCESS
    assert merged.warnings


@pytest.mark.parametrize("weaker", ["quote", "link_only", "never"])
def test_unusable_classification_never_opens_more(weaker: str) -> None:
    merged = merge_levels([{"classification": weaker}, {"classification": "nevr"}])
    assert merged.classification == "never"


@pytest.mark.parametrize(
    "value", ["http://wiki.example/", "javascript:alert(1)", "https://", "wiki/page", "https://[x"]
)
def test_unusable_link_is_not_shown_and_said(value: str) -> None:
    merged = merge_levels([{"url": value}])
    assert merged.url is None
    assert "allowed: https://…" in merged.warnings[0]


def test_unusable_kind_leaves_the_weaker_one() -> None:
    merged = merge_levels([{"kind": "messaging"}, {"kind": "memo"}])
    assert merged.kind == "messaging"
    assert "'memo' is not known; allowed: brand_guide, messaging" in merged.warnings[0]


def test_access_may_be_a_list_or_one_line() -> None:
    assert check_field("access", "group:a, group:b") == check_field("access", ["group:b", "group:a"])
    assert check_field("access", "all") == OPEN_TO_ALL


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-03",
        " 2026-03-03 ",
        "2026-03-03T23:30",
        date(2026, 3, 3),
        datetime(2026, 3, 3, 23, 30, tzinfo=UTC),
    ],
)
def test_day_is_read_from_text_day_and_moment(value: object) -> None:
    assert check_field("valid_from", value) == date(2026, 3, 3)


def test_unknown_field_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError, match=r"'colour' is not a field of a document; allowed: title, brand"):
        check_field("colour", "red")
