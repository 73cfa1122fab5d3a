"""What is declared about a document, level by level: checks values and merges levels. Pure; used by ingest and acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from core.access import AccessList, parse_access
from core.documents import CLASSIFICATIONS, KINDS, STATUSES, Classification, Kind, Status, Validity
from core.errors import UsageError

FIELDS = (
    "title",
    "brand",
    "kind",
    "status",
    "owner",
    "valid_from",
    "valid_until",
    "access",
    "url",
    "classification",
)


@dataclass(frozen=True, slots=True)
class Declared:
    """The merged metadata of one document. `warnings` name values that could not be used, and what holds instead."""

    title: str | None = None
    brand: str | None = None
    kind: Kind = "other"
    status: Status = "draft"
    owner: str | None = None
    validity: Validity = field(default_factory=Validity)
    access: AccessList = field(default_factory=AccessList)
    url: str | None = None
    classification: Classification = "quote"
    warnings: tuple[str, ...] = ()


def check_field(name: str, value: object) -> Any:
    """The value in its stored form; raises UsageError naming what was received and what is allowed."""
    if value is None or value == "":
        return None
    if name in ("valid_from", "valid_until", "review_by", "reviewed_on"):
        return _check_day(name, value)
    if name in ("kind", "status", "classification"):
        return _check_choice(name, value)
    if name == "access":
        return parse_access(value if isinstance(value, str) else [str(word) for word in _as_list(value)])
    if name == "url":
        return _check_url(value)
    if name in ("title", "brand", "owner"):
        return str(value).strip() or None
    raise UsageError(f"{name!r} is not a field of a document; allowed: {', '.join(FIELDS)}")


def merge_levels(levels: Sequence[Mapping[str, object]]) -> Declared:
    """Merge from weakest to strongest; keys that are not ours are ignored.

    A value that cannot be used never makes a document more visible than it should be: an unknown status or day
    makes it a draft, an unknown access leaves it to the owner, an unknown classification keeps it out of Slack.
    A stronger level that can be used stands above an unusable weaker one.
    """
    merged: dict[str, Any] = {}
    warnings: list[str] = []
    unusable: set[str] = set()
    for level in levels:
        for name in FIELDS:
            if level.get(name) in (None, ""):
                continue
            try:
                merged[name] = check_field(name, level[name])
                unusable.discard(name)
            except UsageError as error:
                warnings.append(str(error))
                merged.update(_safe_side(name))
                unusable.add(name)
    if unusable & {"valid_from", "valid_until"}:
        merged["status"] = "draft"
    return _build_declared(merged, warnings)


def narrow_declared(whole: Declared, part: Declared) -> Declared:
    """What holds for a row of a sheet: a row may narrow its sheet's readers, days and classification, never widen."""
    clauses = tuple(dict.fromkeys((*whole.access.clauses, *part.access.clauses)))
    strictest = max((whole.classification, part.classification), key=CLASSIFICATIONS.index)
    starts = [day for day in (whole.validity.valid_from, part.validity.valid_from) if day]
    ends = [day for day in (whole.validity.valid_until, part.validity.valid_until) if day]
    validity = Validity(max(starts, default=None), min(ends, default=None))
    return replace(part, access=AccessList(clauses), classification=strictest, validity=validity)


def _build_declared(merged: Mapping[str, Any], warnings: Sequence[str]) -> Declared:
    return Declared(
        title=merged.get("title"),
        brand=merged.get("brand"),
        kind=merged.get("kind", "other"),
        status=merged.get("status", "draft"),
        owner=merged.get("owner"),
        validity=Validity(merged.get("valid_from"), merged.get("valid_until")),
        access=merged.get("access", AccessList()),
        url=merged.get("url"),
        classification=merged.get("classification", "quote"),
        warnings=tuple(warnings),
    )


def _safe_side(name: str) -> dict[str, Any]:
    safe: Mapping[str, dict[str, Any]] = {
        "status": {"status": "draft"},
        "access": {"access": AccessList()},
        "classification": {"classification": "never"},
    }
    return safe.get(name, {})


def _check_day(name: str, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value).strip()).date()
    except ValueError:
        raise UsageError(f"{name} {value!r} is not a day; allowed: YYYY-MM-DD") from None


def _check_choice(name: str, value: object) -> Kind | Status | Classification:
    allowed: Mapping[str, tuple[str, ...]] = {
        "kind": KINDS,
        "status": STATUSES,
        "classification": CLASSIFICATIONS,
    }
    word = str(value).strip().lower().replace(" ", "_").replace("-", "_")
    if word not in allowed[name]:
        raise UsageError(f"{name} {value!r} is not known; allowed: {', '.join(allowed[name])}")
    return cast(Kind | Status | Classification, word)


def _check_url(value: object) -> str:
    address = str(value).strip()
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise UsageError(f"url {value!r} is not a link ({error}); allowed: https://…") from None
    if parts.scheme != "https" or not parts.hostname:
        raise UsageError(f"url {value!r} is not a link that may be shown; allowed: https://…")
    return address


def _as_list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else [value]
