"""Parameters and fields of each call that we make to Confluence, by our own reading of the published descriptions.

Checked against every request and every reply of the stand-in. Sources and dates are beside each table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Shape = Any
"""A type's name ("text", "number", "flag"), with `?` for "may be missing or null"; {field: shape}; [shape]."""


@dataclass(frozen=True)
class Call:
    """One call. `params` maps a query parameter to the pattern that its values must match."""

    method: str
    path: str
    params: Mapping[str, str]
    reply: Shape


ID, CURSOR, LIMIT, START = r"\d+", r"[\w=-]+", r"([1-9]\d?|1\d\d|2[0-4]\d|250)", r"\d+"
LINKS_V2 = {"next": "text?", "base": "text?"}

# Cloud v2: the OpenAPI document of api/v2 (Atlassian, copy of 2025-02), read 2026-11-22. Its schemas name no field as
# required; those without `?` here are given in all replies that we have read of.
VERSION = {
    "number": "number",
    "createdAt": "text",
    "message": "text?",
    "minorEdit": "flag?",
    "authorId": "text?",
}
SPACE = {
    "id": "text",
    "key": "text",
    "name": "text",
    "type": "text",
    "status": "text",
    "authorId": "text?",
    "createdAt": "text?",
    "homepageId": "text?",
    "_links": {"webui": "text", "base": "text?"},
}
PAGE = {
    "id": "text",
    "status": "text",
    "title": "text",
    "spaceId": "text",
    "parentId": "text?",
    "parentType": "text?",
    "position": "number?",
    "authorId": "text?",
    "ownerId": "text?",
    "lastOwnerId": "text?",
    "createdAt": "text",
    "version": VERSION,
    "body?": {
        "storage?": {"representation": "text", "value": "text"},
        "view?": {"representation": "text", "value": "text"},
    },
    "_links": {"webui": "text", "editui": "text?", "tinyui": "text?", "base": "text?"},
}
FOLDER = {
    "id": "text",
    "type": "text",
    "status": "text",
    "title": "text",
    "parentId": "text?",
    "parentType": "text?",
    "spaceId": "text?",
    "_links": {"webui": "text?", "base": "text?"},
}
ATTACHMENT = {
    "id": "text",
    "status": "text",
    "title": "text",
    "createdAt": "text",
    "pageId": "text?",
    "mediaType": "text",
    "fileId": "text?",
    "fileSize": "number",
    "webuiLink": "text?",
    "downloadLink": "text",
    "version": VERSION,
    "_links": {"webui": "text?", "download": "text?"},
}
LABEL = {"id": "text", "name": "text", "prefix": "text"}
PERMISSION = {
    "id": "text",
    "principal": {"type": "text", "id": "text"},
    "operation": {"key": "text", "targetType": "text"},
}
ROLE_ASSIGNMENT = {"principal": {"principalType": "text", "principalId": "text"}, "roleId": "text"}

# Cloud v1: the OpenAPI document of wiki/rest/api (Atlassian, copy of 2022-10), read 2026-11-22.
USER = {
    "type": "text",
    "accountId": "text",
    "accountType": "text?",
    "accountStatus": "text?",
    "email": "text?",
    "publicName": "text?",
    "displayName": "text",
}
GROUP = {"type": "text", "name": "text", "id": "text"}


def _offset(result: Shape) -> Shape:
    links = {"next": "text?", "base": "text?", "context": "text?", "self": "text?"}
    return {"results": [result], "start": "number", "limit": "number", "size": "number", "_links?": links}


def _v2(result: Shape) -> Shape:
    return {"results": [result], "_links": LINKS_V2}


def _restriction(user: Shape, group: Shape) -> Shape:
    parts = {"user": _offset(user), "group": _offset(group)}
    return {"operation": "text", "restrictions": parts, "_links?": {"self": "text?"}}


V2, V1 = "/wiki/api/v2", "/wiki/rest/api"
PAGED = {"cursor": CURSOR, "limit": LIMIT}
OFFSET = {"start": START, "limit": LIMIT}
EXPANDED_READERS = {"expand": r"restrictions\.user,restrictions\.group", **OFFSET}
FOUND = {"id": "text", "type": "text", "status": "text", "title": "text"}

CLOUD_CALLS = (
    Call("GET", f"{V1}/user/current", {}, USER),
    Call("GET", f"{V1}/user", {"accountId": r".+"}, USER),
    Call("GET", f"{V2}/spaces", {"keys": r"[\w~,]+", "status": "current|archived", **PAGED}, _v2(SPACE)),
    Call("GET", f"{V2}/spaces/ID", {}, SPACE),
    Call("GET", f"{V2}/spaces/ID/permissions", PAGED, _v2(PERMISSION)),
    Call("GET", f"{V2}/spaces/ID/role-assignments", PAGED, _v2(ROLE_ASSIGNMENT)),
    Call("GET", f"{V2}/spaces/ID/pages", {"status": "current|archived|trashed", **PAGED}, _v2(PAGE)),
    Call("GET", f"{V2}/pages/ID", {"body-format": "storage|view"}, PAGE),
    Call("GET", f"{V2}/folders/ID", {}, FOLDER),
    Call("GET", f"{V2}/pages/ID/labels", PAGED, _v2(LABEL)),
    Call("GET", f"{V2}/pages/ID/attachments", {"status": "current", **PAGED}, _v2(ATTACHMENT)),
    Call(
        "GET",
        f"{V2}/attachments",
        {"status": "current", "sort": "-modified-date", **PAGED},
        _v2(ATTACHMENT),
    ),
    Call("GET", f"{V1}/content/ID/restriction/byOperation/read", EXPANDED_READERS, _restriction(USER, GROUP)),
    Call(
        "GET",
        f"{V1}/content/ID/state",
        {"status": "current|archived"},
        {
            "contentState?": {"id": "number", "name": "text", "color": "text"},
            "lastUpdated": "text?",
        },
    ),
    Call("GET", f"{V1}/content/search", {"cql": r".+", "cursor": CURSOR, "limit": LIMIT}, _offset(FOUND)),
    Call("GET", f"{V1}/content/ID/child/attachment/ATT/download", {"version": r"\d+"}, "bytes"),
    Call("GET", "/media/ATT", {"token": r".+"}, "bytes"),
    Call("GET", f"{V1}/group/by-id", {"id": r".+"}, GROUP),
    Call("GET", f"{V1}/group/NAME/membersByGroupId", OFFSET, _offset(USER)),
)

# Data Center: REST documentation 9.1 to 10.10 (developer.atlassian.com/server/confluence), JSON-RPC documentation, and
# replies that are quoted in public issues (space permissions: CONFSERVER-99908, onyx#10854); read 2026-11-22.
DC_USER = {
    "type": "text",
    "username": "text",
    "userKey": "text",
    "displayName": "text",
    "status": "text?",
}
DC_GROUP = {"type": "text", "name": "text"}
DC_VERSION = {"number": "number", "when": "text", "by?": DC_USER, "minorEdit": "flag?"}
DC_SPACE = {
    "id": "number",
    "key": "text",
    "name": "text",
    "type": "text",
    "status": "text?",
    "_links": {"webui": "text"},
}
DC_ANCESTOR = {"id": "text", "type": "text", "status": "text", "title": "text"}
DC_BODY = {"value": "text", "representation": "text"}
DC_PAGE = {
    **DC_ANCESTOR,
    "version?": DC_VERSION,
    "ancestors?": [DC_ANCESTOR],
    "space?": DC_SPACE,
    "history?": {"createdBy": DC_USER, "createdDate": "text", "latest": "flag"},
    "metadata?": {"labels?": _offset(LABEL)},
    "body?": {"storage?": DC_BODY, "view?": DC_BODY},
    "_links": {"webui": "text"},
}
DC_ATTACHMENT = {
    **DC_ANCESTOR,
    "version": DC_VERSION,
    "container?": DC_ANCESTOR,
    "extensions": {"mediaType": "text", "fileSize": "number", "comment": "text?"},
    "_links": {"webui": "text?", "download": "text"},
}
DC_PERMISSION = {
    "operation": {"targetType": "text", "operationKey": "text"},
    "subject?": {"type": "text", "name": "text?", "userKey": "text?", "displayName": "text?"},
    "spaceKey": "text",
    "spaceId": "number",
}
RPC_PERMISSION = {"type": "text", "userName": "text?", "groupName": "text?"}
EXPAND_PAGE = r"version(,ancestors)?,metadata\.labels,history"
API = "/confluence/rest/api"

DC_CALLS = (
    Call("GET", f"{API}/user/current", {}, {**DC_USER, "username": "text?", "userKey": "text?"}),
    Call("GET", f"{API}/user", {"key": r".+", "username": r".+", "expand": "status"}, DC_USER),
    Call(
        "GET",
        "/confluence/rest/mobile/1.0/profile/NAME",
        {},
        {"userName": "text", "fullName": "text", "email": "text?"},
    ),
    Call(
        "GET",
        f"{API}/space",
        {"spaceKey": r"[\w~]+", "status": "current|archived", **OFFSET},
        _offset(DC_SPACE),
    ),
    Call("GET", f"{API}/space/KEY", {}, DC_SPACE),
    Call("GET", f"{API}/space/KEY/permissions", {}, [DC_PERMISSION]),
    Call(
        "POST",
        "/confluence/rpc/json-rpc/confluenceservice-v2",
        {},
        {
            "jsonrpc": "text",
            "id": "number",
            "result": [{"type": "text", "spacePermissions": [RPC_PERMISSION]}],
        },
    ),
    Call(
        "GET",
        f"{API}/content",
        {"spaceKey": r"[\w~]+", "type": "page", "status": "current", "expand": EXPAND_PAGE, **OFFSET},
        _offset(DC_PAGE),
    ),
    Call(
        "GET",
        f"{API}/content/ID",
        {"expand": r"(body\.(storage|view),)?(version|ancestors|space|,)+"},
        DC_PAGE,
    ),
    Call("GET", f"{API}/content/ID/label", OFFSET, _offset(LABEL)),
    Call(
        "GET", f"{API}/content/ID/child/attachment", {"expand": "version", **OFFSET}, _offset(DC_ATTACHMENT)
    ),
    Call(
        "GET",
        f"{API}/content/ID/restriction/byOperation/read",
        EXPANDED_READERS,
        _restriction(DC_USER, DC_GROUP),
    ),
    Call(
        "GET",
        f"{API}/content/search",
        {"cql": r".+", "expand": "version,container", **OFFSET},
        _offset(
            {
                **DC_ATTACHMENT,
                "version?": DC_VERSION,
                "extensions?": DC_ATTACHMENT["extensions"],
                "_links": {"webui": "text?", "download": "text?"},
            }
        ),
    ),
    Call("GET", f"{API}/group/NAME/member", {"expand": "status", **OFFSET}, _offset(DC_USER)),
    Call("GET", "/confluence/download/attachments/ID/NAME", {"version": r"\d+"}, "bytes"),
)
