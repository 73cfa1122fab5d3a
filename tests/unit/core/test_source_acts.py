"""Acts on sources: removal is silent at once and can be undone until the name is used again."""

from collections.abc import Mapping
from typing import Any

import pytest

from core.access import LOCAL_OWNER
from core.errors import NotAllowed, UsageError
from core.source_acts import restore_source
from core.sources import Source, Sources
from tests.unit.core.core_world import CURATOR, DRAFT, CoreWorld, make_incoming

VOICE = make_incoming("voice.md", "We say we.", DRAFT)


@pytest.fixture
def document_id(world: CoreWorld) -> str:
    """A draft of `kit` that a curator has approved."""
    made = world.sync(VOICE)
    world.document_acts.approve([made], by=CURATOR, reason="read it")
    return made


def restore(world: CoreWorld, current: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    with world.database.write() as connection:
        restore_source(connection, "kit", current=current, wanted=wanted)


def list_names(world: CoreWorld) -> list[str]:
    return [source.name for source in Sources(world.database, world.clock).list_sources()]


def test_removed_source_and_its_documents_are_silent_and_not_listed(
    world: CoreWorld, document_id: str
) -> None:
    assert world.source_acts.remove("kit", by=LOCAL_OWNER, reason="moved away") == (document_id,)
    assert list_names(world) == []
    assert world.ledger.find_answering([document_id]) == {}
    assert world.ledger.list_documents() == ()
    assert world.read_audit()[-1].reason == "moved away"
    with pytest.raises(UsageError, match="no source 'kit'"):
        world.source_acts.remove("kit", by=LOCAL_OWNER)


def test_sync_that_was_under_way_cannot_bring_a_removed_source_back(world: CoreWorld) -> None:
    plan = world.plan(VOICE)
    world.source_acts.remove("kit", by=LOCAL_OWNER)
    assert world.commit(plan, VOICE) == {
        "voice.md": "the source 'kit' was removed while it was being indexed"
    }
    assert world.ledger.list_documents(include_removed=True) == ()


def test_restored_source_gets_its_documents_back_by_a_sync_with_ids_and_acts(
    world: CoreWorld, document_id: str
) -> None:
    world.source_acts.remove("kit", by=LOCAL_OWNER)
    row = world.read_audit()[-1]
    restore(world, row.after, row.before)
    assert list_names(world) == ["kit"]
    assert world.ledger.find_answering([document_id]) == {}
    assert world.open_sync().read_files()["voice.md"].declared_hash == ""
    assert world.sync(VOICE) == document_id
    assert world.find(document_id).facts.status == "approved"


def test_removal_and_addition_can_be_taken_back_and_taken_back_again(
    world: CoreWorld, document_id: str
) -> None:
    added = world.read_audit()[0]
    restore(world, added.after, added.before)
    assert (list_names(world), world.ledger.find_answering([document_id])) == ([], {})
    restore(world, added.before, added.after)
    assert list_names(world) == ["kit"]
    world.source_acts.remove("kit", by=LOCAL_OWNER)
    removed = world.read_audit()[-1]
    restore(world, removed.after, removed.before)
    restore(world, removed.before, removed.after)
    assert list_names(world) == []


def test_name_that_is_used_again_purges_the_old_source_for_good_and_says_so(
    world: CoreWorld, document_id: str
) -> None:
    world.source_acts.remove("kit", by=LOCAL_OWNER)
    removed = world.read_audit()[-1]
    assert world.source_acts.add(Source("kit", "folder", {"path": "b"}), by=LOCAL_OWNER) == (document_id,)
    assert world.ledger.list_documents(include_removed=True) == ()
    purged, added = world.read_audit()[-2:]
    assert [row.act for row in (purged, added)] == ["purge source", "add source"]
    assert (purged.before["documents"], purged.before["options"]) == (1, {"path": "kit"})
    with pytest.raises(UsageError, match="has changed after that act"):
        restore(world, removed.after, removed.before)
    with pytest.raises(UsageError, match="was purged for good"):
        restore(world, purged.after, purged.before)


def test_what_holds_for_a_source_is_set_on_record_and_can_be_taken_back(world: CoreWorld) -> None:
    fields = {"brand": "Otter", "kind": "messaging", "on_change": "hold"}
    world.source_acts.set_fields("kit", fields, by=LOCAL_OWNER, reason="as agreed")
    sources = Sources(world.database, world.clock)
    found = sources.get("kit")
    assert (found.brand, found.kind, found.on_change) == ("Otter", "messaging", "hold")
    row = world.read_audit()[-1]
    assert row.before == {"brand": None, "kind": "other", "on_change": "keep_approved"}
    restore(world, row.after, row.before)
    assert sources.get("kit") == Source("kit", "folder", {"path": "kit"})
    with pytest.raises(UsageError, match=r"changed after that act \(brand, kind, on_change\)"):
        restore(world, row.after, row.before)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "cannot set nothing; allowed: brand, kind, on_change"),
        ({"access": "all"}, "cannot set access"),
        ({"on_change": "never"}, "on-change 'never' is not known"),
        ({"kind": ""}, "kind cannot be empty"),
    ],
)
def test_field_that_cannot_be_set_is_refused(
    world: CoreWorld, fields: Mapping[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        world.source_acts.set_fields("kit", fields, by=LOCAL_OWNER)
    assert [row.act for row in world.read_audit()] == ["add source"]


def test_curator_may_not_set_a_source(world: CoreWorld) -> None:
    with pytest.raises(NotAllowed):
        world.source_acts.set_fields("kit", {"on_change": "auto_approve"}, by=CURATOR)
