"""What the Confluence connector says has changed since a cursor, against the stand-in over HTTP."""

import pytest

from tests.integration.sources.confluence_setup import (
    Wiki,
    find_file,
    list_paths,
)
from tests.integration.sources.confluence_setup import cloud as cloud  # noqa: PLC0414 - a fixture
from tests.integration.sources.confluence_setup import data_center as data_center  # noqa: PLC0414
from tests.integration.sources.confluence_setup import wiki as wiki  # noqa: PLC0414


def test_changes_are_listed_and_nothing_else(wiki: Wiki) -> None:
    cursor = wiki.connect().list_changes(None).cursor
    wiki.fake.state.edit(wiki.logo, "<p>Clear space is two x.</p>")
    new = wiki.fake.state.add_page("MKT", "Colours", under=wiki.brand)
    listing = wiki.connect().list_changes(cursor)
    assert not listing.is_complete
    assert {file.item_id for file in listing.files} == {wiki.logo.id, new.id}
    assert find_file(listing, wiki.logo).version == "2"
    assert wiki.connect().list_changes(listing.cursor).files == ()


def test_changed_restriction_counts_at_once_unless_quick_listings_are_wanted(wiki: Wiki) -> None:
    cursor = wiki.connect(quick="yes").list_changes(None).cursor
    wiki.fake.state.restrict(wiki.brand, ("group", "editors"))
    listing = wiki.connect(quick="no").list_changes(cursor)
    assert (listing.is_complete, listing.cursor) == (True, None)
    assert "group:wiki/editors" in str(find_file(listing, wiki.logo).access)
    assert wiki.connect(quick="yes").list_changes(cursor).files == ()


def test_moved_page_and_all_below_it_are_listed_with_their_new_readers(wiki: Wiki) -> None:
    state = wiki.fake.state
    board = state.add_page("MKT", "Board", under=wiki.home)
    state.restrict(board, ("user", wiki.ann.key))
    cursor = wiki.connect().list_changes(None).cursor
    state.move(wiki.brand, board)
    connector = wiki.connect()
    listing = connector.list_changes(cursor)
    assert list_paths(listing) == [
        "MKT/Home/Board/Brand.confluence",
        "MKT/Home/Board/Brand/Logo rules.confluence",
    ]
    assert all("user:ann.ash@example.com" in str(file.access) for file in listing.files)


def test_renamed_page_keeps_its_id(wiki: Wiki) -> None:
    cursor = wiki.connect().list_changes(None).cursor
    wiki.fake.state.rename(wiki.logo, "Logo")
    listing = wiki.connect().list_changes(cursor)
    assert [(file.item_id, file.path) for file in listing.files] == [
        (wiki.logo.id, "MKT/Home/Brand/Logo.confluence")
    ]


@pytest.mark.parametrize("is_purged", [False, True])
def test_removed_page_and_its_attachments_are_named(wiki: Wiki, is_purged: bool) -> None:
    state = wiki.fake.state
    attachment = state.attach(wiki.logo, "pack.pdf", b"%PDF")
    cursor = wiki.connect().list_changes(None).cursor
    if is_purged:
        state.purge(wiki.logo)
    else:
        state.set_status(wiki.logo, "trashed")
    listing = wiki.connect().list_changes(cursor)
    assert listing.removed == {wiki.logo.id, attachment.id}
    state.contents[wiki.logo.id] = wiki.logo
    state.set_status(wiki.logo, "current")
    restored = wiki.connect().list_changes(listing.cursor)
    assert {file.item_id for file in restored.files} == {wiki.logo.id, attachment.id}


def test_page_that_the_account_may_not_view_any_more_is_named_as_removed(wiki: Wiki) -> None:
    cursor = wiki.connect().list_changes(None).cursor
    wiki.logo.is_hidden = True
    assert wiki.connect().list_changes(cursor).removed == {wiki.logo.id}


def test_attachment_that_was_deleted_is_named_once_its_page_changes(wiki: Wiki) -> None:
    attachment = wiki.fake.state.attach(wiki.logo, "pack.pdf", b"%PDF")
    cursor = wiki.connect().list_changes(None).cursor
    del wiki.logo.attachments[attachment.id]
    wiki.fake.state.edit(wiki.logo, "<p>Without its pack.</p>")
    assert wiki.connect().list_changes(cursor).removed == {attachment.id}


def test_attachment_that_is_added_or_replaced_is_listed_though_its_page_is_unchanged(wiki: Wiki) -> None:
    old = wiki.fake.state.attach(wiki.brand, "old.pdf", b"1")
    cursor = wiki.connect().list_changes(None).cursor
    wiki.fake.state.attach_again(old, b"2")
    new = wiki.fake.state.attach(wiki.logo, "new.pdf", b"3")
    connector = wiki.connect()
    listing = connector.list_changes(cursor)
    assert connector.fetch(find_file(listing, old.id)) == b"2"
    assert connector.fetch(find_file(listing, new.id)) == b"3"


def test_other_readers_of_a_space_make_the_listing_complete(wiki: Wiki) -> None:
    cursor = wiki.connect().list_changes(None).cursor
    wiki.fake.state.spaces["MKT"].readers = [("group", "editors")]
    listing = wiki.connect().list_changes(cursor)
    assert listing.is_complete
    assert {str(file.access) for file in listing.files} == {str(find_file(listing, wiki.home).access)}


@pytest.mark.parametrize("cursor", ["", "no json", "{}", '{"form": 0}', "[1]", '{"form":1,"pages":{"1":[]}}'])
def test_cursor_that_is_not_understood_makes_a_complete_listing(wiki: Wiki, cursor: str) -> None:
    listing = wiki.connect().list_changes(cursor)
    assert listing.is_complete
    assert len(listing.files) == 3


def test_groups_of_unchanged_pages_stay_known_in_a_listing_of_changes(wiki: Wiki) -> None:
    wiki.fake.state.restrict(wiki.logo, ("group", "editors"))
    cursor = wiki.connect().list_changes(None).cursor
    wiki.fake.state.groups["editors"].members = [wiki.cleo.key]
    connector = wiki.connect()
    connector.list_changes(cursor)
    groups = connector.list_groups()
    assert groups is not None
    assert groups.is_complete
    assert groups.groups["wiki/editors"] == {"cleo.cole@example.com"}
