"""What the Confluence connector fetches, and what it embeds, against the stand-in over HTTP."""

import json

import pytest
from lxml import etree

from ingest.connectors.connector import (
    FileGone,
    FileWithdrawn,
)
from tests.fakes.confluence_state import Content, Status
from tests.integration.sources.confluence_setup import (
    Wiki,
    find_file,
    list_readers,
)
from tests.integration.sources.confluence_setup import cloud as cloud  # noqa: PLC0414 - a fixture
from tests.integration.sources.confluence_setup import data_center as data_center  # noqa: PLC0414
from tests.integration.sources.confluence_setup import wiki as wiki  # noqa: PLC0414


def write_include(title: str, *, space: str = "", macro: str = "include") -> str:
    key = f' ri:space-key="{space}"' if space else ""
    return (
        f'<ac:structured-macro ac:name="{macro}" ac:schema-version="1"><ac:parameter ac:name=""><ac:link>'
        f'<ri:page{key} ri:content-title="{title}" /></ac:link></ac:parameter></ac:structured-macro>'
    )


def read_page_file(wiki: Wiki, page: Content) -> etree._Element:
    connector = wiki.connect()
    return etree.fromstring(connector.fetch(find_file(connector.list_changes(None), page)))


def test_fetched_page_is_its_storage_form_and_nothing_of_its_comments(wiki: Wiki) -> None:
    wiki.logo.comments.append("I think this is wrong")
    wiki.fake.state.edit(wiki.logo, "<p>Fish &amp; chips&nbsp;<ac:emoticon ac:name='tick' /></p>")
    root = read_page_file(wiki, wiki.logo)
    assert (root.get("title"), root.get("body"), root.get("space")) == ("Logo rules", "storage", "MKT")
    assert root.findtext("body") == "<p>Fish &amp; chips&nbsp;<ac:emoticon ac:name='tick' /></p>"
    assert b"I think" not in etree.tostring(root)
    assert wiki.fake.count("comment") == 0


def test_page_whose_storage_form_fails_comes_as_its_view(wiki: Wiki) -> None:
    wiki.logo.is_broken = True
    assert read_page_file(wiki, wiki.logo).get("body") == "view"


def test_included_page_is_embedded_and_its_readers_are_joined(wiki: Wiki) -> None:
    state = wiki.fake.state
    secret = state.add_page("MKT", "Embargo & more", "<p>Not before May.</p>", under=wiki.home)
    state.restrict(secret, ("group", "editors"))
    state.edit(wiki.logo, write_include("Embargo &amp; more", macro="excerpt-include"))
    root = read_page_file(wiki, wiki.logo)
    include = root.find("include")
    assert include is not None
    assert (include.get("key"), include.findtext("body")) == ("MKT/Embargo & more", "<p>Not before May.</p>")
    assert list_readers(wiki, wiki.connect(), wiki.logo) == {"Ann Ash"}
    assert list_readers(wiki, wiki.connect(), wiki.brand) == {"Ann Ash", "Ben Birk", "Cleo Cole"}


def test_what_an_included_page_includes_is_embedded_too(wiki: Wiki) -> None:
    state = wiki.fake.state
    state.add_space("HR", ("user", wiki.ben.key))
    state.add_page("HR", "Deep", write_include("Logo rules", space="MKT") + "<p>Deep text.</p>")
    state.edit(wiki.brand, write_include("Deep", space="HR"))
    state.edit(wiki.logo, write_include("Brand"))
    root = read_page_file(wiki, wiki.logo)
    assert {one.get("key") for one in root.findall("include")} == {"MKT/Brand", "HR/Deep"}
    assert list_readers(wiki, wiki.connect(), wiki.logo) == {"Ben Birk"}


def test_include_of_a_page_out_of_reach_stays_a_link(wiki: Wiki) -> None:
    state = wiki.fake.state
    state.add_space("HR", ("group", "staff"))
    state.add_page("HR", "Deep")
    state.edit(wiki.logo, write_include("Deep", space="HR") + write_include("Nowhere"))
    connector = wiki.connect(spaces="MKT")
    file = find_file(connector.list_changes(None), wiki.logo)
    assert json.loads(file.handle["includes"]) == []
    assert etree.fromstring(connector.fetch(file)).find("include") is None


def test_include_of_a_page_that_nobody_may_read_stays_a_link(wiki: Wiki) -> None:
    state = wiki.fake.state
    wiki.ben.hides_email = True
    state.restrict(wiki.brand, ("user", wiki.ben.key))
    page = state.add_page("MKT", "Uses", write_include("Brand"), under=wiki.home)
    file = find_file(wiki.connect().list_changes(None), page)
    assert json.loads(file.handle["includes"]) == []
    assert list_readers(wiki, wiki.connect(), page) == {"Ann Ash", "Cleo Cole"}


def test_page_changes_when_what_it_includes_changes(wiki: Wiki) -> None:
    wiki.fake.state.edit(wiki.logo, write_include("Brand"))
    first = wiki.connect().list_changes(None)
    wiki.fake.state.edit(wiki.brand, "<p>New.</p>")
    later = wiki.connect().list_changes(first.cursor)
    assert {file.item_id for file in later.files} == {wiki.brand.id, wiki.logo.id}
    assert find_file(later, wiki.logo).version != find_file(first, wiki.logo).version


def test_code_that_shows_an_include_includes_nothing(wiki: Wiki) -> None:
    shown = f"<ac:plain-text-body><![CDATA[{write_include('Brand')}]]></ac:plain-text-body>"
    wiki.fake.state.edit(wiki.logo, shown)
    assert find_file(wiki.connect().list_changes(None), wiki.logo).version == "2"


def test_mentioned_people_are_named(wiki: Wiki) -> None:
    attribute = "account-id" if wiki.fake.edition == "cloud" else "userkey"
    mention = f'<p><ac:link><ri:user ri:{attribute}="{{}}" /></ac:link></p>'
    wiki.fake.state.edit(wiki.logo, mention.format(wiki.ben.key) + mention.format("acc-gone"))
    users = read_page_file(wiki, wiki.logo).findall("user")
    assert [(one.get("id"), one.get("name")) for one in users] == [(wiki.ben.key, "Ben Birk")]


def test_page_that_was_edited_after_it_was_listed_waits_for_the_next_sync(wiki: Wiki) -> None:
    connector = wiki.connect()
    file = find_file(connector.list_changes(None), wiki.logo)
    wiki.fake.state.edit(wiki.logo, "<p>Secret, and restricted at the same time.</p>")
    with pytest.raises(FileGone, match="edited while it was read") as gone:
        connector.fetch(file)
    assert not isinstance(gone.value, FileWithdrawn)


@pytest.mark.parametrize("status", ["trashed", "deleted"])
def test_file_that_is_gone_when_it_is_fetched_is_withdrawn_after_a_second_look(
    wiki: Wiki, status: Status
) -> None:
    attachment = wiki.fake.state.attach(wiki.logo, "pack.pdf", b"%PDF")
    connector = wiki.connect()
    listing = connector.list_changes(None)
    wiki.fake.state.set_status(wiki.logo, status)
    for item in (wiki.logo.id, attachment.id):
        with pytest.raises(FileWithdrawn):
            connector.fetch(find_file(listing, item))


def test_single_404_withdraws_nothing(wiki: Wiki) -> None:
    connector = wiki.connect()
    file = find_file(connector.list_changes(None), wiki.logo)
    wiki.fake.faults.fail_next(1, status=404, matching=wiki.logo.id)
    assert b"Clear space" in connector.fetch(file)


def test_file_is_fetched_by_a_connector_that_has_listed_nothing(wiki: Wiki) -> None:
    wiki.fake.state.edit(wiki.logo, write_include("Brand"))
    file = find_file(wiki.connect().list_changes(None), wiki.logo)
    assert b'key="MKT/Brand"' in wiki.connect().fetch(file)
