"""What the fake Drive answers to each request that it knows. Replies are whole; the server applies the mask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.drive_directory import DirectoryReplies
from tests.fakes.drive_fields import read_query
from tests.fakes.drive_views import show_approval, show_change, show_drive, show_item, show_permissions
from tests.fakes.drive_world import DriveWorld, Item

EXPORT_LIMIT = 10 * 1024 * 1024


class Refusal(Exception):
    """An answer other than 200."""

    def __init__(
        self, status: int, reason: str, message: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message or reason)
        self.status, self.reason, self.headers = status, reason, headers or {}


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its method's id, the values of path and query, and the resource keys that came with it."""

    id: str
    params: Mapping[str, str]
    keys: Mapping[str, str] = field(default_factory=dict)

    def is_on(self, name: str) -> bool:
        """A boolean parameter."""
        return self.params.get(name) == "true"


@dataclass(slots=True)
class DriveReplies:
    """Answers from the world. `page_size` caps every page, whatever was asked for."""

    world: DriveWorld
    url: str = ""
    page_size: int = 1000
    export_limit: int = EXPORT_LIMIT
    oldest_token: int = 0
    expired_status: int = 410
    repeats_changes: bool = False
    has_downloads: bool = True
    download_host: str = ""
    polls: int = 1
    _pages: dict[str, list[Any]] = field(default_factory=dict)
    _operations: dict[str, tuple[str, str, int]] = field(default_factory=dict)

    def answer(self, call: Call) -> dict[str, Any] | bytes:
        """The reply of one request; raises Refusal."""
        if call.id.startswith("directory."):
            return DirectoryReplies(self.world, self.page).answer(call.id, call.params)
        name = call.id.removeprefix("drive.").replace(".", "_").lower()
        handler: Callable[[Call], dict[str, Any] | bytes] | None = getattr(self, f"_{name}", None)
        if handler is None:
            raise Refusal(501, "notImplemented", f"the fake does not know {call.id}")
        return handler(call)

    def page(self, items: list[Any], token: str | None, wanted: int) -> tuple[list[Any], dict[str, str]]:
        """One page and the token of the next. `items` is ignored where a token is given."""
        if token is not None and token not in self._pages:
            raise Refusal(400, "invalid", "Invalid Value: pageToken")
        rest = items if token is None else self._pages[token]
        size = max(1, min(wanted, self.page_size))
        if len(rest) <= size:
            return rest, {}
        following = f"page-{len(self._pages)}"
        self._pages[following] = rest[size:]
        return rest[:size], {"nextPageToken": following}

    def give_bytes(self, id_: str, mime: str) -> bytes:
        """What the links of exports and of finished downloads lead to: no limit there."""
        item = self.world.items[id_]
        return item.exports[mime] if mime else item.content

    def find_operation(self, name: str) -> tuple[str, str]:
        """The file and format of a finished download."""
        return self._operations[name][:2]

    def _page_call(self, call: Call, key: str, items: list[Any]) -> dict[str, Any]:
        wanted = int(call.params.get("pageSize", "100"))
        rows, following = self.page(items, call.params.get("pageToken"), wanted)
        return {key: rows, **following}

    def _drives_list(self, call: Call) -> dict[str, Any]:
        drives = [show_drive(drive) for drive in self.world.drives.values() if self._is_member(drive.id)]
        return {"kind": "drive#driveList", **self._page_call(call, "drives", drives)}

    def _drives_get(self, call: Call) -> dict[str, Any]:
        return show_drive(self.world.drives[self._need_drive(call.params["driveId"])])

    def _files_list(self, call: Call) -> dict[str, Any]:
        sees_drives = call.is_on("includeItemsFromAllDrives") and call.is_on("supportsAllDrives")
        corpora, drive = call.params.get("corpora", "user"), call.params.get("driveId")
        if (corpora == "drive") != bool(drive):
            raise Refusal(400, "invalid", "driveId must be given if and only if corpora is drive")
        if corpora == "drive" and not sees_drives:
            raise Refusal(
                403, "teamDrivesNotSupported", "includeItemsFromAllDrives and supportsAllDrives are needed"
            )
        if drive:
            self._need_drive(drive)
        items = [
            item
            for item in self.world.items.values()
            if (item.drive == drive or (not drive and (sees_drives or not item.drive)))
            and self.world.may_open(self.world.account, item.id, call.keys)
        ]
        test = read_query(call.params.get("q", ""))
        rows = [shown for shown in (self._show(item, call) for item in items) if test(shown)]
        return {"kind": "drive#fileList", "incompleteSearch": False, **self._page_call(call, "files", rows)}

    def _files_get(self, call: Call) -> dict[str, Any] | bytes:
        item = self._need_item(call)
        if call.params.get("alt") != "media":
            return self._show(item, call)
        if item.exports or "google-apps" in item.mime:
            raise Refusal(403, "fileNotDownloadable", "Only files with binary content can be downloaded.")
        if not item.can_download:
            raise Refusal(403, "cannotDownloadFile", "This file cannot be downloaded by the user.")
        return item.content

    def _files_export(self, call: Call) -> bytes:
        item = self._need_item(call, is_any_drive=True)
        if not item.exports:
            raise Refusal(403, "fileNotExportable", "Export only supports Docs Editors files.")
        if not item.can_download:
            raise Refusal(403, "cannotExportFile", "This file cannot be exported by the user.")
        content = item.exports.get(call.params["mimeType"])
        if content is None:
            raise Refusal(400, "badRequest", "The requested conversion is not supported.")
        if len(content) > self.export_limit:
            raise Refusal(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
        return content

    def _files_download(self, call: Call) -> dict[str, Any]:
        item = self._need_item(call, is_any_drive=True)
        if not self.has_downloads:
            raise Refusal(403, "forbidden", "Downloads are switched off.")
        name = f"operation-{len(self._operations)}"
        self._operations[name] = (item.id, call.params.get("mimeType", ""), self.polls)
        return self._show_operation(name)

    def _operations_get(self, call: Call) -> dict[str, Any]:
        name = call.params["name"]
        if name not in self._operations:
            raise Refusal(404, "notFound", f"Operation not found: {name}")
        id_, mime, polls = self._operations[name]
        self._operations[name] = (id_, mime, max(0, polls - 1))
        return self._show_operation(name)

    def _show_operation(self, name: str) -> dict[str, Any]:
        if self._operations[name][2]:
            return {"name": name, "done": False}
        uri = f"{self.download_host or self.url}/downloads/{name}"
        return {"name": name, "done": True, "response": {"downloadUri": uri, "partialDownloadAllowed": True}}

    def _changes_getstartpagetoken(self, call: Call) -> dict[str, Any]:
        drive = call.params.get("driveId", "")
        if drive and not call.is_on("supportsAllDrives"):
            raise Refusal(403, "teamDrivesNotSupported", "supportsAllDrives is needed")
        if drive:
            self._need_drive(drive)
        return {"kind": "drive#startPageToken", "startPageToken": self._make_token(drive)}

    def _changes_list(self, call: Call) -> dict[str, Any]:
        drive, token = call.params.get("driveId", ""), call.params["pageToken"]
        if drive:
            self._need_drive(drive)
        corpus, _, number = token.partition("!")
        if token not in self._pages and (corpus != (drive or "user") or not number.isdigit()):
            raise Refusal(400, "invalid", "Invalid Value: pageToken")
        if number.isdigit() and int(number) < self.oldest_token:
            raise Refusal(self.expired_status, "invalid", "The page token has expired.")
        rows = []
        if token not in self._pages:
            entries = self.world.list_changes(drive, int(number))
            rows = [show_change(self.world, entry, self.url) for entry in entries]
            rows = rows + rows if self.repeats_changes else rows
            if not call.is_on("includeItemsFromAllDrives") or not call.is_on("supportsAllDrives"):
                rows = [row for row in rows if "driveId" not in row.get("file", {})]
        wanted = int(call.params.get("pageSize", "100"))
        page, following = self.page(rows, token if token in self._pages else None, wanted)
        end = {} if following else {"newStartPageToken": self._make_token(drive)}
        return {"kind": "drive#changeList", "changes": page, **following, **end}

    def _permissions_list(self, call: Call) -> dict[str, Any]:
        wanted = call.params["fileId"]
        if wanted in self.world.drives:
            rows = show_permissions(self.world, self.world.drives[self._need_drive(wanted)])
        else:
            item = self._need_item(call)
            rows = show_permissions(self.world, item)
            if item.hides_grants or (not item.drive and "permissions" not in self._show(item, call)):
                raise Refusal(403, "insufficientFilePermissions", "The user may not see who has access.")
        return {"kind": "drive#permissionList", **self._page_call(call, "permissions", rows)}

    def _approvals_list(self, call: Call) -> dict[str, Any]:
        item = self._need_item(call, is_any_drive=True)
        rows = [show_approval(item, number, one) for number, one in enumerate(item.approvals)]
        return {"kind": "drive#approvalList", **self._page_call(call, "items", rows)}

    def _show(self, item: Item, call: Call) -> dict[str, Any]:
        shown = show_item(self.world, item, self.url)
        if "labelInfo" in shown:
            asked = call.params.get("includeLabels", "").split(",")
            labels = [label for label in shown["labelInfo"]["labels"] if label["id"] in asked]
            shown["labelInfo"] = {"labels": labels}
        return shown

    def _make_token(self, drive: str) -> str:
        return f"{drive or 'user'}!{len(self.world.log) + 1}"

    def _is_member(self, drive: str) -> bool:
        members = self.world.drives[drive].members if drive in self.world.drives else []
        return self.world.account in {grant.who for grant in members}

    def _need_drive(self, drive: str) -> str:
        if not self._is_member(drive):
            raise Refusal(404, "notFound", f"Shared drive not found: {drive}")
        return drive

    def _need_item(self, call: Call, *, is_any_drive: bool = False) -> Item:
        item = self.world.items.get(call.params["fileId"])
        is_seen = item is not None and (is_any_drive or not item.drive or call.is_on("supportsAllDrives"))
        if item is None or not is_seen or not self.world.may_open(self.world.account, item.id, call.keys):
            raise Refusal(404, "notFound", f"File not found: {call.params['fileId']}.")
        return item
