"""How the fake Drive shows its state: items, permissions, drives and changes as the API's resources."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tests.fakes.drive_world import FOLDER, SHORTCUT, DriveWorld, Entry, Grant, Item, SharedDrive

_ROLES = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")


def show_moment(moment: datetime) -> str:
    """RFC 3339 with milliseconds, as the service writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def show_item(world: DriveWorld, item: Item, url: str) -> dict[str, Any]:
    """A file resource with everything that the fake knows; the mask takes away what was not asked for."""
    shown = _show_always(world, item, url)
    if item.drive:
        shown |= {"driveId": item.drive, "hasAugmentedPermissions": bool(item.grants)}
    elif world.account in _list_sharers(world, item):
        # The service fills this only for whoever may share the item, and never in a shared drive.
        shown["permissions"] = show_permissions(world, item)
    if not item.drive:
        shown["owners"] = [_show_user(item.owner)]
    if item.mime == SHORTCUT:
        shown["shortcutDetails"] = _show_target(world, item)
    elif item.exports:
        shown["exportLinks"] = {mime: f"{url}/exports/{item.id}?format={mime}" for mime in item.exports}
        shown["size"] = "1024"
    elif item.mime != FOLDER:
        shown |= _show_bytes(item)
    if item.key:
        shown["resourceKey"] = item.key
    return shown | item.fields


def show_permissions(world: DriveWorld, item: Item | SharedDrive) -> list[dict[str, Any]]:
    """One entry a grantee with its highest role, and where each part comes from."""
    if isinstance(item, SharedDrive):
        return [_show_grant([(grant, "")], is_member=True) for grant in item.members]
    found: dict[str, list[tuple[Grant, str]]] = {}
    for grant, source in world.list_grants(item):
        found.setdefault(grant.id, []).append((grant, source))
    shown = [_show_grant(parts, is_shared_drive=bool(item.drive)) for parts in found.values()]
    kept_out = [(grant, source) for grant, source in world.list_shut_out(item) if grant.id not in found]
    return shown + [_show_grant([part], is_shared_drive=True) | {"view": "metadata"} for part in kept_out]


def show_drive(drive: SharedDrive) -> dict[str, Any]:
    """A shared drive."""
    return {
        "kind": "drive#drive",
        "id": drive.id,
        "name": drive.name,
        "createdTime": show_moment(drive.created),
    }


def show_change(world: DriveWorld, entry: Entry, url: str) -> dict[str, Any]:
    """One change. An item that is gone, out of reach or in another corpus is `removed`, without a resource."""
    shown: dict[str, Any] = {
        "kind": "drive#change",
        "changeType": "drive" if entry.is_drive else "file",
        "time": show_moment(world.now),
    }
    if entry.is_drive:
        drive = world.drives.get(entry.id)
        return (
            shown
            | {"driveId": entry.id, "removed": drive is None}
            | ({"drive": show_drive(drive)} if drive else {})
        )
    item = world.items.get(entry.id)
    is_there = item is not None and item.drive == entry.corpus and world.may_open(world.account, entry.id, {})
    shown |= {"fileId": entry.id, "removed": not is_there}
    return shown | {"file": show_item(world, item, url)} if item is not None and is_there else shown


def show_approval(item: Item, number: int, approval: dict[str, Any]) -> dict[str, Any]:
    """One approval of an item."""
    return {
        "kind": "drive#approval",
        "approvalId": f"approval-{number}",
        "targetFileId": item.id,
        **approval,
    }


def _show_always(world: DriveWorld, item: Item, url: str) -> dict[str, Any]:
    return {
        "kind": "drive#file",
        "id": item.id,
        "name": item.name,
        "mimeType": item.mime,
        "parents": [item.parent] if item.parent else [],
        "createdTime": show_moment(item.created),
        "modifiedTime": show_moment(item.modified),
        "version": str(item.version),
        "trashed": world.is_trashed(item),
        "explicitlyTrashed": item.is_trashed,
        "webViewLink": f"https://drive.google.com/file/d/{item.id}/view",
        "inheritedPermissionsDisabled": item.is_limited,
        "capabilities": {"canDownload": item.can_download},
    }


def _show_bytes(item: Item) -> dict[str, Any]:
    return {
        "size": str(len(item.content)),
        "headRevisionId": f"{item.id}-r{item.revision}",
        "md5Checksum": hashlib.md5(item.content).hexdigest(),
        "sha256Checksum": hashlib.sha256(item.content).hexdigest(),
    }


def _show_target(world: DriveWorld, item: Item) -> dict[str, Any]:
    target = world.items.get(item.target)
    shown = {"targetId": item.target, "targetMimeType": target.mime if target else "application/octet-stream"}
    return shown | ({"targetResourceKey": target.key} if target and target.key else {})


def _show_user(email: str) -> dict[str, Any]:
    return {"kind": "drive#user", "displayName": email.partition("@")[0], "emailAddress": email}


def _list_sharers(world: DriveWorld, item: Item) -> set[str]:
    return {grant.who for grant, _ in world.list_grants(item) if grant.role in ("writer", "owner")}


def _show_grant(
    parts: Iterable[tuple[Grant, str]], *, is_member: bool = False, is_shared_drive: bool = False
) -> dict[str, Any]:
    parts = list(parts)
    grant = max((grant for grant, _ in parts), key=_rank)
    shown: dict[str, Any] = {
        "kind": "drive#permission",
        "id": grant.id,
        "type": grant.kind,
        "role": grant.role,
    }
    if grant.kind in ("user", "group"):
        shown |= {"emailAddress": grant.who, "deleted": grant.is_deleted}
    if grant.kind == "domain":
        shown["domain"] = grant.who
    if grant.kind in ("domain", "anyone"):
        shown["allowFileDiscovery"] = grant.is_discoverable
    if grant.expires:
        shown["expirationTime"] = show_moment(grant.expires)
    if grant.view:
        shown["view"] = grant.view
    if grant.kind == "user" and not is_shared_drive and not is_member:
        shown["pendingOwner"] = grant.is_pending_owner
    if is_shared_drive or is_member:
        shown["permissionDetails"] = [_show_part(one, source) for one, source in parts]
    return shown


def _rank(grant: Grant) -> tuple[bool, bool, float, int]:
    """Where one person is named twice, the entry shows what lasts longest and allows most."""
    ends = grant.expires.timestamp() if grant.expires else float("inf")
    return not grant.is_deleted, not grant.is_pending_owner, ends, _ROLES.index(grant.role)


def _show_part(grant: Grant, source: str) -> dict[str, Any]:
    kind = "member" if source.startswith("drive-") else "file"
    shown = {"permissionType": kind, "role": grant.role, "inherited": bool(source)}
    return shown | ({"inheritedFrom": source} if source else {})
