"""What a listing of ResourceSpace holds, whatever happens while it is read."""

from collections.abc import Iterator

import pytest

from core.access import AccessList
from core.errors import TransientError
from ingest.connectors.asset_calls import ListingUnsteady
from ingest.connectors.connector import (
    SourceUnreadable,
)
from tests.fakes.dam_server import serve_dam
from tests.fakes.resourcespace_server import ResourceSpaceServer
from tests.integration.sources.dam_setup import list_names, open_space, pick, read_texts

SEARCH = "function=do_search"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.connectors.web_client.pause", lambda _: None)


@pytest.fixture
def server() -> Iterator[ResourceSpaceServer]:
    with serve_dam(ResourceSpaceServer()) as served:
        yield served
        assert served.violations == []


def test_every_page_is_read_and_each_resource_is_listed_once(server: ResourceSpaceServer) -> None:
    server.fill(7)
    listing = open_space(server).list_changes(None)
    assert list_names(listing) == [f"Resource {number}" for number in range(7)]
    assert listing.is_complete
    assert len({file.path for file in listing.files}) == len({file.item_id for file in listing.files}) == 7


def test_only_what_changed_since_the_cursor_is_listed_and_asked_for(server: ResourceSpaceServer) -> None:
    refs = server.fill(6)
    connector = open_space(server)
    cursor = connector.list_changes(None).cursor
    server.edit(refs[1], caption="New")
    server.purge(refs[2])
    server.set_archive(refs[3], 3)
    late = server.add_resource(title="Late")
    asked = server.count("get_resource_field_data")
    listing = connector.list_changes(cursor)
    assert not listing.is_complete
    assert {file.item_id for file in listing.files} == {str(refs[1]), str(late)}
    assert listing.removed == {str(refs[2]), str(refs[3])}
    assert server.count("get_resource_field_data") == asked + 2
    again = connector.list_changes(listing.cursor)
    assert (again.files, again.removed) == ((), frozenset())


def test_looking_at_a_resource_does_not_change_it(server: ResourceSpaceServer) -> None:
    server.fill(2)
    connector = open_space(server)
    listing = connector.list_changes(None)
    for file in listing.files:
        connector.fetch(file)
    assert connector.list_changes(listing.cursor).files == ()


def test_numbers_as_text_are_the_same_numbers(server: ResourceSpaceServer) -> None:
    server.add_resource(title="Secret", access=2)
    server.add_resource(title="Old", archive=2)
    connector = open_space(server)
    listing = connector.list_changes(None)
    server.gives_text_numbers = True
    assert connector.list_changes(listing.cursor).files == ()
    as_text = connector.list_changes(None)
    assert [file.version for file in as_text.files] == [file.version for file in listing.files]
    assert pick(as_text, "Secret").access == AccessList(())


def test_state_and_access_are_seen_though_no_date_moves(server: ResourceSpaceServer) -> None:
    ref = server.add_resource(title="Logo")
    connector = open_space(server)
    first = connector.list_changes(None)
    server.set_access(ref, 2)
    second = connector.list_changes(first.cursor)
    assert second.files[0].access == AccessList(())
    server.set_access(ref, 0)
    server.set_archive(ref, 2)
    third = connector.list_changes(second.cursor)
    assert third.files[0].stated["status"] == "retired"


def test_new_original_moves_the_version(server: ResourceSpaceServer) -> None:
    ref = server.add_resource(title="Tone", extension="md", content=b"We write short.")
    connector = open_space(server)
    first = connector.list_changes(None)
    server.replace_file(ref, b"We write long.")
    second = connector.list_changes(first.cursor)
    assert second.files[0].version != first.files[0].version
    assert read_texts(connector, second.files[0])[-1] == "We write long."


def test_cursor_of_other_options_is_not_used(server: ResourceSpaceServer) -> None:
    server.fill()
    cursor = open_space(server).list_changes(None).cursor
    assert open_space(server, {"active-is-approved": "yes"}).list_changes(cursor).is_complete


@pytest.mark.parametrize("since", ["", "nonsense", "[]", '{"rows": 5}', "null"])
def test_cursor_that_cannot_be_read_means_a_whole_listing(server: ResourceSpaceServer, since: str) -> None:
    server.fill()
    assert open_space(server).list_changes(since).is_complete


def test_version_without_pages_is_refused_rather_than_read_in_part(server: ResourceSpaceServer) -> None:
    server.fill()
    server.is_old = True
    with pytest.raises(SourceUnreadable, match=r"10\.3 or newer"):
        open_space(server).list_changes(None)


def test_row_13_page_that_fails_is_never_an_empty_listing(server: ResourceSpaceServer) -> None:
    server.fill()
    server.fail_next(100, status=500, only=SEARCH, after=1)
    with pytest.raises(TransientError):
        open_space(server).list_changes(None)


def test_row_13_refused_page_stops_the_listing(server: ResourceSpaceServer) -> None:
    server.fill()
    server.fail_next(status=400, only=SEARCH, after=1)
    with pytest.raises(SourceUnreadable):
        open_space(server).list_changes(None)


def test_row_13_user_who_may_not_search_any_more_gives_an_empty_whole_listing_and_no_removals(
    server: ResourceSpaceServer,
) -> None:
    server.fill()
    connector = open_space(server)
    cursor = connector.list_changes(None).cursor
    server.may_search = False
    listing = connector.list_changes(cursor)
    assert (listing.files, listing.is_complete, listing.removed) == ((), True, frozenset())


def test_row_13_no_resource_is_lost_when_one_goes_and_one_comes_between_two_pages(
    server: ResourceSpaceServer,
) -> None:
    refs = server.fill(6)

    def slide_pages() -> None:
        server.purge(refs[0])
        server.add_resource(title="Late")

    server.run_after(2, slide_pages)
    listing = open_space(server).list_changes(None)
    assert {int(file.item_id) for file in listing.files} >= set(server.resources)


def test_source_that_never_stands_still_is_tried_later(server: ResourceSpaceServer) -> None:
    server.fill(6)
    for number in range(80):
        server.run_after(number, lambda: server.add_resource(title="Late"))
    with pytest.raises(ListingUnsteady):
        open_space(server).list_changes(None)


@pytest.mark.parametrize("fault", ["429", "500", "cut", "garbled"])
def test_passing_fault_is_ridden_out(server: ResourceSpaceServer, fault: str) -> None:
    server.fill()
    faults = {
        "429": lambda: server.fail_next(2, status=429, headers={"Retry-After": "0"}),
        "500": lambda: server.fail_next(2, status=503),
        "cut": lambda: server.cut_next(2, only=SEARCH),
        "garbled": lambda: server.garble_next(2, only=SEARCH),
    }
    faults[fault]()
    assert len(open_space(server).list_changes(None).files) == 5
