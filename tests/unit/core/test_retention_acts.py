"""Holds and erasing one person: what goes, what stays, what is refused, and that undoing a hold works both ways."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from core.access import LOCAL_OWNER, Person
from core.audit import AUDIT
from core.chain_walk import verify_chain
from core.errors import NotAllowed, UsageError
from core.holds import Hold, list_holds
from core.person_traces import PersonTraces
from core.retention_acts import Erasure, HeldBack, RetentionActs, restore_hold
from core.source_tables import trust_rules
from core.tables import (
    aliases,
    brand_roles,
    documents,
    gap_questions,
    gaps,
    memberships,
    people,
    slack_events,
)
from tests.unit.core.core_world import CURATOR, CoreWorld, make_incoming
from tests.unit.core.test_retention import ADMIN, MARA, RHYS, add_event, add_gap, read_texts, read_vectors

OTHER = "m.e@pelmarrow.example"
AUDITOR = Person("aud@pelmarrow.example", role="auditor")
REMOVED = "(text removed on request)"


@pytest.fixture
def acts(world: CoreWorld) -> RetentionActs:
    return RetentionActs(world.acts, world.clock)


@pytest.fixture
def traces(world: CoreWorld) -> PersonTraces:
    return PersonTraces(world.database, world.acts)


@pytest.fixture
def known(world: CoreWorld) -> CoreWorld:
    """A world that knows one person in every table, and another one beside."""
    world.sync(make_incoming("voice.md", "We say we."))
    for email in (MARA, RHYS):
        world.people_acts.add_person(email, by=ADMIN, role="curator")
    add_gap(world, "shared", (MARA, 3), (RHYS, 2), (OTHER, 1))
    add_gap(world, "his", (RHYS, 2), (MARA, 1))
    add_event(world, "finished", days=1)
    add_event(world, "open", days=1, state="answering")
    with world.database.write() as connection:
        connection.execute(update(documents).values(owner=MARA, access=[["all"], [f"user:{MARA}"]]))
        for email in (MARA, RHYS):
            member = {"group_name": "sales", "member": f"user:{email}", "origin": "CSV"}
            connection.execute(insert(memberships).values(**member))
        connection.execute(insert(aliases).values(alias=OTHER, email=MARA))
        connection.execute(insert(brand_roles).values(email=MARA, brand="Tallow", role="admin"))
        rule = {"rule_id": "r1", "source": "kit", "pattern": "*", "reason": "ours", "by": MARA}
        connection.execute(insert(trust_rules).values(**rule, at=world.clock.now()))
    return world


def read_all(world: CoreWorld) -> dict[str, list[dict[str, Any]]]:
    tables = (people, aliases, brand_roles, memberships, gaps, gap_questions, slack_events, documents)
    with world.database.read() as connection:
        return {table.name: [row._asdict() for row in connection.execute(select(table))] for table in tables}


def read_holds(world: CoreWorld) -> tuple[Hold, ...]:
    with world.database.read() as connection:
        return list_holds(connection, released=True)


def restore(world: CoreWorld, key: str, current: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    with world.database.write() as connection:
        restore_hold(connection, key, current=current, wanted=wanted)


def test_erased_person_is_gone_under_every_address_and_nobody_else_is(
    known: CoreWorld, acts: RetentionActs
) -> None:
    erased = acts.erase_person(Erasure(OTHER.upper()), reason="asked to", by=ADMIN)
    counts = {"people": 1, "aliases": 1, "brand_roles": 1, "memberships": 1}
    assert erased == {**counts, "gap_questions": 3, "receipts": 0, "slack_events": 0}
    left = read_all(known)
    assert [row["email"] for row in left["people"]] == [RHYS]
    assert [row["member"] for row in left["memberships"]] == [f"user:{RHYS}"]
    assert (left["aliases"], left["brand_roles"]) == ([], [])
    askers = [row["asker"] for row in left["gap_questions"]]
    assert askers == ["erased person", RHYS, "erased person", RHYS, "erased person"]
    assert read_texts(known)["shared"] == ["shared 0?", "shared 0?", "shared 1?", "shared 2?"]


def test_words_of_their_questions_go_when_asked_for(known: CoreWorld, acts: RetentionActs) -> None:
    acts.erase_person(Erasure(MARA, texts=True), reason="asked to", by=ADMIN)
    assert read_texts(known) == {
        "shared": [REMOVED, REMOVED, "shared 1?", REMOVED],
        "his": ["his 0?", "his 0?", REMOVED],
    }
    assert read_vectors(known) == {"shared": b"", "his": b"vector"}


def test_slack_rows_go_by_the_id_that_is_given_once_they_are_answered(
    known: CoreWorld, acts: RetentionActs
) -> None:
    assert acts.erase_person(Erasure(MARA, slack_users=("U1",)), reason="x", by=ADMIN)["slack_events"] == 1
    events = {row["event_key"]: (row["user_id"], row["question"]) for row in read_all(known)["slack_events"]}
    assert events == {"finished": ("erased person", ""), "open": ("U1", "Why?")}


def test_erasing_is_on_record_without_what_was_erased_and_cannot_be_undone(
    known: CoreWorld, acts: RetentionActs
) -> None:
    acts.erase_person(Erasure(MARA), reason="asked to", by=ADMIN)
    row = known.read_audit()[-1]
    assert (row.act, row.subject, row.reason, row.before) == (
        "erase person",
        f"person {MARA}",
        "asked to",
        {},
    )
    assert (row.after["irreversible"], row.after["erased"]["people"]) == (True, 1)
    with known.database.read() as connection:
        assert verify_chain(connection, AUDIT).is_ok


def test_erasing_somebody_of_whom_nothing_is_stored_is_said_and_changes_nothing(
    known: CoreWorld, acts: RetentionActs
) -> None:
    before, rows = read_all(known), len(known.read_audit())
    with pytest.raises(UsageError, match=r"nothing that can be erased is stored about no@one\.example"):
        acts.erase_person(Erasure("no@one.example"), reason="x", by=ADMIN)
    with pytest.raises(UsageError, match="a reason is needed"):
        acts.erase_person(Erasure(MARA), reason=" ", by=ADMIN)
    assert (read_all(known), len(known.read_audit())) == (before, rows)


@pytest.mark.parametrize("held", [None, MARA, OTHER])
def test_held_person_is_not_erased_and_the_attempt_is_on_record(
    known: CoreWorld, acts: RetentionActs, held: str | None
) -> None:
    hold_id = acts.place_hold(held, reason="law suit", by=ADMIN)
    before = read_all(known)
    with pytest.raises(HeldBack, match=f"hold {hold_id} keeps .*: law suit"):
        acts.erase_person(Erasure(OTHER, texts=True), reason="asked to", by=LOCAL_OWNER)
    assert read_all(known) == before
    row = known.read_audit()[-1]
    assert (row.act, row.subject, "refused" in row.after) == ("erase person", f"person {OTHER}", True)
    acts.release_hold(hold_id, reason="settled", by=ADMIN)
    assert acts.erase_person(Erasure(OTHER), reason="asked to", by=LOCAL_OWNER)["people"] == 1


def test_hold_on_somebody_else_does_not_keep_this_person(known: CoreWorld, acts: RetentionActs) -> None:
    acts.place_hold(RHYS, reason="law suit", by=ADMIN)
    assert acts.erase_person(Erasure(MARA), reason="asked to", by=ADMIN)["people"] == 1


@pytest.mark.parametrize("by", [CURATOR, AUDITOR])
def test_only_an_admin_holds_releases_and_erases(known: CoreWorld, acts: RetentionActs, by: Person) -> None:
    hold_id = acts.place_hold(RHYS, reason="law suit", by=ADMIN)
    before = read_all(known), read_holds(known)
    with pytest.raises(NotAllowed, match="may not place hold"):
        acts.place_hold(None, reason="x", by=by)
    with pytest.raises(NotAllowed, match="may not release hold"):
        acts.release_hold(hold_id, reason="x", by=by)
    with pytest.raises(NotAllowed, match="may not erase person"):
        acts.erase_person(Erasure(MARA), reason="x", by=by)
    assert (read_all(known), read_holds(known)) == before


def test_hold_without_reason_and_release_of_none_are_refused(world: CoreWorld, acts: RetentionActs) -> None:
    with pytest.raises(UsageError, match="a reason is needed"):
        acts.place_hold(None, reason="", by=ADMIN)
    with pytest.raises(UsageError, match="is not an e-mail address"):
        acts.place_hold("mara", reason="x", by=ADMIN)
    hold_id = acts.place_hold(None, reason="x", by=ADMIN)
    acts.release_hold(hold_id, reason="over", by=ADMIN)
    for key in (hold_id, "nowhere"):
        with pytest.raises(UsageError, match=f"no hold '{key}' stands"):
            acts.release_hold(key, reason="again", by=ADMIN)


def test_placing_and_releasing_a_hold_can_be_undone_and_done_again(
    world: CoreWorld, acts: RetentionActs
) -> None:
    hold_id = acts.place_hold(MARA, reason="law suit", by=ADMIN)
    acts.release_hold(hold_id, reason="settled", by=ADMIN)
    placed, released = world.read_audit()[-2:]
    assert [row.subject for row in (placed, released)] == [f"hold {hold_id}"] * 2
    states = [read_holds(world)]
    restore(world, hold_id, released.after, released.before)
    assert [one.released_at for one in read_holds(world)] == [None]
    restore(world, hold_id, placed.after, placed.before)
    assert read_holds(world) == ()
    restore(world, hold_id, placed.before, placed.after)
    restore(world, hold_id, released.before, released.after)
    assert [read_holds(world)] == states


def test_hold_that_changed_since_is_not_restored(world: CoreWorld, acts: RetentionActs) -> None:
    hold_id = acts.place_hold(MARA, reason="law suit", by=ADMIN)
    placed = world.read_audit()[-1]
    acts.release_hold(hold_id, reason="settled", by=ADMIN)
    with pytest.raises(UsageError, match="released_at changed since"):
        restore(world, hold_id, placed.after, placed.before)
    with pytest.raises(UsageError, match="it is there or gone since"):
        restore(world, hold_id, {}, placed.after)
    assert len(read_holds(world)) == 1


def test_export_holds_all_that_is_stored_about_the_person_and_is_on_record(
    known: CoreWorld, traces: PersonTraces, acts: RetentionActs
) -> None:
    acts.place_hold(OTHER, reason="law suit", by=ADMIN)
    found = traces.export(MARA, slack_users=["U1"], by=AUDITOR, reason="asked to")
    assert found["addresses"] == [OTHER, MARA]
    assert [row["role"] for row in found["people"]] == ["curator"]
    assert [(row["group_name"], row["origin"]) for row in found["memberships"]] == [("sales", "CSV")]
    assert [row["question"] for row in found["gap_questions"]] == ["shared 0?", "shared 2?", "his 1?"]
    assert [len(found[name]) for name in ("aliases", "brand_roles", "slack_events", "holds")] == [1, 1, 2, 1]
    named = ("documents_owned", "documents_opened_to", "trust_rules")
    assert [len(found[name]) for name in named] == [1, 1, 1]
    acts_on_record = [row["act"] for row in found["audit"]]
    assert (acts_on_record[-1], "add person" in acts_on_record) == ("export person", True)
    assert RHYS not in str({**found, "audit": []})
    assert known.read_audit()[-1].after["irreversible"] is True


def test_export_without_a_slack_id_holds_no_event(known: CoreWorld, traces: PersonTraces) -> None:
    assert traces.export(MARA, slack_users=[], by=AUDITOR, reason="")["slack_events"] == []


def test_curator_may_not_export_a_person(known: CoreWorld, traces: PersonTraces) -> None:
    with pytest.raises(NotAllowed, match="may not export person"):
        traces.export(MARA, slack_users=[], by=CURATOR, reason="")
    assert known.read_audit()[-1].after == {"refused": "curator"}


def test_what_stays_is_counted(known: CoreWorld, traces: PersonTraces) -> None:
    staying = traces.count_staying(MARA)
    assert {name: staying[name] for name in ("documents_owned", "documents_opened_to", "trust_rules")} == {
        "documents_owned": 1,
        "documents_opened_to": 1,
        "trust_rules": 1,
    }
    assert staying["audit"] >= 1
