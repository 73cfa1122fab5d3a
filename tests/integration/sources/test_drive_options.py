"""What a Drive source may be told to read, and with which credentials."""

from collections.abc import Iterator

import pytest

from core.errors import UsageError
from ingest.connectors.connector import SourceGone, SourceUnreadable
from tests.fakes.drive_oauth import make_key_file
from tests.fakes.drive_world import Grant
from tests.integration.sources import drive_source
from tests.integration.sources.drive_source import DriveSource, serve_source

ANN = "ann@brand.example"


@pytest.fixture
def source() -> Iterator[DriveSource]:
    with serve_source() as source:
        yield source


@pytest.fixture
def drive(source: DriveSource) -> str:
    return source.world.add_drive("Brand", Grant(ANN))


def test_only_what_lies_below_the_chosen_folders_is_read(source: DriveSource, drive: str) -> None:
    folder = source.world.add_folder(source.world.add_folder(drive, "Guides"), "2026")
    source.world.add_file(source.world.add_folder(folder, "Deep"), "In.md", b"1")
    out = source.world.add_file(drive, "Out.md", b"1")
    source.options = {"folders": folder}
    source.sync()
    assert source.paths() == ["Brand/Guides/2026/Deep/In.md"]
    source.world.move(out, folder)
    source.sync()
    assert source.paths() == ["Brand/Guides/2026/Deep/In.md", "Brand/Guides/2026/Out.md"]


def test_a_folder_of_a_persons_own_space_is_read_with_its_changes(source: DriveSource) -> None:
    world = source.world
    folder = world.add_folder("", "Shared with us", owner=ANN, grants=[Grant(world.account, role="writer")])
    inner = world.add_folder(folder, "Inner", owner=ANN)
    file = world.add_file(inner, "Own.md", b"1", owner=ANN)
    source.options = {"folders": folder}
    source.sync()
    assert source.paths() == ["Shared with us/Inner/Own.md"]
    assert source.list_readers("Shared with us/Inner/Own.md", ANN, "bob@brand.example") == [ANN]
    world.write(file, b"2")
    assert [one.item_id for one in source.sync().files] == [file]
    world.change(inner, is_trashed=True)
    assert file in source.sync().removed


def test_a_folder_of_a_drive_that_the_account_is_no_member_of_is_read_whole_each_time(
    source: DriveSource,
) -> None:
    drive = source.world.add_drive("Foreign")
    folder = source.world.add_folder(drive, "Shared", grants=[Grant(source.world.account, role="writer")])
    source.world.add_file(folder, "File.md", b"1")
    source.world.drives[drive].members = [Grant(ANN)]
    source.options = {"folders": folder}
    for _ in range(2):
        assert source.sync().is_complete
        assert source.paths() == ["Shared/File.md"]


def test_a_lost_folder_a_file_for_a_folder_and_an_account_without_drives_say_what_to_do(
    source: DriveSource,
) -> None:
    with pytest.raises(SourceUnreadable, match=r"not a member of any shared drive.*--folders"):
        source.open().check_credentials()
    drive = source.world.add_drive("Brand")
    file = source.world.add_file(drive, "File.md", b"1")
    source.open().check_credentials()
    with pytest.raises(SourceGone, match="share it again"):
        source.open(folders="item-none").check_credentials()
    with pytest.raises(SourceUnreadable, match="--files"):
        source.open(folders=file).check_credentials()
    source.world.add_drive("brand")
    with pytest.raises(SourceUnreadable, match="give the id"):
        source.open(drives="Brand").check_credentials()


def test_a_chosen_folder_may_move_to_another_drive_but_not_into_the_trash(
    source: DriveSource, drive: str
) -> None:
    folder = source.world.add_folder(drive, "Guides")
    source.world.add_file(folder, "File.md", b"1")
    source.options = {"folders": folder}
    source.sync()
    source.world.move(folder, source.world.add_drive("Elsewhere"))
    assert source.sync().is_complete
    assert source.paths() == ["Elsewhere/Guides/File.md"]
    source.world.change(folder, is_trashed=True)
    with pytest.raises(SourceGone, match="not there"):
        source.sync()


def test_a_single_file_that_is_gone_is_removed_and_named(source: DriveSource, drive: str) -> None:
    file = source.world.add_file(drive, "File.md", b"1")
    source.options = {"files": file}
    source.sync()
    assert source.paths() == ["File.md"]
    source.world.remove(file)
    listing = source.sync()
    assert file in listing.removed
    assert [one.skip_reason for one in listing.files if "not there" in str(one.skip_reason)]


def test_other_options_than_before_lead_to_a_complete_listing(source: DriveSource, drive: str) -> None:
    source.world.add_file(drive, "File.md", b"1")
    source.sync()
    source.options = {"labels": "label1"}
    assert source.sync().is_complete


def test_a_person_reads_with_a_refresh_token(source: DriveSource, drive: str) -> None:
    source.world.add_file(drive, "File.md", b"1")
    listing = source.open(is_person=True).list_changes(None)
    assert [file.path for file in listing.files] == ["Brand/File.md"]
    assert source.server.office.asked[0]["grant_type"] == "refresh_token"


def test_an_impersonated_account_reads_files_where_only_the_group_scope_is_missing(
    source: DriveSource, drive: str
) -> None:
    boss = "boss@brand.example"
    source.world.drives[drive].members.append(Grant(boss, role="organizer"))
    source.world.delegated_scopes = {"https://www.googleapis.com/auth/drive.readonly"}
    source.world.directory_readers = {boss}
    source.world.groups = {"team@brand.example": [{"email": ANN, "type": "USER"}]}
    connector = source.open(impersonate=boss)
    connector.check_credentials()
    assert connector.list_groups().groups == {}
    source.world.delegated_scopes.add("https://www.googleapis.com/auth/admin.directory.group.readonly")
    assert connector.list_groups().groups == {"team@brand.example": frozenset({ANN})}


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("http://127.0.0.1", "https://evil.example", "token_uri is 'https://evil.example.*sent nowhere else"),
        ("service_account", "authorized_user", "not a service account"),
        ("PRIVATE KEY", "PUBLIC", "key cannot be used"),
        ("{", "", "not JSON"),
    ],
)
def test_a_key_that_is_none_is_refused_without_showing_it(
    source: DriveSource, monkeypatch: pytest.MonkeyPatch, *, old: str, new: str, match: str
) -> None:
    broken = make_key_file(source.world, source.server.base).replace(old, new)
    monkeypatch.setattr(drive_source, "make_key_file", lambda *_: broken)
    with pytest.raises(UsageError, match=match) as caught:
        source.open(labels=old)
    assert "MII" not in str(caught.value)
