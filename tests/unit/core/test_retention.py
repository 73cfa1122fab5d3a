"""Retention: text goes after its days and counts stay; the audit is shortened and still verifies; holds keep it all."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from core.access import LOCAL_OWNER, Person
from core.audit import AUDIT
from core.chain import ChainPoint, read_mark
from core.chain_walk import ChainReport, verify_chain
from core.errors import NotAllowed
from core.retention import ChainBroken, KeptDays, Retention
from core.retention_acts import RetentionActs
from core.tables import aliases, gap_questions, gaps, people, slack_events
from tests.unit.core.audit_rows import START_DAY, tamper, write_rows
from tests.unit.core.core_world import CURATOR, CoreWorld

ADMIN = Person("ada@pelmarrow.example", role="admin")
MARA, RHYS = "mara@pelmarrow.example", "rhys@pelmarrow.example"
REMOVED = "(text removed after 90 days)"


@pytest.fixture
def retention(world: CoreWorld) -> Retention:
    return Retention(
        world.database, world.clock, world.acts, days=KeptDays(questions=90, audit=400, receipts=500)
    )


@pytest.fixture
def holds(world: CoreWorld) -> RetentionActs:
    return RetentionActs(world.acts, world.clock)


def days_ago(world: CoreWorld, days: float) -> datetime:
    return world.clock.now() - timedelta(days=days)


def add_gap(world: CoreWorld, gap_id: str, *asked: tuple[str, float]) -> None:
    """A gap with questions by (asker, days ago); its own text is that of the first."""
    moments = [days_ago(world, days) for _, days in asked]
    gap = {"gap_id": gap_id, "question": f"{gap_id} 0?", "vector": b"vector", "why": "", "nearest": []}
    with world.database.write() as connection:
        times = {"first_at": min(moments), "last_at": max(moments)}
        connection.execute(insert(gaps).values(**gap, state="open", **times))
        for index, (asker, _) in enumerate(asked):
            question = {"gap_id": gap_id, "asker": asker, "question": f"{gap_id} {index}?"}
            connection.execute(insert(gap_questions).values(**question, at=moments[index]))


def add_event(
    world: CoreWorld, key: str, *, days: float, state: str = "done", question: str = "Why?"
) -> None:
    moment = days_ago(world, days)
    names = ("team_id", "channel_id", "message_ts", "thread_ts", "worker")
    values = {**dict.fromkeys(names, "x"), "user_id": "U1", "is_direct": True, "is_external": False}
    with world.database.write() as connection:
        connection.execute(
            insert(slack_events).values(
                event_key=key, question=question, state=state, claimed_at=moment, lease_until=moment, **values
            )
        )


def read_texts(world: CoreWorld) -> dict[str, list[str]]:
    """Gap -> its own text, then those of its questions."""
    with world.database.read() as connection:
        found = {row.gap_id: [row.question] for row in connection.execute(select(gaps))}
        for row in connection.execute(select(gap_questions).order_by(gap_questions.c.number)):
            found[row.gap_id].append(row.question)
    return found


def read_vectors(world: CoreWorld) -> dict[str, bytes]:
    with world.database.read() as connection:
        return {row.gap_id: row.vector for row in connection.execute(select(gaps))}


def read_events(world: CoreWorld) -> dict[str, tuple[str, str]]:
    with world.database.read() as connection:
        return {row.event_key: (row.question, row.state) for row in connection.execute(select(slack_events))}


def verify(world: CoreWorld, noted: ChainPoint | None = None) -> ChainReport:
    with world.database.read() as connection:
        return verify_chain(connection, AUDIT, noted)


def write_old_audit(world: CoreWorld, number: int = 30) -> None:
    """Rows that are older than 400 days, then the world's own young ones."""
    tamper(world.database, "DELETE FROM audit", "DELETE FROM world_facts WHERE name = 'audit head'")
    write_rows(world.database, number, first_day=START_DAY)
    write_rows(world.database, 5, first_day=days_ago(world, 300))


def test_text_of_old_questions_goes_and_their_number_stays(world: CoreWorld, retention: Retention) -> None:
    add_gap(world, "old", (MARA, 200), (RHYS, 91))
    add_gap(world, "mixed", (MARA, 200), (RHYS, 89))
    add_gap(world, "new", (MARA, 1))
    done = retention.run(by=LOCAL_OWNER, reason="daily")
    assert (done.gap_questions, done.gaps) == (3, 1)
    assert read_texts(world) == {
        "old": [REMOVED, REMOVED, REMOVED],
        "mixed": ["mixed 0?", REMOVED, "mixed 1?"],
        "new": ["new 0?", "new 0?"],
    }
    assert read_vectors(world) == {"old": b"", "mixed": b"vector", "new": b"vector"}


def test_leftover_question_of_slack_goes_and_can_no_longer_be_answered(
    world: CoreWorld, retention: Retention
) -> None:
    add_event(world, "unsure", days=91, state="unsure")
    add_event(world, "open", days=91, state="answering")
    add_event(world, "empty", days=91, question="")
    add_event(world, "young", days=89, state="answering")
    assert retention.run(by=LOCAL_OWNER, reason="").slack_events == 2
    assert read_events(world) == {
        "unsure": ("", "unsure"),
        "open": ("", "failed"),
        "empty": ("", "done"),
        "young": ("Why?", "answering"),
    }


def test_removal_is_one_act_with_counts_and_without_text(world: CoreWorld, retention: Retention) -> None:
    add_gap(world, "old", (MARA, 200))
    retention.run(by=ADMIN, reason="asked by legal")
    row = world.read_audit()[-1]
    assert (row.actor, row.act, row.subject, row.reason) == (
        ADMIN.email,
        "thin out",
        "retention",
        "asked by legal",
    )
    counts = {
        "gap_questions": 1,
        "gaps": 1,
        "slack_events": 0,
        "receipt_texts": 0,
        "audit_rows": 0,
        "receipts": 0,
    }
    assert (row.before, row.after) == ({}, {**counts, "irreversible": True})


def test_second_run_finds_nothing_and_leaves_no_row(world: CoreWorld, retention: Retention) -> None:
    add_gap(world, "old", (MARA, 200))
    assert not retention.count_due().is_empty
    retention.run(by=LOCAL_OWNER, reason="")
    rows = len(world.read_audit())
    assert retention.count_due().is_empty
    assert retention.run(by=LOCAL_OWNER, reason="").is_empty
    assert len(world.read_audit()) == rows


def test_old_rows_of_the_audit_go_from_its_beginning_and_the_rest_verifies(
    world: CoreWorld, retention: Retention
) -> None:
    write_old_audit(world)
    last_removed = ChainPoint(30, world.read_audit()[29].hash)
    assert retention.count_due().count_rows(AUDIT) == 30
    assert retention.run(by=LOCAL_OWNER, reason="").count_rows(AUDIT) == 30
    rows = world.read_audit()
    assert [row.number for row in rows] == [31, 32, 33, 34, 35, 36]
    assert rows[-1].after["audit_anchor"] == str(last_removed)
    assert verify(world).problems == ()
    assert verify(world, last_removed).is_ok, "the anchor is a head that may have been noted"
    assert verify(world, ChainPoint(30, "ab" * 32)).found == 1
    assert "removed by retention" in verify(world, ChainPoint(29, "ab" * 32)).problems[0].problem


def test_shortened_chain_still_shows_tampering(world: CoreWorld, retention: Retention) -> None:
    write_old_audit(world)
    retention.run(by=LOCAL_OWNER, reason="")
    tamper(world.database, "DELETE FROM audit WHERE number = 31")
    assert [one.number for one in verify(world).problems] == [31, 32]
    tamper(world.database, "DELETE FROM world_facts WHERE name = 'audit anchor'")
    assert [one.number for one in verify(world).problems] == [1, 32]


def test_chain_can_be_shortened_again_and_again_even_to_nothing(
    world: CoreWorld, retention: Retention
) -> None:
    write_old_audit(world)
    retention.run(by=LOCAL_OWNER, reason="")
    shorter = Retention(
        world.database, world.clock, world.acts, days=KeptDays(questions=90, audit=100, receipts=500)
    )
    assert shorter.run(by=LOCAL_OWNER, reason="").count_rows(AUDIT) == 5
    nothing = Retention(
        world.database, world.clock, world.acts, days=KeptDays(questions=90, audit=0, receipts=500)
    )
    assert nothing.run(by=LOCAL_OWNER, reason="").count_rows(AUDIT) == 2
    (row,) = world.read_audit()
    assert (row.number, row.act) == (38, "thin out")
    assert verify(world).is_ok
    with world.database.read() as connection:
        assert read_mark(connection, "audit anchor") == ChainPoint(37, row.previous_hash)


def test_row_behind_a_younger_one_is_not_removed(world: CoreWorld, retention: Retention) -> None:
    write_old_audit(world, 3)
    write_rows(world.database, 3, first_day=START_DAY)
    assert retention.run(by=LOCAL_OWNER, reason="").count_rows(AUDIT) == 3
    assert [row.number for row in world.read_audit()] == [4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert verify(world).is_ok


def test_audit_that_was_tampered_with_keeps_its_old_rows_as_evidence(
    world: CoreWorld, retention: Retention
) -> None:
    write_old_audit(world)
    add_gap(world, "old", (MARA, 200))
    tamper(world.database, "UPDATE audit SET actor = 'x' WHERE number = 3")
    with pytest.raises(
        ChainBroken, match=r"does not verify: its old rows were kept.*1 text\(s\) were removed"
    ):
        retention.run(by=LOCAL_OWNER, reason="")
    assert len(world.read_audit()) == 36
    assert read_texts(world) == {"old": [REMOVED, REMOVED]}
    with pytest.raises(ChainBroken):
        retention.run(by=LOCAL_OWNER, reason="")
    assert len(world.read_audit()) == 36


def test_hold_on_everything_keeps_everything(
    world: CoreWorld, retention: Retention, holds: RetentionActs
) -> None:
    write_old_audit(world)
    add_gap(world, "old", (MARA, 200))
    add_event(world, "left", days=200)
    hold_id = holds.place_hold(None, reason="law suit", by=ADMIN)
    assert retention.run(by=LOCAL_OWNER, reason="").is_empty
    assert read_texts(world) == {"old": ["old 0?", "old 0?"]}
    holds.release_hold(hold_id, reason="settled", by=ADMIN)
    done = retention.run(by=LOCAL_OWNER, reason="")
    assert (done.gap_questions, done.slack_events, done.count_rows(AUDIT)) == (1, 1, 30)


def test_hold_on_one_person_keeps_theirs_under_every_address_and_what_cannot_be_told_apart(
    world: CoreWorld, retention: Retention, holds: RetentionActs
) -> None:
    with world.database.write() as connection:
        connection.execute(insert(people).values(email=MARA, name="", active=True))
        connection.execute(insert(aliases).values(alias="m.e@pelmarrow.example", email=MARA))
    write_old_audit(world)
    add_gap(world, "hers", (RHYS, 200), (MARA.title(), 200))
    add_gap(world, "his", (RHYS, 200))
    add_event(world, "left", days=200)
    holds.place_hold("M.E@pelmarrow.example", reason="law suit", by=ADMIN)
    done = retention.run(by=LOCAL_OWNER, reason="")
    assert (done.gap_questions, done.gaps, done.slack_events, done.count_rows(AUDIT)) == (2, 1, 0, 0)
    assert read_texts(world) == {"hers": ["hers 0?", REMOVED, "hers 1?"], "his": [REMOVED, REMOVED]}


def test_only_an_admin_runs_retention(world: CoreWorld, retention: Retention) -> None:
    add_gap(world, "old", (MARA, 200))
    for by in (CURATOR, Person("aud@pelmarrow.example", role="auditor")):
        with pytest.raises(NotAllowed, match="may not thin out"):
            retention.run(by=by, reason="")
        assert world.read_audit()[-1].after == {"refused": by.role}
    assert read_texts(world) == {"old": ["old 0?", "old 0?"]}
