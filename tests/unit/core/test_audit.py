"""The audit: a chain of hashes that any change breaks."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from core.audit import Act, hash_row, record_act
from core.chain import FIRST_HASH
from core.database import Database
from tests.unit.core.core_world import CURATOR, DRAFT, CoreWorld, make_incoming

NOON = datetime(2026, 3, 3, 12, 0, 0, 123456, tzinfo=UTC)
ACT = Act(
    "cora@pelmarrow.example", "approve", "document d", "“fine” – ok", {"a": None}, {"a": ["é", 1.5, True]}
)


def is_whole(rows: Sequence[Mapping[str, Any]]) -> bool:
    """True when numbers and hashes follow each other from the first row on."""
    previous = FIRST_HASH
    for number, row in enumerate(rows, start=1):
        if (row["number"], row["previous_hash"], row["hash"]) != (number, previous, hash_row(row)):
            return False
        previous = row["hash"]
    return True


def read_chain(world: CoreWorld) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in world.read_audit()]


@pytest.fixture
def chain(world: CoreWorld) -> list[dict[str, Any]]:
    """Rows as stored, of acts on documents, people and sources, refused ones too."""
    document_id = world.sync(make_incoming("voice.md", "We say we.", DRAFT))
    world.document_acts.approve([document_id], by=CURATOR, reason="read it")
    world.document_acts.set_fields([document_id], {"valid_until": "2026-12-31"}, by=CURATOR, reason="“until”")
    with world.database.write() as connection:
        record_act(connection, ACT, at=NOON)
    return read_chain(world)


def test_chain_recomputes_from_what_is_stored(chain: list[dict[str, Any]]) -> None:
    assert len(chain) == 4
    assert is_whole(chain)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", NOON + timedelta(microseconds=1)),
        ("actor", "somebody else"),
        ("act", "retire"),
        ("subject", "document other"),
        ("reason", ""),
        ("before", {}),
        ("after", {"status": "draft"}),
        ("number", 7),
        ("previous_hash", FIRST_HASH),
    ],
)
def test_change_of_any_column_breaks_the_chain(
    chain: list[dict[str, Any]], column: str, value: object
) -> None:
    chain[1] = {**chain[1], column: value}
    assert not is_whole(chain)


def test_changed_row_with_a_fresh_hash_breaks_the_chain_behind_it(chain: list[dict[str, Any]]) -> None:
    forged = {**chain[1], "actor": "somebody else"}
    chain[1] = {**forged, "hash": hash_row(forged)}
    assert not is_whole(chain)


def test_row_taken_out_breaks_the_chain(chain: list[dict[str, Any]]) -> None:
    assert not is_whole(chain[:1] + chain[2:])
    assert not is_whole(chain[1:])


def test_hash_is_the_same_in_every_time_zone() -> None:
    row = {"number": 1, "at": NOON, "actor": "a"}
    assert hash_row({**row, "at": NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))}) == hash_row(row)


def test_hash_does_not_depend_on_the_order_of_keys() -> None:
    row = {"number": 1, "at": NOON, "after": {"a": 1, "b": 2}}
    assert hash_row({"after": {"b": 2, "a": 1}, "at": NOON, "number": 1}) == hash_row(row)


def test_form_of_the_hash_is_fixed_so_that_old_chains_stay_good() -> None:
    row = {"number": 1, "at": NOON, "actor": "a", "after": {"é": None}, "previous_hash": FIRST_HASH}
    assert hash_row(row) == "dca33b46b82a2f86bf21e5820cc1cc1fc3ee1c3ecb4b0e921c56ec49fcfa59b8"


def test_writers_at_the_same_time_keep_one_chain(database: Database, world: CoreWorld) -> None:
    def write(_number: int) -> None:
        with database.write() as connection:
            record_act(connection, ACT, at=NOON)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(20)))
    chain = read_chain(world)
    assert len(chain) == 21
    assert is_whole(chain)


def test_actor_that_is_too_long_for_its_column_is_cut(world: CoreWorld) -> None:
    act = Act("x" * 500, "approve", "document d", "", {}, {})
    with world.database.write() as connection:
        record_act(connection, act, at=NOON)
    assert world.read_audit()[-1].actor == "x" * 200


def test_value_that_is_no_json_is_refused_before_it_is_written(world: CoreWorld) -> None:
    act = Act("a", "approve", "document d", "", {}, {"share": float("nan")})
    with pytest.raises(ValueError, match="not JSON compliant"), world.database.write() as connection:
        record_act(connection, act, at=NOON)
    assert is_whole(read_chain(world))
