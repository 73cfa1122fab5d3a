"""The Cloud face of the stand-in for Confluence: api/v2 with cursors, rest/api where only that has the call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from tests.fakes.confluence_faults import Faults, Refused, Reply
from tests.fakes.confluence_paging import (
    Query,
    cut_listing,
    find_content,
    list_pages,
    read_cursor,
    read_one,
    search_pages,
    write_cursor,
)
from tests.fakes.confluence_state import Attachment, ConfluenceState, Content, Space, User

V2, V1 = r"/wiki/api/v2", r"/wiki/rest/api"
STATES = {"Rough draft": 1, "In progress": 2, "Verified": 3}
CRAWLER = User("acc-crawler", "Crawler", "crawler@example.com")


@dataclass
class CloudFace:
    """Answers one request from the state. `public` is the site's address as people know it."""

    state: ConfluenceState
    faults: Faults
    public: str = "https://brand.example.net"

    def routes(self) -> list[tuple[str, Callable[..., Reply]]]:
        return [
            (f"{V1}/user/current", lambda query: Reply(self._show_user(CRAWLER))),
            (f"{V1}/user", self._find_user),
            (f"{V2}/spaces", self._list_spaces),
            (f"{V2}/spaces/(\\d+)", self._find_space),
            (f"{V2}/spaces/(\\d+)/permissions", self._list_permissions),
            (f"{V2}/spaces/(\\d+)/role-assignments", self._list_roles),
            (f"{V2}/spaces/(\\d+)/pages", self._list_pages),
            (f"{V2}/pages/(\\d+)", self._find_page),
            (f"{V2}/folders/(\\d+)", self._find_folder),
            (f"{V2}/pages/(\\d+)/labels", self._list_labels),
            (f"{V2}/pages/(\\d+)/attachments", self._list_attachments),
            (f"{V2}/attachments", self._list_all_attachments),
            (f"{V1}/content/(\\d+)/restriction/byOperation/read", self._read_restriction),
            (f"{V1}/content/(\\d+)/state", self._read_state),
            (f"{V1}/content/search", self._search),
            (f"{V1}/content/(\\d+)/child/attachment/(att\\d+)/download", self._download),
            ("/media/(att\\d+)", self._send_media),
            (f"{V1}/group/by-id", self._find_group),
            (f"{V1}/group/([^/]+)/membersByGroupId", self._list_members),
        ]

    def allows_anonymous(self, path: str) -> bool:
        """May this be asked without signing in?"""
        space = next(
            (one for one in self.state.spaces.values() if path == f"/wiki/api/v2/spaces/{one.id}"), None
        )
        is_open = self.state.is_open_to_anonymous and space is not None and ("anonymous", "") in space.readers
        return is_open or path.startswith("/media/")

    def _page_v2(self, path: str, query: Query, items: Sequence[Any]) -> Reply:
        start, asked = read_cursor(read_one(query, "cursor")), int(read_one(query, "limit", "25"))
        shown, after = cut_listing(items, start, asked, faults=self.faults, path=path)
        links: dict[str, Any] = {"base": f"{self.public}/wiki"}
        headers = {}
        if after is not None:
            rest = [(name, one) for name, values in query.items() if name != "cursor" for one in values]
            links["next"] = f"{path}?{urlencode([*rest, ('cursor', write_cursor(after))])}"
            headers["Link"] = f'<{links["next"]}>; rel="next", <{self.public}/wiki>; rel="base"'
        return Reply({"results": shown, "_links": links}, headers=headers)

    def _page_v1(self, path: str, query: Query, items: Sequence[Any]) -> Reply:
        start, asked = int(read_one(query, "start", "0")), int(read_one(query, "limit", "25"))
        shown, after = cut_listing(items, start, asked, faults=self.faults, path=path)
        links = {"base": f"{self.public}/wiki", "context": "/wiki"}
        if after is not None:
            limit = min(asked, self.faults.most_per_page or asked)
            # Below the context, unlike those of v2.
            links["next"] = f"{path.removeprefix('/wiki')}?{urlencode({'start': after, 'limit': limit})}"
        limit = min(asked, self.faults.most_per_page or asked)
        return Reply({"results": shown, "start": start, "limit": limit, "size": len(shown), "_links": links})

    def _list_spaces(self, query: Query) -> Reply:
        keys = [key for value in query.get("keys", []) for key in value.split(",")]
        status = read_one(query, "status")
        spaces = [
            self._show_space(one)
            for one in self.state.spaces.values()
            if (not keys or one.key in keys) and status in ("", one.status)
        ]
        return self._page_v2(f"{V2}/spaces", query, spaces)

    def _find_space(self, query: Query, space_id: str) -> Reply:
        return Reply(self._show_space(self._space(space_id)))

    def _list_permissions(self, query: Query, space_id: str) -> Reply:
        space = self._space(space_id)
        rows: list[dict[str, Any]] = []
        if space.has_roles:
            rows = [
                self._permit("role", "role-viewer", "read"),
                self._permit("role", "role-admin", "administer"),
            ]
        else:
            for kind, name in space.readers:
                if kind in ("user", "group"):
                    rows.append(
                        self._permit(kind, self.state.groups[name].id if kind == "group" else name, "read")
                    )
                    rows.append({**self._permit("group", "gid-editors", "create"), "id": "9"})
        return self._page_v2(f"{V2}/spaces/{space_id}/permissions", query, rows)

    def _list_roles(self, query: Query, space_id: str) -> Reply:
        classes = {"anonymous": "anonymous-users"}
        kinds = {"user": "USER", "group": "GROUP", "class": "ACCESS_CLASS", "anonymous": "ACCESS_CLASS"}
        rows = [
            {
                "principal": {
                    "principalType": kinds[kind],
                    "principalId": self.state.groups[name].id if kind == "group" else classes.get(kind, name),
                },
                "roleId": "role-viewer",
            }
            for kind, name in self._space(space_id).readers
        ]
        return self._page_v2(f"{V2}/spaces/{space_id}/role-assignments", query, rows)

    def _list_pages(self, query: Query, space_id: str) -> Reply:
        pages = list_pages(self.state, self._space(space_id).key, read_one(query, "status", "current"))
        path = f"{V2}/spaces/{space_id}/pages"
        return self._page_v2(path, query, [self._show_page(one) for one in pages])

    def _find_page(self, query: Query, page_id: str) -> Reply:
        page = find_content(self.state, page_id, kind="page")
        form = read_one(query, "body-format")
        shown = self._show_page(page)
        if form == "storage" and page.is_broken:
            raise Refused(500, "the body cannot be converted")
        if form:
            shown["body"] = {form: {"representation": form, "value": page.body}}
        return Reply(shown)

    def _find_folder(self, query: Query, folder_id: str) -> Reply:
        found = find_content(self.state, folder_id, kind="folder")
        shown = {**self._show_page(found), "type": "folder"}
        names = ("id", "type", "status", "title", "parentId", "parentType", "spaceId", "_links")
        return Reply({name: shown[name] for name in names} | {"_links": {"webui": f"/folder/{found.id}"}})

    def _list_labels(self, query: Query, page_id: str) -> Reply:
        page = find_content(self.state, page_id, kind="page")
        labels = [{"id": str(n), "name": one, "prefix": "global"} for n, one in enumerate(page.labels, 1)]
        return self._page_v2(f"{V2}/pages/{page_id}/labels", query, labels)

    def _list_attachments(self, query: Query, page_id: str) -> Reply:
        page = find_content(self.state, page_id, kind="page")
        shown = [self._show_attachment(page, one) for one in page.attachments.values()]
        return self._page_v2(f"{V2}/pages/{page_id}/attachments", query, shown)

    def _list_all_attachments(self, query: Query) -> Reply:
        pairs = [
            (page, one)
            for page in self.state.contents.values()
            if page.status == "current" and not page.is_hidden
            for one in page.attachments.values()
        ]
        pairs.sort(key=lambda pair: pair[1].modified, reverse=True)
        shown = [self._show_attachment(page, one) for page, one in pairs]
        return self._page_v2(f"{V2}/attachments", query, shown)

    def _read_restriction(self, query: Query, content_id: str) -> Reply:
        content = find_content(self.state, content_id)
        path = f"{V1}/content/{content_id}/restriction/byOperation/read"
        named = content.restricted or []
        users = [self._show_user(self.state.users[name]) for kind, name in named if kind == "user"]
        groups = [self._show_group(name) for kind, name in named if kind == "group"]
        parts = {
            "user": self._page_v1(path, query, users).body,
            "group": self._page_v1(path, query, groups).body,
        }
        return Reply({"operation": "read", "restrictions": parts})

    def _read_state(self, query: Query, content_id: str) -> Reply:
        state = find_content(self.state, content_id).state
        if state is None:
            return Reply({"contentState": None, "lastUpdated": None})
        shown = {"id": STATES.get(state, 9), "name": state, "color": "#2684FF"}
        return Reply({"contentState": shown, "lastUpdated": _when(self.state.now)})

    def _search(self, query: Query) -> Reply:
        pages = search_pages(self.state, read_one(query, "cql"))
        if pages is None:
            raise Refused(400, "cannot parse the query")
        start, asked = read_cursor(read_one(query, "cursor")), int(read_one(query, "limit", "25"))
        path = "/rest/api/content/search"
        shown, after = cut_listing(pages, start, asked, faults=self.faults, path=path)
        results = [{"id": one.id, "type": "page", "status": one.status, "title": one.title} for one in shown]
        links = {"base": f"{self.public}/wiki", "context": "/wiki"}
        if after is not None:
            rest = {"cql": read_one(query, "cql"), "limit": asked, "cursor": write_cursor(after)}
            links["next"] = f"{path}?{urlencode(rest)}"
        return Reply({"results": results, "start": 0, "limit": asked, "size": len(results), "_links": links})

    def _download(self, query: Query, page_id: str, attachment_id: str) -> Reply:
        page = find_content(self.state, page_id, kind="page")
        if page.status == "trashed" or attachment_id not in page.attachments:
            raise Refused(404, "no attachment with this id")
        return Reply(b"", 302, {"Location": f"/media/{attachment_id}?token=signed"})

    def _send_media(self, query: Query, attachment_id: str) -> Reply:
        found = (page.attachments.get(attachment_id) for page in self.state.contents.values())
        return Reply(next(one for one in found if one is not None).content)

    def _find_user(self, query: Query) -> Reply:
        user = self.state.users.get(read_one(query, "accountId"))
        if user is None:
            raise Refused(404, "no user with this account id")
        return Reply(self._show_user(user))

    def _find_group(self, query: Query) -> Reply:
        name = next((one.name for one in self.state.groups.values() if one.id == read_one(query, "id")), None)
        if name is None:
            raise Refused(404, "no group with this id")
        return Reply(self._show_group(name))

    def _list_members(self, query: Query, group_id: str) -> Reply:
        group = next((one for one in self.state.groups.values() if one.id == group_id), None)
        if group is None:
            raise Refused(404, "no group with this id")
        shown = [self._show_user(self.state.users[key]) for key in group.members]
        return self._page_v1(f"{V1}/group/{group_id}/membersByGroupId", query, shown)

    def _space(self, space_id: str) -> Space:
        for one in self.state.spaces.values():
            if one.id == space_id:
                return one
        raise Refused(404, "no space with this id")

    def _permit(self, kind: str, principal: str, key: str) -> dict[str, Any]:
        operation = {"key": key, "targetType": "page" if key == "create" else "space"}
        return {"id": "8", "principal": {"type": kind, "id": principal}, "operation": operation}

    def _show_space(self, space: Space) -> dict[str, Any]:
        links = {"webui": f"/spaces/{space.key}"}
        named = {"id": space.id, "key": space.key, "name": space.name, "status": space.status}
        return {**named, "type": "global", "_links": links}

    def _show_page(self, page: Content) -> dict[str, Any]:
        above = self.state.contents.get(page.parent) if page.parent else None
        return {
            "id": page.id,
            "status": page.status,
            "title": page.title,
            "spaceId": self.state.spaces[page.space].id,
            "parentId": page.parent,
            "parentType": above.kind if above else None,
            "position": 1,
            "authorId": page.author or None,
            "ownerId": page.author or None,
            "createdAt": _when(page.modified),
            "version": {"number": page.version, "createdAt": _when(page.modified), "message": ""},
            "_links": {"webui": f"/spaces/{page.space}/pages/{page.id}/{page.title.replace(' ', '+')}"},
        }

    def _show_attachment(self, page: Content, one: Attachment) -> dict[str, Any]:
        link = f"/download/attachments/{page.id}/{one.title}?version={one.version}"
        return {
            "id": one.id,
            "status": "current",
            "title": one.title,
            "createdAt": _when(one.modified),
            "pageId": page.id,
            "mediaType": one.media_type,
            "fileSize": len(one.content),
            "downloadLink": link,
            "version": {"number": one.version, "createdAt": _when(one.modified)},
            "_links": {"webui": f"/pages/viewpageattachments.action?pageId={page.id}", "download": link},
        }

    def _show_user(self, user: User) -> dict[str, Any]:
        return {
            "type": "known",
            "accountId": user.key,
            "accountType": "atlassian",
            "accountStatus": "active" if user.is_active else "inactive",
            "email": "" if user.hides_email else user.email,
            "publicName": user.name,
            "displayName": user.name,
        }

    def _show_group(self, name: str) -> dict[str, Any]:
        return {"type": "group", "name": name, "id": self.state.groups[name].id}


def _when(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
