"""What becomes of each thing in Drive: name, format, status, signals, and why some of them are not read."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.errors import UsageError
from ingest.connectors.connector import SourceGone, SourceUnreadable
from tests.fakes.drive_views import show_moment
from tests.fakes.drive_world import DOC, EXCEL, POWERPOINT, SHEET, SLIDES, WORD, Grant
from tests.integration.sources.drive_source import MAX_BYTES, DriveSource, serve_source

ANN = "ann@brand.example"


@pytest.fixture
def source() -> Iterator[DriveSource]:
    with serve_source() as source:
        yield source


@pytest.fixture
def drive(source: DriveSource) -> str:
    return source.world.add_drive("Brand", Grant(ANN))


def read_reasons(source: DriveSource) -> dict[str, str]:
    source.sync()
    return {file.path: file.skip_reason for file in source.held.values() if file.skip_reason}


def test_editors_files_are_exported_to_formats_that_have_a_parser(source: DriveSource, drive: str) -> None:
    source.world.add_doc(drive, "Voice", "# Voice")
    source.world.add_item(drive, "Quotes", SHEET, exports={EXCEL: b"PK-sheet"})
    source.world.add_item(drive, "Deck v1.2", SLIDES, exports={POWERPOINT: b"PK-slides"})
    source.sync()
    assert source.paths() == ["Brand/Deck v1.2.pptx", "Brand/Quotes.xlsx", "Brand/Voice.md"]
    assert source.read("Brand/Voice.md") == b"# Voice"
    assert source.read("Brand/Quotes.xlsx") == b"PK-sheet"
    assert source.read("Brand/Deck v1.2.pptx") == b"PK-slides"
    assert source.find("Brand/Deck v1.2.pptx").stated["title"] == "Deck v1.2"


def test_a_document_that_offers_no_markdown_comes_as_word(source: DriveSource, drive: str) -> None:
    source.world.add_item(drive, "Old", DOC, exports={WORD: b"PK-word"})
    source.sync()
    assert source.read("Brand/Old.docx") == b"PK-word"


def test_a_file_without_suffix_gets_the_one_of_its_type(source: DriveSource, drive: str) -> None:
    source.world.add_file(drive, "Logo rules", b"%PDF-", mime="application/pdf")
    source.world.add_file(drive, "Notes.draft", b"text", mime="text/plain")
    source.sync()
    assert source.paths() == ["Brand/Logo rules.pdf", "Brand/Notes.draft.txt"]
    assert source.find("Brand/Logo rules.pdf").stated["title"] == "Logo rules"


def test_what_cannot_be_read_is_named_with_its_reason_and_never_asked_for(
    source: DriveSource, drive: str
) -> None:
    world = source.world
    world.add_item(drive, "Survey", "application/vnd.google-apps.form")
    world.add_file(drive, "Film.mov", b"film", mime="video/quicktime")
    world.add_file(drive, "Big.md", b"x" * (MAX_BYTES + 1))
    locked = world.add_doc(drive, "Locked", "text", can_download=False)
    reasons = read_reasons(source)
    assert "Google form" in reasons["Brand/Survey"]
    assert "video/quicktime" in reasons["Brand/Film.mov"]
    assert "1.0 MB is above the limit" in reasons["Brand/Big.md"]
    assert "may not be downloaded" in reasons["Brand/Locked.md"]
    assert source.find("Brand/Locked.md").stated["title"] == "Locked"
    asked = {seen.params.get("fileId") for seen in source.server.requests if "permissions" in seen.id}
    assert asked == {locked}


def test_two_files_of_one_name_are_told_apart_and_the_older_keeps_its_name(
    source: DriveSource, drive: str
) -> None:
    first = source.world.add_file(drive, "Rules.md", b"1")
    second = source.world.add_doc(drive, "Rules", "2")
    source.sync()
    assert source.held[first].path == "Brand/Rules.md"
    marked = source.held[second].path
    assert marked.startswith("Brand/Rules (") and marked.endswith(").md")
    source.world.write(second, b"3")
    source.sync()
    assert source.held[second].path == marked
    source.world.remove(first)
    source.sync()
    assert source.held[second].path == "Brand/Rules.md"


def test_folders_and_drives_of_one_name_are_told_apart(source: DriveSource, drive: str) -> None:
    for home in (drive, source.world.add_drive("Brand", Grant(ANN))):
        for _ in range(2):
            source.world.add_file(source.world.add_folder(home, "Guides"), "Rules.md", b"1")
    source.sync()
    assert len(set(source.paths())) == 4


def test_a_slash_in_a_name_divides_nothing(source: DriveSource, drive: str) -> None:
    source.world.add_file(source.world.add_folder(drive, "A/B"), "Q1/Q2\nplan.md", b"1")
    source.world.add_file(drive, "It's \\ here.md", b"2")
    source.sync()
    assert source.paths() == ["Brand/A\u2215B/Q1\u2215Q2 plan.md", "Brand/It's \\ here.md"]
    source.world.write(source.find("Brand/It's \\ here.md").item_id, b"3")
    source.sync()
    assert source.read("Brand/It's \\ here.md") == b"3"


def test_the_source_states_title_link_and_owner(source: DriveSource) -> None:
    writer = Grant(source.world.account, role="writer")
    file = source.world.add_doc("", "Voice", "text", owner=ANN, grants=[writer])
    source.options = {"files": file}
    source.sync()
    assert source.find("Voice.md").stated == {
        "title": "Voice",
        "url": f"https://drive.google.com/file/d/{file}/view",
        "owner": ANN,
    }


def approve(source: DriveSource, file: str, status: str, *, minutes: int = 0, **fields: str) -> None:
    moment = show_moment(source.world.now + timedelta(minutes=minutes))
    fields |= {"completeTime": moment} if status == "APPROVED" else {}
    source.world.items[file].approvals.append({"status": status, "createTime": moment, **fields})
    source.cursor = None
    source.sync()


def test_an_approval_makes_it_approved_until_it_is_edited(source: DriveSource, drive: str) -> None:
    file = source.world.add_doc(drive, "Voice", "text")
    source.sync()
    assert "status" not in source.find("Brand/Voice.md").stated
    approve(source, file, "APPROVED")
    assert source.find("Brand/Voice.md").stated["status"] == "approved"
    assert source.find("Brand/Voice.md").signals["approval"] == ("APPROVED",)
    source.world.write(file, b"edited")
    source.sync()
    assert source.find("Brand/Voice.md").stated["status"] == "draft"


def test_the_approval_of_a_file_belongs_to_its_revision(source: DriveSource, drive: str) -> None:
    file = source.world.add_file(drive, "Rules.md", b"1")
    # Its date is newer than the approval, yet it is the revision that was approved.
    approve(source, file, "APPROVED", minutes=-60, approvedRevisionId=f"{file}-r1")
    assert source.find("Brand/Rules.md").stated["status"] == "approved"
    source.world.write(file, b"2", modified=source.world.now - timedelta(days=9))
    source.sync()
    assert source.find("Brand/Rules.md").stated["status"] == "draft"


@pytest.mark.parametrize("status", ["IN_PROGRESS", "DECLINED"])
def test_an_approval_that_is_not_given_makes_it_a_draft(source: DriveSource, drive: str, status: str) -> None:
    file = source.world.add_doc(drive, "Voice", "text")
    approve(source, file, "APPROVED")
    approve(source, file, status, minutes=5)
    assert source.find("Brand/Voice.md").stated["status"] == "draft"
    source.world.items[file].approvals.pop()
    approve(source, file, "CANCELLED", minutes=5)
    assert source.find("Brand/Voice.md").stated["status"] == "approved"


def test_approvals_are_not_asked_for_where_they_are_switched_off(source: DriveSource, drive: str) -> None:
    source.world.add_doc(drive, "Voice", "text", approvals=[{"status": "DECLINED"}])
    source.options = {"approvals": "no"}
    source.sync()
    assert source.server.count("drive.approvals.list") == 0
    assert "status" not in source.find("Brand/Voice.md").stated


def test_labels_properties_folders_and_locks_are_signals(source: DriveSource, drive: str) -> None:
    label = {
        "id": "label1",
        "fields": {
            "status": {"id": "status", "valueType": "selection", "selection": ["approved1"]},
            "owner": {"id": "owner", "valueType": "user", "user": [{"emailAddress": ANN}]},
            "until": {"id": "until", "valueType": "dateString", "dateString": ["2026-12-31"]},
            "count": {"id": "count", "valueType": "integer", "integer": ["7"]},
        },
    }
    fields = {
        "labelInfo": {"labels": [label, {"id": "label2"}]},
        "properties": {"kind": "battlecard"},
        "contentRestrictions": [{"readOnly": True, "reason": "final"}],
    }
    folder = source.world.add_folder(source.world.add_folder(drive, "Guides"), "2026")
    source.world.add_doc(folder, "Voice", "text", fields=fields)
    source.options = {"labels": "label1"}
    source.sync()
    assert source.find("Brand/Guides/2026/Voice.md").signals == {
        "type": (DOC,),
        "drive": ("Brand",),
        "folder": ("Guides", "2026"),
        "label": (
            "label1",
            "label1/status=approved1",
            f"label1/owner={ANN}",
            "label1/until=2026-12-31",
            "label1/count=7",
        ),
        "locked": ("final",),
        "property:kind": ("battlecard",),
    }


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
    with pytest.raises(SourceUnreadable, match="not a member of any shared drive.*--folders"):
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
    source: DriveSource, monkeypatch: pytest.MonkeyPatch, old: str, new: str, match: str
) -> None:
    from tests.fakes.drive_oauth import make_key_file
    from tests.integration.sources import drive_source

    broken = make_key_file(source.world, source.server.base).replace(old, new)
    monkeypatch.setattr(drive_source, "make_key_file", lambda *_: broken)
    with pytest.raises(UsageError, match=match) as caught:
        source.open(labels=old)
    assert "MII" not in str(caught.value)
