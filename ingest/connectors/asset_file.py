"""The asset file: one asset of a DAM as one file, from which ingest/parsers/asset.py makes a document.

A DAM has no such file of its own, so its connector writes one when an asset is fetched: a JSON object with `asset` (1,
this format), `name`, `description`, `caption`, `alt_text`, `tags`, `rights` (one sentence each), `state` (workflow),
`owner`, `use_until` (YYYY-MM-DD, or as the DAM says it), `withdrawn` ("archived on 2026-05-01": not to be used),
`properties` (label -> values), `renditions` (`format`, `width` and `height` in pixels), and where the original is a
text that our parsers read: `original` (`name`, `content` in base64), else `unread`, which says why its text is missing.
All of it is the source's own word: status, dates and link count only as FileReference.stated, below mapping rules.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from core.documents import Status
from ingest.parsers.asset import FORMAT, SUFFIX
from ingest.parsers.registry import READABLE_SUFFIXES

# A caption is short. What is longer than this was not written to describe an asset.
LONGEST_TEXT, MOST_WORDS = 4_000, 100
_HEAD_BYTES = 65_536
# Read as files of a folder for what they say of themselves; of a DAM's picture its DAM says more, without the download.
_PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".svg"))
_OURS = frozenset((SUFFIX, ".confluence"))
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Rendition:
    """A form in which the asset is to be had. Width and height in pixels, 0 when unknown."""

    format: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Original:
    """The asset's file at its source. `version` changes with its bytes; `size` in bytes, 0 when unknown."""

    name: str
    size: int = 0
    version: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """What a DAM says of one asset. `shelf` is the collection or category by which people find it."""

    item_id: str
    name: str
    shelf: str
    description: str = ""
    caption: str = ""
    alt_text: str = ""
    tags: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    state: str = ""
    owner: str = ""
    url: str = ""
    status: Status | None = None
    use_until: str = ""
    withdrawn: str = ""
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    renditions: tuple[Rendition, ...] = ()
    original: Original | None = None


def name_asset_file(asset: Asset) -> str:
    """`Shelf/Name (id).asset`: readable, and unique by the id."""
    shelf, name = _as_path_part(asset.shelf), _as_path_part(asset.name)
    return f"{shelf or 'Assets'}/{name or 'Asset'} ({_as_path_part(asset.item_id)}){SUFFIX}"


def state_facts(asset: Asset) -> Mapping[str, object]:
    """What the source says of the asset, as fields of a document. Only links that can be shown are among them."""
    facts: Mapping[str, object] = {
        "title": asset.name,
        "kind": "asset",
        "url": asset.url if urlsplit(asset.url).scheme == "https" else None,
        "owner": asset.owner,
        "status": asset.status,
        # An end that is no day is stated as it stands: nobody may use what ends we do not know when.
        "valid_until": asset.use_until,
    }
    return {name: value for name, value in facts.items() if value}


def read_day(text: str) -> str:
    """YYYY-MM-DD of a date with or without a time; the text itself where it is none."""
    try:
        return datetime.fromisoformat(text.strip()).date().isoformat()
    except ValueError:
        return text.strip()


def digest_asset(asset: Asset) -> str:
    """Changes whenever the asset file may: with anything that it says, and with its original."""
    return sha256(repr((FORMAT, asdict(asset))).encode()).hexdigest()[:32]


def explain_unread(original: Original | None, *, max_bytes: int) -> str:
    """Why the original's text is not carried; "" where it is. An image has no text to miss: also ""."""
    if original is None or not is_text(original):
        return ""
    limit = most_original_bytes(max_bytes)
    if original.size > limit:
        return f"{original.size / 1e6:.1f} MB is above the limit of {limit / 1e6:.1f} MB"
    return ""


def is_text(original: Original) -> bool:
    """True for a file whose text our parsers read."""
    return PurePosixPath(original.name).suffix.lower() in READABLE_SUFFIXES - _PICTURES - _OURS


def most_original_bytes(max_bytes: int) -> int:
    """How large an original may be, so that its asset file stays within `max_bytes` (base64 takes four for three)."""
    return max(0, (max_bytes - _HEAD_BYTES) * 3 // 4)


def build_asset_file(asset: Asset, content: bytes | None = None, *, unread: str = "") -> bytes:
    """The asset file; `content` are the original's bytes."""
    said: dict[str, object] = {
        "asset": FORMAT,
        "name": _cut(asset.name),
        "description": _cut(asset.description),
        "caption": _cut(asset.caption),
        "alt_text": _cut(asset.alt_text),
        "tags": list(asset.tags[:MOST_WORDS]),
        "rights": [_cut(one) for one in asset.rights],
        "state": asset.state,
        "owner": asset.owner,
        "use_until": asset.use_until,
        "withdrawn": asset.withdrawn,
        "properties": {label: list(values[:MOST_WORDS]) for label, values in asset.properties.items()},
        "renditions": [asdict(one) for one in asset.renditions[:MOST_WORDS]],
        "unread": unread,
    }
    if asset.original and content is not None:
        said["original"] = {"name": asset.original.name, "content": base64.b64encode(content).decode()}
    return json.dumps(said, ensure_ascii=False).encode()


def _as_path_part(text: str) -> str:
    # A slash in a name would read as a folder, a leading dot as a hidden file.
    words = " ".join(re.sub(r"[/\\\x00-\x1f\x7f]", " ", text).split())
    return words.lstrip(". ")[:_LONGEST_NAME].rstrip()


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rsplit(" ", 1)[0] + " …"
