"""One thing in Drive as the API shows it: file, folder or shortcut. Pure; used by every module of this package."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ingest.connectors.connector import SourceUnreadable

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
PERMISSION_FIELDS = (
    "id,type,role,emailAddress,domain,allowFileDiscovery,expirationTime,deleted,pendingOwner,view,"
    "permissionDetails(permissionType,role,inherited,inheritedFrom)"
)
ITEM_FIELDS = (
    "id,name,mimeType,parents,driveId,createdTime,modifiedTime,size,version,trashed,sha256Checksum,md5Checksum,"
    "headRevisionId,webViewLink,owners(emailAddress),sharingUser(emailAddress),resourceKey,"
    "shortcutDetails(targetId,targetResourceKey),inheritedPermissionsDisabled,capabilities(canDownload),"
    "exportLinks,properties,appProperties,contentRestrictions(readOnly,reason),labelInfo(labels(id,fields)),"
    f"permissions({PERMISSION_FIELDS})"
)


@dataclass(frozen=True, slots=True)
class Item:
    """`raw` is the API's file resource; `keys` are resource keys that requests for it need: {file id: key}."""

    raw: Mapping[str, Any]
    keys: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """Drive's id."""
        return str(self.raw["id"])

    @property
    def name(self) -> str:
        """The name as people typed it."""
        return str(self.raw["name"])

    @property
    def mime_type(self) -> str:
        """Drive's word for what it is."""
        return str(self.raw["mimeType"])

    @property
    def parent(self) -> str:
        """The folder or shared drive that holds it; "" where this account may not see it."""
        parents = self.raw.get("parents") or [""]
        return str(parents[0])

    @property
    def drive_id(self) -> str:
        """The shared drive, or ""."""
        return str(self.raw.get("driveId", ""))

    @property
    def is_folder(self) -> bool:
        """A folder."""
        return self.mime_type == FOLDER

    @property
    def is_shortcut(self) -> bool:
        """A shortcut."""
        return self.mime_type == SHORTCUT

    @property
    def is_trashed(self) -> bool:
        """In the trash, itself or by a folder above it."""
        return bool(self.raw.get("trashed"))

    @property
    def target(self) -> tuple[str, str]:
        """What a shortcut leads to: id and resource key."""
        details = self.raw.get("shortcutDetails") or {}
        return str(details.get("targetId", "")), str(details.get("targetResourceKey", ""))

    @property
    def age(self) -> tuple[str, str]:
        """Orders items by when they were made."""
        return str(self.raw.get("createdTime", "")), self.id

    @property
    def size(self) -> int:
        """Bytes; 0 where Drive knows none."""
        return int(self.raw.get("size", 0))

    @property
    def modified(self) -> datetime | None:
        """When its content was last changed, as Drive says (an upload may claim any date)."""
        return read_moment(self.raw.get("modifiedTime"))

    @property
    def owner(self) -> str:
        """E-mail of the owner, else of whoever shared it; "" in shared drives."""
        people = [*(self.raw.get("owners") or []), self.raw.get("sharingUser") or {}]
        return next((str(one["emailAddress"]) for one in people if one.get("emailAddress")), "")

    @property
    def permissions(self) -> Sequence[Mapping[str, Any]] | None:
        """The permissions that came along; None where Drive does not fill them (shared drives, no right to share)."""
        return None if self.drive_id else self.raw.get("permissions")

    @property
    def key_header(self) -> dict[str, str]:
        """The header that opens items behind a resource key."""
        pairs = dict(self.keys)
        if self.raw.get("resourceKey"):
            pairs[self.id] = str(self.raw["resourceKey"])
        return write_key_header(pairs.items())


def read_item(raw: Any, keys: tuple[tuple[str, str], ...] = ()) -> Item:
    """An item of a reply; raises SourceUnreadable where it lacks what every item has."""
    if (
        not isinstance(raw, dict)
        or not all(raw.get(name) for name in ("id", "mimeType"))
        or "name" not in raw
    ):
        raise SourceUnreadable(
            "Drive sent a file without id, name or type; nothing was changed. Sync again later"
        )
    return Item(raw, keys)


def read_moment(text: object) -> datetime | None:
    """An RFC 3339 moment in UTC; None for anything else."""
    try:
        moment = datetime.fromisoformat(re.sub(r"\.(\d{6})\d+", r".\1", str(text)))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def write_key_header(pairs: Any) -> dict[str, str]:
    """Resource keys as the header that Drive reads; no header without keys."""
    text = ",".join(f"{id_}/{key}" for id_, key in pairs if key)
    return {"X-Goog-Drive-Resource-Keys": text} if text else {}
