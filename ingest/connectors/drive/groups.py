"""The company's groups and their members, from the Directory. Without the right to read them they stay empty: deny."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ingest.connectors.connector import CredentialsRefused, GroupListing, SourceUnreadable
from ingest.connectors.web_client import RequestRefused, SourceBusy, WebClient

API = "admin/directory/v1"
PAGE = 200
BAD_REQUEST, FORBIDDEN, NOT_FOUND = 400, 403, 404


@dataclass(frozen=True)
class Directory:
    """Asks the Directory, with a token of its own: the right to read groups is granted apart from files."""

    open_web: Callable[[], WebClient]

    def may_read(self) -> bool:
        """True when this account may read groups."""
        try:
            self._ask("groups", {"customer": "my_customer", "maxResults": 1, "fields": "groups(email)"})
        except (RequestRefused, CredentialsRefused):
            return False
        except SourceBusy:
            pass  # not known now, and only a note depends on it
        return True

    def list_groups(self) -> GroupListing:
        """Every group with its direct members; groups in groups stay `group:EMAIL` and are followed by the reader.

        A group that ends between listing and asking has nobody. Without the right, there is no group at all.
        """
        try:
            rows = list(self._list_rows("groups", "groups", {"customer": "my_customer"}, "email,aliases"))
        except (RequestRefused, CredentialsRefused):
            return GroupListing({})
        groups: dict[str, frozenset[str]] = {}
        for row in rows:
            email = str(row.get("email", "")).lower()
            groups[email] = frozenset(self._list_members(email))
            for alias in row.get("aliases") or ():
                groups.setdefault(str(alias).lower(), frozenset({f"group:{email}"}))
        return GroupListing(groups)

    def _list_members(self, group: str) -> Iterator[str]:
        try:
            rows = list(self._list_rows(f"groups/{group}/members", "members", {}, "email,type,status"))
        except RequestRefused as refused:
            if refused.status in (FORBIDDEN, NOT_FOUND):
                return
            raise SourceUnreadable(f"{refused}; no group was changed") from None
        for row in rows:
            address = str(row.get("email") or "").lower()
            if not address or row.get("status", "ACTIVE") != "ACTIVE":
                continue
            yield f"group:{address}" if row.get("type") == "GROUP" else address

    def _list_rows(
        self, path: str, key: str, params: Mapping[str, str], fields: str
    ) -> Iterator[Mapping[str, Any]]:
        asked: dict[str, str | int] = {
            **params,
            "maxResults": PAGE,
            "fields": f"nextPageToken,{key}({fields})",
        }
        while True:
            page = self._ask(path, asked)
            if not isinstance(page, dict):
                raise SourceUnreadable("the Directory sent a page that is none; no group was changed")
            # A list without entries is left out of the reply.
            yield from page.get(key) or ()
            following = page.get("nextPageToken")
            if not following:
                return
            if following == asked.get("pageToken"):
                raise SourceUnreadable(
                    "the Directory gives the same page again and again; no group was changed"
                )
            asked["pageToken"] = following

    def _ask(self, path: str, params: Mapping[str, str | int]) -> Any:
        return self._web.get_json(f"{API}/{path}", params)

    @cached_property
    def _web(self) -> WebClient:
        return self.open_web()
