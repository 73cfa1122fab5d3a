"""The signed calls to one ResourceSpace and what their replies must look like. Used by connector.py."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from ingest.connectors.asset_calls import Page, clean_json, list_whole
from ingest.connectors.connector import SourceUnreadable
from ingest.connectors.options import SourceSetup
from ingest.connectors.web_client import RequestRefused, WebClient

PAGE_ROWS = 500
# Pending submission, pending review, active, waiting to be archived, archived; not 3, which is deleted.
STATES = "-2,-1,0,1,2"
Row = Mapping[str, Any]


class Installation:
    """Asks one installation as one user. A reply that is not what the API promises raises SourceUnreadable."""

    def __init__(self, setup: SourceSetup) -> None:
        self.url = setup.get("url").rstrip("/")
        self.name = setup.name
        self._user, self._key = setup.get("user"), setup.secret("key")
        self.client = WebClient(
            self.url, name=setup.name, take_turn=setup.take_turn, plain_hosts=setup.list_words("asset-hosts")
        )

    def list_resources(self, search: str) -> dict[str, Row]:
        """All resources of a search by their ids, whole or not at all."""

        def fetch_page(_number: int, offset: int) -> Page:
            return self._search(search, offset, PAGE_ROWS)

        return list_whole(fetch_page, identify=self._identify, name=self.name)

    def check_search(self) -> None:
        """One small search."""
        self._search("", 0, 1)

    def get_resource(self, ref: str) -> Row | None:
        """One resource; None where it is not there (any more) or not for this user."""
        found = self._call("get_resource_data", ref)
        return found if isinstance(found, dict) and found else None

    def list_fields(self, ref: str) -> list[Row] | None:
        """The metadata of a resource, a field an entry; None where this user may not see it."""
        found = self._call("get_resource_field_data", ref)
        return [self._as_row(one) for one in found] if isinstance(found, list) else None

    def list_log(self, ref: str) -> list[Row]:
        """What happened to a resource; nothing where this user may not see logs."""
        found = self._call("get_resource_log", ref)
        return [self._as_row(one) for one in found] if isinstance(found, list) else []

    def find_download(self, ref: str, extension: str) -> str | None:
        """Where the original is to be had; None where this user may not have it."""
        found = self._call("get_resource_path", ref, "", "", "", extension)
        return found if isinstance(found, str) and found else None

    def list_types(self) -> Mapping[str, str]:
        """Types of resources: id -> name."""
        found = self._call("get_resource_types")
        rows = [self._as_row(one) for one in found] if isinstance(found, list) else []
        return {self._identify(row): str(row.get("name") or "") for row in rows}

    def _search(self, search: str, offset: int, rows: int) -> Page:
        reply = self._call("do_search", search, "", "resourceid", STATES, f"{offset},{rows}", "asc")
        if not isinstance(reply, dict) or not isinstance(reply.get("data"), list):
            raise SourceUnreadable(
                f"{self.name}: the search gave no pages; ResourceSpace 10.3 or newer is needed. Nothing was changed"
            )
        total = str(reply.get("total"))
        if not total.isdecimal():
            raise self._unlike("no total")
        return Page(int(total), [self._as_row(one) for one in reply["data"]])

    def _call(self, function: str, *values: str) -> Any:
        parts = {"user": self._user, "function": function}
        parts |= {f"param{number}": value for number, value in enumerate(values, start=1)}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parts.items())
        try:
            return clean_json(self.client.get_json(f"api/?{query}&sign={sign_query(self._key, query)}"))
        except RequestRefused as error:
            raise SourceUnreadable(
                f"{self.name}: ResourceSpace refuses {function} (HTTP {error.status}: {error.reason or 'no reason'}); "
                "check that its API is switched on and that the user may use it"
            ) from error

    def _as_row(self, value: Any) -> Row:
        if not isinstance(value, dict):
            raise self._unlike(f"{type(value).__name__} where an object belongs")
        return value

    def _identify(self, row: Row) -> str:
        ref = str(row.get("ref") or "")
        if not ref.isdecimal():
            raise self._unlike("an entry without a number")
        return ref

    def _unlike(self, what: str) -> SourceUnreadable:
        return SourceUnreadable(
            f"{self.name}: ResourceSpace's reply is not as documented ({what}); nothing was changed"
        )


def sign_query(key: str, query: str) -> str:
    """The signature of a call: over the private key and the very query that is sent."""
    return sha256(f"{key}{query}".encode()).hexdigest()
