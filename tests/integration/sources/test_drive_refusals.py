"""Failure modes 12 and 13 of Drive connectors: groups over all pages, and answers that are none."""

from collections.abc import Iterator

import pytest

from core.errors import TransientError
from ingest.connectors.connector import (
    CredentialsRefused,
    FileWithdrawn,
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
    with pytest.raises(CredentialsRefused, match=r"invalid_grant.*revoked"):
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
