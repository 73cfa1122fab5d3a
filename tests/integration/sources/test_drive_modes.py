"""Failure modes 1 to 6 of Drive connectors: what is left out, read by the wrong people, or not missed."""

from collections.abc import Iterator

import pytest

from ingest.connectors.connector import (
    FileGone,
    FileWithdrawn,
    SourceGone,
)
from tests.fakes.drive_world import Grant
from tests.integration.sources.drive_source import DriveSource, serve_source

ANN, BOB = "ann@brand.example", "bob@brand.example"


@pytest.fixture
def source() -> Iterator[DriveSource]:
    with serve_source() as source:
        yield source


def make_drive(source: DriveSource, name: str = "Brand") -> str:
    return source.world.add_drive(name, Grant(ANN))


def test_mode_01_an_export_above_10_mb_does_not_end_the_sync(source: DriveSource) -> None:
    drive = make_drive(source)
    source.world.add_doc(drive, "Huge", "x" * 600)
    source.world.add_doc(drive, "Small", "short")
    source.server.replies.export_limit = 500
    source.sync()
    assert source.read("Brand/Huge.md") == b"x" * 600
    assert source.read("Brand/Small.md") == b"short"
    assert source.server.count("drive.files.download") == 1
    assert source.server.count("drive.operations.get") == 1


def test_mode_01_a_large_export_comes_by_its_link_where_downloads_are_off(source: DriveSource) -> None:
    source.world.add_doc(make_drive(source), "Huge", "x" * 600)
    source.server.replies.export_limit, source.server.replies.has_downloads = 500, False
    source.sync()
    assert source.read("Brand/Huge.md") == b"x" * 600
    assert source.server.count("exports") == 1


def test_mode_01_a_large_export_that_is_not_to_be_had_is_one_failed_file(source: DriveSource) -> None:
    drive = make_drive(source)
    huge = source.world.add_doc(drive, "Huge", "x" * 600)
    source.world.change(huge, fields={"exportLinks": {}})
    source.server.replies.export_limit, source.server.replies.has_downloads = 500, False
    source.sync()
    with pytest.raises(FileGone, match="limit of 10 MB") as caught:
        source.read("Brand/Huge.md")
    assert not isinstance(caught.value, FileWithdrawn)


def test_mode_01_a_download_address_of_an_unknown_host_gets_no_token(source: DriveSource) -> None:
    source.world.add_doc(make_drive(source), "Huge", "x" * 600)
    source.server.replies.export_limit = 500
    source.server.replies.download_host = "http://127.0.0.1:9"
    source.sync()
    assert source.read("Brand/Huge.md") == b"x" * 600  # by the export link, which is the fake's own
    assert source.server.count("exports") == 1


def test_mode_02_a_shared_drive_is_listed_whole_over_tiny_pages(source: DriveSource) -> None:
    drive = make_drive(source)
    folders = [drive] + [source.world.add_folder(drive, f"Folder {number}") for number in range(4)]
    for number in range(120):
        source.world.add_file(folders[number % 5], f"File {number}.md", b"text")
    source.server.replies.page_size = 7
    listing = source.sync()
    assert listing.is_complete
    assert len(source.paths()) == 120
    assert source.server.count("drive.files.list") == 18  # 124 items in pages of 7


def test_mode_03_sharing_with_a_domain_reaches_that_domain_alone(source: DriveSource) -> None:
    drive = source.world.add_drive("Brand")
    source.world.add_file(
        drive, "Open.md", b"1", grants=[Grant("brand.example", "domain", is_discoverable=True)]
    )
    source.world.add_file(drive, "Link.md", b"2", grants=[Grant("brand.example", "domain")])
    source.sync()
    assert source.list_readers("Brand/Open.md", ANN, "eve@other.example") == [ANN]
    assert source.list_readers("Brand/Link.md", ANN, "eve@other.example") == []


def test_mode_04_a_file_of_strangers_without_known_permissions_is_read_by_nobody(source: DriveSource) -> None:
    own = Grant(source.world.account)
    foreign = source.world.add_doc("", "Foreign", "text", owner="eve@other.example", grants=[own, Grant(ANN)])
    hidden = source.world.add_file(make_drive(source), "Hidden.md", b"text", hides_grants=True)
    source.options = {"files": f"{foreign},{hidden}"}
    source.sync()
    assert source.paths() == ["Foreign.md", "Hidden.md"]
    for path in source.paths():
        assert source.list_readers(path, ANN, BOB, "eve@other.example", source.world.account) == []
        assert "hidden from this account" in source.find(path).note


def test_mode_04_a_file_of_strangers_with_an_empty_list_is_read_by_nobody(source: DriveSource) -> None:
    foreign = source.world.add_doc("", "Foreign", "text", grants=[Grant(source.world.account, role="writer")])
    source.world.change(foreign, fields={"permissions": []})
    source.options = {"files": foreign}
    source.sync()
    assert source.list_readers("Foreign.md", ANN, source.world.account) == []


@pytest.mark.parametrize("how", ["removed", "trashed", "folder trashed", "folder removed", "unshared"])
def test_mode_05_what_is_deleted_is_named_as_removed(source: DriveSource, how: str) -> None:
    drive = make_drive(source)
    folder = source.world.add_folder(drive, "Folder")
    inner = source.world.add_folder(folder, "Inner")
    gone = source.world.add_file(inner, "Gone.md", b"1")
    source.world.add_file(drive, "Kept.md", b"2")
    source.sync()
    acts = {
        "removed": lambda: source.world.remove(gone),
        "trashed": lambda: source.world.change(gone, is_trashed=True),
        "folder trashed": lambda: source.world.change(folder, is_trashed=True),
        "folder removed": lambda: source.world.remove(folder),
        "unshared": lambda: source.world.move(gone, source.world.add_drive("Elsewhere")),
    }
    source.options = {"drives": drive}
    source.sync()
    acts[how]()
    listing = source.sync()
    assert source.paths() == ["Brand/Kept.md"]
    assert listing.is_complete or gone in listing.removed


def test_mode_06_a_lost_shared_drive_stops_the_sync_with_words(source: DriveSource) -> None:
    make_drive(source)
    other = make_drive(source, "Campaigns")
    source.world.add_file(other, "File.md", b"1")
    source.sync()
    source.world.remove_drive(other)
    with pytest.raises(SourceGone, match=rf"not there any more.*{other}.*--drives"):
        source.open().list_changes(source.cursor)


def test_mode_06_a_lost_drive_that_is_named_stops_even_the_first_sync(source: DriveSource) -> None:
    make_drive(source)
    source.options = {"drives": "Brand, Campaigns"}
    with pytest.raises(SourceGone, match=r"'Campaigns' is not there.*'Brand'"):
        source.sync()


def test_mode_06_a_drive_that_the_account_was_taken_out_of_is_lost(source: DriveSource) -> None:
    make_drive(source)
    other = make_drive(source, "Campaigns")
    source.sync()
    source.world.drives[other].members = [Grant(ANN)]
    with pytest.raises(SourceGone, match=other):
        source.sync()
