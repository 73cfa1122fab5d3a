"""The Data Center face of the stand-in for Confluence: rest/api with start and limit, below a context path."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote, unquote, urlencode

from tests.fakes.confluence_faults import Faults, Refused, Reply
from tests.fakes.confluence_paging import (
    Query,
    cut_listing,
    find_content,
    list_pages,
    read_one,
    search_attachments,
    search_pages,
)
from tests.fakes.confluence_state import Attachment, ConfluenceState, Content, Principal, Space, User

CONTEXT = "/confluence"
API = f"{CONTEXT}/rest/api"
CRAWLER = User("crawler-key", "Crawler", "crawler@example.com")


@dataclass
class DataCenterFace:
    """Answers one request from the state. The server's zone is `zone_hours` from UTC."""

    state: ConfluenceState
    faults: Faults
    zone_hours: int = 2
    public: str = "https://wiki.example.net/confluence"

    def routes(self) -> list[tuple[str, Callable[..., Reply]]]:
        return [
            (f"{API}/user/current", lambda query: Reply(self._show_user(CRAWLER))),
            (f"{API}/user", self._find_user),
            (f"{CONTEXT}/rest/mobile/1\\.0/profile/([^/]+)", self._find_profile),
            (f"{API}/space", self._list_spaces),
            (f"{API}/space/([^/]+)", self._find_space),
            (f"{API}/space/([^/]+)/permissions", self._list_permissions),
            (f"{API}/content", self._list_pages),
            (f"{API}/content/search", self._search),
            (f"{API}/content/(\\d+)", self._find_page),
            (f"{API}/content/(\\d+)/label", self._list_labels),
            (f"{API}/content/(\\d+)/child/attachment", self._list_attachments),
            (f"{API}/content/(\\d+)/restriction/byOperation/read", self._read_restriction),
            (f"{API}/group/([^/]+)/member", self._list_members),
            (f"{CONTEXT}/download/attachments/(\\d+)/([^/]+)", self._download),
        ]

    def allows_anonymous(self, path: str) -> bool:
        """May this be asked without signing in?"""
        space = next((one for one in self.state.spaces.values() if path == f"{API}/space/{one.key}"), None)
        return self.state.is_open_to_anonymous and space is not None and ("anonymous", "") in space.readers

    def call_remotely(self, body: dict[str, Any]) -> Reply:
        """The older door: JSON-RPC."""
        if self.faults.is_rpc_off:
            raise Refused(401, "the remote API is switched off")
        space = self._space(str(body["params"][0]))
        rows = [
            {
                "type": "VIEWSPACE",
                "userName": self.state.users[name].username if kind == "user" else None,
                "groupName": name if kind == "group" else None,
            }
            for kind, name in space.readers
            if kind != "class"
        ]
        editors = [{"type": "EDITSPACE", "userName": None, "groupName": "editors"}]
        sets = [
            {"type": "EDITSPACE", "spacePermissions": editors},
            {"type": "VIEWSPACE", "spacePermissions": rows},
        ]
        return Reply({"jsonrpc": "2.0", "id": body["id"], "result": sets})

    def _page(self, path: str, query: Query, items: Sequence[Any]) -> Reply:
        start, asked = int(read_one(query, "start", "0")), int(read_one(query, "limit", "25"))
        limit = min(asked, self.faults.most_per_page or asked)
        shown, after = cut_listing(items, start, asked, faults=self.faults, path=path)
        links = {"base": self.public, "context": CONTEXT}
        if after is not None:
            rest = [(name, one) for name, values in query.items() if name != "start" for one in values]
            # The start that it names is the one asked for plus the limit asked for: not to be relied upon.
            named = urlencode([*rest, ("start", start + asked)])
            links["next"] = f"{path.removeprefix(CONTEXT)}?{named}"
        return Reply({"results": shown, "start": start, "limit": limit, "size": len(shown), "_links": links})

    def _list_spaces(self, query: Query) -> Reply:
        keys, status = query.get("spaceKey", []), read_one(query, "status")
        spaces = [
            self._show_space(one)
            for one in self.state.spaces.values()
            if (not keys or one.key in keys) and status in ("", one.status)
        ]
        return self._page(f"{API}/space", query, spaces)

    def _find_space(self, query: Query, key: str) -> Reply:
        return Reply(self._show_space(self._space(key)))

    def _list_permissions(self, query: Query, key: str) -> Reply:
        if not self.faults.has_rest_permissions:
            raise Refused(404, "no such resource")
        space = self._space(key)
        operation = {"targetType": "space", "operationKey": "read"}
        rows = [
            {
                "operation": operation,
                **self._show_subject(one),
                "spaceKey": space.key,
                "spaceId": int(space.id),
            }
            for one in space.readers
            if one[0] != "class"
        ]
        create = {"operation": {"targetType": "page", "operationKey": "create"}}
        rows.append({**create, "subject": {"type": "group", "name": "editors"}, **rows_of(space)})
        return Reply(rows)

    def _show_subject(self, reader: Principal) -> dict[str, Any]:
        kind, name = reader
        if kind == "anonymous":
            return {}
        subject = {"type": "group", "name": name} if kind == "group" else {"type": "user", "userKey": name}
        return {"subject": subject}

    def _list_pages(self, query: Query) -> Reply:
        expand = read_one(query, "expand")
        pages = list_pages(self.state, read_one(query, "spaceKey"), read_one(query, "status", "current"))
        if "ancestors" in expand and any(one.is_hidden for page in pages for one in self.state.chain(page)):
            # One ancestor out of sight, and the whole batch is refused.
            raise Refused(404, "no content, or no right to view it")
        return self._page(f"{API}/content", query, [self._show_page(one, expand) for one in pages])

    def _find_page(self, query: Query, page_id: str) -> Reply:
        page, expand = find_content(self.state, page_id), read_one(query, "expand")
        if page.status == "trashed":
            raise Refused(404, "no content with this id")
        if page.is_broken and "body.storage" in expand:
            raise Refused(500, "the body cannot be converted")
        if "ancestors" in expand and any(one.is_hidden for one in self.state.chain(page)):
            raise Refused(404, "no content, or no right to view it")
        return Reply(self._show_page(page, expand))

    def _list_labels(self, query: Query, page_id: str) -> Reply:
        return self._page(
            f"{API}/content/{page_id}/label", query, _show_labels(find_content(self.state, page_id))
        )

    def _list_attachments(self, query: Query, page_id: str) -> Reply:
        page = find_content(self.state, page_id)
        shown = [self._show_attachment(page, one) for one in page.attachments.values()]
        return self._page(f"{API}/content/{page_id}/child/attachment", query, shown)

    def _read_restriction(self, query: Query, content_id: str) -> Reply:
        named = find_content(self.state, content_id).restricted or []
        path = f"{API}/content/{content_id}/restriction/byOperation/read"
        users = [self._show_user(self.state.users[name]) for kind, name in named if kind == "user"]
        groups = [{"type": "group", "name": name} for kind, name in named if kind == "group"]
        parts = {"user": self._page(path, query, users).body, "group": self._page(path, query, groups).body}
        return Reply({"operation": "read", "restrictions": parts})

    def _search(self, query: Query) -> Reply:
        cql, path = read_one(query, "cql"), f"{API}/content/search"
        pages = search_pages(self.state, cql)
        if pages is not None:
            return self._page(path, query, [{**_show_head(one), "_links": {}} for one in pages])
        found = search_attachments(self.state, cql, zone_hours=self.zone_hours)
        shown = [{**self._show_attachment(page, one), "container": _show_head(page)} for page, one in found]
        return self._page(path, query, shown)

    def _list_members(self, query: Query, name: str) -> Reply:
        group = self.state.groups.get(unquote(name))
        if group is None or "/" in unquote(name):
            raise Refused(404, "no group with this name")
        shown = [self._show_user(self.state.users[key], with_status=True) for key in group.members]
        return self._page(f"{API}/group/{quote(name)}/member", query, shown)

    def _find_user(self, query: Query) -> Reply:
        key, name = read_one(query, "key"), read_one(query, "username")
        user = next(
            (one for one in self.state.users.values() if key == one.key or name == one.username), None
        )
        if user is None:
            raise Refused(404, "no user with this key")
        return Reply(self._show_user(user, with_status="status" in read_one(query, "expand")))

    def _find_profile(self, query: Query, username: str) -> Reply:
        user = next((one for one in self.state.users.values() if one.username == unquote(username)), None)
        if user is None:
            raise Refused(404, "no such profile")
        email = None if user.hides_email else user.email
        return Reply({"userName": user.username, "fullName": user.name, "email": email})

    def _download(self, query: Query, page_id: str, title: str) -> Reply:
        page = find_content(self.state, page_id)
        found = next((one for one in page.attachments.values() if one.title == unquote(title)), None)
        if found is None or page.status == "trashed":
            raise Refused(404, "no such attachment")
        return Reply(found.content)

    def _space(self, key: str) -> Space:
        if key not in self.state.spaces:
            raise Refused(404, "no space with this key")
        return self.state.spaces[key]

    def _show_space(self, space: Space) -> dict[str, Any]:
        links = {"webui": f"/display/{space.key}"}
        named = {"id": int(space.id), "key": space.key, "name": space.name, "status": space.status}
        return {**named, "type": "global", "_links": links}

    def _show_page(self, page: Content, expand: str) -> dict[str, Any]:
        shown = {**_show_head(page), "_links": {"webui": f"/pages/viewpage.action?pageId={page.id}"}}
        asked = expand.split(",")
        if "version" in asked:
            shown["version"] = self._show_version(page.version, page.modified)
        if "ancestors" in asked:
            shown["ancestors"] = [_show_head(one) for one in self.state.chain(page)]
        if "space" in asked:
            shown["space"] = self._show_space(self.state.spaces[page.space])
        if "metadata.labels" in asked:
            labels = _show_labels(page)
            shown["metadata"] = {"labels": {"results": labels, "start": 0, "limit": 200, "size": len(labels)}}
        if "history" in asked:
            author = self.state.users.get(page.author, CRAWLER)
            shown["history"] = {
                "createdBy": self._show_user(author),
                "createdDate": self._when(page.modified),
                "latest": True,
            }
        for form in ("storage", "view"):
            if f"body.{form}" in asked:
                shown["body"] = {form: {"representation": form, "value": page.body}}
        return shown

    def _show_attachment(self, page: Content, one: Attachment) -> dict[str, Any]:
        link = f"/download/attachments/{page.id}/{quote(one.title)}?version={one.version}&api=v2"
        return {
            "id": one.id,
            "type": "attachment",
            "status": "current",
            "title": one.title,
            "version": self._show_version(one.version, one.modified),
            "extensions": {"mediaType": one.media_type, "fileSize": len(one.content), "comment": ""},
            "_links": {"webui": f"/pages/viewpageattachments.action?pageId={page.id}", "download": link},
        }

    def _show_version(self, number: int, modified: datetime) -> dict[str, Any]:
        return {"number": number, "when": self._when(modified), "minorEdit": False}

    def _show_user(self, user: User, *, with_status: bool = False) -> dict[str, Any]:
        shown = {
            "type": "known",
            "username": user.username,
            "userKey": user.key,
            "displayName": user.name,
        }
        return shown | ({"status": "current" if user.is_active else "deactivated"} if with_status else {})

    def _when(self, moment: datetime) -> str:
        zone = timezone(timedelta(hours=self.zone_hours))
        return moment.astimezone(zone).isoformat(timespec="milliseconds")


def rows_of(space: Space) -> dict[str, Any]:
    """What every row of a space's permissions ends with."""
    return {"spaceKey": space.key, "spaceId": int(space.id)}


def _show_head(page: Content) -> dict[str, Any]:
    return {"id": page.id, "type": "page", "status": page.status, "title": page.title}


def _show_labels(page: Content) -> list[dict[str, Any]]:
    return [{"id": str(n), "name": one, "prefix": "global"} for n, one in enumerate(page.labels, 1)]
