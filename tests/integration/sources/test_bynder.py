"""Bynder through its real connector over HTTP, against the stateful fake."""

import json
from collections.abc import Iterator

import pytest

from core.errors import UsageError
from ingest.connectors.bynder.asset_words import Reading, read_asset
from ingest.connectors.connector import (
    FileGone,
    FileWithdrawn,
    SourceUnreadable,
)
from tests.fakes.bynder_server import CLIENT_ID, CLIENT_SECRET, PERMANENT_TOKEN, BynderServer
from tests.fakes.dam_server import FileServer, serve_dam
from tests.integration.sources.dam_setup import list_names, open_bynder, pick, read_texts

MEDIA = "/api/v4/media/?"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.connectors.web_client.pause", lambda _: None)


@pytest.fixture
def server() -> Iterator[BynderServer]:
    with serve_dam(BynderServer()) as served:
        yield served
        assert served.violations == []


@pytest.fixture
def files() -> Iterator[FileServer]:
    with serve_dam(FileServer()) as served:
        yield served


def test_asset_offers_itself_with_its_rights(server: BynderServer) -> None:
    server.brands = [{"id": "brand-1", "name": "Pelmarrow", "subBrands": []}]
    server.add_property("background", "Background", {"dark": "Dark backgrounds"})
    server.add_property("ends", "Usage end")
    server.add_property("approval", "Approval", {"ok": "Approved for use"})
    item_id = server.add_asset(
        "Wordmark white",
        description="Logo for dark backgrounds",
        tags=["logo", "white"],
        copyright="© Pelmarrow",
        limited=1,
        brandId="brand-1",
        width=2400,
        height=800,
        property_background=["dark"],
        property_ends="2027-03-31T00:00:00Z",
        property_approval="ok",
        mediaItems=[
            {"fileName": "wordmark.png", "type": "original", "active": 1},
            {"fileName": "wordmark.svg", "type": "additional", "active": 1},
            {"fileName": "old.gif", "type": "additional", "active": 0},
        ],
    )
    server.add_collection("Logos", item_id)
    connector = open_bynder(
        server, {"ends-property": "usage END", "approved-when": "Approval=Approved for use"}
    )
    (file,) = connector.list_changes(None).files
    assert file.path == f"Logos/Wordmark white ({item_id}).asset"
    assert file.stated == {
        "title": "Wordmark white",
        "kind": "asset",
        "status": "approved",
        "valid_until": "2027-03-31",
    }
    assert file.access is None
    assert file.signals == {
        "type": ("image",),
        "brand": ("Pelmarrow",),
        "collection": ("Logos",),
        "tag": ("logo", "white"),
        "state": ("limited",),
        "property:background": ("Dark backgrounds",),
        "property:ends": ("2027-03-31T00:00:00Z",),
        "property:approval": ("Approved for use",),
    }
    assert read_texts(connector, file) == [
        "Wordmark white",
        "Logo for dark backgrounds",
        "Tags: logo, white",
        "Rights: © Pelmarrow",
        "Rights: Limited usage, ask before you use it",
        "May be used until 2027-03-31",
        "Approval: Approved for use",
        "Background: Dark backgrounds",
        "Formats: PNG 2400 × 800, SVG",
    ]


def test_link_leads_to_the_asset_in_the_portal() -> None:
    asset = read_asset(
        {"id": "A1", "name": "Logo", "type": "image"}, Reading("https://dam.pelmarrow.example")
    )
    assert asset.url == "https://dam.pelmarrow.example/media/?mediaId=A1"


def test_no_asset_is_approved_unless_the_admin_named_what_says_so(server: BynderServer) -> None:
    server.add_property("approval", "Approval", {"ok": "Approved", "no": "Rejected"})
    server.add_asset("Yes", property_approval=["ok"], isPublic=1)
    server.add_asset("No", property_approval=["no"])
    unnamed = open_bynder(server).list_changes(None)
    assert [file.stated.get("status") for file in unnamed.files] == [None, None]
    named = open_bynder(server, {"approved-when": "approval=approved"}).list_changes(None)
    assert pick(named, "Yes").stated["status"] == "approved"
    assert "status" not in pick(named, "No").stated


@pytest.mark.parametrize("lists_archived", [True, False])
def test_archived_asset_is_kept_as_one_that_must_not_be_used(
    server: BynderServer, lists_archived: bool
) -> None:
    server.lists_archived = lists_archived
    server.add_property("approval", "Approval", {"ok": "Approved"})
    server.add_asset("Old logo", archive=1, property_approval=["ok"])
    server.add_asset("New logo")
    connector = open_bynder(server, {"approved-when": "approval=approved"})
    listing = connector.list_changes(None)
    assert list_names(listing) == ["New logo", "Old logo"]
    old = pick(listing, "Old logo")
    assert old.stated["status"] == "retired"
    assert read_texts(connector, old)[1] == "Do not use: archived in Bynder"


@pytest.mark.parametrize(
    ("flag", "is_archived"), [(1, True), (True, True), ("1", True), (0, False), ("0", False)]
)
def test_flag_is_read_in_each_form_in_which_it_comes(flag: object, is_archived: bool) -> None:
    asset = read_asset(
        {"id": "A1", "name": "Logo", "archive": flag}, Reading("https://dam.pelmarrow.example")
    )
    assert (asset.status == "retired") == is_archived


def test_id_that_would_lead_elsewhere_stops_the_listing(server: BynderServer) -> None:
    server.edit(server.add_asset("Logo"), id="../../v6/users")
    with pytest.raises(SourceUnreadable, match="not as documented"):
        open_bynder(server).list_changes(None)


def test_text_of_a_document_is_fetched_and_comes_after_its_facts(server: BynderServer) -> None:
    server.add_asset(
        "Tone", type="document", extension=["md"], description="How we sound", content=b"We write short."
    )
    connector = open_bynder(server)
    (file,) = connector.list_changes(None).files
    assert read_texts(connector, file) == ["Tone", "How we sound", "Formats: MD", "We write short."]


def test_image_is_never_downloaded(server: BynderServer) -> None:
    server.add_asset("Logo", content=b"\x89PNG")
    connector = open_bynder(server)
    (file,) = connector.list_changes(None).files
    connector.fetch(file)
    assert server.count("/download") == server.count("/files/") == 0


def test_original_from_another_host_is_fetched_without_our_token(
    server: BynderServer, files: FileServer
) -> None:
    server.file_host = files
    server.add_asset("Tone", type="document", extension=["md"], content=b"We write short.")
    connector = open_bynder(server, {"asset-hosts": files.url.removeprefix("http://")})
    (file,) = connector.list_changes(None).files
    assert read_texts(connector, file)[-1] == "We write short."
    assert [request.headers.get("Authorization") for request in files.requests] == [None]
    assert PERMANENT_TOKEN not in str(files.requests)


def test_original_on_a_host_that_nobody_named_is_not_fetched(server: BynderServer, files: FileServer) -> None:
    server.file_host = files
    server.add_asset("Tone", type="document", extension=["md"], content=b"We write short.")
    connector = open_bynder(server)
    (file,) = connector.list_changes(None).files
    with pytest.raises(FileGone, match="--asset-hosts") as caught:
        connector.fetch(file)
    assert not isinstance(caught.value, FileWithdrawn)
    assert files.requests == []


def test_original_that_is_refused_leaves_the_facts(server: BynderServer) -> None:
    server.add_asset("Tone", type="document", extension=["md"], content=b"We write short.")
    connector = open_bynder(server)
    (file,) = connector.list_changes(None).files
    server.fail_next(status=403, only="/download")
    assert read_texts(connector, file)[-1].endswith("its source does not give out the file")
    server.fail_next(status=403, only="/files/")
    assert read_texts(connector, file)[-1].endswith("does not give out the file (HTTP 403)")


def test_row_19_original_above_the_limit_is_named_and_never_downloaded(server: BynderServer) -> None:
    server.add_asset("Book", type="document", extension=["pdf"], content=b"%PDF-" + b"x" * 200_000)
    connector = open_bynder(server, max_bytes=100_000)
    (file,) = connector.list_changes(None).files
    assert "above the limit" in file.note
    assert "above the limit" in read_texts(connector, file)[-1]
    assert server.count("/download") == 0


def test_row_19_original_that_is_larger_than_it_says_is_not_taken(server: BynderServer) -> None:
    server.add_asset(
        "Book", type="document", extension=["pdf"], content=b"%PDF-" + b"x" * 200_000, fileSize=10
    )
    connector = open_bynder(server, max_bytes=100_000)
    (file,) = connector.list_changes(None).files
    content = connector.fetch(file)
    assert len(content) < 2_000
    assert "above the limit" in json.loads(content)["unread"]


def test_asset_that_vanishes_between_listing_and_fetching_is_withdrawn(server: BynderServer) -> None:
    item_id = server.add_asset("Logo")
    connector = open_bynder(server)
    (file,) = connector.list_changes(None).files
    server.throw_away(item_id)
    with pytest.raises(FileWithdrawn):
        connector.fetch(file)


def test_only_the_named_collections_brands_and_properties_are_listed(server: BynderServer) -> None:
    server.brands = [{"id": "b1", "name": "Pelmarrow"}, {"id": "b2", "name": "Other"}]
    ids = [server.add_asset(f"Logo {brand}", brandId=brand) for brand in ("b1", "b2")]
    server.add_asset("Elsewhere", brandId="b1", property_use=["web"])
    server.add_collection("Logos", *ids)
    assert list_names(open_bynder(server, {"collections": "Logos"}).list_changes(None)) == [
        "Logo b1",
        "Logo b2",
    ]
    assert list_names(open_bynder(server, {"brands": "Pelmarrow"}).list_changes(None)) == [
        "Elsewhere",
        "Logo b1",
    ]
    both = open_bynder(server, {"collections": "Logos", "brands": "Pelmarrow"})
    assert list_names(both.list_changes(None)) == ["Logo b1"]
    assert list_names(open_bynder(server, {"filters": "use=web"}).list_changes(None)) == ["Elsewhere"]


def test_collection_that_is_not_there_stops_the_listing(server: BynderServer) -> None:
    server.fill()
    server.add_collection("Logos")
    with pytest.raises(SourceUnreadable, match="'Logo' is not in Bynder; there: Logos"):
        open_bynder(server, {"collections": "Logo"}).list_changes(None)


def test_source_without_credentials_names_the_variable(server: BynderServer) -> None:
    with pytest.raises(UsageError, match="ONBRAND_SOURCE_DAM_TOKEN"):
        open_bynder(server, secrets={})


@pytest.mark.parametrize("options", [{"approved-when": "Approval"}, {"filters": "=x"}])
def test_option_that_is_no_pair_is_refused(server: BynderServer, options: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="Property=Value"):
        open_bynder(server, options)


def test_names_that_are_not_shown_to_us_cost_no_asset(server: BynderServer) -> None:
    server.fill(2)
    for part in ("metaproperties", "brands", "collections"):
        server.fail_next(100, status=403, only=part)
    assert len(open_bynder(server).list_changes(None).files) == 2


def test_every_kind_of_reply_of_the_fake_is_checked_against_the_field_table(server: BynderServer) -> None:
    server.brands = [{"id": "b", "name": "Pelmarrow", "subBrands": []}]
    server.add_property("use", "Use", {"web": "Web"})
    item_id = server.add_asset("Tone", extension=["md"], content=b"Short.")
    server.add_collection("Guides", item_id)
    server.throw_away(server.add_asset("Gone"))
    connector = open_bynder(server, secrets={"client-id": CLIENT_ID, "client-secret": CLIENT_SECRET})
    listing = connector.list_changes(None)
    connector.list_changes(listing.cursor)
    connector.fetch(pick(listing, "Tone"))
    assert server.checked == {
        "asset",
        "media item",
        "total",
        "trashed",
        "metaproperty",
        "option",
        "brand",
        "collection",
        "download",
        "token",
    }


def test_reply_that_differs_from_the_field_table_is_noticed(server: BynderServer) -> None:
    server.add_asset("Logo", wrong=1, tags="logo")
    open_bynder(server).list_changes(None)
    assert server.violations
    assert {line.rpartition(": ")[2] for line in server.violations} == {"wrong is int", "tags is str"}
    server.violations.clear()
