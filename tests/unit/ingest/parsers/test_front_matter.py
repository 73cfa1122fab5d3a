"""Front matter: YAML on top of a text file."""

from datetime import date

import pytest

from ingest.parsers.front_matter import split_front_matter


def test_front_matter_gives_metadata_with_days_as_dates() -> None:
    metadata, body = split_front_matter(
        "---\ntitle: Voice\nvalid_until: 2026-03-31\ntags: [a, b]\n---\nText\n"
    )
    assert metadata == {"title": "Voice", "valid_until": date(2026, 3, 31), "tags": ["a", "b"]}
    assert body == "Text\n"


def test_text_without_front_matter_is_untouched() -> None:
    assert split_front_matter("Text\n---\nMore") == ({}, "Text\n---\nMore")


@pytest.mark.parametrize(
    "broken",
    [
        "title: a: b",
        "just a sentence",
        "- a\n- b",
        "valid_until: 2026-13-45",
        "a: [",
        "a: !!python/name:os.system x",
    ],
)
def test_broken_front_matter_leaves_metadata_empty_and_its_text_in_the_body(broken: str) -> None:
    metadata, body = split_front_matter(f"---\n{broken}\n---\nText\n")
    assert metadata == {}
    assert broken in body
    assert "---" not in body
    assert body.endswith("Text\n")


def test_nested_aliases_are_not_expanded() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"
    assert split_front_matter(f"---\n{bomb}\n---\nText")[0] == {}


def test_empty_front_matter_gives_no_metadata() -> None:
    assert split_front_matter("---\n# nothing yet\n---\nText") == ({}, "Text")
