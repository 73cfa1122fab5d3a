"""The audit on a real PostgreSQL: what is stored hashes as it was written, tampering is found, retention works."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from core.access import LOCAL_OWNER
from core.audit import AUDIT
from core.audit_log import AuditFilter, AuditLog
from core.chain_walk import ChainReport, verify_chain
from core.clock import Clock
from core.database import Database, open_database
from core.person_traces import PersonTraces
from core.retention import KeptDays, Retention
from core.retention_acts import Erasure, RetentionActs
from tests.integration.test_postgres import server_url, url
from tests.unit.core.audit_rows import VALUES, write_rows
from tests.unit.core.core_world import CoreWorld
from tests.unit.core.test_retention import MARA, RHYS, add_event, add_gap, read_texts

__all__ = ["server_url", "url"]

CLOCK = Clock(ZoneInfo("Europe/Berlin"), date(2026, 3, 3))


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CoreWorld]:
    opened = open_database(request.getfixturevalue("url"), home=tmp_path, clock=CLOCK)
    yield CoreWorld.over(opened, CLOCK)
    opened.close()


def verify(database: Database) -> ChainReport:
    with database.read() as connection:
        return verify_chain(connection, AUDIT)


def test_every_kind_of_value_hashes_as_it_was_written(world: CoreWorld) -> None:
    write_rows(world.database, 30 * len(VALUES))
    found = verify(world.database)
    assert (found.rows, found.problems) == (30 * len(VALUES) + 1, ())


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit SET after = '{\"a\": 1}' WHERE number = 20", "its values do not give its hash"),
        ("UPDATE audit SET at = at + interval '1 microsecond' WHERE number = 20", "its values do not give"),
        ("DELETE FROM audit WHERE number = 20", "row 20 is missing"),
        ("DELETE FROM audit WHERE number > 35", "rows 36 to 41 are cut off at the end"),
    ],
)
def test_tampering_is_found(world: CoreWorld, statement: str, said: str) -> None:
    write_rows(world.database, 40)
    with world.database.write() as connection:
        connection.execute(text(statement))
    assert said in " ".join(one.problem for one in verify(world.database).problems)


def test_retention_holds_and_erasing_work_as_on_sqlite(world: CoreWorld) -> None:
    with world.database.write() as connection:
        connection.execute(text("DELETE FROM audit"))
        connection.execute(text("DELETE FROM world_facts"))
    write_rows(world.database, 30)
    acts = RetentionActs(world.acts, CLOCK)
    retention = Retention(world.database, CLOCK, world.acts, days=KeptDays(90, 400, 500))
    add_gap(world, "old", (MARA, 200))
    add_event(world, "left", days=200, state="answering")
    hold_id = acts.place_hold(MARA, reason="law suit", by=LOCAL_OWNER)
    assert retention.run(by=LOCAL_OWNER, reason="").is_empty
    acts.release_hold(hold_id, reason="over", by=LOCAL_OWNER)
    done = retention.run(by=LOCAL_OWNER, reason="")
    assert (done.gap_questions, done.gaps, done.slack_events, done.count_rows(AUDIT)) == (1, 1, 1, 30)
    assert verify(world.database).problems == ()
    assert acts.erase_person(Erasure(MARA, texts=True), reason="x", by=LOCAL_OWNER)["gap_questions"] == 1
    assert read_texts(world) == {"old": ["(text removed on request)"] * 2}


def test_person_is_exported_and_rows_are_listed(world: CoreWorld) -> None:
    add_gap(world, "g", (MARA, 1), (RHYS, 1))
    traces = PersonTraces(world.database, world.acts)
    found = traces.export(MARA, slack_users=["U1"], by=LOCAL_OWNER, reason="")
    assert [row["question"] for row in found["gap_questions"]] == ["g 0?"]
    assert [row["act"] for row in found["audit"]] == ["export person"]
    log = AuditLog(world.database, CLOCK, world.acts)
    today = CLOCK.now().date()
    wanted = AuditFilter(since=today - timedelta(days=1), until=today + timedelta(days=1))
    listed = log.list_rows(wanted, limit=5, by=LOCAL_OWNER)
    assert [row["act"] for row in listed] == ["export person", "add source"]


def test_hold_and_retention_at_the_same_moment_never_lose_the_chain(world: CoreWorld) -> None:
    together = Barrier(4)
    acts = RetentionActs(world.acts, CLOCK)
    retention = Retention(world.database, CLOCK, world.acts, days=KeptDays(90, 400, 500))
    for index in range(5):
        add_gap(world, f"old {index}", (RHYS, 200))

    def thin_out() -> None:
        together.wait(5)
        retention.run(by=LOCAL_OWNER, reason="")

    def hold() -> None:
        together.wait(5)
        acts.place_hold(MARA, reason="law suit", by=LOCAL_OWNER)

    threads = [Thread(target=one) for one in (thin_out, hold, thin_out, hold)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert retention.count_due().is_empty
    assert verify(world.database).problems == ()
