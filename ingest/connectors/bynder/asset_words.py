"""What one asset of Bynder says, in our words. Pure; used by connector.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from core.documents import Status
from ingest.connectors.asset_file import Asset, Original, Rendition, is_text, read_day
from ingest.connectors.bynder.portal import Catalogue, Property, Row, is_set

PREFIX = "property_"
MOST_PROPERTIES, LONGEST_VALUE = 30, 200


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the admin named: metaproperties by name or label, in small letters. `approved` is (property, value)."""

    ends: str = ""
    owner: str = ""
    approved: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How the assets of one portal are read."""

    url: str
    catalogue: Catalogue = field(default_factory=Catalogue)
    wishes: Wishes = field(default_factory=Wishes)


def read_asset(row: Row, reading: Reading, *, collections: Sequence[str] = ()) -> Asset:
    """The asset of one entry of a listing. `collections` are the names of those that hold it."""
    values = _read_properties(row, reading.catalogue)
    brand = reading.catalogue.brands.get(str(row.get("brandId")), "")
    original = _find_original(row)
    return Asset(
        item_id=str(row["id"]),
        name=_text(row, "name") or "Asset",
        shelf=min(collections, default="") or brand or f"{_text(row, 'type').capitalize() or 'Asset'}s",
        description=_text(row, "description"),
        tags=tuple(str(tag) for tag in row.get("tags") or ()),
        rights=_list_rights(row),
        owner=_first(values, reading.wishes.owner),
        url=f"{reading.url}/media/?mediaId={row['id']}",
        status=_find_status(row, values, reading.wishes),
        use_until=read_day(_first(values, reading.wishes.ends)),
        withdrawn="archived in Bynder" if is_set(row, "archive") else "",
        properties=_pick_properties(values, reading.wishes),
        renditions=_list_renditions(row),
        original=original if original and is_text(original) else None,
    )


def read_signals(
    row: Row, catalogue: Catalogue, *, collections: Sequence[str] = ()
) -> Mapping[str, tuple[str, ...]]:
    """What mapping rules look at."""
    flags = {"archived": "archive", "limited": "limited", "public": "isPublic", "watermarked": "watermarked"}
    brands = (row.get("brandId"), row.get("subBrandId"))
    signals = {
        "type": (_text(row, "type"),),
        "brand": tuple(catalogue.brands.get(str(one), str(one)) for one in brands if one),
        "collection": tuple(sorted(collections)),
        "tag": tuple(str(tag) for tag in row.get("tags") or ()),
        "state": tuple(state for state, name in flags.items() if is_set(row, name)),
    }
    properties = _read_properties(row, catalogue)
    found = signals | {f"property:{name}": values for name, (_, values) in properties.items()}
    return {name: values for name, values in found.items() if any(values)}


_Values = Mapping[str, tuple[str, tuple[str, ...]]]
"""Name of a metaproperty -> its label and the labels of its values."""


def _read_properties(row: Row, catalogue: Catalogue) -> _Values:
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for key in sorted(key for key in row if key.startswith(PREFIX)):
        name, value = key.removeprefix(PREFIX), row[key]
        known = catalogue.properties.get(name) or Property(name)
        values = value if isinstance(value, list) else [value]
        texts = tuple(known.options.get(str(one), str(one)) for one in values if one not in (None, ""))
        if texts:
            found[name] = (known.label, texts)
    return found


def _find(values: _Values, wanted: str) -> tuple[str, ...]:
    for name, (label, texts) in values.items():
        if wanted and wanted in (name.lower(), label.lower()):
            return texts
    return ()


def _first(values: _Values, wanted: str) -> str:
    return next(iter(_find(values, wanted)), "")


def _find_status(row: Row, values: _Values, wishes: Wishes) -> Status | None:
    if is_set(row, "archive"):
        return "retired"
    if wishes.approved is None:
        return None
    name, value = wishes.approved
    return "approved" if value in [text.lower() for text in _find(values, name)] else None


def _pick_properties(values: _Values, wishes: Wishes) -> Mapping[str, tuple[str, ...]]:
    # End and owner have sentences of their own.
    told = {wishes.ends, wishes.owner}
    picked = {
        label: texts
        for name, (label, texts) in values.items()
        if not {name.lower(), label.lower()} & told and max(map(len, texts)) <= LONGEST_VALUE
    }
    return dict(list(picked.items())[:MOST_PROPERTIES])


def _list_rights(row: Row) -> tuple[str, ...]:
    said = (
        _text(row, "copyright"),
        "Limited usage, ask before you use it" if is_set(row, "limited") else "",
        "Shown with a watermark" if is_set(row, "watermarked") else "",
        "Marked as public in Bynder" if is_set(row, "isPublic") else "",
    )
    return tuple(text for text in said if text)


def _list_renditions(row: Row) -> tuple[Rendition, ...]:
    first = next((str(one) for one in row.get("extension") or ()), "")
    own = Rendition(first.upper(), _number(row, "width"), _number(row, "height"))
    items = [item for item in row.get("mediaItems") or () if isinstance(item, dict) and _is_current(item)]
    others = [_read_rendition(item) for item in items if item.get("type") != "original"]
    return tuple(one for one in (own, *others) if one.format)


def _read_rendition(item: Row) -> Rendition:
    suffix = PurePosixPath(_text(item, "fileName")).suffix.removeprefix(".")
    return Rendition(suffix.upper(), _number(item, "width"), _number(item, "height"))


def _find_original(row: Row) -> Original | None:
    items = [item for item in row.get("mediaItems") or () if isinstance(item, dict)]
    names = [_text(one, "fileName") for one in items if one.get("type") == "original" and _is_current(one)]
    extension = next((str(one) for one in row.get("extension") or ()), "")
    name = names[0] if names and names[0] else f"{_text(row, 'name')}.{extension}"
    # No checksum is given: a new version moves at least one of these.
    version = f"{row.get('activeVersion')} {row.get('fileSize')} {row.get('dateModified')}"
    return Original(name, _number(row, "fileSize"), version) if extension or names else None


def _is_current(item: Row) -> bool:
    return "active" not in item or is_set(item, "active")


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _number(row: Row, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else 0
