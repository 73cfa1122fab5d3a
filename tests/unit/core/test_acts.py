"""Acts: the change and its one audit row, both or neither; who may not leaves a row and changes nothing."""

from datetime import date

import pytest
from sqlalchemy import Connection

from core.access import ANYONE, LOCAL_OWNER, OPEN_TO_ALL, OWNER_ACCESS, Person
from core.acts import CURATORS, ActRequest
from core.errors import NotAllowed, OnbrandError, UsageError
from core.sources import Source, Sources, UnknownSource
from core.world_facts import read_fact
from tests.unit.core.core_world import ADMIN, CURATOR, DRAFT, READER, CoreWorld, make_incoming

GONE_CURATOR = Person("gil@pelmarrow.example", role="curator", active=False)


@pytest.fixture
def document_id(world: CoreWorld) -> str:
    """A draft, first seen by a sync."""
    return world.sync(make_incoming("voice.md", "We say we.", DRAFT))


def test_approved_document_answers_and_the_act_is_one_row(world: CoreWorld, document_id: str) -> None:
    before = len(world.read_audit())
    world.document_acts.approve([document_id], by=CURATOR, reason="read it")
    assert world.find(document_id).facts.status == "approved"
    rows = world.read_audit()[before:]
    assert [(row.actor, row.act, row.subject, row.reason) for row in rows] == [
        ("cora@pelmarrow.example", "approve", f"document {document_id}", "read it")
    ]
    assert (rows[0].before["status"], rows[0].after["status"]) == ("draft", "approved")
    assert (rows[0].before["answering_revision"], rows[0].after["answering_revision"]) == (None, 1)


def test_retired_document_has_no_answering_revision(world: CoreWorld, document_id: str) -> None:
    world.document_acts.approve([document_id], by=CURATOR, reason="")
    world.document_acts.retire([document_id], by=CURATOR, reason="old")
    (row,) = world.ledger.list_documents()
    assert row.document.facts.status == "retired"
    assert row.curated == {"status": "retired"}
    assert [row.act for row in world.read_audit()[-2:]] == ["approve", "retire"]


def test_document_is_silent_after_an_act_until_the_index_has_it(world: CoreWorld, document_id: str) -> None:
    assert world.find(document_id).is_settled
    world.document_acts.approve([document_id], by=CURATOR, reason="")
    assert not world.find(document_id).is_settled
    world.settle()
    assert world.find(document_id).is_settled


def test_index_is_asked_to_follow_once_for_all_documents_of_an_act(
    world: CoreWorld, document_id: str
) -> None:
    other = world.sync(make_incoming("tone.md", "Be kind.", DRAFT))
    world.document_acts.approve([document_id, other], by=CURATOR, reason="")
    assert len(world.settle_calls) == 1
    assert [row.subject for row in world.read_audit()[-2:]] == [
        f"document {document_id}",
        f"document {other}",
    ]


def test_index_follows_the_first_document_when_a_later_one_is_refused(
    world: CoreWorld, document_id: str
) -> None:
    with pytest.raises(UsageError, match="no document 'nowhere'; see `onbrand documents list`"):
        world.document_acts.approve([document_id, "nowhere"], by=CURATOR, reason="")
    assert world.find(document_id).facts.status == "approved"
    assert world.settle_calls == [1]


def test_fields_that_are_set_hold_at_once_and_are_on_record(world: CoreWorld, document_id: str) -> None:
    fields = {
        "title": "Voice",
        "brand": "Pelmarrow",
        "kind": "brand guide",
        "owner": "Brand team",
        "valid_from": "2026-01-01",
        "valid_until": "2026-12-31",
        "access": "all",
        "url": "https://wiki.pelmarrow.example/voice",
        "classification": "link_only",
    }
    world.document_acts.set_fields([document_id], fields, by=ADMIN, reason="tidy")
    found = world.find(document_id)
    assert (found.title, found.owner, found.url) == (
        "Voice",
        "Brand team",
        "https://wiki.pelmarrow.example/voice",
    )
    assert (found.facts.kind, found.facts.brand, found.classification) == (
        "brand_guide",
        "Pelmarrow",
        "link_only",
    )
    assert (found.facts.validity.valid_from, found.facts.validity.valid_until) == (
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
    assert found.facts.access == OPEN_TO_ALL
    assert world.read_audit()[-1].after["valid_until"] == "2026-12-31"
    assert world.read_audit()[-1].before["access"] == [["owner"]]


def test_empty_value_opens_an_end_date(world: CoreWorld, document_id: str) -> None:
    world.document_acts.set_fields([document_id], {"valid_until": "2026-12-31"}, by=CURATOR, reason="")
    world.document_acts.set_fields([document_id], {"valid_until": ""}, by=CURATOR, reason="")
    assert world.find(document_id).facts.validity.valid_until is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"colour": "red"}, "cannot set colour; allowed: title, brand, kind, owner"),
        ({"status": "approved"}, "cannot set status; allowed: "),
        ({}, "cannot set nothing; allowed: "),
        ({"valid_until": "soon"}, "valid_until 'soon' is not a day"),
        ({"access": "everyone"}, "access 'everyone' is not understood"),
        ({"title": ""}, "title cannot be empty"),
        ({"classification": ""}, "classification cannot be empty"),
    ],
)
def test_field_that_cannot_be_set_changes_nothing(
    world: CoreWorld, document_id: str, fields: dict[str, str], message: str
) -> None:
    before, rows = world.find(document_id), len(world.read_audit())
    with pytest.raises(UsageError, match=message):
        world.document_acts.set_fields([document_id], fields, by=CURATOR, reason="")
    assert world.find(document_id) == before
    assert len(world.read_audit()) == rows


@pytest.mark.parametrize(
    "by", [READER, ANYONE, GONE_CURATOR, Person("aud@pelmarrow.example", role="auditor")]
)
def test_person_without_the_role_is_refused_and_the_refusal_is_on_record(
    world: CoreWorld, document_id: str, by: Person
) -> None:
    before, rows = world.find(document_id), len(world.read_audit())
    with pytest.raises(NotAllowed, match=r"may not approve \(role: .*\); it takes admin or curator"):
        world.document_acts.approve([document_id], by=by, reason="")
    assert world.find(document_id) == before
    (refusal,) = world.read_audit()[rows:]
    assert (refusal.actor, refusal.act, refusal.after) == (
        by.label(),
        "approve",
        {"refused": by.role or "no role"},
    )


def test_local_owner_may_do_everything(world: CoreWorld, document_id: str) -> None:
    world.document_acts.approve([document_id], by=LOCAL_OWNER, reason="")
    assert world.find(document_id).facts.status == "approved"
    assert world.read_audit()[-1].actor == "local owner"


def test_change_that_fails_leaves_neither_change_nor_row(world: CoreWorld) -> None:
    rows = len(world.read_audit())

    def change(connection: Connection) -> tuple[dict[str, str], dict[str, str]]:
        connection.exec_driver_sql("INSERT INTO world_facts VALUES ('half', 'done')")
        raise OnbrandError("stopped half-way")

    with pytest.raises(OnbrandError, match="stopped half-way"):
        world.acts.perform(ActRequest("try", "it", CURATOR, "", CURATORS), change)
    assert read_fact(world.database, "half") is None
    assert len(world.read_audit()) == rows


def test_source_is_added_and_removed_with_its_documents(world: CoreWorld, document_id: str) -> None:
    assert world.source_acts.remove("kit", by=LOCAL_OWNER) == (document_id,)
    assert Sources(world.database, world.clock).list_sources() == ()
    assert world.ledger.find_answering([document_id]) == {}
    assert [(row.act, row.subject) for row in world.read_audit()] == [
        ("add source", "source kit"),
        ("remove source", "source kit"),
    ]


def test_source_that_is_unknown_cannot_be_removed(world: CoreWorld) -> None:
    with pytest.raises(UnknownSource, match="no source 'nowhere'"):
        world.source_acts.remove("nowhere", by=LOCAL_OWNER)
    assert [row.act for row in world.read_audit()] == ["add source"]


@pytest.mark.parametrize("name", ["", "Kit", "a b", "../x", "-kit", "x" * 81])
def test_source_name_that_cannot_be_typed_is_refused(world: CoreWorld, name: str) -> None:
    with pytest.raises(UsageError, match=r"is not usable; allowed: a-z 0-9"):
        world.source_acts.add(Source(name, "folder", {}), by=LOCAL_OWNER)


def test_source_of_the_same_name_is_refused(world: CoreWorld) -> None:
    with pytest.raises(UsageError, match="a source 'kit' exists already"):
        world.source_acts.add(Source("kit", "drive", {}), by=LOCAL_OWNER)
    assert Sources(world.database, world.clock).get("kit").type == "folder"


def test_source_is_read_back_as_it_was_added(world: CoreWorld) -> None:
    added = Source(
        "wiki", "folder", {"path": "/w"}, "Pelmarrow", "approved", "messaging", OPEN_TO_ALL, "hold"
    )
    world.source_acts.add(added, by=LOCAL_OWNER)
    sources = Sources(world.database, world.clock)
    assert sources.get("wiki") == added
    assert sources.get("kit").access == OWNER_ACCESS
    sources.record_sync("wiki", {"ingested": 3})
    assert (sources.get("wiki").last_sync, sources.get("kit").last_sync) == ({"ingested": 3}, None)
    with pytest.raises(UnknownSource, match="no source 'drive'; known: kit, wiki"):
        sources.get("drive")
