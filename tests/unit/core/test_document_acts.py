"""Acts on documents: extending, narrowing access, roles for one brand, and what one command did together."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from core.access import OPEN_TO_ALL, AccessList, Person
from core.document_acts import restore_document
from core.documents import Status, Validity
from core.errors import NotAllowed, UsageError
from core.ledger import Ledger
from core.metadata import Declared
from tests.unit.core.core_world import ADMIN, APPROVED, CURATOR, CoreWorld, make_incoming

SALES = frozenset({"group:sales"})
OPEN = Declared(status="approved", access=OPEN_TO_ALL)
BATTLECARD = Declared(status="approved", access=OPEN_TO_ALL, kind="battlecard")


def undo_last(world: CoreWorld) -> None:
    """What an undo does to the row of a document."""
    row = world.read_audit()[-1]
    key = row.subject.removeprefix("document ")
    with world.database.write() as connection:
        restore_document(connection, key, current=row.after, wanted=row.before)


def read_state(world: CoreWorld, document_id: str) -> tuple[Any, ...]:
    (row,) = [one for one in world.ledger.list_documents() if one.document.document_id == document_id]
    known = world.open_sync().read_known()[(row.document.path, "")]
    return (row.document.facts, row.document.revision, row.curated, known.was_approved)


def test_curator_narrows_access_and_the_source_still_holds(world: CoreWorld) -> None:
    restricted = AccessList((frozenset({"group:marketing"}),))
    document_id = world.sync(make_incoming("a.md", "One.", Declared(status="approved", access=restricted)))
    world.document_acts.set_fields([document_id], {"access": "group:sales"}, by=CURATOR, reason="")
    assert world.find(document_id).facts.access.clauses == (frozenset({"group:marketing"}), SALES)


def test_curator_cannot_widen_access(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("a.md", "One.", APPROVED))
    world.document_acts.set_fields([document_id], {"access": "all"}, by=CURATOR, reason="")
    assert world.find(document_id).facts.access.clauses[0] == frozenset({"owner"})


def test_narrowing_survives_a_source_that_opens_up_and_can_be_taken_back(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("a.md", "One.", APPROVED))
    world.document_acts.set_fields([document_id], {"access": "group:sales"}, by=CURATOR, reason="")
    world.sync(make_incoming("a.md", "One.", OPEN))
    assert world.find(document_id).facts.access.clauses == (frozenset({"all"}), SALES)
    world.document_acts.set_fields([document_id], {"access": ""}, by=CURATOR, reason="")
    assert world.find(document_id).facts.access == OPEN_TO_ALL


def test_admin_replaces_access_and_a_curator_cannot_take_that_back(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("a.md", "One.", OPEN))
    world.document_acts.set_fields([document_id], {"access": "group:sales"}, by=ADMIN, reason="")
    assert world.find(document_id).facts.access.clauses == (SALES,)
    world.document_acts.set_fields([document_id], {"access": ""}, by=CURATOR, reason="")
    assert world.find(document_id).facts.access.clauses == (SALES,)
    world.document_acts.set_fields([document_id], {"access": ""}, by=ADMIN, reason="")
    assert world.find(document_id).facts.access == OPEN_TO_ALL


def test_more_levels_of_access_than_the_index_keeps_are_refused(world: CoreWorld) -> None:
    levels = AccessList(tuple(frozenset({f"group:{number}"}) for number in range(8)))
    document_id = world.sync(make_incoming("a.md", "One.", Declared(status="approved", access=levels)))
    with pytest.raises(UsageError, match="8 levels of access already; at most 8"):
        world.document_acts.set_fields([document_id], {"access": "group:sales"}, by=CURATOR, reason="")


def test_role_for_one_brand_reaches_that_brand_alone(world: CoreWorld) -> None:
    of_brand = Person("bea@pelmarrow.example", brand_roles=frozenset({("Pel", "curator")}))
    own = world.sync(make_incoming("a.md", "One.", Declared(brand="Pel")))
    other = world.sync(make_incoming("b.md", "Two.", Declared(brand="Marrow")))
    of_all = world.sync(make_incoming("c.md", "Three.", Declared()))
    world.document_acts.approve([own], by=of_brand, reason="")
    assert world.find(own).facts.status == "approved"
    for document_id in (other, of_all):
        with pytest.raises(NotAllowed, match="it takes admin or curator"):
            world.document_acts.approve([document_id], by=of_brand, reason="")
        assert world.find(document_id).facts.status == "draft"


@pytest.mark.parametrize("brand", ["Marrow", ""])
def test_role_for_one_brand_cannot_give_a_document_away(world: CoreWorld, brand: str) -> None:
    of_brand = Person("bea@pelmarrow.example", brand_roles=frozenset({("Pel", "curator")}))
    own = world.sync(make_incoming("a.md", "One.", Declared(brand="Pel")))
    with pytest.raises(NotAllowed):
        world.document_acts.set_fields([own], {"brand": brand}, by=of_brand, reason="")
    assert world.find(own).facts.brand == "Pel"


def test_extended_document_is_valid_longer_and_reviewed_today(world: CoreWorld) -> None:
    ledger = Ledger(world.database, review_days={"battlecard": 90})
    until = Declared(status="approved", kind="battlecard", validity=Validity(None, date(2026, 12, 31)))
    document_id = world.sync(make_incoming("a.md", "One.", until))
    world.document_acts.extend([document_id], by=CURATOR, reason="read again", until=date(2027, 6, 30))
    found = ledger.find_answering([document_id])[document_id]
    assert found.facts.validity.valid_until == date(2027, 6, 30)
    assert found.review_by == world.clock.today() + timedelta(days=90)


def test_day_of_review_that_was_given_stands_above_the_usual_days(world: CoreWorld) -> None:
    ledger = Ledger(world.database, review_days={"battlecard": 90})
    document_id = world.sync(make_incoming("a.md", "One.", BATTLECARD))
    world.document_acts.extend([document_id], by=CURATOR, reason="", review_by=date(2030, 1, 1))
    assert ledger.find_answering([document_id])[document_id].review_by == date(2030, 1, 1)
    world.document_acts.extend([document_id], by=CURATOR, reason="")
    assert ledger.find_answering([document_id])[document_id].review_by == world.clock.today() + timedelta(
        days=90
    )


def test_document_is_overdue_from_the_day_after_its_review_day(world: CoreWorld) -> None:
    ledger = Ledger(world.database, review_days={"battlecard": 90})
    document_id = world.sync(make_incoming("a.md", "One.", BATTLECARD))
    found = ledger.find_answering([document_id])[document_id]
    due = world.clock.today() + timedelta(days=90)
    assert not found.is_overdue(due)
    assert found.is_overdue(due + timedelta(days=1))
    assert ledger.list_documents()[0].document.review_by == due


def test_new_approved_text_starts_the_days_of_review_anew_and_a_waiting_draft_does_not(
    world: CoreWorld,
) -> None:
    ledger = Ledger(world.database, review_days={"battlecard": 90})
    document_id = world.sync(make_incoming("a.md", "One.", BATTLECARD))
    world.document_acts.set_fields([document_id], {"review_by": "2026-01-01"}, by=CURATOR, reason="")
    world.sync(make_incoming("a.md", "Two.", BATTLECARD))
    assert ledger.find_answering([document_id])[document_id].review_by == date(2026, 1, 1)


@pytest.mark.parametrize(("until", "message"), [(date(2026, 1, 1), "is earlier"), (None, "answers nothing")])
def test_extension_that_makes_no_sense_is_refused(world: CoreWorld, until: date | None, message: str) -> None:
    status: Status = "draft" if until is None else "approved"
    declared = Declared(status=status, validity=Validity(None, date(2026, 12, 31)))
    document_id = world.sync(make_incoming("a.md", "One.", declared))
    with pytest.raises(UsageError, match=message):
        world.document_acts.extend([document_id], by=CURATOR, reason="", until=until)


def test_acts_of_one_command_share_a_batch_and_a_single_one_has_none(world: CoreWorld) -> None:
    ids = [world.sync(make_incoming(f"{name}.md", name)) for name in "ab"]
    world.document_acts.retire(ids, by=CURATOR, reason="")
    world.document_acts.approve(ids[:1], by=CURATOR, reason="")
    first, second, third = [row.batch for row in world.read_audit()[-3:]]
    assert first == second
    assert first
    assert third is None


@pytest.mark.parametrize("act", ["approve", "retire", "extend", "set", "narrow"])
def test_undone_act_leaves_the_document_as_it_was(world: CoreWorld, act: str) -> None:
    document_id = world.sync(make_incoming("a.md", "One.", OPEN))
    world.sync(make_incoming("a.md", "Two.", OPEN))
    before = read_state(world, document_id)
    acts = world.document_acts
    match act:
        case "approve":
            acts.approve([document_id], by=CURATOR, reason="")
        case "retire":
            acts.retire([document_id], by=CURATOR, reason="")
        case "extend":
            acts.extend(
                [document_id], by=CURATOR, reason="", until=date(2030, 1, 1), review_by=date(2029, 1, 1)
            )
        case "set":
            fields = {"valid_from": "2026-01-01", "owner": "ada@pelmarrow.example", "kind": "messaging"}
            acts.set_fields([document_id], fields, by=CURATOR, reason="")
        case "narrow":
            acts.set_fields([document_id], {"access": "group:sales"}, by=CURATOR, reason="")
    assert read_state(world, document_id) != before
    undo_last(world)
    assert read_state(world, document_id) == before


def test_undone_first_approval_counts_as_never_approved(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("a.md", "One.", Declared()))
    world.document_acts.approve([document_id], by=CURATOR, reason="")
    assert read_state(world, document_id)[-1]
    undo_last(world)
    assert not read_state(world, document_id)[-1]


def test_act_that_was_overtaken_cannot_be_undone(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("a.md", "One.", OPEN))
    world.document_acts.set_fields([document_id], {"owner": "first"}, by=CURATOR, reason="")
    row = world.read_audit()[-1]
    world.document_acts.set_fields([document_id], {"owner": "second"}, by=CURATOR, reason="")
    with (
        world.database.write() as connection,
        pytest.raises(UsageError, match=r"owner of document .* changed after"),
    ):
        restore_document(connection, document_id, current=row.after, wanted=row.before)
    assert world.find(document_id).owner == "second"


def test_undone_act_leaves_what_the_source_says_by_then(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("a.md", "One.", OPEN))
    world.document_acts.set_fields([document_id], {"valid_until": "", "owner": "me"}, by=CURATOR, reason="")
    ended = replace(OPEN, validity=Validity(None, date(2026, 1, 31)), owner="source")
    world.sync(make_incoming("a.md", "One.", ended))
    assert world.find(document_id).facts.validity.valid_until is None
    undo_last(world)
    found = world.find(document_id)
    assert (found.facts.validity.valid_until, found.owner) == (date(2026, 1, 31), "source")
