"""What travels between the two processes arrives as it was, and nothing else is taken for it."""

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Block, ParsedDocument
from ingest.parsers.parser import RowMapping
from ingest.sandbox.limits import ParseLimits
from ingest.sandbox.wire import Reply, ReplyInvalid, pack_reply, pack_request, unpack_reply, unpack_request

GOOD = {
    "blocks": [["paragraph", "Teal.", 0, None]],
    "title": None,
    "metadata": ["map", []],
    "part": "",
    "hidden": 0,
}


def reply(**changes: Any) -> bytes:
    documents = [GOOD | changes]
    return json.dumps(
        {"documents": documents, "unreadable": "", "out_of_memory": False, "is_worn": False}
    ).encode()


def test_document_arrives_as_it_was() -> None:
    metadata = {
        "title": "Grün",
        "valid_from": date(2026, 1, 31),
        "valid_until": datetime(2026, 1, 31, 12, tzinfo=UTC),
        "owner": ["a", 1, None, True, 0.5],
        "nested": {"x": {1: [date(2026, 1, 1)]}},
    }
    document = ParsedDocument(
        (Block("heading", "Grün — 緑", 2), Block("table_row", "a: b", page=3)), "Grün", metadata, "row-1", 7
    )
    assert unpack_reply(pack_reply(Reply((document,)))) == Reply((document,))


def test_every_field_of_a_document_travels() -> None:
    assert [one.name for one in fields(ParsedDocument)] == list(GOOD)
    assert [one.name for one in fields(Block)] == ["kind", "text", "level", "page"]


def test_request_and_limits_arrive_as_they_were() -> None:
    rows = RowMapping({"title": "Titel"})
    assert unpack_request(pack_request("Grün \ud800.xlsx", rows)) == ("Grün \ud800.xlsx", rows)
    assert ParseLimits.unpack(ParseLimits(seconds=0.5).pack()) == ParseLimits(seconds=0.5)


def test_lone_surrogate_of_front_matter_becomes_a_question_mark() -> None:
    packed = pack_reply(Reply((ParsedDocument((), metadata={"title": "a\ud800b"}),)))
    assert unpack_reply(packed).documents[0].metadata == {"title": "a?b"}


def test_value_of_no_known_kind_travels_as_its_words() -> None:
    deep: list[object] = []
    for _ in range(100):
        deep = [deep]
    packed = pack_reply(Reply((ParsedDocument((), metadata={"deep": deep, "set": {1}}),)))
    assert unpack_reply(packed).documents[0].metadata["set"] == "{1}"


@pytest.mark.parametrize(
    "changes",
    [
        {"blocks": [["shout", "Teal.", 0, None]]},
        {"blocks": [[["heading"], "Teal.", 0, None]]},
        {"blocks": [["heading", None, 0, None]]},
        {"blocks": [["heading", "Teal.", True, None]]},
        {"blocks": [["heading", "Teal.", -1, None]]},
        {"blocks": [["heading", "Teal.", 1, "2"]]},
        {"blocks": [["heading", "Teal.", 1]]},
        {"blocks": [["heading", "Teal \ud800", 1, None]]},
        {"blocks": {"heading": 1}},
        {"blocks": ["abcd"]},
        {"title": 5},
        {"title": "\udfff"},
        {"metadata": {"status": "approved"}},
        {"metadata": ["map", [[1, 2]]]},
        {"metadata": ["map", [[["list", []], 2]]]},
        {"metadata": ["map", [["a", ["date", "yesterday"]]]]},
        {"metadata": ["map", [["a", ["date", 20260101]]]]},
        {"metadata": ["map", [["a", ["pickle", "x"]]]]},
        {"metadata": ["map", [["a", "\ud800"]]]},
        {"part": None},
        {"hidden": 1.5},
        {"hidden": 10**5000},
    ],
)
def test_reply_that_is_not_a_document_is_refused(changes: dict[str, Any]) -> None:
    if changes == {"hidden": 10**5000}:
        packed = reply().replace(b'"hidden": 0', b'"hidden": ' + b"9" * 5001)
    else:
        packed = reply(**changes)
    with pytest.raises(ReplyInvalid):
        unpack_reply(packed)


@pytest.mark.parametrize(
    "packed",
    [b"", b"null", b"[]", b"\xff\xfe", b"[" * 100_000, b"[" * 2000 + b"]" * 2000, b'{"documents": 1}'],
)
def test_bytes_that_are_no_reply_are_refused(packed: bytes) -> None:
    with pytest.raises(ReplyInvalid):
        unpack_reply(packed)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=6), st.integers(0, 400), st.integers(0, 6))
def test_damaged_reply_is_refused_or_is_a_reply(damage: bytes, place: int, length: int) -> None:
    whole = pack_reply(Reply((ParsedDocument((Block("heading", "Grün", 1),), "T", {"a": date(2026, 1, 1)}),)))
    place %= len(whole)
    try:
        read = unpack_reply(whole[:place] + damage + whole[place + length :])
    except ReplyInvalid:
        return
    assert isinstance(read, Reply) and all(
        block.text.encode() for one in read.documents for block in one.blocks if block.text
    )
