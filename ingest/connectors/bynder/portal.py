"""The calls to one Bynder portal (API v4) and what their replies must look like. Used by connector.py."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from ingest.connectors.asset_calls import Page, clean_json, list_whole
from ingest.connectors.bynder.credentials import ClientCredentials, SilentWhileBlocked
from ingest.connectors.connector import SourceUnreadable
from ingest.connectors.options import SourceSetup
from ingest.connectors.web_client import Params, RequestRefused, WebClient

PAGE_ROWS, MOST_PAGES = 500, 10_000
FORBIDDEN, NOT_FOUND, GONE = 403, 404, 410
START = "1970-01-01T00:00:00Z"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Property:
    """A metaproperty: what people call it, and what its options are called, by their names."""

    label: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The names that assets refer to. `collections` are id -> (name, a stamp that changes with its assets)."""

    properties: Mapping[str, Property] = field(default_factory=dict)
    brands: Mapping[str, str] = field(default_factory=dict)
    collections: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Portal:
    """Asks one portal. A reply that is not what the API promises raises SourceUnreadable."""

    def __init__(self, setup: SourceSetup) -> None:
        self.url = setup.get("url").rstrip("/")
        self.name = setup.name
        self.client = WebClient(
            self.url,
            name=setup.name,
            auth=_open_auth(setup, self.url),
            take_turn=setup.take_turn,
            plain_hosts=setup.list_words("asset-hosts"),
        )

    def list_media(self, wanted: Mapping[str, str]) -> dict[str, Row]:
        """All assets of a query by their ids, whole or not at all."""

        def fetch_page(number: int, _offset: int) -> Page:
            return self._fetch_media({**wanted, "page": number, "limit": PAGE_ROWS, "includeMediaItems": 1})

        return list_whole(fetch_page, identify=self._identify, name=self.name)

    def count_media(self, wanted: Mapping[str, str]) -> int:
        """How many assets a query has."""
        return self._fetch_media({**wanted, "page": 1, "limit": 1}).total

    def get_media(self, item_id: str) -> Row | None:
        """One asset; None where it is not there (any more) or not for us."""
        try:
            return self._as_row(self._ask(f"api/v4/media/{item_id}/", {"versions": 1}))
        except RequestRefused as error:
            if error.status in (FORBIDDEN, NOT_FOUND, GONE):
                return None
            raise

    def find_download(self, item_id: str) -> str | None:
        """Where the original is to be had for a short time; None where we may not have it."""
        try:
            link = self._as_row(self._ask(f"api/v4/media/{item_id}/download/")).get("s3_file")
        except RequestRefused as error:
            if error.status in (FORBIDDEN, NOT_FOUND):
                return None
            raise
        return link if isinstance(link, str) and link else None

    def list_removed(self, since: str) -> Mapping[str, str] | None:
        """Ids of what went into the trash after that moment, and when; None where the trash is not shown to us."""
        removed: dict[str, str] = {}
        for number in range(1, MOST_PAGES):
            asked: Params = {
                "limit": PAGE_ROWS,
                "page": number,
                "field": "media.dateRemoved",
                "order": "desc",
            }
            try:
                page = self._as_rows(self._ask("api/trash/media", asked))
            except RequestRefused as error:
                if error.status == FORBIDDEN:
                    return None
                raise
            moments = {self._identify(row): write_moment(row.get("dateRemoved")) for row in page}
            recent = {item_id: moment for item_id, moment in moments.items() if moment > since}
            removed |= recent
            if not page or len(recent) < len(page):
                break
        return removed

    def read_catalogue(self) -> Catalogue:
        """Names of metaproperties, brands and collections; what is not shown to us stays without names."""
        properties = self._ask_if_allowed("api/v4/metaproperties/", {"options": 1}) or {}
        brands = self._as_rows(self._ask_if_allowed("api/v4/brands/", {}) or [])
        subbrands = [self._as_row(one) for brand in brands for one in brand.get("subBrands") or ()]
        return Catalogue(
            {
                _name_of(row): _read_property(row)
                for row in self._as_rows(list(self._as_row(properties).values()))
            },
            {self._identify(row): _name_of(row) for row in (*brands, *subbrands)},
            {self._identify(row): (_name_of(row), _stamp(row)) for row in self._list_collections()},
        )

    def list_members(self, collection: str) -> frozenset[str]:
        """Ids of the assets of a collection."""
        found = self._ask_if_allowed(f"api/v4/collections/{collection}/media/", {}) or []
        return frozenset(str(one) for one in self._as_list(found))

    def _list_collections(self) -> list[Row]:
        rows: dict[str, Row] = {}
        for number in count(1):
            asked: Params = {"page": number, "limit": PAGE_ROWS, "orderBy": "dateCreated asc"}
            page = self._as_rows(self._ask_if_allowed("api/v4/collections/", asked) or [])
            known = len(rows)
            rows |= {self._identify(row): row for row in page}
            if len(rows) == known:
                return list(rows.values())
        return []

    def _fetch_media(self, wanted: Params) -> Page:
        asked: Params = {"orderBy": "dateCreated asc", "total": 1, **wanted}
        reply = self._as_row(self._ask("api/v4/media/", asked))
        total = reply.get("total")
        number = total.get("count") if isinstance(total, dict) else total
        if isinstance(number, bool) or not isinstance(number, int):
            raise self._unlike("no total")
        return Page(number, self._as_rows(reply.get("media")))

    def _ask(self, path: str, params: Params | None = None) -> Any:
        return clean_json(self.client.get_json(path, params))

    def _ask_if_allowed(self, path: str, params: Params) -> Any:
        try:
            return self._ask(path, params)
        except RequestRefused as error:
            if error.status in (FORBIDDEN, NOT_FOUND):
                return None
            raise

    def _as_rows(self, value: Any) -> list[Row]:
        return [self._as_row(one) for one in self._as_list(value)]

    def _as_list(self, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self._unlike(f"{type(value).__name__} where a list belongs")
        return value

    def _as_row(self, value: Any) -> Row:
        if not isinstance(value, dict):
            raise self._unlike(f"{type(value).__name__} where an object belongs")
        return value

    def _identify(self, row: Row) -> str:
        # Ids become parts of addresses.
        if not re.fullmatch(r"[\w-]{1,80}", str(row.get("id") or "")):
            raise self._unlike("an entry without an id")
        return str(row["id"])

    def _unlike(self, what: str) -> SourceUnreadable:
        return SourceUnreadable(
            f"{self.name}: Bynder's reply is not as documented ({what}); nothing was changed"
        )


def read_moment(text: object) -> datetime | None:
    """A moment in UTC; None where the text is none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def write_moment(text: object) -> str:
    """A moment as Bynder takes it: such texts are in the order of time. The oldest one where the text is none."""
    moment = read_moment(text)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else START


def _open_auth(setup: SourceSetup, url: str) -> SilentWhileBlocked:
    if setup.has_secret("client-id") and not setup.has_secret("token"):
        return ClientCredentials(
            f"{url}/v6/authentication/oauth2/token", setup.secret("client-id"), setup.secret("client-secret")
        )
    return SilentWhileBlocked(setup.secret("token"))


def _read_property(row: Row) -> Property:
    options = [one for one in row.get("options") or () if isinstance(one, dict)]
    return Property(
        str(row.get("label") or _name_of(row)),
        {_name_of(one): str(one.get("displayLabel") or one.get("label") or _name_of(one)) for one in options},
    )


def is_set(row: Row, name: str) -> bool:
    """A flag, which comes as 0 and 1, as true and false, or as text."""
    return str(row.get(name) or "").lower() in ("1", "true")


def _name_of(row: Row) -> str:
    return str(row.get("name") or "")


def _stamp(row: Row) -> str:
    return f"{row.get('dateModified')} {row.get('collectionCount')}"
