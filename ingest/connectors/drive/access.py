"""Who may read an item, from its permissions. Pure. What is not known for certain grants nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.access import EVERYONE, AccessList, join_clauses
from ingest.connectors.drive.item import read_moment

_READING_ROLES = frozenset({"owner", "organizer", "fileOrganizer", "writer", "commenter", "reader"})
# These reach even into folders with limited access.
_UNSTOPPABLE_ROLES = frozenset({"owner", "organizer"})


@dataclass(frozen=True, slots=True)
class Readers:
    """An item's access. `until`: when its first grant ends; `groups`: how many it names; `is_known`: was it shown?"""

    access: AccessList
    until: datetime | None = None
    groups: int = 0
    is_known: bool = True


# Whose readers were not asked for.
NOBODY = Readers(join_clauses([]))


def read_permissions(
    entries: Iterable[Mapping[str, Any]] | None, *, now: datetime, shut: frozenset[str] = frozenset()
) -> Readers:
    """The readers that an item's permissions name; nobody where they are not known (None) or name nobody.

    `shut` are ids from which nothing is inherited, because a folder with limited access stands between. Sharing by
    link, ended, deleted, pending and view-only entries grant nothing: whoever has no more than a link cannot search.
    """
    if entries is None:
        return Readers(NOBODY.access, is_known=False)
    alive = [entry for entry in entries if _is_alive(entry, now) and _reaches(entry, shut)]
    principals = frozenset(principal for entry in alive for principal in _name_principals(entry))
    ends = [moment for entry in alive if (moment := read_moment(entry.get("expirationTime")))]
    groups = sum(principal.startswith("group:") for principal in principals)
    return Readers(join_clauses([principals]), min(ends, default=None), groups)


def _is_alive(entry: Mapping[str, Any], now: datetime) -> bool:
    if entry.get("deleted") or entry.get("pendingOwner") or entry.get("view"):
        return False
    if entry.get("role") not in _READING_ROLES:
        return False
    if not entry.get("expirationTime"):
        return True
    ends = read_moment(entry["expirationTime"])
    return ends is not None and now < ends


def _reaches(entry: Mapping[str, Any], shut: frozenset[str]) -> bool:
    """False where all parts of a permission are inherited from beyond a folder with limited access."""
    parts = entry.get("permissionDetails")
    return not parts or any(
        not part.get("inherited")
        or part.get("inheritedFrom") not in shut
        or part.get("role") in _UNSTOPPABLE_ROLES
        for part in parts
    )


def _name_principals(entry: Mapping[str, Any]) -> Iterator[str]:
    kind = entry.get("type")
    address = str(entry.get("emailAddress") or "").strip().lower()
    domain = str(entry.get("domain") or "").strip().lower()
    if kind in ("user", "group") and "@" in address:
        yield f"{kind}:{address}"
    elif entry.get("allowFileDiscovery") is not True:
        return
    elif kind == "domain" and domain:
        yield f"domain:{domain}"
    elif kind == "anyone":
        yield EVERYONE
