"""What the Confluence connector lists, against the stand-in over HTTP."""

from pathlib import Path

import pytest

from core.errors import UsageError
from ingest.connectors.connector import (
    CredentialsRefused,
    SourceGone,
    SourceUnreadable,
)
from tests.fakes.confluence_state import Status
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


def test_pages_are_named_by_space_and_ancestors(wiki: Wiki) -> None:
    wiki.fake.state.add_page("MKT", "Tone / voice", under=wiki.brand)
    assert list_paths(wiki.connect().list_changes(None)) == [
        "MKT/Home.confluence",
        "MKT/Home/Brand.confluence",
        "MKT/Home/Brand/Logo rules.confluence",
        "MKT/Home/Brand/Tone - voice.confluence",
    ]


def test_attachment_stands_below_its_page_and_has_its_readers(wiki: Wiki) -> None:
    state = wiki.fake.state
    state.restrict(wiki.logo, ("group", "editors"))
    attachment = state.attach(wiki.logo, "logo pack.pdf", b"%PDF-1.7")
    connector = wiki.connect()
    listing = connector.list_changes(None)
    file = find_file(listing, attachment.id)
    assert file.path == "MKT/Home/Brand/Logo rules/logo pack.pdf"
    assert (file.size, file.access) == (8, find_file(listing, wiki.logo).access)
    assert connector.fetch(file) == b"%PDF-1.7"


def test_attachment_takes_no_approval_from_its_page_unless_a_rule_says_so(wiki: Wiki) -> None:
    wiki.logo.labels = ["approved"]
    attachment = wiki.fake.state.attach(wiki.logo, "draft idea.pdf", b"%PDF")
    listing = wiki.connect().list_changes(None)
    assert find_file(listing, wiki.logo).signals["label"] == ("approved",)
    file = find_file(listing, attachment.id)
    assert "label" not in file.signals
    assert file.signals["page-label"] == ("approved",)


def test_attachment_above_the_limit_is_named_and_not_fetched(wiki: Wiki) -> None:
    attachment = wiki.fake.state.attach(wiki.logo, "film.mp4", b"x" * 1_500_000)
    file = find_file(wiki.connect().list_changes(None), attachment.id)
    assert "1.5 MB is above the limit" in str(file.skip_reason)


def test_signals_are_space_type_ancestors_and_labels(wiki: Wiki) -> None:
    wiki.logo.labels = ["verified", "brand"]
    file = find_file(wiki.connect().list_changes(None), wiki.logo)
    assert dict(file.signals) == {
        "space": ("MKT",),
        "type": ("page",),
        "ancestor": ("Home", "Brand"),
        "label": ("brand", "verified"),
    }


def test_content_state_is_a_signal_and_no_status(cloud: Wiki) -> None:
    cloud.logo.state = "Verified"
    file = find_file(cloud.connect().list_changes(None), cloud.logo)
    assert file.signals["state"] == ("Verified",)
    assert "status" not in file.stated


def test_owner_is_stated_when_the_address_shows(wiki: Wiki) -> None:
    wiki.brand.author = wiki.ben.key
    wiki.ben.hides_email = True
    listing = wiki.connect().list_changes(None)
    assert find_file(listing, wiki.logo).stated["owner"] == "ann.ash@example.com"
    assert "owner" not in find_file(listing, wiki.brand).stated


@pytest.mark.parametrize("status", ["draft", "trashed", "deleted"])
def test_drafts_and_trash_are_not_listed(wiki: Wiki, status: Status) -> None:
    wiki.fake.state.set_status(wiki.logo, status)
    assert list_paths(wiki.connect().list_changes(None)) == [
        "MKT/Home.confluence",
        "MKT/Home/Brand.confluence",
    ]


def test_archived_page_is_known_and_retired(cloud: Wiki) -> None:
    attachment = cloud.fake.state.attach(cloud.logo, "old.pdf", b"%PDF")
    cursor = cloud.connect().list_changes(None).cursor
    cloud.fake.state.set_status(cloud.logo, "archived")
    for since in (None, cursor):
        listing = cloud.connect().list_changes(since)
        assert find_file(listing, cloud.logo).stated["status"] == "retired"
        assert find_file(listing, attachment.id).stated["status"] == "retired"


def test_pages_of_an_archived_space_are_retired(wiki: Wiki) -> None:
    wiki.fake.state.spaces["MKT"].status = "archived"
    listing = wiki.connect(spaces="MKT").list_changes(None)
    assert {file.stated["status"] for file in listing.files} == {"retired"}
    assert wiki.connect().list_changes(None).files == ()


def test_only_the_chosen_spaces_trees_and_labels_are_listed(wiki: Wiki) -> None:
    state = wiki.fake.state
    state.add_space("HR", ("group", "staff"))
    state.add_page("HR", "Holidays")
    wiki.logo.labels = ["public"]
    assert list_paths(wiki.connect(spaces="HR").list_changes(None)) == ["HR/Holidays.confluence"]
    below = list_paths(wiki.connect(pages=wiki.brand.id).list_changes(None))
    assert below == ["MKT/Home/Brand.confluence", "MKT/Home/Brand/Logo rules.confluence"]
    labelled = list_paths(wiki.connect(labels="public,other").list_changes(None))
    assert labelled == ["MKT/Home/Brand/Logo rules.confluence"]


def test_space_that_is_named_and_missing_removes_nothing(wiki: Wiki) -> None:
    with pytest.raises(SourceUnreadable, match="cannot view the space NOPE"):
        wiki.connect(spaces="MKT,NOPE").list_changes(None)
    with pytest.raises(SourceGone):
        wiki.connect(spaces="NOPE").check_credentials()


def test_page_below_a_folder_is_named_by_it_and_restricted_by_it(cloud: Wiki) -> None:
    state = cloud.fake.state
    folder = state.add_page("MKT", "Campaigns", under=cloud.home)
    folder.kind = "folder"
    page = state.add_page("MKT", "Spring", under=folder)
    connector = cloud.connect()
    assert find_file(connector.list_changes(None), page).path == "MKT/Home/Campaigns/Spring.confluence"
    state.restrict(folder, ("group", "editors"))
    assert list_readers(cloud, connector, page) == {"Ann Ash"}


def test_edition_is_found_out_by_asking(wiki: Wiki) -> None:
    connector = connect(wiki.fake, {})
    connector.check_credentials()
    assert type(connector.site.contents).__name__ == (
        "CloudContents" if wiki.fake.edition == "cloud" else "DataCenterContents"
    )


def test_account_that_the_site_does_not_know_is_refused(wiki: Wiki) -> None:
    wiki.fake.faults.fail_next(1, status=401)
    with pytest.raises(CredentialsRefused):
        wiki.connect(edition=wiki.fake.edition).check_credentials()


def test_file_of_accounts_that_cannot_be_read_is_named(wiki: Wiki, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        wiki.connect(accounts=str(tmp_path / "none.csv"))


def test_group_that_is_not_there_lets_nobody_in(wiki: Wiki, caplog: pytest.LogCaptureFixture) -> None:
    connector = wiki.connect()
    connector.list_changes(None)
    del wiki.fake.state.groups["staff"]
    groups = connector.list_groups()
    assert groups is not None
    assert groups.groups["wiki/staff"] == frozenset()
    assert "nobody is let in by it" in caplog.text


def test_groups_are_not_told_before_anything_was_listed(wiki: Wiki) -> None:
    groups = wiki.connect().list_groups()
    assert groups is not None
    assert (dict(groups.groups), groups.is_complete) == ({}, False)


def test_site_of_many_spaces_is_searched_in_portions(wiki: Wiki) -> None:
    for number in range(120):
        wiki.fake.state.add_space(f"S{number}", ("group", "staff"))
    wiki.connect(attachments="no").list_changes(None)
    assert wiki.fake.count("content/search") == 3


def test_answer_in_an_unknown_form_fails_the_listing_with_a_sentence(wiki: Wiki) -> None:
    connector = wiki.connect()
    connector.check_credentials()
    readers = connector.site.readers
    whole = type(readers).check_account
    answer: dict[str, None] = {}
    try:
        type(readers).check_account = lambda self: answer["version"]  # type: ignore[method-assign]
        with pytest.raises(SourceUnreadable, match="form that is not known here"):
            connector.list_changes(None)
    finally:
        type(readers).check_account = whole  # type: ignore[method-assign]


def test_page_that_is_removed_while_it_is_listed_is_left_out(wiki: Wiki) -> None:
    wiki.fake.faults.fail_next(99, status=404, matching=f"/{wiki.logo.id}")
    assert list_paths(wiki.connect().list_changes(None)) == [
        "MKT/Home.confluence",
        "MKT/Home/Brand.confluence",
    ]


def test_refusal_of_a_page_that_is_there_fails_the_listing(wiki: Wiki) -> None:
    wiki.fake.faults.fail_next(1, status=404, matching=f"/{wiki.logo.id}/child/attachment")
    wiki.fake.faults.fail_next(1, status=404, matching=f"/{wiki.logo.id}/labels")
    with pytest.raises(SourceUnreadable, match="404"):
        wiki.connect().list_changes(None)
