"""Every request to Drive's API v3, each with its field list and all of its pages. For the modules of this package."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from ingest.connectors.connector import CredentialsRefused, SourceUnreadable
from ingest.connectors.drive.item import ITEM_FIELDS, PERMISSION_FIELDS, Item, read_item, write_key_header
from ingest.connectors.web_client import RequestRefused, SourceBusy, WebClient

API = "drive/v3"
# Without these three, shared drives are invisible or answer 404.
_SEES_DRIVES: Mapping[str, bool] = {"supportsAllDrives": True}
_LISTS_DRIVES: Mapping[str, bool] = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}
PAGE, PERMISSION_PAGE, DRIVE_PAGE = 1000, 100, 100
FORBIDDEN, NOT_FOUND, BAD_REQUEST, GONE = 403, 404, 400, 410
RATE_REASONS = frozenset(
    {
        "userRateLimitExceeded",
        "rateLimitExceeded",
        "dailyLimitExceeded",
        "sharingRateLimitExceeded",
        "quotaExceeded",
    }
)
ACCOUNT_REASONS = frozenset(
    {"insufficientPermissions", "accessNotConfigured", "domainPolicy", "appNotAuthorizedToFile", "authError"}
)
_APPROVAL_FIELDS = "status,createTime,modifyTime,completeTime,approvedRevisionId"


@dataclass(frozen=True, slots=True)
class SharedDrive:
    """A shared drive; `age` orders drives by when they were made."""

    id: str
    name: str
    age: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log. `item` is None where it is gone or out of reach; `is_drive`: the drive itself changed."""

    id: str
    item: Item | None
    is_drive: bool = False


@dataclass(frozen=True, slots=True)
class ChangeLog:
    """All changes since a token, the last one of each item, and the token to go on from."""

    changes: tuple[Change, ...]
    token: str


@dataclass(frozen=True, slots=True)
class DriveCalls:
    """Asks Drive. `labels` are the ids of the labels to be read along with each item."""

    web: WebClient
    labels: tuple[str, ...] = ()

    def list_drives(self) -> list[SharedDrive]:
        """All shared drives that this account is a member of."""
        params = {"pageSize": DRIVE_PAGE, "fields": "nextPageToken,drives(id,name,createdTime)"}
        return [_read_drive(row) for row in self._list_rows("drives", params, "drives")]

    def find_drive(self, id_: str) -> SharedDrive | None:
        """One shared drive; None where there is none of that id for this account."""
        raw = self._find(f"drives/{id_}", {"fields": "id,name,createdTime"})
        return None if raw is None else _read_drive(raw)

    def find_item(self, id_: str, keys: tuple[tuple[str, str], ...] = ()) -> Item | None:
        """One file, folder or shortcut; None where this account may not see it."""
        params = {"fields": ITEM_FIELDS, **_SEES_DRIVES, **self._label_params}
        raw = self._find(f"files/{id_}", params, headers=write_key_header(keys))
        return None if raw is None else read_item(raw, keys)

    def list_items(
        self, query: str, drive_id: str = "", *, keys: tuple[tuple[str, str], ...] = ()
    ) -> Iterator[Item]:
        """All items that a query finds, in one shared drive or among all that the account sees."""
        corpus = {"corpora": "drive", "driveId": drive_id} if drive_id else {}
        fields = f"nextPageToken,incompleteSearch,files({ITEM_FIELDS})"
        params = {
            "q": query,
            "pageSize": PAGE,
            "fields": fields,
            **corpus,
            **_LISTS_DRIVES,
            **self._label_params,
        }
        for row in self._list_rows("files", params, "files", headers=write_key_header(keys)):
            yield read_item(row, keys)

    def take_token(self, drive_id: str) -> str:
        """Where the log of changes stands now. A token belongs to its drive ("": everything else) and no other."""
        scope = {"driveId": drive_id} if drive_id else {}
        reply = self._ask("changes/startPageToken", {"fields": "startPageToken", **scope, **_SEES_DRIVES})
        return _need_text(reply, "startPageToken")

    def list_changes(self, drive_id: str, token: str) -> ChangeLog | None:
        """What has changed since a token; None where the token is no longer taken."""
        scope = {"driveId": drive_id} if drive_id else {}
        fields = f"nextPageToken,newStartPageToken,changes(changeType,fileId,removed,file({ITEM_FIELDS}))"
        params: dict[str, Any] = {
            "pageSize": PAGE,
            "includeRemoved": True,
            "fields": fields,
            **scope,
            **_LISTS_DRIVES,
        }
        found: dict[str, Change] = {}
        while True:
            try:
                page = self.web.get_json(
                    f"{API}/changes", {**params, **self._label_params, "pageToken": token}
                )
            except RequestRefused as refused:
                if refused.status in (BAD_REQUEST, GONE):
                    return None
                raise explain_refusal(refused) from None
            for row in _need_rows(page, "changes"):
                change = _read_change(row, drive_id)
                found[f"{change.is_drive}{change.id}"] = change
            if "newStartPageToken" in page:
                return ChangeLog(tuple(found.values()), _need_text(page, "newStartPageToken"))
            token = _need_next(page, token)

    def list_permissions(self, item: Item) -> list[Mapping[str, Any]] | None:
        """Who an item is shared with; None where this account may not know."""
        params = {
            "pageSize": PERMISSION_PAGE,
            "fields": f"nextPageToken,permissions({PERMISSION_FIELDS})",
            **_SEES_DRIVES,
        }
        return self._list_if_allowed(item, params, "permissions")

    def list_approvals(self, item: Item) -> list[Mapping[str, Any]] | None:
        """The approvals of an item; None where this account may not know."""
        params = {"pageSize": PERMISSION_PAGE, "fields": f"nextPageToken,items({_APPROVAL_FIELDS})"}
        return self._list_if_allowed(item, params, "approvals", key="items")

    @property
    def _label_params(self) -> dict[str, str]:
        return {"includeLabels": ",".join(self.labels)} if self.labels else {}

    def _list_if_allowed(
        self, item: Item, params: Mapping[str, Any], part: str, *, key: str = ""
    ) -> list[Mapping[str, Any]] | None:
        path = f"files/{item.id}/{part}"
        try:
            return list(self._list_pages(path, params, key or part, headers=item.key_header))
        except RequestRefused as refused:
            if refused.status in (FORBIDDEN, NOT_FOUND) and name_reason(refused) not in ACCOUNT_REASONS:
                return None
            raise explain_refusal(refused) from None

    def _list_rows(
        self, path: str, params: Mapping[str, Any], key: str, *, headers: Mapping[str, str] | None = None
    ) -> Iterator[Mapping[str, Any]]:
        try:
            yield from self._list_pages(path, params, key, headers=headers)
        except RequestRefused as refused:
            raise explain_refusal(refused) from None

    def _list_pages(
        self, path: str, params: Mapping[str, Any], key: str, *, headers: Mapping[str, str] | None
    ) -> Iterator[Mapping[str, Any]]:
        token = ""
        while True:
            following = {"pageToken": token} if token else {}
            try:
                page = self.web.get_json(f"{API}/{path}", {**params, **following}, headers=headers)
            except RequestRefused as refused:
                if token and refused.status in (BAD_REQUEST, GONE):
                    raise SourceBusy("Drive lost its place in a listing; it is read again later") from None
                raise
            yield from _need_rows(page, key)
            if "nextPageToken" not in page:
                return
            token = _need_next(page, token)

    def _find(
        self, path: str, params: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = self.web.get_json(f"{API}/{path}", params, headers=headers)
        except RequestRefused as refused:
            if refused.status == NOT_FOUND or (
                refused.status == FORBIDDEN and name_reason(refused) not in ACCOUNT_REASONS
            ):
                return None
            raise explain_refusal(refused) from None
        return found

    def _ask(self, path: str, params: Mapping[str, Any]) -> Any:
        try:
            return self.web.get_json(f"{API}/{path}", params)
        except RequestRefused as refused:
            raise explain_refusal(refused) from None


def is_rate_limited(response: httpx.Response) -> bool:
    """True for a 403 that only asks for patience."""
    if response.status_code != FORBIDDEN:
        return False
    try:
        return _find_reason(response.json()) in RATE_REASONS
    except ValueError:
        return False


def name_reason(refused: RequestRefused) -> str:
    """Drive's word for why it refused; "" where it gives none."""
    return _find_reason(refused.body)


def explain_refusal(refused: RequestRefused) -> SourceUnreadable:
    """A refusal that concerns the whole source."""
    if name_reason(refused) in ACCOUNT_REASONS:
        return CredentialsRefused(
            f"{refused}; this account may not use the Drive API like that. Check that the API is switched on in its "
            "project and that the scope drive.readonly is granted, then sync again"
        )
    return SourceUnreadable(
        f"{refused}; nothing was changed. Check what the account may see, then sync again"
    )


def _find_reason(body: Any) -> str:
    try:
        return str(body["error"]["errors"][0]["reason"])
    except (KeyError, IndexError, TypeError):
        return ""


def _read_drive(row: Mapping[str, Any]) -> SharedDrive:
    id_ = _need_text(row, "id")
    return SharedDrive(id_, str(row.get("name", "")) or id_, (str(row.get("createdTime", "")), id_))


def _read_change(row: Mapping[str, Any], drive_id: str) -> Change:
    if row.get("changeType") == "drive":
        return Change(drive_id, None, is_drive=True)
    item = None if row.get("removed") or "file" not in row else read_item(row["file"])
    return Change(_need_text(row, "fileId"), item)


def _need_rows(page: Any, key: str) -> list[Mapping[str, Any]]:
    """The rows of a page. A page without its list is no page without rows, except where Drive leaves it out."""
    if not isinstance(page, dict) or not isinstance(page.get(key, [] if key == "items" else None), list):
        raise SourceUnreadable(f"Drive sent a page without {key!r}; nothing was changed. Sync again later")
    if page.get("incompleteSearch"):
        raise SourceBusy(
            "Drive says that its search is incomplete; nothing was changed, it is tried again later"
        )
    rows: list[Mapping[str, Any]] = page.get(key, [])
    return rows


def _need_next(page: Mapping[str, Any], token: str) -> str:
    following = _need_text(page, "nextPageToken")
    if following == token:
        raise SourceUnreadable(
            "Drive gives the same page again and again; nothing was changed. Sync again later"
        )
    return following


def _need_text(row: Any, name: str) -> str:
    value = row.get(name) if isinstance(row, dict) else None
    if not isinstance(value, str) or not value:
        raise SourceUnreadable(f"Drive sent a reply without {name!r}; nothing was changed. Sync again later")
    return value
