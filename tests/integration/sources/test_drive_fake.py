"""The fake Drive keeps to the description that google-api-python-client ships, and notices who does not."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fakes.drive_schema import DIRECTORY, DRIVE, load_api
from tests.fakes.drive_server import DriveServer, serve_drive
from tests.fakes.drive_world import Grant

SEES = {"supportsAllDrives": "true", "includeItemsFromAllDrives": "true"}
DIRECTORY_SCOPES = "https://www.googleapis.com/auth/admin.directory.group.readonly"


@pytest.fixture
def server() -> Iterator[DriveServer]:
    with serve_drive() as server:
        server.office._give(
            server.world.account, f"https://www.googleapis.com/auth/drive.readonly {DIRECTORY_SCOPES}"
        )
        server.world.directory_readers = {server.world.account}
        yield server


def ask(server: DriveServer, path: str, **params: str) -> Any:
    headers = {"Authorization": "Bearer bearer-1"}
    answer = httpx.get(f"{server.base}/{path}", params=params, headers=headers, trust_env=False)
    return answer.json() if answer.status_code == 200 else answer.status_code


def fill(server: DriveServer) -> tuple[str, str]:
    """One of everything; gives a drive and a file in it."""
    world = server.world
    ends = world.now.replace(year=2027)
    drive = world.add_drive("Brand", Grant("ann@brand.example"), Grant("brand.example", "domain"))
    folder = world.add_folder(
        drive, "Folder", is_limited=True, grants=[Grant("bob@brand.example", expires=ends)]
    )
    file = world.add_file(
        folder, "File.md", b"1", approvals=[{"status": "APPROVED", "createTime": "2026-01-01T00:00:00Z"}]
    )
    own = world.add_doc("", "Own", "text", key="key", grants=[Grant(world.account, role="writer")])
    world.add_shortcut(drive, "Way", own)
    world.remove(world.add_file(drive, "Gone.md", b"1"))
    world.groups = {
        "team@brand.example": [{"email": "ann@brand.example", "type": "USER"}],
        "none@brand.example": [],
    }
    world.group_aliases = {"team@brand.example": ["crew@brand.example"]}
    return drive, file


def test_every_reply_holds_known_fields_of_the_right_type(server: DriveServer) -> None:
    drive, file = fill(server)
    token = {"driveId": drive, "pageToken": f"{drive}!1", "fields": "*", **SEES}
    replies = [
        ask(server, "drive/v3/drives", fields="*"),
        ask(server, f"drive/v3/drives/{drive}", fields="*"),
        ask(server, "drive/v3/files", fields="*", corpora="drive", driveId=drive, **SEES),
        ask(server, "drive/v3/files", fields="*"),
        ask(server, f"drive/v3/files/{file}", fields="*", supportsAllDrives="true"),
        ask(server, "drive/v3/changes", **token),
        ask(server, "drive/v3/changes/startPageToken", fields="*"),
        ask(server, f"drive/v3/files/{file}/permissions", fields="*", supportsAllDrives="true"),
        ask(server, f"drive/v3/files/{file}/approvals", fields="*"),
        ask(server, "admin/directory/v1/groups", customer="my_customer"),
        ask(server, "admin/directory/v1/groups/team@brand.example/members"),
    ]
    assert all(isinstance(reply, dict) for reply in replies)
    assert server.violations == []


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("drive/v3/files", {"sort": "name"}),
        ("drive/v3/files", {"pageSize": "many"}),
        ("drive/v3/files", {"supportsAllDrives": "yes"}),
        ("drive/v3/files", {"fields": "files(id,nonsense)"}),
        ("drive/v3/files", {"fields": "files(id"}),
        ("drive/v3/files/item/export", {}),
        ("drive/v3/files/item/export", {"mimeType": "text/plain", "supportsAllDrives": "true"}),
        ("drive/v3/nonsense", {}),
    ],
)
def test_a_request_that_the_api_does_not_know_is_refused_and_noted(
    server: DriveServer, path: str, params: dict[str, str]
) -> None:
    assert ask(server, path, **params) in (400, 404)
    assert server.violations != []


@pytest.mark.parametrize(
    ("schema", "reply", "problem"),
    [
        ("File", {"version": 7}, "not string int64"),
        ("File", {"size": "7.5"}, "not string int64"),
        ("File", {"trashed": "false"}, "not boolean"),
        ("File", {"modifiedTime": "yesterday"}, "date-time"),
        ("File", {"owners": {"emailAddress": "a"}}, "not array"),
        ("FileList", {"files": [{"labelInfo": {"labels": [{"nonsense": 1}]}}]}, "no field 'nonsense'"),
        ("ChangeList", {"changes": [{"file": {"nonsense": 1}}]}, "no field 'nonsense'"),
    ],
)
def test_a_reply_of_the_wrong_shape_is_found(schema: str, reply: dict[str, Any], problem: str) -> None:
    (found,) = load_api(DRIVE).find_reply_problems(schema, reply)
    assert problem in found


def test_the_directory_is_described_too() -> None:
    (found,) = load_api(DIRECTORY).find_reply_problems("Group", {"directMembersCount": 3})
    assert "not string int64" in found


def test_what_is_not_asked_for_is_not_given(server: DriveServer) -> None:
    drive, file = fill(server)
    plain = ask(server, "drive/v3/files", corpora="drive", driveId=drive, **SEES)
    assert {name for row in plain["files"] for name in row} == {"kind", "id", "name", "mimeType"}
    grants = ask(
        server, f"drive/v3/files/{drive}/permissions", fields="permissions(id)", supportsAllDrives="true"
    )
    assert {name for row in grants["permissions"] for name in row} == {"id"}
    assert ask(server, f"drive/v3/files/{file}/approvals") == {"kind": "drive#approvalList"}


def test_shared_drives_are_invisible_to_whoever_does_not_say_that_they_are_supported(
    server: DriveServer,
) -> None:
    drive, file = fill(server)
    assert ask(server, f"drive/v3/files/{file}") == 404
    assert ask(server, "drive/v3/files", corpora="drive", driveId=drive) == 403
    assert ask(server, "drive/v3/files", driveId=drive, **SEES) == 400
    assert [row["name"] for row in ask(server, "drive/v3/files")["files"]] == ["Own"]


def test_permissions_come_along_in_lists_for_ones_own_space_only(server: DriveServer) -> None:
    fill(server)
    rows = ask(server, "drive/v3/files", fields="files(name,driveId,permissions(type))", **SEES)["files"]
    assert [row["name"] for row in rows if "permissions" in row] == ["Own"]
    assert len(rows) > 2
    assert all("driveId" in row for row in rows if row["name"] != "Own")


def test_a_token_of_another_corpus_is_refused(server: DriveServer) -> None:
    drive, _ = fill(server)
    assert ask(server, "drive/v3/changes", pageToken="user!1", driveId=drive, **SEES) == 400
    assert isinstance(ask(server, "drive/v3/changes", pageToken=f"{drive}!1", driveId=drive, **SEES), dict)
