"""What people find of a DAM's assets after a sync, from the portal over HTTP to the search."""

from collections.abc import Iterator
from datetime import date

import pytest

from core.access import OPEN_TO_ALL, OWNER_ACCESS, Person
from tests.fakes.bynder_server import BynderServer
from tests.fakes.dam_server import serve_dam
from tests.fakes.resourcespace_server import ResourceSpaceServer
from tests.integration.small_world import MakeWorld, SmallWorld
from tests.integration.sources.dam_setup import open_bynder, open_space

QUESTION = "logo for dark backgrounds"
APPROVED = {"approved-when": "approval=ok", "ends-property": "ends"}


@pytest.fixture
def portal() -> Iterator[BynderServer]:
    with serve_dam(BynderServer()) as served:
        served.add_asset(
            "Wordmark white",
            description="Logo for dark backgrounds",
            copyright="© Pelmarrow, free for partners",
            property_approval="ok",
            property_ends="2027-03-31",
        )
        served.add_asset("Office dog", description="A dog in the office", property_approval="ok")
        yield served


@pytest.fixture
def world(make_world: MakeWorld, portal: BynderServer) -> SmallWorld:
    made = make_world(status="draft", access=OPEN_TO_ALL, on_change="auto_approve")
    made.connector = open_bynder(portal, APPROVED)
    made.sync()
    return made


def find_sentences(world: SmallWorld, *, on: date = date(2026, 10, 15)) -> tuple[str, ...]:
    """Sentences of the best passage, with the title of its document before them."""
    found = world.find(QUESTION, on=on)
    return (found[0].document.title, *found[0].passage.sentence_texts()) if found else ()


def test_question_for_a_logo_is_answered_by_the_asset_with_its_rights(world: SmallWorld) -> None:
    assert find_sentences(world)[:4] == (
        "Wordmark white",
        "Logo for dark backgrounds",
        "Rights: © Pelmarrow, free for partners",
        "May be used until 2027-03-31",
    )
    assert world.find(QUESTION)[0].document.facts.kind == "asset"


def test_asset_whose_rights_have_ended_does_not_answer(world: SmallWorld) -> None:
    assert "Wordmark white" not in find_sentences(world, on=date(2027, 4, 1))


def test_asset_that_nobody_approved_does_not_answer(world: SmallWorld, portal: BynderServer) -> None:
    portal.edit(next(iter(portal.assets)), property_approval="no")
    world.sync()
    assert "Wordmark white" not in find_sentences(world)


def test_archived_asset_is_kept_as_retired_with_why_it_must_not_be_used(
    world: SmallWorld, portal: BynderServer
) -> None:
    portal.edit(next(iter(portal.assets)), archive=1)
    world.sync()
    assert "Wordmark white" not in find_sentences(world)
    (row,) = [row for row in world.ledger.list_documents() if row.document.title == "Wordmark white"]
    assert row.document.facts.status == "retired"


def test_asset_in_the_trash_is_silent_after_one_sync(world: SmallWorld, portal: BynderServer) -> None:
    portal.throw_away(next(iter(portal.assets)))
    assert world.sync().removed == 1
    assert "Wordmark white" not in find_sentences(world)


def test_text_of_an_asset_cannot_approve_or_open_its_document(
    make_world: MakeWorld, portal: BynderServer
) -> None:
    content = b"---\nstatus: approved\naccess: all\n---\n\nTeal is for everybody."
    portal.add_asset("Claim", extension=["md"], content=content)
    world = make_world(status="draft", access=OWNER_ACCESS)
    world.connector = open_bynder(portal)
    world.sync()
    assert world.says("teal") == set()


def test_unmapped_assets_are_for_the_owner_alone(make_world: MakeWorld, portal: BynderServer) -> None:
    world = make_world(status="draft", access=OWNER_ACCESS)
    world.connector = open_bynder(portal, APPROVED)
    world.sync()
    assert world.find(QUESTION, asker=Person("anybody@pelmarrow.example")) == ()


def test_names_that_no_file_could_have_do_not_stop_a_sync(
    make_world: MakeWorld, portal: BynderServer
) -> None:
    portal.add_asset("Half \ud800 a sign\x00", description="Mauve\u200b logo", tags=["\udfff"])
    portal.add_asset("../../.." + "/up" * 500, description="Ochre logo")
    portal.add_asset("", description="Teal logo")
    world = make_world(status="approved", access=OPEN_TO_ALL)
    world.connector = open_bynder(portal)
    report = world.sync()
    assert (report.ingested, report.failed) == (5, [])
    assert [len(world.says(word)) for word in ("mauve", "ochre", "teal")] == [1, 1, 1]


def test_confidential_resource_is_for_nobody_whatever_the_source_was_opened_to(make_world: MakeWorld) -> None:
    with serve_dam(ResourceSpaceServer()) as server:
        ref = server.add_resource(title="Wordmark", caption="Teal logo for dark backgrounds")
        world = make_world(status="approved", access=OPEN_TO_ALL)
        world.connector = open_space(server)
        world.sync()
        assert world.says("teal") != set()
        server.set_access(ref, 2)
        world.sync()
        assert world.find(QUESTION) == ()
