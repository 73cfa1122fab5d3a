"""What a Cloud site holds: api/v2 with cursors, rest/api only where v2 has no call. Used by editions.py."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from ingest.connectors.confluence.page_file import BodyForm, PageBody
from ingest.connectors.confluence.paging import Params, follow_cursors, read_links
from ingest.connectors.confluence.site import (
    Account,
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
    read_mapping,
    read_moment,
    split_keys,
    write_includer_query,
)
from ingest.connectors.connector import SourceUnreadable
from ingest.connectors.web_client import RequestRefused, WebClient

V2, V1 = "/api/v2", "/rest/api"
# What may stand above a page, and the call that knows it.
_KINDS = {
    "page": "pages",
    "folder": "folders",
    "whiteboard": "whiteboards",
    "database": "databases",
    "embed": "embeds",
}
_OUT_OF_SIGHT = (403, 404)
# The list of recent attachments is built from an index that may lag.
_OVERLAP = timedelta(hours=1)
MOST_LEVELS = 100


@dataclass(frozen=True, slots=True)
class _Above:
    """A page or folder, and what stands above it."""

    id: str
    title: str
    parent: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class CloudContents:
    """`client` asks below /wiki; `public` is the site's address as people know it, where it is not the same."""

    client: WebClient
    _space_keys: dict[str, str] = field(default_factory=dict)
    _bases: list[str] = field(default_factory=list)

    def find_spaces(self, keys: Collection[str]) -> tuple[Space, ...]:
        """One question for each key: whether several go into one parameter is not said anywhere."""
        asked: list[dict[str, str | int]] = [{"keys": key} for key in sorted(keys)] or [{"status": "current"}]
        rows = [row for params in asked for row in follow_cursors(self.client, f"{V2}/spaces", params)]
        spaces = tuple(
            Space(str(one["id"]), str(one["key"]), one.get("status") == "archived") for one in rows
        )
        self._space_keys.update({one.id: one.key for one in spaces})
        return spaces

    def list_pages(self, space: Space) -> tuple[Page, ...]:
        """Status by status, then each page's ancestors by climbing."""
        rows = [(row, status) for status in ("current", "archived") for row in self._list_rows(space, status)]
        known: dict[str, _Above | None] = {str(row["id"]): _read_above(row) for row, _ in rows}
        return tuple(
            replace(
                self._read_page(row, space), is_archived=status == "archived", above=self._climb(row, known)
            )
            for row, status in rows
        )

    def read_marks(self, page: Page) -> Marks:
        """Two calls: v2 for labels, v1 for the state."""
        labels = follow_cursors(self.client, f"{V2}/pages/{page.id}/labels")
        names = tuple(sorted({str(one["name"]) for one in labels}))
        status = "archived" if page.is_archived else "current"
        answer = self.client.get_json(f"{V1}/content/{page.id}/state", {"status": status})
        return Marks(names, str(read_mapping(read_mapping(answer).get("contentState")).get("name") or ""))

    def list_attachments(self, page: Page) -> tuple[Attachment, ...]:
        """Those of one page."""
        rows = follow_cursors(self.client, f"{V2}/pages/{page.id}/attachments", {"status": "current"})
        return tuple(self._read_attachment(row, page.id) for row in rows if row.get("status") == "current")

    def list_recent_attachments(
        self,
        since: datetime | None,
        spaces: Collection[str],  # noqa: ARG002 - v2 lists those of the whole site
    ) -> tuple[Attachment, ...]:
        """Newest first, down to the moment."""
        found: list[Attachment] = []
        params = {"status": "current", "sort": "-modified-date"}
        for row in follow_cursors(self.client, f"{V2}/attachments", params):
            one = self._read_attachment(row, str(row.get("pageId") or ""))
            if since is None:
                return (one,)
            if one.updated is not None and one.updated < since - _OVERLAP:
                break
            found.append(one)
        return tuple(found)

    def list_includers(self, spaces: Collection[str]) -> frozenset[str]:
        """By CQL, which only v1 has."""
        asked: list[Params] = [
            {"cql": write_includer_query(keys), "limit": 100} for keys in split_keys(spaces)
        ]
        path = f"{V1}/content/search"
        return frozenset(
            str(one["id"]) for params in asked for one in follow_cursors(self.client, path, params)
        )

    def is_gone(self, page_id: str, spaces: Collection[str]) -> bool:
        """A trashed page is still found by its id, with that status."""
        row = self._find_row("page", page_id)
        if row is None or row.get("status") not in ("current", "archived"):
            return True
        return self._space_keys.get(str(row.get("spaceId"))) not in spaces

    def fetch_body(self, page_id: str) -> Body:
        """Of the page as it is now."""
        return fetch_either_form(self._fetch_form, page_id)

    def fetch_attachment(self, attachment: Attachment, *, max_bytes: int) -> bytes:
        """v1 redirects to a signed address."""
        path = f"{V1}/content/{attachment.page_id}/child/attachment/{attachment.id}/download"
        return self.client.get_bytes(path, {"version": attachment.version}, max_bytes=max_bytes)

    def _fetch_form(self, page_id: str, form: BodyForm) -> Body:
        row = self.client.get_json(f"{V2}/pages/{page_id}", {"body-format": form})
        if row.get("status") not in ("current", "archived"):
            raise RequestRefused(
                f"the page is {row.get('status')}", status=404, reason=str(row.get("status")), body=None
            )
        text = read_mapping(read_mapping(row.get("body")).get(form)).get("value")
        if not isinstance(text, str):
            raise SourceUnreadable(f"{V2}/pages/{page_id}: the answer holds no body")
        space = self._space_keys.get(str(row["spaceId"]), "")
        return Body(PageBody(page_id, space, str(row["title"]), text, form), int(row["version"]["number"]))

    def _list_rows(self, space: Space, status: str) -> Iterator[dict[str, Any]]:
        for row in follow_cursors(self.client, f"{V2}/spaces/{space.id}/pages", {"status": status}):
            if row.get("status") == status:
                yield row

    def _read_page(self, row: dict[str, Any], space: Space) -> Page:
        version = read_mapping(row.get("version"))
        author = str(row.get("ownerId") or row.get("authorId") or "")
        return Page(
            id=str(row["id"]),
            space=space.key,
            title=str(row["title"]),
            version=int(version["number"]),
            updated=read_moment(version.get("createdAt")),
            above=None,
            author=Account(author) if author else None,
            url=self._link(read_links(row).get("webui")),
        )

    def _read_attachment(self, row: dict[str, Any], page_id: str) -> Attachment:
        version = read_mapping(row.get("version"))
        return Attachment(
            id=str(row["id"]),
            page_id=page_id,
            title=str(row["title"]),
            version=int(version["number"]),
            size=int(row.get("fileSize") or 0),
            updated=read_moment(version.get("createdAt")),
            url=self._link(row.get("webuiLink") or read_links(row).get("webui")),
        )

    def _link(self, path: Any) -> str:
        return build_link(self._find_base(), path)

    def _find_base(self) -> str:
        """The site as people know it: through the gateway ours is another one."""
        if not self._bases:
            page = self.client.get_json(f"{V2}/spaces", {"limit": 1})
            self._bases.append(str(read_links(page).get("base") or ""))
        return self._bases[0]

    def _climb(self, row: dict[str, Any], known: dict[str, _Above | None]) -> tuple[Ancestor, ...] | None:
        """Outermost first; None when one of them cannot be read, or when they stand in a circle."""
        chain: list[Ancestor] = []
        parent, kind = _read_parent(row)
        while parent is not None:
            if parent not in known:
                found = self._find_row(kind, parent)
                known[parent] = _read_above(found) if found is not None else None
            above = known[parent]
            if above is None or len(chain) > MOST_LEVELS:
                return None
            chain.insert(0, Ancestor(above.id, above.title))
            parent, kind = above.parent, above.kind
        return tuple(chain)

    def _find_row(self, kind: str, content_id: str) -> dict[str, Any] | None:
        if kind not in _KINDS:
            return None
        try:
            row = self.client.get_json(f"{V2}/{_KINDS[kind]}/{content_id}")
        except RequestRefused as error:
            if error.status in _OUT_OF_SIGHT:
                return None
            raise
        return row if isinstance(row, dict) else None


def _read_above(row: dict[str, Any]) -> _Above:
    parent, kind = _read_parent(row)
    return _Above(str(row["id"]), str(row.get("title") or ""), parent, kind)


def _read_parent(row: dict[str, Any]) -> tuple[str | None, str]:
    parent = row.get("parentId")
    return (str(parent) if parent else None), str(row.get("parentType") or "page")
