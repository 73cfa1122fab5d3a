"""Trust rules as a level of metadata: what a pattern covers, which level decided, and what is refused."""

from datetime import UTC, datetime

import pytest

from core.access import OPEN_TO_ALL
from core.errors import UsageError
from core.metadata import merge_levels
from core.sources import Source
from core.trust import TRUSTED_BY, TrustRule, check_pattern, find_deciding, list_levels

FOLDER = Source("kit", "folder", {"path": "kit"})


def make_rule(rule_id: str, pattern: str, **values: object) -> TrustRule:
    said = {"status": "approved", "access": None, **values}
    at = datetime(2026, 10, 15, tzinfo=UTC)
    return TrustRule(rule_id, "kit", pattern, reason="seen", by="cora", at=at, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "path", "expected"),
    [
        ("**", "a.md", True),
        ("**", "deep/er/a.md", True),
        ("", "deep/a.md", True),
        (".", "a.md", True),
        ("approved/", "approved/a.md", True),
        ("approved/", "approved/2026/a.md", True),
        ("./approved/", "approved/a.md", True),
        ("approved/", "approved.md", False),
        ("approved/", "old/approved/a.md", False),
        ("approved", "approved/a.md", False),
        ("cases/*.pdf", "cases/2026/a.pdf", False),
        ("**/*.pdf", "cases/2026/a.pdf", True),
        ("*.pdf", "cases/a.pdf", True),
    ],
)
def test_pattern_covers_a_folder_with_all_below_or_what_its_glob_says(
    typed: str, path: str, expected: bool
) -> None:
    assert make_rule("one", check_pattern(typed, FOLDER)).covers(path) is expected


@pytest.mark.parametrize("typed", ["label:Approved", "space:BRAND"])
def test_label_is_refused_with_the_mapping_rules_that_take_it(typed: str) -> None:
    with pytest.raises(
        UsageError,
        match=r"(label|space) becomes a status by a mapping rule \(`onbrand source map kit`\); allowed here: a path",
    ):
        check_pattern(typed, FOLDER)


@pytest.mark.parametrize("typed", ["/etc/", "../other/", "a/../../b"])
def test_pattern_that_leads_out_of_the_source_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="leads out of the source"):
        check_pattern(typed, FOLDER)


def test_later_rule_stands_above_an_earlier_one_and_both_below_what_the_document_says() -> None:
    rules = [make_rule("one", "**", access=("all",)), make_rule("two", "drafts/**", status="draft")]
    levels = list_levels(rules, "drafts/a.md")
    assert (merge_levels(levels).status, merge_levels(levels).access) == ("draft", OPEN_TO_ALL)
    assert merge_levels(list_levels(rules, "a.md")).status == "approved"
    assert merge_levels([*levels, {"status": "approved"}]).status == "approved"


def test_what_decided_is_the_strongest_level_that_said_something() -> None:
    levels = list_levels([make_rule("one", "**", access=("all",)), make_rule("two", "a/**")], "a/b.md")
    assert find_deciding(levels, merge_levels(levels)) == {"status": "two", "access": "one"}
    said = [*levels, {"status": "approved"}]
    assert find_deciding(said, merge_levels(said)) == {"access": "one"}


def test_level_whose_value_does_not_hold_in_the_end_has_decided_nothing() -> None:
    levels = [{"status": "approved", TRUSTED_BY: "one"}]
    narrowed = merge_levels([{"status": "draft"}])
    assert find_deciding(levels, narrowed) == {}
