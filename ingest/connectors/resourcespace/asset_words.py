"""What one resource of ResourceSpace says, in our words. Pure; used by connector.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from core.access import AccessList
from core.documents import Status
from ingest.connectors.asset_file import Asset, Original, Rendition, is_text, read_day
from ingest.connectors.resourcespace.installation import Row

ACTIVE = 0
STATE_WORDS: Mapping[int, str] = {
    -2: "pending submission",
    -1: "pending review",
    ACTIVE: "active",
    1: "waiting to be archived",
    2: "archived",
}
RETIRED, DRAFT = (1, 2), (-2, -1)
OPEN, RESTRICTED, CONFIDENTIAL = 0, 1, 2
ACCESS_WORDS: Mapping[int, str] = {OPEN: "open", RESTRICTED: "restricted", CONFIDENTIAL: "confidential"}
EXPIRY_DATE, STATUS_CHANGE = 6, "s"
# Told in sentences of their own, or of the file and not of what it shows.
TOLD = {
    "title",
    "caption",
    "accessibilityalttext",
    "keywords",
    "originalfilename",
    "extract",
    "text",
    "notes",
}
TECHNICAL = {
    "camera",
    "source",
    "framerate",
    "videobitrate",
    "aspectratio",
    "videosize",
    "channelmode",
    "samplerate",
}
LONGEST_VALUE = 200
# What a search says of a resource beside what happens to it by being looked at (hits, ratings, previews).
LASTING = (
    "resource_type",
    "archive",
    "access",
    "file_extension",
    "file_checksum",
    "file_size",
    "file_modified",
    "modified",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the resources of one installation are read."""

    url: str
    types: Mapping[str, str] = field(default_factory=dict)
    ends: str = ""
    rights: tuple[str, ...] = ()
    active_is_approved: bool = False


def read_asset(row: Row, fields: Sequence[Row], reading: Reading, *, log: Sequence[Row] = ()) -> Asset:
    """The asset of a search's row and its fields. `log` tells since when it is archived."""
    texts = _read_texts(fields)
    state, extension = read_number(row, "archive"), str(row.get("file_extension") or "")
    return Asset(
        item_id=str(row["ref"]),
        name=texts.get("title") or find_title(row),
        shelf=reading.types.get(str(row.get("resource_type")), "") or "Resources",
        caption=texts.get("caption", ""),
        alt_text=texts.get("accessibilityalttext", ""),
        tags=_list_tags(texts),
        rights=_list_rights(row, texts, reading),
        state=STATE_WORDS.get(state, ""),
        url=f"{reading.url}/?r={row['ref']}",
        status=_find_status(state, reading),
        use_until=read_day(_find_end(fields, texts, reading)),
        withdrawn=_describe_withdrawal(state, log),
        properties=_pick_properties(fields, reading),
        renditions=(Rendition(extension.upper()),) if extension else (),
        original=_find_original(row, extension),
    )


def find_title(row: Row) -> str:
    """The name that a search gives: its column of the field `title`."""
    return " ".join(str(row.get("field8") or "").split()) or f"Resource {row['ref']}"


def read_signals(row: Row, fields: Sequence[Row], reading: Reading) -> Mapping[str, tuple[str, ...]]:
    """What mapping rules look at."""
    texts = _read_texts(fields)
    signals: dict[str, tuple[str, ...]] = {
        "type": (reading.types.get(str(row.get("resource_type")), ""),),
        "state": (STATE_WORDS.get(read_number(row, "archive"), ""),),
        "access": (ACCESS_WORDS.get(read_number(row, "access"), "custom"),),
        "tag": _list_tags(texts),
    }
    found = signals | {
        f"property:{name}": (text,) for name, text in texts.items() if len(text) <= LONGEST_VALUE
    }
    return {name: values for name, values in found.items() if any(values)}


def find_access(row: Row) -> AccessList | None:
    """None for what the admin's mapping decides. Confidential, and access of single groups, is nobody here."""
    return None if read_number(row, "access") in (OPEN, RESTRICTED) else AccessList(())


def digest_row(row: Row) -> str:
    """Changes with whatever a search tells of a resource that lasts."""
    titles = [name for name in sorted(row) if name.startswith("field")]
    told = [str(row.get(name)) for name in (*LASTING, *titles)]
    return sha256(repr(told).encode()).hexdigest()[:12]


def read_moment(text: object) -> datetime | None:
    """MySQL's date and time, which has no zone; None where the text is none."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
    except ValueError:
        return None


def read_number(row: Row, name: str) -> int:
    """A number, which older drivers give as text; -99 where there is none, which is no state and no access."""
    try:
        return int(str(row.get(name)))
    except ValueError:
        return -99


def _read_texts(fields: Sequence[Row]) -> Mapping[str, str]:
    texts = {str(one.get("name") or ""): " ".join(str(one.get("value") or "").split()) for one in fields}
    return {name: text.strip(", ") for name, text in texts.items() if name and text.strip(", ")}


def _list_tags(texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in texts.get("keywords", "").split(",") if tag.strip())


def _list_rights(row: Row, texts: Mapping[str, str], reading: Reading) -> tuple[str, ...]:
    said = [texts[name] for name in reading.rights if name in texts]
    if read_number(row, "access") == RESTRICTED:
        said.append("Restricted, ask before you use it")
    return tuple(said)


def _find_status(state: int, reading: Reading) -> Status | None:
    if state in RETIRED:
        return "retired"
    if state == ACTIVE:
        return "approved" if reading.active_is_approved else None
    return "draft"


def _find_end(fields: Sequence[Row], texts: Mapping[str, str], reading: Reading) -> str:
    if reading.ends:
        return texts.get(reading.ends, "")
    ends = [str(one.get("name")) for one in fields if read_number(one, "type") == EXPIRY_DATE]
    return next((texts[name] for name in ends if name in texts), "")


def _describe_withdrawal(state: int, log: Sequence[Row]) -> str:
    if state not in RETIRED:
        return ""
    days = [str(one.get("date"))[:10] for one in log if one.get("type") == STATUS_CHANGE and one.get("date")]
    return f"{STATE_WORDS[state]} on {max(days)}" if days and state == RETIRED[-1] else STATE_WORDS[state]


def _pick_properties(fields: Sequence[Row], reading: Reading) -> Mapping[str, tuple[str, ...]]:
    left_out = TOLD | TECHNICAL | {reading.ends, *reading.rights}
    texts = _read_texts(fields)
    shown = [
        one
        for one in fields
        if one.get("name") in texts.keys() - left_out and read_number(one, "type") != EXPIRY_DATE
    ]
    found = {str(one.get("title") or one.get("name")): texts[str(one["name"])] for one in shown}
    return {label: (text,) for label, text in found.items() if len(text) <= LONGEST_VALUE}


def _find_original(row: Row, extension: str) -> Original | None:
    # Who may see a restricted resource may not have its file.
    if not extension or read_number(row, "access") != OPEN:
        return None
    version = f"{row.get('file_checksum')} {row.get('file_modified')}"
    original = Original(f"{find_title(row)}.{extension}", max(0, read_number(row, "file_size")), version)
    return original if is_text(original) else None
