"""What a listing of Bynder holds, whatever happens while it is read."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.errors import TransientError
from core.secrets import Secret
from ingest.connectors.asset_calls import ListingUnsteady
from ingest.connectors.bynder.connector import TYPE
from ingest.connectors.connector import (
    CredentialsRefused,
    SourceUnreadable,
)
from ingest.connectors.options import SourceSetup
from ingest.connectors.web_client import SourceBusy
from tests.fakes.bynder_server import CLIENT_ID, CLIENT_SECRET, PERMANENT_TOKEN, BynderServer
from tests.fakes.dam_server import serve_dam
from tests.integration.sources.dam_setup import list_names, open_bynder

MEDIA = "/api/v4/media/?"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.connectors.web_client.pause", lambda _: None)


@pytest.fixture
def server() -> Iterator[BynderServer]:
    with serve_dam(BynderServer()) as served:
        yield served
        assert served.violations == []


def test_every_page_is_read_and_each_asset_is_listed_once(server: BynderServer) -> None:
    server.fill(7)
    listing = open_bynder(server).list_changes(None)
    assert list_names(listing) == [f"Asset {number}" for number in range(7)]
    assert listing.is_complete
    assert len({file.path for file in listing.files}) == len({file.item_id for file in listing.files}) == 7


def test_unchanged_assets_keep_their_versions(server: BynderServer) -> None:
    server.fill()
    connector = open_bynder(server)
    first, second = connector.list_changes(None), connector.list_changes(None)
    assert [(file.item_id, file.version) for file in first.files] == [
        (file.item_id, file.version) for file in second.files
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Other"},
        {"description": "Other"},
        {"tags": ["other"]},
        {"copyright": "Other"},
        {"archive": 1},
        {"limited": 1},
        {"property_end": "2030-01-01"},
    ],
)
def test_every_fact_that_changes_moves_the_version(server: BynderServer, values: dict[str, Any]) -> None:
    item_id = server.add_asset("Logo")
    connector = open_bynder(server, {"ends-property": "end"})
    (before,) = connector.list_changes(None).files
    server.edit(item_id, moves_date=False, **values)
    (after,) = connector.list_changes(None).files
    assert after.version != before.version


def test_changes_since_the_cursor_are_all_that_is_listed(server: BynderServer) -> None:
    ids = server.fill(40)
    connector = open_bynder(server)
    cursor = connector.list_changes(None).cursor
    server.edit(ids[3], description="New")
    server.throw_away(ids[5])
    server.add_asset("Late")
    listing = connector.list_changes(cursor)
    assert not listing.is_complete
    assert {"Asset 3", "Late"} <= set(list_names(listing))
    assert len(listing.files) < 30
    assert listing.removed == {ids[5]}
    again = connector.list_changes(listing.cursor)
    assert not again.is_complete
    assert again.removed == frozenset()


def test_nothing_changed_lists_no_asset_of_long_ago(server: BynderServer) -> None:
    ids = server.fill(30)
    connector = open_bynder(server)
    listing = connector.list_changes(connector.list_changes(None).cursor)
    assert not listing.is_complete
    assert ids[0] not in {file.item_id for file in listing.files}
    assert listing.removed == frozenset()


def test_row_7_asset_restored_from_the_trash_with_its_old_dates_is_found(server: BynderServer) -> None:
    ids = server.fill(30)
    connector = open_bynder(server)
    cursor = connector.list_changes(connector.list_changes(None).cursor).cursor
    server.throw_away(ids[0])
    listing = connector.list_changes(cursor)
    assert listing.removed == {ids[0]}
    server.restore(ids[0])
    listing = connector.list_changes(listing.cursor)
    assert listing.is_complete
    assert ids[0] in {file.item_id for file in listing.files}


def test_asset_deleted_without_a_trace_is_noticed_by_counting(server: BynderServer) -> None:
    ids = server.fill(30)
    connector = open_bynder(server)
    cursor = connector.list_changes(None).cursor
    server.throw_away(ids[0])
    server.purge(ids[0])
    listing = connector.list_changes(cursor)
    assert listing.is_complete
    assert ids[0] not in {file.item_id for file in listing.files}


def test_trash_that_is_not_shown_means_a_whole_listing_each_time(server: BynderServer) -> None:
    server.fill()
    server.shows_trash = False
    connector = open_bynder(server)
    assert connector.list_changes(connector.list_changes(None).cursor).is_complete


def test_asset_put_into_a_collection_is_seen_though_its_date_does_not_move(server: BynderServer) -> None:
    item_id = server.add_asset("Logo")
    collection = server.add_collection("Logos")
    connector = open_bynder(server)
    cursor = connector.list_changes(None).cursor
    server.put_into(collection, item_id)
    (file,) = connector.list_changes(cursor).files
    assert file.signals["collection"] == ("Logos",)
    assert file.path.startswith("Logos/")


@pytest.mark.parametrize("since", ["", "nonsense", "[]", '{"since": "x", "total": 1, "reading": ""}'])
def test_cursor_that_cannot_be_read_means_a_whole_listing(server: BynderServer, since: str) -> None:
    server.fill()
    assert open_bynder(server).list_changes(since).is_complete


def test_cursor_of_other_options_is_not_used(server: BynderServer) -> None:
    server.fill()
    cursor = open_bynder(server).list_changes(None).cursor
    assert not open_bynder(server).list_changes(cursor).is_complete
    assert open_bynder(server, {"approved-when": "approval=ok"}).list_changes(cursor).is_complete


def test_asset_that_leaves_a_listed_collection_is_missing_from_a_whole_listing(server: BynderServer) -> None:
    ids = server.fill(3)
    collection = server.add_collection("Logos", *ids)
    connector = open_bynder(server, {"collections": "Logos"})
    cursor = connector.list_changes(None).cursor
    server.members[collection].remove(ids[0])
    listing = connector.list_changes(cursor)
    assert listing.is_complete
    assert {file.item_id for file in listing.files} == set(ids[1:])


def test_row_13_page_that_fails_is_never_an_empty_listing(server: BynderServer) -> None:
    server.fill()
    server.fail_next(100, status=500, only=MEDIA[:-1], after=1)
    with pytest.raises(TransientError):
        open_bynder(server).list_changes(None)


def test_row_13_page_that_says_nothing_of_its_total_stops_the_listing(server: BynderServer) -> None:
    server.fill()
    server.fail_next(100, status=200, only=MEDIA[:-1])
    with pytest.raises(SourceUnreadable, match="not as documented"):
        open_bynder(server).list_changes(None)


def test_row_13_listing_that_ends_early_is_no_listing(
    server: BynderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.fill()
    cut = server._cut
    monkeypatch.setattr(server, "_cut", lambda found, params, most: cut(found[:3], params, most=most))
    with pytest.raises(ListingUnsteady):
        open_bynder(server).list_changes(None)


def test_asset_added_while_pages_are_read_starts_the_listing_again(server: BynderServer) -> None:
    server.fill(5)
    server.run_after(5, lambda: server.add_asset("Late"))
    listing = open_bynder(server).list_changes(None)
    assert "Late" in list_names(listing)
    assert len(listing.files) == 6


def test_row_13_no_asset_is_lost_when_one_goes_and_one_comes_between_two_pages(server: BynderServer) -> None:
    ids = server.fill(6)

    def slide_pages() -> None:
        # The total stays, but what headed the second page is now at the end of the first.
        server.throw_away(ids[0])
        server.add_asset("Late")

    server.run_after(5, slide_pages)
    listing = open_bynder(server).list_changes(None)
    assert {file.item_id for file in listing.files} >= set(server.assets)


def test_source_that_never_stands_still_is_tried_later(server: BynderServer) -> None:
    server.fill(6)
    for number in range(60):
        server.run_after(number, lambda: server.add_asset("Late"))
    with pytest.raises(ListingUnsteady):
        open_bynder(server).list_changes(None)


@pytest.mark.parametrize("fault", ["429", "500", "cut", "garbled"])
def test_passing_fault_is_ridden_out(server: BynderServer, fault: str) -> None:
    server.fill()
    faults = {
        "429": lambda: server.fail_next(2, status=429, headers={"Retry-After": "0"}),
        "500": lambda: server.fail_next(2, status=503),
        "cut": lambda: server.cut_next(2, only=MEDIA[:-1]),
        "garbled": lambda: server.garble_next(2, only=MEDIA[:-1]),
    }
    faults[fault]()
    assert len(open_bynder(server).list_changes(None).files) == 5


def test_blocked_address_stays_silent(server: BynderServer) -> None:
    server.fill()
    connector = open_bynder(server)
    (file, *_) = connector.list_changes(None).files
    server.is_blocked = True
    with pytest.raises(SourceBusy) as caught:
        connector.list_changes(None)
    assert caught.value.retry_after is not None
    assert caught.value.retry_after > 290
    with pytest.raises(SourceBusy):
        connector.fetch(file)
    assert server.asked_while_blocked == 1


@pytest.mark.parametrize("after", [0, 2, 5])
def test_access_token_that_expires_in_the_middle_is_renewed(server: BynderServer, after: int) -> None:
    server.fill()
    connector = open_bynder(server, secrets={"client-id": CLIENT_ID, "client-secret": CLIENT_SECRET})
    server.expire_tokens_after(after)
    assert len(connector.list_changes(None).files) == 5
    assert server.issued <= 2


def test_permanent_token_that_was_revoked_says_what_to_do(server: BynderServer) -> None:
    server.fill()
    connector = open_bynder(server)
    server.expire_tokens_after(4)
    with pytest.raises(CredentialsRefused, match="sync again") as caught:
        connector.list_changes(None)
    assert PERMANENT_TOKEN not in str(caught.value)


def test_client_that_is_not_known_says_what_to_do(server: BynderServer) -> None:
    connector = open_bynder(server, secrets={"client-id": CLIENT_ID, "client-secret": "wrong-secret"})
    with pytest.raises(CredentialsRefused, match="client-secret") as caught:
        connector.check_credentials()
    assert "wrong-secret" not in str(caught.value)


def test_each_request_takes_its_turn(server: BynderServer) -> None:
    server.fill()
    turns: list[None] = []
    setup = SourceSetup(
        name="dam",
        options={"url": server.url},
        secrets={"token": Secret(PERMANENT_TOKEN)},
        max_bytes=1000,
        take_turn=lambda: turns.append(None),
        specs=TYPE.options,
    )
    TYPE.open(setup).list_changes(None)
    assert len(turns) == len(server.requests)
    assert TYPE.requests_per_second == 10
