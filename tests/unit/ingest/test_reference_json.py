"""A listed file through JSON and back: whatever YAML declared beside it must not come back as a change."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sources import Source
from ingest.connectors.connector import FileReference
from ingest.parsers.parser import RowMapping
from ingest.read_file import hash_declared
from ingest.reference_json import dump_reference, load_reference

SOURCE = Source("kit", "folder", {"path": "kit"})
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
WORDS = st.text(max_size=12)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    WORDS,
    st.binary(max_size=8),
    st.dates(),
    # The second of two equal hours is nothing that YAML can say.
    st.datetimes(timezones=st.none() | st.just(UTC) | OFFSETS).map(lambda moment: moment.replace(fold=0)),
)
KEYS = WORDS | st.integers() | st.dates() | st.sampled_from(["$day", "$moment", "$pairs", "$"])
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(KEYS, inner, max_size=3),
    ),
    max_leaves=8,
)


def carry(file: FileReference) -> FileReference:
    """Through the text that the database keeps; strict, as PostgreSQL is."""
    return load_reference(json.loads(json.dumps(dump_reference(file), allow_nan=False)))


def refer(*declared: dict[str, Any], **more: Any) -> FileReference:
    return FileReference("a.md", 3, None, declared, **more)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.dictionaries(WORDS, VALUES, max_size=3), max_size=3))
def test_whatever_is_declared_beside_a_file_comes_back_to_the_letter(declared: list[dict[str, Any]]) -> None:
    file = refer(*declared)
    assert repr(carry(file)) == repr(file)
    assert hash_declared(SOURCE, carry(file)) == hash_declared(SOURCE, file)


@pytest.mark.parametrize(
    "line",
    [
        "valid_until: 2026-12-31",
        "valid_until: 2026-12-31 10:00:00",
        "valid_until: 2026-12-31T10:00:00+05:30",
        "valid_until: 2026-12-31T10:00:00Z",
        "access: [group:sales, 'user:a@b.example']",
        "title: .nan",
        "owner: !!binary aGVsbG8=",
        "brand: !!omap [one: 2]",
        "rows: {title: Name, 5: 2026-01-01}",
        'title: "$day"',
        'title: "\\0 and é"',
        "kind: ~",
    ],
)
def test_line_of_a_sidecar_comes_back_to_the_letter(line: str) -> None:
    file = refer(yaml.safe_load(line))
    assert repr(carry(file)) == repr(file)


def test_file_comes_back_with_its_moment_its_size_and_its_rows() -> None:
    updated = datetime(2026, 3, 3, 10, 0, 0, 123456, tzinfo=UTC)
    rows = RowMapping({"title": "Name", "valid_until": "Ends on"})
    file = FileReference("a/ü.xlsx", 12, updated, ({"valid_from": date(2026, 1, 1)},), rows)
    assert carry(file) == file


def test_order_of_levels_and_of_their_fields_is_kept() -> None:
    back = carry(refer({"b": 1, "a": 2}, {"a": 3}))
    assert [list(level.items()) for level in back.declared] == [[("b", 1), ("a", 2)], [("a", 3)]]
