"""The ledger decides last: what exists, which revision answers, and what the index must still hold."""

from dataclasses import replace

from core.access import OPEN_TO_ALL
from core.ledger import IDS_PER_QUERY
from core.metadata import Declared
from tests.unit.core.core_world import APPROVED, CURATOR, DRAFT, CoreWorld, make_incoming


def test_unknown_document_is_not_found(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("voice.md", "We say we."))
    assert set(world.ledger.find_answering([document_id, "nowhere"])) == {document_id}
    assert world.ledger.find_answering([]) == {}


def test_more_ids_than_one_query_takes_are_all_found(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("voice.md", "We say we."))
    wanted = [f"a{number}" for number in range(IDS_PER_QUERY)] + [document_id]
    assert set(world.ledger.find_answering(wanted)) == {document_id}
    assert set(world.ledger.find_answering([*wanted, "zz"])) == {document_id}


def test_documents_are_listed_by_path_and_filtered(world: CoreWorld) -> None:
    world.sync(make_incoming("b.md", "b", DRAFT))
    world.sync(make_incoming("a.md", "a"))
    paths = [row.document.path for row in world.ledger.list_documents()]
    assert paths == ["a.md", "b.md"]
    assert [row.document.path for row in world.ledger.list_documents(status="draft")] == ["b.md"]
    assert world.ledger.list_documents(source="other") == ()
    assert len(world.ledger.list_documents(source="kit", status="approved")) == 1


def test_document_is_named_by_id_path_or_source_and_path(world: CoreWorld) -> None:
    rows = [make_incoming("quotes.xlsx", text, part=text) for text in ("one", "two")]
    first, second = (world.sync(row) for row in rows)
    found = world.ledger.find_documents([first, "quotes.xlsx", "kit:quotes.xlsx", "quotes"])
    ids = {word: {row.document.document_id for row in rows} for word, rows in found.items()}
    assert ids == {
        first: {first},
        "quotes.xlsx": {first, second},
        "kit:quotes.xlsx": {first, second},
        "quotes": set(),
    }


def test_index_owes_both_kept_revisions_their_facts(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("voice.md", "one"))
    world.sync(make_incoming("voice.md", "two", replace(APPROVED, access=OPEN_TO_ALL)))
    (task,) = world.ledger.list_unsettled()
    assert task.document_id == document_id
    assert {number: facts.status for number, facts in task.facts.items()} == {1: "approved", 2: "draft"}
    assert {facts.access for facts in task.facts.values()} == {OPEN_TO_ALL}


def test_document_stays_unsettled_when_an_act_came_after_the_task_was_read(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("voice.md", "one", DRAFT))
    world.document_acts.approve([document_id], by=CURATOR, reason="")
    (task,) = world.ledger.list_unsettled()
    world.document_acts.retire([document_id], by=CURATOR, reason="")
    world.ledger.mark_settled([task])
    assert not world.find(document_id).is_settled
    world.settle()
    assert world.find(document_id).is_settled
    assert world.ledger.list_unsettled() == ()


def test_index_owes_nothing_to_a_removed_document(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("voice.md", "one", DRAFT))
    world.document_acts.approve([document_id], by=CURATOR, reason="")
    (task,) = world.ledger.list_unsettled()
    world.open_sync().mark_removed([document_id], ["voice.md"])
    assert world.ledger.list_unsettled() == ()
    world.source_acts.remove("kit", by=replace(CURATOR, role="admin"))
    world.ledger.mark_settled([task])
    assert world.ledger.find_answering([document_id]) == {}


def test_text_of_an_unknown_revision_is_none(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("voice.md", "one"))
    assert world.ledger.load_parsed(document_id, 2) is None
    assert world.ledger.load_parsed("nowhere", 1) is None


def test_documents_are_counted_by_status_without_removed_ones(world: CoreWorld) -> None:
    declared = {"a": APPROVED, "b": APPROVED, "c": DRAFT, "d": Declared(status="retired"), "e": APPROVED}
    ids = {path: world.sync(make_incoming(path, path, one)) for path, one in declared.items()}
    world.open_sync().mark_removed([ids["e"]], ["e"])
    assert world.ledger.count() == {"approved": 2, "draft": 1, "retired": 1}
