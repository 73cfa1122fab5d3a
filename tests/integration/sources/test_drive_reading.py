"""What becomes of each thing in Drive: name, format, status, signals, and why some of them are not read."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

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


@pytest.mark.parametrize("how", ["renamed", "trashed", "removed", "moved"])
def test_a_folder_gets_its_own_name_back_with_all_it_holds_when_its_twin_goes(
    source: DriveSource, drive: str, how: str
) -> None:
    world = source.world
    older, younger = world.add_folder(drive, "Guides"), world.add_folder(drive, "Guides")
    file = world.add_file(younger, "Rules.md", b"1")
    source.sync()
    assert source.held[file].path != "Brand/Guides/Rules.md"
    acts = {
        "renamed": lambda: world.change(older, name="Old guides"),
        "trashed": lambda: world.change(older, is_trashed=True),
        "removed": lambda: world.remove(older),
        "moved": lambda: world.move(older, world.add_folder(drive, "Archive")),
    }
    acts[how]()
    source.sync()
    assert source.held[file].path == "Brand/Guides/Rules.md"


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
