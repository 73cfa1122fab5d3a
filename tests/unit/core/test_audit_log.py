"""Reading the audit: for auditors only, by what was asked for, and an export that others can check by themselves."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import pytest

from core.access import LOCAL_OWNER, Person
from core.audit import Act, record_act
from core.audit_log import AuditFilter, AuditLog
from core.errors import NotAllowed
from tests.unit.core.audit_rows import tamper, write_rows
from tests.unit.core.core_world import CURATOR, READER, CoreWorld

AUDITOR = Person("aud@pelmarrow.example", role="auditor")
GONE_ADMIN = Person("gone@pelmarrow.example", role="admin", active=False)
UNKNOWN = Person("nobody@elsewhere.example")
JANUARY = (date(2024, 1, 10), date(2024, 1, 20))


@pytest.fixture
def log(world: CoreWorld) -> AuditLog:
    write_rows(world.database, 40)
    return AuditLog(world.database, world.clock, world.acts)


def export(log: AuditLog, since: date, until: date) -> list[dict[str, Any]]:
    """The lines as somebody else gets them."""
    batches = log.export(since, until, by=AUDITOR, reason="yearly audit")
    return [json.loads(json.dumps(line, ensure_ascii=False)) for batch in batches for line in batch]


def is_chain_of(lines: Sequence[dict[str, Any]]) -> bool:
    """What the first line of an export says, written with nothing of the product."""
    previous = lines[0]["previous_hash"]
    for line in lines:
        rest = {name: value for name, value in line.items() if name != "hash"}
        digest = sha256(json.dumps(rest, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        if (line["hash"], line["previous_hash"]) != (digest, previous):
            return False
        previous = line["hash"]
    return True


@pytest.mark.parametrize("by", [READER, CURATOR, GONE_ADMIN, UNKNOWN])
def test_person_without_the_role_reads_nothing_and_each_try_is_on_record(
    world: CoreWorld, log: AuditLog, by: Person
) -> None:
    before = len(world.read_audit())
    with pytest.raises(NotAllowed, match=r"may not list audit .*; it takes admin or auditor"):
        log.list_rows(AuditFilter(), limit=5, by=by)
    with pytest.raises(NotAllowed, match="may not verify audit"):
        log.verify(by=by)
    with pytest.raises(NotAllowed, match="may not export audit"):
        list(log.export(*JANUARY, by=by, reason=""))
    tried = world.read_audit()[before:]
    assert [(row.actor, row.act, row.after) for row in tried] == [
        (by.email, f"{act} audit", {"refused": by.role or "no role"}) for act in ("list", "verify", "export")
    ]


@pytest.mark.parametrize("by", [AUDITOR, LOCAL_OWNER, Person("ada@pelmarrow.example", role="admin")])
def test_auditor_reads_the_newest_first_and_looking_leaves_no_row(
    world: CoreWorld, log: AuditLog, by: Person
) -> None:
    rows = log.list_rows(AuditFilter(), limit=3, by=by)
    assert [row["number"] for row in rows] == [41, 40, 39]
    assert log.verify(by=by).is_ok
    assert len(world.read_audit()) == 41


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (AuditFilter(subject="document 5"), [7]),
        (AuditFilter(subject="document", until=date(2024, 1, 2)), [2]),
        (AuditFilter(subject="doc"), []),
        (AuditFilter(act="approve", since=date(2024, 2, 9)), [41, 40]),
        (AuditFilter(act="retire"), []),
        (AuditFilter(by="Cora@Pelmarrow.example", until=date(2024, 1, 3)), [3, 2]),
        (AuditFilter(by="local owner"), [1]),
        # 23:30 in UTC is the next day in Berlin: days are the company's.
        (AuditFilter(since=date(2024, 1, 5), until=date(2024, 1, 5)), [5]),
    ],
)
def test_rows_are_narrowed_by_all_that_is_given(
    log: AuditLog, wanted: AuditFilter, numbers: list[int]
) -> None:
    assert [row["number"] for row in log.list_rows(wanted, limit=100, by=AUDITOR)] == numbers


def test_row_that_cannot_be_read_is_listed_as_such(world: CoreWorld, log: AuditLog) -> None:
    tamper(world.database, "UPDATE audit SET at = 'soon' WHERE number = 41")
    tampered, good = log.list_rows(AuditFilter(), limit=2, by=AUDITOR)
    assert (tampered["number"], tampered["unreadable"], good["number"]) == (41, True, 40)
    exported = export(log, date(2024, 1, 1), date(2026, 12, 31))
    assert [line["number"] for line in exported[1:] if line.get("unreadable")] == [41]


def test_export_of_a_period_can_be_checked_by_somebody_else(world: CoreWorld, log: AuditLog) -> None:
    first, *rows = export(log, *JANUARY)
    assert (first["since"], first["until"], first["rows"]) == ("2024-01-10", "2024-01-20", 11)
    assert [row["number"] for row in rows] == list(range(10, 21))
    assert is_chain_of(rows)
    head = world.read_audit()[-1]
    assert (head.act, head.actor, head.reason) == ("export audit", AUDITOR.email, "yearly audit")
    assert first["head"] == {"number": head.number, "hash": head.hash}
    assert not is_chain_of([*rows[:4], {**rows[4], "actor": "x"}, *rows[5:]])
    assert not is_chain_of(rows[:4] + rows[5:])


def test_export_has_no_hole_where_a_clock_was_wrong(world: CoreWorld, log: AuditLog) -> None:
    act = Act("cora@pelmarrow.example", "approve", "document x", "", {}, {})
    with world.database.write() as connection:
        for day in (11, 1, 12):
            record_act(connection, act, at=datetime(2025, 6, day, tzinfo=UTC))
    _, *rows = export(log, date(2025, 6, 10), date(2025, 6, 20))
    assert [row["number"] for row in rows] == [42, 43, 44]
    assert is_chain_of(rows)


def test_export_of_days_without_a_row_is_one_line(log: AuditLog) -> None:
    (first,) = export(log, date(1999, 1, 1), date(1999, 1, 2))
    assert first["rows"] == 0


@pytest.mark.parametrize("by", [GONE_ADMIN, UNKNOWN])
def test_act_tried_by_a_deactivated_or_unknown_person_changes_nothing_and_is_on_record(
    world: CoreWorld, by: Person
) -> None:
    with pytest.raises(NotAllowed, match="may not add person"):
        world.people_acts.add_person("new@pelmarrow.example", by=by)
    row = world.read_audit()[-1]
    assert (row.actor, row.act, row.after) == (by.email, "add person", {"refused": by.role or "no role"})
