"""Who may read what on a Data Center site, and who they are. Used by editions.py and data_center_contents.py."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from ingest.connectors.confluence.paging import follow_offsets
from ingest.connectors.confluence.restrictions import read_restriction
from ingest.connectors.confluence.site import SERVER_ERROR, Account, Named, Space
from ingest.connectors.confluence.values import read_mapping
from ingest.connectors.connector import CredentialsRefused, SourceUnreadable
from ingest.connectors.web_client import RequestRefused, SourceBusy, WebClient

API = "/rest/api"
RPC = "/rpc/json-rpc/confluenceservice-v2"
_OUT_OF_SIGHT = (403, 404)
_NOT_HERE = (403, 404, 405)


@dataclass(frozen=True, slots=True)
class DataCenterReaders:
    """`stranger` asks without credentials."""

    client: WebClient
    stranger: WebClient

    def check_account(self) -> None:
        """A site that is open to anybody answers a refused token as if nobody had asked."""
        answer = read_mapping(self.client.get_json(f"{API}/user/current"))
        if answer.get("type") == "anonymous" or not answer.get("userKey"):
            raise CredentialsRefused(
                "the site takes us for somebody who has not signed in; make a new personal access token and set it"
            )

    def read_restriction(self, content_id: str) -> Named | None:
        """Of one page alone."""
        return read_restriction(self.client, f"{API}/content/{content_id}", read_account=read_account)

    def list_space_readers(self, space: Space) -> Named | None:
        """By REST (from 9.1, for administrators of the space; others get 500, CONFSERVER-99908), else by JSON-RPC."""
        try:
            rows = self.client.get_json(f"{API}/space/{quote(space.key)}/permissions")
        except RequestRefused as error:
            if error.status not in _NOT_HERE:
                raise
            return self._list_remotely(space)
        except SourceBusy as error:
            if error.status != SERVER_ERROR:
                raise
            return self._list_remotely(space)
        return _read_permissions(rows)

    def is_open_to_world(self, space: Space) -> bool:
        """A stranger sees the space, or does not."""
        try:
            answer = self.stranger.get_json(f"{API}/space/{quote(space.key)}")
        except (SourceUnreadable, RequestRefused, SourceBusy):
            return False
        return read_mapping(answer).get("key") == space.key

    def complete_account(self, account: Account) -> Account | None:
        """Two calls: one for the activity, one for the address, which only the profile shows."""
        asked = {"key": account.id} if account.id else {"username": account.username}
        row = self._find(f"{API}/user", {**asked, "expand": "status"})
        if row is None:
            return None
        found = read_account(row)
        profile = self._find(f"/rest/mobile/1.0/profile/{quote(found.username, safe='')}", None)
        is_active = row.get("status") == "current" and row.get("type") == "known"
        return replace(found, email=str((profile or {}).get("email") or ""), is_active=is_active)

    def list_members(self, group_id: str) -> tuple[Account, ...] | None:
        """By name; a group with a slash in its name cannot be asked for at all."""
        path = f"{API}/group/{quote(group_id, safe='')}/member"
        try:
            rows = list(follow_offsets(self.client, path, {"expand": "status", "limit": 200}))
        except RequestRefused as error:
            if error.status in _OUT_OF_SIGHT:
                return None
            raise
        return tuple(read_account(row) for row in rows)

    def _find(self, path: str, params: dict[str, str] | None) -> dict[str, Any] | None:
        try:
            answer = self.client.get_json(path, params)
        except RequestRefused as error:
            if error.status in _OUT_OF_SIGHT:
                return None
            raise
        return answer if isinstance(answer, dict) else None

    def _list_remotely(self, space: Space) -> Named | None:
        """The older door; where it is switched off it answers 401."""
        body = {"jsonrpc": "2.0", "method": "getSpacePermissionSets", "id": 7, "params": [space.key]}
        try:
            answer = self.client.post_json(RPC, body)
        except (CredentialsRefused, RequestRefused):
            return None
        sets = read_mapping(answer).get("result")
        if not isinstance(sets, list):
            return None
        rows = [
            row
            for one in sets
            if read_mapping(one).get("type") == "VIEWSPACE"
            for row in one.get("spacePermissions", [])
        ]
        users = [str(row["userName"]) for row in rows if row.get("userName")]
        groups = [str(row["groupName"]) for row in rows if row.get("groupName")]
        return Named(
            users=tuple(Account("", name) for name in users),
            groups=tuple((name, name) for name in groups),
            is_anybody=any(not row.get("userName") and not row.get("groupName") for row in rows),
        )


def read_account(row: dict[str, Any]) -> Account:
    """A user as named; address and activity are asked for when they matter."""
    return Account(
        id=str(row.get("userKey") or ""),
        username=str(row.get("username") or ""),
        name=str(row.get("displayName") or ""),
        is_active=False if str(row.get("status", "current")) != "current" else None,
    )


def _read_permissions(rows: Any) -> Named | None:
    """A row without a subject is for whoever has not signed in."""
    if not isinstance(rows, list):
        return None
    reading = [row for row in rows if _may_read(row)]
    subjects = [read_mapping(row.get("subject")) for row in reading]
    names = [str(one["name"]) for one in subjects if one.get("type") == "group" and one.get("name")]
    keys = [str(one["userKey"]) for one in subjects if one.get("type") == "user" and one.get("userKey")]
    return Named(
        users=tuple(Account(key) for key in keys),
        groups=tuple((name, name) for name in names),
        is_anybody=any("subject" not in row for row in reading),
    )


def _may_read(row: Any) -> bool:
    operation = read_mapping(read_mapping(row).get("operation"))
    return operation.get("operationKey") == "read" and operation.get("targetType") == "space"
