"""The ways in which Drive connectors have failed elsewhere, one after the other, against the fake Drive."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import TransientError
from ingest.connectors.connector import (
    CredentialsRefused,
    FileGone,
    FileWithdrawn,
    SourceGone,
    SourceUnreadable,
)
from tests.fakes.drive_world import Grant
from tests.integration.sources.drive_source import DriveSource, serve_source

ANN, BOB = "ann@brand.example", "bob@brand.example"
TEAM = "team@brand.example"


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
    with pytest.raises(SourceGone, match=f"not there any more.*{other}.*--drives"):
        source.open().list_changes(source.cursor)


def test_mode_06_a_lost_drive_that_is_named_stops_even_the_first_sync(source: DriveSource) -> None:
    make_drive(source)
    source.options = {"drives": "Brand, Campaigns"}
    with pytest.raises(SourceGone, match="'Campaigns' is not there.*'Brand'"):
        source.sync()


def test_mode_06_a_drive_that_the_account_was_taken_out_of_is_lost(source: DriveSource) -> None:
    make_drive(source)
    other = make_drive(source, "Campaigns")
    source.sync()
    source.world.drives[other].members = [Grant(ANN)]
    with pytest.raises(SourceGone, match=other):
        source.sync()


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


def test_mode_10_a_shortcut_brings_its_target_with_the_targets_readers(source: DriveSource) -> None:
    drive = source.world.add_drive("Brand", Grant(ANN))
    other = source.world.add_drive("Elsewhere", Grant(BOB))
    target = source.world.add_file(other, "Rules.md", b"rules")
    source.world.add_shortcut(drive, "Rules", target)
    source.options = {"drives": drive}
    source.sync()
    assert source.paths() == ["Brand/Rules (shortcut).md"]
    assert source.read("Brand/Rules (shortcut).md") == b"rules"
    assert source.list_readers("Brand/Rules (shortcut).md", ANN, BOB) == [BOB]


def test_mode_10_a_target_out_of_scope_is_followed_without_a_line_in_the_log(source: DriveSource) -> None:
    drive = make_drive(source)
    other = source.world.add_drive("Elsewhere", Grant(BOB))
    target = source.world.add_file(other, "Rules.md", b"1")
    shortcut = source.world.add_shortcut(drive, "Rules", target)
    source.options = {"drives": drive}
    source.sync()
    source.world.write(target, b"2")
    assert [file.item_id for file in source.sync().files] == [target]
    source.world.change(shortcut, is_trashed=True)
    assert target in source.sync().removed
    source.world.change(shortcut, is_trashed=False)
    source.sync()
    assert source.paths() == ["Brand/Rules (shortcut).md"]
    source.world.remove(target)
    assert target in source.sync().removed
    assert source.paths() == []


def test_mode_10_a_target_in_scope_is_read_once_whatever_points_to_it(source: DriveSource) -> None:
    drive = make_drive(source)
    target = source.world.add_file(source.world.add_folder(drive, "Folder"), "File.md", b"1")
    source.world.add_shortcut(drive, "One", target)
    source.world.add_shortcut(drive, "Two", target)
    source.sync()
    assert source.paths() == ["Brand/Folder/File.md"]


def test_mode_10_a_target_that_leaves_the_scope_is_still_there_by_its_shortcut(source: DriveSource) -> None:
    drive, other = make_drive(source), make_drive(source, "Elsewhere")
    target = source.world.add_file(drive, "File.md", b"1")
    source.world.add_shortcut(drive, "Way", target)
    source.options = {"drives": drive}
    source.sync()
    source.world.move(target, other)
    source.sync()
    assert source.paths() == ["Brand/Way (shortcut).md"]
    source.world.move(target, drive)
    source.sync()
    assert source.paths() == ["Brand/File.md"]


def test_mode_10_shortcuts_that_lead_in_a_circle_end(source: DriveSource) -> None:
    drive, other = make_drive(source), make_drive(source, "Elsewhere")
    folder = source.world.add_folder(other, "Folder")
    source.world.add_file(folder, "File.md", b"1")
    source.world.add_shortcut(folder, "Back", folder)
    source.world.add_shortcut(folder, "Home", drive)
    first = source.world.add_shortcut(drive, "First", "item-none")
    second = source.world.add_shortcut(other, "Second", first)
    source.world.change(first, target=second)
    source.world.add_shortcut(drive, "Way", folder)
    source.options = {"drives": drive}
    source.sync()
    assert source.paths() == ["Brand/Way (shortcut)/File.md"]


def test_mode_10_a_dead_shortcut_is_named_and_ends_nothing(source: DriveSource) -> None:
    drive = make_drive(source)
    source.world.add_shortcut(drive, "Dead", "item-none")
    source.world.add_file(drive, "File.md", b"1")
    listing = source.sync()
    assert source.paths() == ["Brand/File.md"]
    (dead,) = [file for file in listing.files if file.skip_reason]
    assert (dead.path, "not there" in str(dead.skip_reason)) == ("Brand/Dead", True)


def test_mode_10_the_resource_key_of_a_target_goes_with_every_request(source: DriveSource) -> None:
    drive = make_drive(source)
    link = Grant("", "anyone", "writer")
    target = source.world.add_doc("", "Keyed", "text", key="key-1", grants=[link, Grant(ANN)])
    folder = source.world.add_folder("", "Keyed folder", key="key-2", grants=[link])
    source.world.add_shortcut(drive, "Keyed", target)
    source.world.add_shortcut(drive, "Keyed folder", folder)
    source.sync()
    assert source.read("Brand/Keyed (shortcut).md") == b"text"
    asked = [seen for seen in source.server.requests if seen.params.get("fileId") == target]
    assert len(asked) >= 3
    assert {seen.headers.get("X-Goog-Drive-Resource-Keys") for seen in asked} == {f"{target}/key-1"}


def test_mode_12_members_of_a_group_are_listed_over_all_pages(source: DriveSource) -> None:
    members = [{"email": f"person{number}@brand.example", "type": "USER"} for number in range(450)]
    source.world.groups = {TEAM: members, "all@brand.example": [{"email": TEAM, "type": "GROUP"}]}
    source.world.directory_readers = {source.world.account}
    drive = source.world.add_drive("Brand", Grant("all@brand.example", "group"))
    source.world.add_file(drive, "File.md", b"1")
    source.sync()
    last = "person449@brand.example"
    assert source.list_readers("Brand/File.md", last, ANN) == [last]
    assert source.server.count("directory.members.list") == 4  # 200, 200, 50 and the group of a group


def test_mode_13_a_page_that_cannot_be_read_is_no_page_without_files(source: DriveSource) -> None:
    drive = make_drive(source)
    for number in range(6):
        source.world.add_file(drive, f"File {number}.md", b"1")
    source.server.replies.page_size = 2
    source.server.act_before("drive.files.list", lambda: source.server.cut_next(9, on="drive.files.list"))
    with pytest.raises(TransientError):
        source.sync()


def test_mode_13_a_search_that_says_it_is_incomplete_is_not_believed(source: DriveSource) -> None:
    source.world.add_file(make_drive(source), "File.md", b"1")
    source.server.leave_out_next(1)
    with pytest.raises(TransientError, match="incomplete"):
        source.sync()


@pytest.mark.parametrize("on", ["drive.files.list", "drive.changes.list", "drive.permissions.list"])
def test_mode_13_a_lost_place_in_a_listing_raises(source: DriveSource, on: str) -> None:
    drive = source.world.add_drive("Brand", Grant(ANN), Grant(BOB))
    files = [source.world.add_file(drive, f"File {number}.md", b"1") for number in range(6)]
    source.sync()
    held = source.describe_held()
    for file in files:
        source.world.write(file, b"2")
    source.server.replies.page_size = 2
    if on != "drive.changes.list":
        source.cursor = None
    source.server.act_before(on, source.server.replies._pages.clear)
    source.server.act_before(on, source.server.replies._pages.clear)
    if on == "drive.changes.list":
        assert source.sync().is_complete  # the log cannot be read on, so everything is
        return
    with pytest.raises(TransientError, match="lost its place"):
        source.sync()
    assert source.describe_held() == held


def test_mode_13_storms_of_refusals_are_waited_out(source: DriveSource) -> None:
    drive = make_drive(source)
    source.world.add_file(drive, "File.md", b"1")
    source.server.fail_next(2, status=429, retry_after="0", on="drive.files.list")
    source.server.fail_next(1, status=503, on="drive.permissions.list")
    source.server.fail_next(2, status=403, reason="userRateLimitExceeded", on="drive.approvals.list")
    source.server.fail_next(1, status=500, on="token")
    source.server.cut_next(1, on="drive.files.get")
    source.sync()
    assert source.paths() == ["Brand/File.md"]
    assert source.read("Brand/File.md") == b"1"


def test_mode_13_refusals_without_end_change_nothing(source: DriveSource) -> None:
    source.world.add_file(make_drive(source), "File.md", b"1")
    source.sync()
    source.server.fail_next(99, status=403, reason="rateLimitExceeded", on="drive.changes.list")
    with pytest.raises(TransientError):
        source.sync()
    assert source.server.count("drive.changes.list") == 4
    assert source.paths() == ["Brand/File.md"]


def test_mode_13_a_403_that_is_no_rate_limit_is_asked_once(source: DriveSource) -> None:
    source.world.add_file(make_drive(source), "File.md", b"1")
    source.server.fail_next(1, status=403, reason="forbidden", on="drive.files.list")
    with pytest.raises(SourceUnreadable, match="nothing was changed"):
        source.sync()
    assert source.server.count("drive.files.list") == 1


def test_an_expired_bearer_token_in_the_middle_is_renewed(source: DriveSource) -> None:
    drive = make_drive(source)
    for number in range(9):
        source.world.add_file(drive, f"File {number}.md", b"1")
    source.server.replies.page_size = 2
    source.server.expire_token_after(4)
    source.sync()
    assert len(source.paths()) == 9
    assert len(source.server.office.tokens) == 1


def test_a_revoked_key_says_what_to_do_and_changes_nothing(source: DriveSource) -> None:
    source.world.add_file(make_drive(source), "File.md", b"1")
    source.sync()
    source.server.office.is_revoked = True
    source.server.office.expire_all()
    with pytest.raises(CredentialsRefused, match="invalid_grant.*revoked"):
        source.open().check_credentials()
    with pytest.raises(CredentialsRefused):
        source.sync()


def test_an_api_that_is_switched_off_is_a_matter_of_the_account_not_of_one_file(source: DriveSource) -> None:
    source.world.add_file(make_drive(source), "File.md", b"1")
    source.sync()
    source.server.fail_next(1, status=403, reason="accessNotConfigured", on="drive.files.get")
    with pytest.raises(CredentialsRefused, match="switched on"):
        source.read("Brand/File.md")


def test_a_file_that_is_unshared_between_listing_and_fetching_is_withdrawn(source: DriveSource) -> None:
    file = source.world.add_file(make_drive(source), "File.md", b"1")
    source.sync()
    source.world.remove(file)
    with pytest.raises(FileWithdrawn):
        source.read("Brand/File.md")


def test_a_file_that_is_edited_between_listing_and_fetching_is_listed_again(source: DriveSource) -> None:
    file = source.world.add_file(make_drive(source), "File.md", b"1")
    source.sync()
    source.world.write(file, b"22")
    assert source.read("Brand/File.md") == b"22"
    assert [one.item_id for one in source.sync().files] == [file]
    assert source.sync().files == ()


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
