"""Who may read what on a Cloud site, and who they are. Used by editions.py."""

from dataclasses import dataclass, field
from typing import Any

from ingest.connectors.confluence.paging import follow_cursors, follow_offsets
from ingest.connectors.confluence.restrictions import read_restriction
from ingest.connectors.confluence.site import Account, Named, Space
from ingest.connectors.confluence.values import read_mapping
from ingest.connectors.connector import CredentialsRefused, SourceUnreadable
from ingest.connectors.web_client import RequestRefused, SourceBusy, WebClient

V2, V1 = "/api/v2", "/rest/api"
_OUT_OF_SIGHT = (403, 404)
_ANYBODY, _LICENSED = ("anonymous-users",), ("all-licensed-users", "authenticated-users")


@dataclass(frozen=True, slots=True)
class CloudReaders:
    """`stranger` asks without credentials; None where that cannot tell anything (the gateway)."""

    client: WebClient
    stranger: WebClient | None
    is_gateway: bool
    _group_names: dict[str, str | None] = field(default_factory=dict)

    def check_account(self) -> None:
        """Who are we?"""
        try:
            answer = read_mapping(self.client.get_json(f"{V1}/user/current"))
        except CredentialsRefused as error:
            hint = (
                "use a token with scopes at https://api.atlassian.com/ex/confluence/CLOUDID only"
                if not self.is_gateway
                else "only tokens with scopes are taken at this address; others go to the site's own"
            )
            raise CredentialsRefused(f"{error} ({hint})") from error
        if answer.get("type") == "anonymous" or not answer.get("accountId"):
            raise CredentialsRefused("the site takes us for somebody who has not signed in; renew the token")

    def read_restriction(self, content_id: str) -> Named | None:
        """Of one page or folder alone."""
        return read_restriction(self.client, f"{V1}/content/{content_id}", read_account=_read_account)

    def list_space_readers(self, space: Space) -> Named | None:
        """By permissions, and by the roles that hold the permission."""
        try:
            rows = list(follow_cursors(self.client, f"{V2}/spaces/{space.id}/permissions"))
        except RequestRefused as error:
            if error.status in _OUT_OF_SIGHT:
                return None
            raise
        readers = [read_mapping(row.get("principal")) for row in rows if _may_read(row)]
        pairs = [(str(one.get("type")), str(one.get("id"))) for one in readers]
        roles = {name for kind, name in pairs if kind == "role"}
        if roles:
            pairs += self._list_role_holders(space, roles)
        return self._name(pairs)

    def is_open_to_world(self, space: Space) -> bool:
        """A stranger sees the space, or does not."""
        if self.stranger is None:
            return False
        try:
            answer = self.stranger.get_json(f"{V2}/spaces/{space.id}")
        except (SourceUnreadable, RequestRefused, SourceBusy):
            return False
        return read_mapping(answer).get("key") == space.key

    def complete_account(self, account: Account) -> Account | None:
        """By account id."""
        try:
            return _read_account(self.client.get_json(f"{V1}/user", {"accountId": account.id}))
        except RequestRefused as error:
            if error.status in _OUT_OF_SIGHT:
                return None
            raise

    def list_members(self, group_id: str) -> tuple[Account, ...] | None:
        """All of them, page by page."""
        path = f"{V1}/group/{group_id}/membersByGroupId"
        try:
            return tuple(_read_account(one) for one in follow_offsets(self.client, path, {"limit": 200}))
        except RequestRefused as error:
            if error.status in _OUT_OF_SIGHT:
                return None
            raise

    def _list_role_holders(self, space: Space, roles: set[str]) -> list[tuple[str, str]]:
        rows = follow_cursors(self.client, f"{V2}/spaces/{space.id}/role-assignments")
        holders = [read_mapping(row.get("principal")) for row in rows if str(row.get("roleId")) in roles]
        return [(str(one.get("principalType")).lower(), str(one.get("principalId"))) for one in holders]

    def _name(self, pairs: list[tuple[str, str]]) -> Named:
        groups = [(self._name_group(name), name) for kind, name in pairs if kind == "group"]
        classes = {name for kind, name in pairs if kind == "access_class"}
        return Named(
            users=tuple(Account(name) for kind, name in pairs if kind == "user"),
            groups=tuple((name, group_id) for name, group_id in groups if name is not None),
            is_anybody=not classes.isdisjoint(_ANYBODY),
            is_licensed=not classes.isdisjoint(_LICENSED),
        )

    def _name_group(self, group_id: str) -> str | None:
        if group_id not in self._group_names:
            try:
                answer = self.client.get_json(f"{V1}/group/by-id", {"id": group_id})
                self._group_names[group_id] = str(answer["name"])
            except RequestRefused as error:
                if error.status not in _OUT_OF_SIGHT:
                    raise
                self._group_names[group_id] = None
        return self._group_names[group_id]


def _may_read(row: dict[str, Any]) -> bool:
    operation = read_mapping(row.get("operation"))
    return operation.get("key") == "read" and operation.get("targetType") == "space"


def _read_account(row: dict[str, Any]) -> Account:
    status = row.get("accountStatus", "active")
    return Account(
        id=str(row.get("accountId") or ""),
        name=str(row.get("publicName") or row.get("displayName") or ""),
        email=str(row.get("email") or ""),
        # An app is nobody who asks questions.
        is_active=status == "active" and row.get("type") == "known" and row.get("accountType") != "app",
    )
