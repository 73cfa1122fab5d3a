"""What a Data Center site holds: rest/api with start and limit. Used by editions.py."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from ingest.connectors.confluence.data_center_readers import read_account
from ingest.connectors.confluence.page_file import BodyForm, PageBody
from ingest.connectors.confluence.paging import Params, follow_offsets, read_links
from ingest.connectors.confluence.site import (
    Ancestor,
    Attachment,
    Body,
    Marks,
    Page,
    Space,
    fetch_either_form,
)
from ingest.connectors.confluence.values import (
    build_link,
    quote_words,
    read_mapping,
    read_moment,
    split_keys,
    write_includer_query,
)
from ingest.connectors.connector import SourceUnreadable
from ingest.connectors.web_client import RequestRefused, WebClient

API = "/rest/api"
_OUT_OF_SIGHT = (403, 404)
_PAGE_LIMIT, _MOST_LABELS = 100, 200
# CQL reads times to the minute, in a zone that is the server's or the account's: from 12 hours behind UTC to 14 before.
_OVERLAP = timedelta(hours=26)
_WITH_ANCESTORS = "version,ancestors,metadata.labels,history"
_WITHOUT_ANCESTORS = "version,metadata.labels,history"


@dataclass(frozen=True, slots=True)
class DataCenterContents:
    """`client` asks below the context path; `base` is the address as people know it."""

    client: WebClient
    base: str

    def find_spaces(self, keys: Collection[str]) -> tuple[Space, ...]:
        """One question for each key."""
        asked: list[dict[str, str | int]] = [{"spaceKey": key} for key in sorted(keys)]
        asked = asked or [{"status": "current"}]
        rows = [row for params in asked for row in follow_offsets(self.client, f"{API}/space", params)]
        return tuple(
            Space(str(one["id"]), str(one["key"]), str(one.get("status", "")).lower() == "archived")
            for one in rows
        )

    def list_pages(self, space: Space) -> tuple[Page, ...]:
        """Current pages with their ancestors.

        Where expanding the ancestors of one page makes the whole answer 404, each page is asked by itself.
        """
        try:
            return self._list(space, _WITH_ANCESTORS)
        except RequestRefused as error:
            if error.status not in _OUT_OF_SIGHT:
                raise
        pages = self._list(space, _WITHOUT_ANCESTORS)
        return tuple(replace(one, above=self._find_above(one.id)) for one in pages)

    def read_marks(self, page: Page) -> Marks:
        """The labels of the listing; Data Center knows no content states."""
        if page.labels is not None:
            return Marks(page.labels)
        rows = follow_offsets(self.client, f"{API}/content/{page.id}/label", {"limit": 200})
        return Marks(tuple(sorted({str(one["name"]) for one in rows})))

    def list_attachments(self, page: Page) -> tuple[Attachment, ...]:
        """Those of one page."""
        path = f"{API}/content/{page.id}/child/attachment"
        rows = follow_offsets(self.client, path, {"expand": "version", "limit": _PAGE_LIMIT})
        return tuple(
            self._read_attachment(row, page.id) for row in rows if row.get("status", "current") == "current"
        )

    def list_recent_attachments(
        self, since: datetime | None, spaces: Collection[str]
    ) -> tuple[Attachment, ...]:
        """By CQL, from so long before the moment that no time zone can hide one; nothing without a moment."""
        if since is None:
            return ()
        start = (since - _OVERLAP).strftime("%Y-%m-%d %H:%M")
        ending = f'and lastmodified >= "{start}" order by lastmodified asc'
        questions = [
            f"type = attachment and space in ({quote_words(keys)}) {ending}" for keys in split_keys(spaces)
        ]
        return tuple(
            self._read_attachment(row, str(read_mapping(row.get("container")).get("id") or ""))
            for row in self._search(questions)
        )

    def list_includers(self, spaces: Collection[str]) -> frozenset[str]:
        """By CQL."""
        rows = self._search([write_includer_query(keys) for keys in split_keys(spaces)])
        return frozenset(str(one["id"]) for one in rows)

    def is_gone(self, page_id: str, spaces: Collection[str]) -> bool:
        """Trashed pages are not found without their status."""
        try:
            row = self.client.get_json(f"{API}/content/{page_id}", {"expand": "space"})
        except RequestRefused as error:
            if error.status in _OUT_OF_SIGHT:
                return True
            raise
        return row.get("status") != "current" or read_mapping(row.get("space")).get("key") not in spaces

    def fetch_body(self, page_id: str) -> Body:
        """Of the page as it is now."""
        return fetch_either_form(self._fetch_form, page_id)

    def fetch_attachment(self, attachment: Attachment, *, max_bytes: int) -> bytes:
        """By page and name; the version makes it this one."""
        path = f"/download/attachments/{attachment.page_id}/{quote(attachment.title, safe='')}"
        return self.client.get_bytes(path, {"version": attachment.version}, max_bytes=max_bytes)

    def _search(self, questions: Collection[str]) -> Iterator[dict[str, Any]]:
        for cql in questions:
            params: Params = {"cql": cql, "expand": "version,container", "limit": _PAGE_LIMIT}
            yield from follow_offsets(self.client, f"{API}/content/search", params)

    def _list(self, space: Space, expand: str) -> tuple[Page, ...]:
        params: Params = {
            "spaceKey": space.key,
            "type": "page",
            "status": "current",
            "expand": expand,
            "limit": _PAGE_LIMIT,
        }
        rows = follow_offsets(self.client, f"{API}/content", params)
        return tuple(self._read_page(row, space) for row in rows if row.get("status") == "current")

    def _find_above(self, page_id: str) -> tuple[Ancestor, ...] | None:
        try:
            return _read_ancestors(self.client.get_json(f"{API}/content/{page_id}", {"expand": "ancestors"}))
        except RequestRefused as error:
            if error.status in _OUT_OF_SIGHT:
                return None
            raise

    def _fetch_form(self, page_id: str, form: BodyForm) -> Body:
        row = self.client.get_json(f"{API}/content/{page_id}", {"expand": f"body.{form},version,space"})
        text = read_mapping(read_mapping(row.get("body")).get(form)).get("value")
        if not isinstance(text, str):
            raise SourceUnreadable(f"{API}/content/{page_id}: the answer holds no body")
        space = str(read_mapping(row.get("space")).get("key") or "")
        return Body(PageBody(page_id, space, str(row["title"]), text, form), int(row["version"]["number"]))

    def _read_page(self, row: dict[str, Any], space: Space) -> Page:
        version = read_mapping(row.get("version"))
        author = read_mapping(read_mapping(row.get("history")).get("createdBy"))
        return Page(
            id=str(row["id"]),
            space=space.key,
            title=str(row["title"]),
            version=int(version["number"]),
            updated=read_moment(version.get("when")),
            above=_read_ancestors(row),
            author=read_account(dict(author)) if author.get("userKey") else None,
            url=build_link(self.base, read_links(row).get("webui")),
            labels=_read_labels(row),
        )

    def _read_attachment(self, row: dict[str, Any], page_id: str) -> Attachment:
        version = read_mapping(row.get("version"))
        return Attachment(
            id=str(row["id"]),
            page_id=page_id,
            title=str(row["title"]),
            version=int(version["number"]),
            size=int(read_mapping(row.get("extensions")).get("fileSize") or 0),
            updated=read_moment(version.get("when")),
            url=build_link(self.base, read_links(row).get("webui")),
        )


def _read_ancestors(row: dict[str, Any]) -> tuple[Ancestor, ...] | None:
    """None where the answer does not hold them: then nothing is known of what stands above."""
    rows = row.get("ancestors")
    if not isinstance(rows, list):
        return None
    return tuple(Ancestor(str(one["id"]), str(one.get("title") or "")) for one in rows)


def _read_labels(row: dict[str, Any]) -> tuple[str, ...] | None:
    """None where there may be more than the listing gives."""
    labels = read_mapping(read_mapping(row.get("metadata")).get("labels"))
    rows = labels.get("results")
    if not isinstance(rows, list) or len(rows) >= int(labels.get("limit") or _MOST_LABELS):
        return None
    return tuple(sorted({str(one["name"]) for one in rows}))
