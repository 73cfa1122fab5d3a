"""The ledger's side of a sync: one write makes a document visible, or nothing does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from core.access import LOCAL_OWNER, OPEN_TO_ALL
from core.metadata import Declared
from core.sync_writes import DocumentWrite, FileRecord, FileWrite
from tests.unit.core.core_world import ADMIN, APPROVED, CURATOR, DRAFT, CoreWorld, make_incoming

VOICE = make_incoming("voice.md", "We say we.")
VOICE_2 = make_incoming("voice.md", "We say us.")
OPEN = replace(APPROVED, access=OPEN_TO_ALL)


def test_planned_document_is_not_visible_before_it_is_committed(world: CoreWorld) -> None:
    plan = world.plan(VOICE)
    assert world.ledger.list_documents() == ()
    world.commit(plan, VOICE)
    found = world.find(plan.document_id)
    assert (found.revision, found.facts.status, found.is_settled, found.newer_draft) == (
        1,
        "approved",
        True,
        False,
    )
    assert world.ledger.load_parsed(plan.document_id, 1) == b"We say we."


def test_unchanged_document_keeps_id_and_revision(world: CoreWorld) -> None:
    document_id = world.sync(VOICE)
    before = world.find(document_id)
    assert world.sync(VOICE) == document_id
    assert world.find(document_id) == before


def test_new_text_waits_while_the_approved_revision_answers(world: CoreWorld) -> None:
    document_id = world.sync(VOICE)
    world.sync(VOICE_2)
    found = world.find(document_id)
    assert (found.revision, found.facts.status, found.newer_draft) == (1, "approved", True)
    assert world.ledger.load_parsed(document_id, 2) == b"We say us."


def test_approval_of_the_waiting_revision_makes_it_answer_on(world: CoreWorld) -> None:
    document_id = world.sync(VOICE)
    world.sync(VOICE_2)
    world.document_acts.approve([document_id], by=CURATOR, reason="")
    world.sync(make_incoming("voice.md", "We say they."))
    found = world.find(document_id)
    assert (found.revision, found.newer_draft) == (2, True)


def test_new_text_on_hold_is_silent_until_approved(world: CoreWorld) -> None:
    document_id = world.sync(VOICE, "hold")
    world.sync(VOICE_2, "hold")
    assert world.find(document_id).facts.status == "draft"
    world.document_acts.approve([document_id], by=CURATOR, reason="")
    assert (world.find(document_id).revision, world.find(document_id).facts.status) == (2, "approved")


def test_withdrawn_document_of_a_trusted_source_stays_silent_through_changes(world: CoreWorld) -> None:
    document_id = world.sync(VOICE, "auto_approve")
    world.sync(make_incoming("voice.md", "We say we.", DRAFT), "auto_approve")
    world.sync(make_incoming("voice.md", "We say us.", DRAFT), "auto_approve")
    assert world.find(document_id).facts.status == "draft"


def test_metadata_change_makes_no_revision_and_waits_for_the_index(world: CoreWorld) -> None:
    document_id = world.sync(VOICE)
    world.sync(replace(VOICE, declared=OPEN))
    found = world.find(document_id)
    assert (found.revision, found.facts.access, found.is_settled) == (1, OPEN_TO_ALL, False)
    world.settle()
    assert world.find(document_id).is_settled


def test_sync_never_writes_over_an_act(world: CoreWorld) -> None:
    document_id = world.sync(VOICE)
    world.document_acts.set_fields(
        [document_id], {"brand": "Pelmarrow", "access": "all"}, by=ADMIN, reason=""
    )
    world.document_acts.retire([document_id], by=CURATOR, reason="")
    world.sync(replace(VOICE_2, declared=Declared(status="approved", brand="Other")))
    (row,) = world.ledger.list_documents()
    assert (row.document.facts.status, row.document.facts.brand, row.latest_revision) == (
        "retired",
        "Pelmarrow",
        2,
    )
    assert row.document.facts.access == OPEN_TO_ALL


@pytest.mark.parametrize("act", ["approve", "retire", "set", "sync", "move"])
def test_plan_is_outdated_when_something_came_in_between(world: CoreWorld, act: str) -> None:
    document_id = world.sync(make_incoming("voice.md", "We say we.", DRAFT))
    incoming = make_incoming("voice.md", "We say us.", DRAFT)
    plan = world.plan(incoming)
    if act == "approve":
        world.document_acts.approve([document_id], by=CURATOR, reason="")
    elif act == "retire":
        world.document_acts.retire([document_id], by=CURATOR, reason="")
    elif act == "set":
        world.document_acts.set_fields([document_id], {"brand": "Pelmarrow"}, by=CURATOR, reason="")
    elif act == "sync":
        world.sync(make_incoming("voice.md", "We say they.", DRAFT))
    else:
        assert plan.known is not None
        world.open_sync().move([plan.known.document_id], plan.known.path, "elsewhere.md")
    before = world.ledger.list_documents()
    assert world.commit(plan, incoming) == {"voice.md": "voice.md changed while it was being indexed"}
    assert world.ledger.list_documents() == before


def test_plan_is_outdated_when_the_document_appeared_or_its_source_went(world: CoreWorld) -> None:
    plan = world.plan(VOICE)
    world.sync(VOICE)
    assert world.commit(plan, VOICE)
    later = world.plan(VOICE_2)
    world.source_acts.remove("kit", by=LOCAL_OWNER)
    assert world.commit(later, VOICE_2)


def test_documents_of_one_file_become_visible_together_or_not_at_all(world: CoreWorld) -> None:
    first, second = (make_incoming("quotes.xlsx", "Fast.", part=f"row {number}") for number in (1, 2))
    plans = [world.plan(first), world.plan(second)]
    world.sync(second)
    writes = tuple(DocumentWrite(plan, one, 1) for plan, one in zip(plans, (first, second), strict=True))
    file = FileWrite(FileRecord("quotes.xlsx", "hash", "declared"), writes)
    assert world.open_sync().commit([file]).keys() == {"quotes.xlsx"}
    assert [row.document.document_id for row in world.ledger.list_documents()] == [plans[1].document_id]
    assert world.open_sync().read_files()["quotes.xlsx"].content_hash == second.content_hash


def test_outdated_file_does_not_hold_back_the_others_of_its_batch(world: CoreWorld) -> None:
    other = make_incoming("tone.md", "We are brief.")
    plans = [world.plan(VOICE), world.plan(other)]
    world.sync(VOICE)
    files = [
        FileWrite(FileRecord(one.path, one.content_hash, "declared"), (DocumentWrite(plan, one, 1),))
        for plan, one in zip(plans, (VOICE, other), strict=True)
    ]
    assert world.open_sync().commit(files).keys() == {"voice.md"}
    assert {row.document.path for row in world.ledger.list_documents()} == {"voice.md", "tone.md"}


def test_moved_document_keeps_id_revisions_and_acts(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("voice.md", "We say we.", DRAFT))
    world.document_acts.approve([document_id], by=CURATOR, reason="")
    sync = world.open_sync()
    sync.move([document_id], "voice.md", "guides/voice.md")
    assert "voice.md" not in sync.read_files()
    assert world.sync(make_incoming("guides/voice.md", "We say we.", DRAFT)) == document_id
    found = world.find(document_id)
    assert (found.path, found.revision, found.facts.status) == ("guides/voice.md", 1, "approved")


def test_path_left_by_a_move_is_a_new_document_when_it_is_used_again(world: CoreWorld) -> None:
    document_id = world.sync(VOICE)
    sync = world.open_sync()
    sync.move([document_id], "voice.md", "guides/voice.md")
    again = world.sync(make_incoming("voice.md", "Another text.", DRAFT))
    assert again != document_id
    assert [row.document.path for row in world.ledger.list_documents()] == ["guides/voice.md", "voice.md"]


def test_same_path_has_the_same_id_in_another_world(world: CoreWorld) -> None:
    first = world.sync(VOICE)
    world.source_acts.remove("kit", by=LOCAL_OWNER)
    assert CoreWorld.over(world.database, world.clock).sync(VOICE) == first


def test_removed_document_is_silent_at_once_and_its_file_forgotten(world: CoreWorld) -> None:
    document_id = world.sync(VOICE)
    world.open_sync().mark_removed([document_id], ["voice.md"])
    assert world.ledger.find_answering([document_id]) == {}
    assert world.ledger.list_documents() == ()
    assert [row.is_removed for row in world.ledger.list_documents(include_removed=True)] == [True]
    assert world.open_sync().read_files() == {}


def test_restored_document_has_its_id_and_its_acts(world: CoreWorld) -> None:
    document_id = world.sync(VOICE)
    world.document_acts.retire([document_id], by=CURATOR, reason="")
    world.open_sync().mark_removed([document_id], ["voice.md"])
    plan = world.plan(VOICE_2)
    assert plan.needs_passages
    world.commit(plan, VOICE_2)
    (row,) = world.ledger.list_documents()
    assert (row.document.document_id, row.document.facts.status, row.latest_revision) == (
        document_id,
        "retired",
        2,
    )


def test_file_that_failed_is_remembered_with_its_error(world: CoreWorld) -> None:
    sync = world.open_sync()
    sync.record_file(FileRecord("bad.pdf", "hash", "declared", error="no text"))
    sync.record_file(FileRecord("bad.pdf", "other", "declared", error="still no text"))
    (row,) = sync.read_files().values()
    assert (row.path, row.content_hash, row.error) == ("bad.pdf", "other", "still no text")


def test_time_of_change_is_kept_in_utc_whatever_zone_it_came_in(world: CoreWorld) -> None:
    changed = datetime(2026, 3, 3, 1, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    document_id = world.sync(replace(VOICE, updated=changed))
    assert world.find(document_id).updated == datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
