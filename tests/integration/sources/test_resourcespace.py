"""ResourceSpace through its real connector over HTTP, against the stateful fake."""

import json
from collections.abc import Iterator

import pytest

from core.access import AccessList
from core.errors import UsageError
from ingest.connectors.connector import (
    CredentialsRefused,
    FileGone,
    FileWithdrawn,
    SourceUnreadable,
)
from ingest.connectors.resourcespace.asset_words import Reading, read_asset
from ingest.connectors.resourcespace.installation import sign_query
from tests.fakes.dam_server import FileServer, serve_dam
from tests.fakes.resourcespace_server import KEY, ResourceSpaceServer
from tests.integration.sources.dam_setup import list_names, open_space, read_texts

SEARCH = "function=do_search"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.connectors.web_client.pause", lambda _: None)


@pytest.fixture
def server() -> Iterator[ResourceSpaceServer]:
    with serve_dam(ResourceSpaceServer()) as served:
        yield served
        assert served.violations == []


@pytest.fixture
def files() -> Iterator[FileServer]:
    with serve_dam(FileServer()) as served:
        yield served


def test_resource_offers_itself_with_its_rights(server: ResourceSpaceServer) -> None:
    ref = server.add_resource(
        title="Wordmark white",
        caption="Logo for dark backgrounds",
        keywords="logo, white",
        credit="© Pelmarrow",
        accessibilityalttext="The word Pelmarrow in white",
        expirydate="2027-03-31 00:00:00",
        extension="svg",
    )
    connector = open_space(server)
    (file,) = connector.list_changes(None).files
    assert file.path == f"Photo/Wordmark white ({ref}).asset"
    assert file.stated == {"title": "Wordmark white", "kind": "asset", "valid_until": "2027-03-31"}
    assert file.access is None
    assert {name: file.signals[name] for name in ("type", "state", "access", "tag", "property:credit")} == {
        "type": ("Photo",),
        "state": ("active",),
        "access": ("open",),
        "tag": ("logo", "white"),
        "property:credit": ("© Pelmarrow",),
    }
    assert read_texts(connector, file) == [
        "Wordmark white",
        "Caption: Logo for dark backgrounds",
        "Alt text: The word Pelmarrow in white",
        "Tags: logo, white",
        "Rights: © Pelmarrow",
        "May be used until 2027-03-31",
        "Workflow state: active",
        "Formats: SVG",
    ]


def test_link_leads_to_the_resource() -> None:
    asset = read_asset({"ref": 12}, [], Reading("https://dam.pelmarrow.example/rs"))
    assert asset.url == "https://dam.pelmarrow.example/rs/?r=12"


@pytest.mark.parametrize(
    ("archive", "status", "approving"),
    [
        (-2, "draft", "draft"),
        (-1, "draft", "draft"),
        (0, None, "approved"),
        (1, "retired", "retired"),
        (2, "retired", "retired"),
    ],
)
def test_workflow_state_gives_the_status_and_active_is_approved_only_by_option(
    server: ResourceSpaceServer, archive: int, status: str | None, approving: str
) -> None:
    server.add_resource(title="Logo", archive=archive)
    (file,) = open_space(server).list_changes(None).files
    assert file.stated.get("status") == status
    (file,) = open_space(server, {"active-is-approved": "yes"}).list_changes(None).files
    assert file.stated.get("status") == approving


def test_deleted_state_is_not_listed(server: ResourceSpaceServer) -> None:
    server.add_resource(title="Gone", archive=3)
    server.add_resource(title="Logo")
    assert list_names(open_space(server).list_changes(None)) == ["Logo"]


def test_archived_resource_is_kept_with_the_day_since_which_it_must_not_be_used(
    server: ResourceSpaceServer,
) -> None:
    ref = server.add_resource(title="Old logo")
    server.set_archive(ref, 2)
    connector = open_space(server)
    (file,) = connector.list_changes(None).files
    assert read_texts(connector, file)[1] == "Do not use: archived on 2026-10-01"
    server.logs[ref] = []
    assert read_texts(connector, file)[1] == "Do not use: archived"


@pytest.mark.parametrize("access", [2, 3, 9])
def test_confidential_resource_is_for_nobody_and_tells_nothing_but_its_name(
    server: ResourceSpaceServer, access: int
) -> None:
    server.add_resource(
        title="Secret", caption="Merger", access=access, extension="md", content=b"Merger text"
    )
    connector = open_space(server)
    (file,) = connector.list_changes(None).files
    assert file.access == AccessList(())
    assert "Merger" not in repr(file)
    assert read_texts(connector, file) == ["Secret"]
    assert server.count("get_resource_path") == 0


def test_resource_whose_fields_are_not_shown_is_for_nobody(server: ResourceSpaceServer) -> None:
    ref = server.add_resource(title="Closing")
    connector = open_space(server)
    server.run_after(2, lambda: server.set_access(ref, 2))
    (file,) = connector.list_changes(None).files
    assert file.access == AccessList(())


def test_restricted_resource_shows_its_facts_but_never_its_text(server: ResourceSpaceServer) -> None:
    server.add_resource(title="Tone", access=1, extension="md", content=b"We write short.")
    connector = open_space(server)
    (file,) = connector.list_changes(None).files
    texts = read_texts(connector, file)
    assert "Rights: Restricted, ask before you use it" in texts
    assert "We write short." not in texts
    assert server.count("get_resource_path") == 0


def test_text_of_a_document_is_fetched_and_comes_after_its_facts(server: ResourceSpaceServer) -> None:
    server.add_resource(title="Tone", extension="md", content=b"We write short.")
    connector = open_space(server)
    (file,) = connector.list_changes(None).files
    assert read_texts(connector, file)[-1] == "We write short."


def test_original_on_another_host_needs_that_host_to_be_named(
    server: ResourceSpaceServer, files: FileServer
) -> None:
    server.file_host = files
    server.add_resource(title="Tone", extension="md", content=b"We write short.")
    connector = open_space(server)
    (file,) = connector.list_changes(None).files
    with pytest.raises(FileGone, match="--asset-hosts"):
        connector.fetch(file)
    assert files.requests == []
    allowed = open_space(server, {"asset-hosts": files.url.removeprefix("http://")})
    assert read_texts(allowed, file)[-1] == "We write short."
    assert KEY not in str(files.requests)


def test_row_19_original_above_the_limit_is_named_and_never_downloaded(server: ResourceSpaceServer) -> None:
    server.add_resource(title="Book", extension="pdf", content=b"%PDF-" + b"x" * 200_000)
    connector = open_space(server, max_bytes=100_000)
    (file,) = connector.list_changes(None).files
    assert "above the limit" in file.note
    assert "above the limit" in json.loads(connector.fetch(file))["unread"]
    assert server.count("/filestore/") == 0


def test_resource_that_vanishes_between_listing_and_fetching_is_withdrawn(
    server: ResourceSpaceServer,
) -> None:
    ref = server.add_resource(title="Logo")
    connector = open_space(server)
    (file,) = connector.list_changes(None).files
    server.purge(ref)
    with pytest.raises(FileWithdrawn):
        connector.fetch(file)


def test_only_the_named_collections_or_the_search_are_listed(server: ResourceSpaceServer) -> None:
    refs = server.fill(4)
    server.collections = {7: refs[:2], 8: refs[1:3]}
    assert list_names(open_space(server, {"collections": "7, 8"}).list_changes(None)) == [
        "Resource 0",
        "Resource 1",
        "Resource 2",
    ]
    assert list_names(open_space(server, {"search": "resource 3"}).list_changes(None)) == ["Resource 3"]


def test_own_field_for_the_end_of_use_wins_over_the_expiry_date(server: ResourceSpaceServer) -> None:
    server.names["licence_end"] = (91, "Licence ends", 4)
    server.add_resource(title="Photo", expirydate="2030-01-01", licence_end="31 March 2027")
    (file,) = open_space(server, {"ends-field": "licence_end"}).list_changes(None).files
    assert file.stated["valid_until"] == "31 March 2027"  # no day: the engine takes the safe side


def test_signature_is_made_over_key_and_query_and_the_key_is_never_sent(server: ResourceSpaceServer) -> None:
    server.add_resource(title="Ünï & cö=?", keywords="a, b")
    open_space(server, {"search": "ünï & cö=?"}).list_changes(None)
    assert KEY not in str(server.requests)
    query, _, sign = server.requests[0].query.rpartition("&sign=")
    assert sign == sign_query(KEY, query)


def test_wrong_key_says_what_to_do_and_shows_neither_key_nor_signature(server: ResourceSpaceServer) -> None:
    with pytest.raises(CredentialsRefused, match="sync again") as caught:
        open_space(server, key="wrong-private-key").check_credentials()
    assert "wrong-private-key" not in str(caught.value)
    assert "sign=" not in str(caught.value)


def test_source_without_a_key_names_the_variable(server: ResourceSpaceServer) -> None:
    with pytest.raises(UsageError, match="ONBRAND_SOURCE_DAM_KEY"):
        open_space(server, key="")


def test_api_that_is_switched_off_is_said_so(server: ResourceSpaceServer) -> None:
    server.fail_next(status=403)
    with pytest.raises(SourceUnreadable, match="API is switched on"):
        open_space(server).check_credentials()


def test_every_kind_of_reply_of_the_fake_is_checked_against_the_field_table(
    server: ResourceSpaceServer,
) -> None:
    server.set_archive(server.add_resource(title="Old"), 2)
    server.add_resource(title="Tone", extension="md", content=b"Short.")
    connector = open_space(server)
    for file in connector.list_changes(None).files:
        connector.fetch(file)
    assert server.checked == {"page", "row", "field", "log", "type"}


def test_reply_that_differs_from_the_field_table_is_noticed(server: ResourceSpaceServer) -> None:
    ref = server.add_resource(title="Logo")
    server.resources[ref] |= {"wrong": 1}
    open_space(server).list_changes(None)
    assert "row[0]: wrong is int" in server.violations
    server.violations.clear()
