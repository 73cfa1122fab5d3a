"""Ways in which other Confluence connectors failed, by their row in the list of failure modes."""

import pytest

from ingest.connectors.connector import CredentialsRefused, SourceUnreadable
from ingest.connectors.web_client import SourceBusy
from tests.fakes.confluence_server import GATEWAY, TOKEN
from tests.integration.sources.confluence_setup import (
    Wiki,
    connect,
    find_file,
    list_paths,
    list_readers,
)
from tests.integration.sources.confluence_setup import cloud as cloud  # noqa: PLC0414 - a fixture
from tests.integration.sources.confluence_setup import data_center as data_center  # noqa: PLC0414
from tests.integration.sources.confluence_setup import wiki as wiki  # noqa: PLC0414


def test_mode_11_all_pages_are_listed_though_the_server_lowers_the_limit(wiki: Wiki) -> None:
    for number in range(130):
        wiki.fake.state.add_page("MKT", f"Page {number}", under=wiki.home)
    wiki.fake.faults.lower_limit(40)
    listing = wiki.connect(attachments="no").list_changes(None)
    assert len(set(list_paths(listing))) == 133
    assert listing.is_complete


def test_mode_11_the_next_page_is_never_asked_below_a_doubled_context(wiki: Wiki) -> None:
    wiki.fake.faults.lower_limit(1)
    wiki.connect().list_changes(None)
    assert wiki.fake.count("/wiki/wiki/") == wiki.fake.count("/confluence/confluence/") == 0
    assert wiki.fake.count("cursor=") + wiki.fake.count("start=1") > 0


def test_mode_11_a_listing_that_repeats_itself_is_no_listing(wiki: Wiki) -> None:
    wiki.fake.faults.repeat_page("/content" if wiki.fake.edition == "datacenter" else "/pages")
    with pytest.raises(SourceBusy, match="repeats itself"):
        wiki.connect(attachments="no").list_changes(None)


def test_mode_11_cursors_of_searches_are_followed_to_the_end(wiki: Wiki) -> None:
    macro = '<ac:structured-macro ac:name="include"><ri:page ri:content-title="Logo rules"/></ac:structured-macro>'
    pages = [wiki.fake.state.add_page("MKT", f"Uses {number}", macro) for number in range(5)]
    wiki.fake.faults.lower_limit(2)
    listing = wiki.connect().list_changes(None)
    assert all(f"{wiki.logo.id}:1" in find_file(listing, page).version for page in pages)


def test_mode_12_all_members_of_a_large_group_are_listed(wiki: Wiki) -> None:
    crowd = [wiki.fake.state.add_user(f"Person {number:03}") for number in range(205)]
    wiki.fake.state.add_group("crowd", *crowd)
    wiki.fake.state.restrict(wiki.logo, ("group", "crowd"))
    wiki.fake.faults.lower_limit(60)
    connector = wiki.connect(accounts="")
    connector.list_changes(None)
    groups = connector.list_groups()
    assert groups is not None
    assert len(groups.groups["wiki/crowd"]) == 205


def test_mode_12_all_people_of_a_long_restriction_are_read(wiki: Wiki) -> None:
    crowd = [wiki.fake.state.add_user(f"Person {number}") for number in range(9)]
    wiki.fake.state.groups["staff"].members += [one.key for one in crowd]
    wiki.fake.state.restrict(wiki.logo, *[("user", one.key) for one in crowd], ("group", "editors"))
    wiki.fake.faults.lower_limit(4)
    assert list_readers(wiki, wiki.connect(), wiki.logo) == {"Ann Ash", *(one.name for one in crowd)}


@pytest.mark.parametrize(
    "part", ["/restriction/", "attachment", "user/current", "space", "search", "start=1", "cursor="]
)
def test_mode_13_one_failing_call_fails_the_whole_listing(wiki: Wiki, part: str) -> None:
    if part == ("cursor=" if wiki.fake.edition == "datacenter" else "start=1"):
        part = "/MKT/permissions" if wiki.fake.edition == "datacenter" else "/labels"
    wiki.fake.faults.lower_limit(1)
    wiki.fake.faults.fail_next(99, status=503, matching=part)
    with pytest.raises(SourceBusy):
        wiki.connect().list_changes(None)


def test_mode_13_a_token_that_expires_in_the_middle_fails_the_listing(wiki: Wiki) -> None:
    wiki.connect().list_changes(None)
    whole = len(wiki.fake.requests)
    for left in range(0, whole - 1, 3):
        connector = wiki.connect(edition=wiki.fake.edition)
        wiki.fake.faults.expire_token_after(left)
        with pytest.raises(SourceUnreadable):
            connector.list_changes(None)


def test_mode_13_a_page_that_breaks_off_is_asked_for_again(wiki: Wiki) -> None:
    before = list_paths(wiki.connect().list_changes(None))
    wiki.fake.faults.cut_page("/content?" if wiki.fake.edition == "datacenter" else "/pages?")
    assert list_paths(wiki.connect().list_changes(None)) == before


def test_mode_13_a_page_of_a_listing_without_results_is_no_empty_listing(cloud: Wiki) -> None:
    cloud.fake.faults.fail_next(1, status=200, matching="/pages?")
    with pytest.raises(SourceUnreadable, match="no page of a listing"):
        cloud.connect().list_changes(None)


def test_mode_13_a_page_that_a_shifting_listing_leaves_out_does_not_count_as_removed(wiki: Wiki) -> None:
    cursor = wiki.connect().list_changes(None).cursor
    connector = wiki.connect()
    contents = connector.site.contents
    whole = type(contents).list_pages
    try:
        type(contents).list_pages = lambda self, space: whole(self, space)[:-1]  # type: ignore[method-assign]
        with pytest.raises(SourceBusy, match="was not listed"):
            connector.list_changes(cursor)
    finally:
        type(contents).list_pages = whole  # type: ignore[method-assign]


@pytest.mark.parametrize("hours", [-12, -5, 0, 2, 14])
def test_mode_14_a_new_attachment_is_found_in_whatever_zone_the_server_reads_times(
    data_center: Wiki, hours: int
) -> None:
    data_center.fake.data_center.zone_hours = hours
    state = data_center.fake.state
    old = state.attach(data_center.logo, "old.pdf", b"1")
    cursor = data_center.connect().list_changes(None).cursor
    new = state.attach(data_center.logo, "new.pdf", b"2")
    state.attach_again(old, b"3")
    listing = data_center.connect().list_changes(cursor)
    assert not listing.is_complete
    assert {file.item_id: file.version for file in listing.files} == {
        data_center.logo.id: "1",
        old.id: "2",
        new.id: "1",
    }


def test_mode_14_what_the_overlap_gives_again_is_not_listed_again(data_center: Wiki) -> None:
    data_center.fake.state.attach(data_center.logo, "old.pdf", b"1")
    cursor = data_center.connect().list_changes(None).cursor
    assert data_center.connect().list_changes(cursor).files == ()


def test_mode_15_ancestors_that_fail_a_whole_batch_are_asked_for_page_by_page(data_center: Wiki) -> None:
    state = data_center.fake.state
    hidden = state.add_page("MKT", "Secret", under=data_center.home)
    below = state.add_page("MKT", "Below", under=hidden)
    hidden.is_hidden = True
    connector = data_center.connect()
    listing = connector.list_changes(None)
    assert len(listing.files) == 4
    assert "nobody" in find_file(listing, below).note
    assert list_readers(data_center, connector, below) == set()
    assert list_readers(data_center, connector, data_center.logo) == {"Ann Ash", "Ben Birk", "Cleo Cole"}


def test_mode_15_a_page_below_one_that_cannot_be_read_is_readable_by_nobody(cloud: Wiki) -> None:
    cloud.brand.is_hidden = True
    connector = cloud.connect()
    assert list_readers(cloud, connector, cloud.logo) == set()
    assert list_readers(cloud, connector, cloud.home) == {"Ann Ash", "Ben Birk", "Cleo Cole"}


def test_mode_15_an_outer_ancestor_that_is_stricter_counts_too(wiki: Wiki) -> None:
    wiki.fake.state.restrict(wiki.home, ("user", wiki.ann.key))
    wiki.fake.state.restrict(wiki.brand, ("group", "brand team"))
    assert list_readers(wiki, wiki.connect(), wiki.logo) == {"Ann Ash"}


def test_mode_15_restrictions_of_an_ancestor_are_asked_for_once(wiki: Wiki) -> None:
    for number in range(5):
        wiki.fake.state.add_page("MKT", f"Page {number}", under=wiki.brand)
    wiki.connect().list_changes(None)
    assert wiki.fake.count(f"/content/{wiki.brand.id}/restriction") == 1


def test_mode_16_a_page_without_restriction_is_read_by_those_of_the_space(wiki: Wiki) -> None:
    assert list_readers(wiki, wiki.connect(), wiki.logo) == {"Ann Ash", "Ben Birk", "Cleo Cole"}


def test_mode_16_a_restriction_that_names_nobody_we_know_opens_nothing(wiki: Wiki) -> None:
    wiki.ben.hides_email = True
    wiki.fake.state.restrict(wiki.logo, ("user", wiki.ben.key))
    connector = wiki.connect()
    assert list_readers(wiki, connector, wiki.logo) == set()
    assert "1 reader" in find_file(connector.list_changes(None), wiki.logo).note


def test_mode_16_a_space_without_readers_is_read_by_nobody(wiki: Wiki) -> None:
    wiki.fake.state.add_space("BOARD")
    page = wiki.fake.state.add_page("BOARD", "Minutes")
    assert list_readers(wiki, wiki.connect(), page) == set()


@pytest.mark.parametrize("is_rpc_off", [False, True])
def test_mode_17_an_older_data_center_is_asked_by_the_remote_api(data_center: Wiki, is_rpc_off: bool) -> None:
    faults = data_center.fake.faults
    faults.has_rest_permissions, faults.is_rpc_off = False, is_rpc_off
    data_center.fake.state.spaces["MKT"].readers.append(("user", data_center.cleo.key))
    if is_rpc_off:
        for act in (
            data_center.connect().check_credentials,
            lambda: data_center.connect().list_changes(None),
        ):
            with pytest.raises(SourceUnreadable, match="Remote API must be switched on"):
                act()
    else:
        assert list_readers(data_center, data_center.connect(), data_center.logo) == {
            "Ann Ash",
            "Ben Birk",
            "Cleo Cole",
        }


def test_mode_17_an_account_that_does_not_administer_the_space_is_told_so(data_center: Wiki) -> None:
    data_center.fake.faults.is_rpc_off = True
    data_center.fake.faults.fail_next(99, status=500, matching="/permissions")
    with pytest.raises(SourceUnreadable, match="administer them"):
        data_center.connect().check_credentials()


def test_mode_17_a_scoped_token_at_the_site_is_told_where_it_belongs(cloud: Wiki) -> None:
    cloud.fake.is_scoped = True
    with pytest.raises(CredentialsRefused, match=r"api\.atlassian\.com/ex/confluence"):
        connect(cloud.fake, {"url": cloud.fake.root, "edition": "cloud"}).check_credentials()


def test_mode_17_a_scoped_token_reads_everything_through_the_gateway(cloud: Wiki) -> None:
    cloud.fake.is_scoped = True
    attachment = cloud.fake.state.attach(cloud.logo, "rules.pdf", b"%PDF")
    cloud.fake.faults.lower_limit(1)
    connector = cloud.connect()
    listing = connector.list_changes(None)
    assert len(listing.files) == 4
    assert str(find_file(listing, cloud.logo).stated["url"]).startswith(
        "https://brand.example.net/wiki/spaces/MKT/"
    )
    assert connector.fetch(find_file(listing, attachment.id)) == b"%PDF"
    assert all(GATEWAY in one or "/media/" in one for one in cloud.fake.requests)


def test_mode_17_no_question_to_data_center_speaks_of_folders(data_center: Wiki) -> None:
    data_center.connect().list_changes(data_center.connect().list_changes(None).cursor)
    assert data_center.fake.count("cql=") > 1
    assert data_center.fake.count("folder") == 0


@pytest.mark.parametrize("ending", ["", "/", "/wiki", "/wiki/"])
def test_mode_18_a_cloud_address_is_understood_in_each_of_its_spellings(cloud: Wiki, ending: str) -> None:
    listing = connect(cloud.fake, {"url": cloud.fake.root + ending}).list_changes(None)
    assert len(listing.files) == 3


def test_mode_18_a_context_path_stays_in_every_request(data_center: Wiki) -> None:
    connect(data_center.fake, {"url": data_center.fake.url + "/", "edition": "datacenter"}).list_changes(None)
    assert all(one.split()[1].startswith("/confluence/") for one in data_center.fake.requests)


def test_mode_18_nothing_is_asked_that_the_gateway_no_longer_answers(cloud: Wiki) -> None:
    cloud.connect().list_changes(None)
    assert cloud.fake.count("/rest/api/space") == cloud.fake.count("/rest/api/content?") == 0


def test_storm_of_429_is_weathered_by_what_the_site_asks(wiki: Wiki) -> None:
    wiki.fake.faults.fail_next(2, status=429, matching="/restriction/", headers={"Retry-After": "0"})
    assert len(wiki.connect().list_changes(None).files) == 3


def test_token_is_in_no_error(wiki: Wiki) -> None:
    wiki.fake.faults.expire_token_after(0)
    with pytest.raises(CredentialsRefused) as refused:
        wiki.connect(edition=wiki.fake.edition).check_credentials()
    assert TOKEN not in str(refused.value)
