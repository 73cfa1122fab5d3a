"""Failure modes 7 to 9 of Drive connectors: what the log of changes tells, and where it is not enough."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.drive_world import Grant
from tests.integration.sources.drive_source import DriveSource, serve_source

ANN, BOB = "ann@brand.example", "bob@brand.example"


@pytest.fixture
def source() -> Iterator[DriveSource]:
    with serve_source() as source:
        yield source


def make_drive(source: DriveSource, name: str = "Brand") -> str:
    return source.world.add_drive(name, Grant(ANN))


def test_mode_07_what_is_restored_from_the_trash_comes_back(source: DriveSource) -> None:
    folder = source.world.add_folder(make_drive(source), "Folder")
    file = source.world.add_file(folder, "File.md", b"1")
    source.sync()
    for id_ in (file, folder):
        source.world.change(id_, is_trashed=True)
        source.sync()
        assert source.paths() == []
        source.world.change(id_, is_trashed=False)
        source.sync()
        assert source.paths() == ["Brand/Folder/File.md"]


def test_mode_07_an_upload_that_claims_an_old_date_is_a_new_version(source: DriveSource) -> None:
    drive = make_drive(source)
    file = source.world.add_file(drive, "File.md", b"1")
    source.sync()
    before = source.find("Brand/File.md").version
    source.world.write(file, b"2", modified=datetime(2019, 1, 1, tzinfo=UTC))
    source.sync()
    assert source.find("Brand/File.md").version != before
    assert source.read("Brand/File.md") == b"2"


def test_mode_08_what_changes_while_the_first_crawl_runs_is_in_the_next_listing(source: DriveSource) -> None:
    drive = make_drive(source)
    early = source.world.add_file(drive, "Early.md", b"1")
    for number in range(4):
        source.world.add_file(drive, f"File {number}.md", b"1")
    source.server.replies.page_size = 2
    source.server.act_before("drive.permissions.list", lambda: source.world.write(early, b"2"))
    source.sync()
    old = source.find("Brand/Early.md").version
    listing = source.sync()
    assert [file.path for file in listing.files] == ["Brand/Early.md"]
    assert source.find("Brand/Early.md").version != old


def test_mode_08_a_moved_folder_takes_all_it_holds_along(source: DriveSource) -> None:
    drive = source.world.add_drive("Brand")
    open_folder = source.world.add_folder(drive, "Open", grants=[Grant(ANN)])
    closed = source.world.add_folder(drive, "Closed", grants=[Grant(BOB)])
    moved = source.world.add_folder(open_folder, "Moved")
    source.world.add_file(source.world.add_folder(moved, "Deep"), "File.md", b"1")
    source.sync()
    source.world.move(moved, closed)
    listing = source.sync()
    assert not listing.is_complete
    assert source.paths() == ["Brand/Closed/Moved/Deep/File.md"]
    assert source.list_readers("Brand/Closed/Moved/Deep/File.md", ANN, BOB) == [BOB]


def test_mode_08_changes_that_are_told_twice_are_read_once(source: DriveSource) -> None:
    drive = make_drive(source)
    files = [source.world.add_file(drive, f"File {number}.md", b"1") for number in range(5)]
    source.sync()
    for file in files:
        source.world.write(file, b"2")
    source.server.replies.repeats_changes, source.server.replies.page_size = True, 3
    listing = source.sync()
    assert sorted(file.item_id for file in listing.files) == sorted(files)


@pytest.mark.parametrize("status", [410, 400])
def test_mode_08_an_expired_token_leads_to_a_complete_listing(source: DriveSource, status: int) -> None:
    drive = make_drive(source)
    file = source.world.add_file(drive, "File.md", b"1")
    source.sync()
    source.world.remove(file)
    source.world.add_file(drive, "Other.md", b"2")
    source.server.replies.oldest_token = len(source.world.log)
    source.server.replies.expired_status = status
    listing = source.sync()
    assert listing.is_complete
    assert source.paths() == ["Brand/Other.md"]


@pytest.mark.parametrize("cursor", ["", "not JSON", "[]", '{"tokens": 3}', '{"scope": "x"}'])
def test_mode_08_a_cursor_of_another_making_leads_to_a_complete_listing(
    source: DriveSource, cursor: str
) -> None:
    source.world.add_file(make_drive(source), "File.md", b"1")
    source.cursor = cursor
    assert source.sync().is_complete
    assert source.paths() == ["Brand/File.md"]


def test_mode_09_every_token_belongs_to_its_drive(source: DriveSource) -> None:
    drives = [make_drive(source), make_drive(source, "Campaigns")]
    source.sync()
    source.sync()
    asked = [
        seen.params.get("driveId")
        for seen in source.server.requests
        if seen.id in ("drive.changes.getStartPageToken", "drive.changes.list")
    ]
    assert asked == drives + drives
    assert source.server.count("drive.files.list") == 2  # the second listing was read from the log


def test_nothing_changed_costs_one_look_at_the_drives_and_one_at_each_log(source: DriveSource) -> None:
    drive = make_drive(source)
    for number in range(20):
        source.world.add_file(drive, f"File {number}.md", b"1")
    source.sync()
    before = len(source.server.requests)
    source.sync()
    assert [seen.id for seen in source.server.requests[before:]] == [
        "drive.drives.list",
        "drive.changes.list",
    ]


def test_once_a_day_everything_is_listed_again(source: DriveSource) -> None:
    drive = make_drive(source)
    file = source.world.add_doc(drive, "File", "1")
    source.sync()
    # An approval writes no line into the log.
    source.world.items[file].approvals = [{"status": "DECLINED", "createTime": "2026-11-02T09:30:00.000Z"}]
    assert source.sync().files == ()
    source.world.now += timedelta(hours=25)
    assert source.sync().is_complete
    assert source.find("Brand/File.md").stated["status"] == "draft"
