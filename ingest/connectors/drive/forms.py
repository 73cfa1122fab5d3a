"""What an item becomes here: its file name, the format it is exported to, its version, why it is not read. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from ingest.connectors.drive.item import Item
from ingest.parsers.registry import READABLE_SUFFIXES

_MARKDOWN = "text/markdown"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_WORD = f"{_OFFICE}.wordprocessingml.document"
_EDITORS = "application/vnd.google-apps."
# Docs editors' types: the formats they are exported to, best first.
_EXPORTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    f"{_EDITORS}document": ((".md", _MARKDOWN), (".docx", _WORD)),
    f"{_EDITORS}spreadsheet": ((".xlsx", f"{_OFFICE}.spreadsheetml.sheet"),),
    f"{_EDITORS}presentation": ((".pptx", f"{_OFFICE}.presentationml.presentation"),),
}
_SUFFIXES = {
    "application/pdf": ".pdf",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    **{types[0][1]: types[0][0] for types in _EXPORTS.values()},
    _WORD: ".docx",
}


@dataclass(frozen=True, slots=True)
class Form:
    """How one item is read: `name` with the suffix that picks the parser, `export` a MIME type ("": its bytes)."""

    name: str
    export: str = ""
    skip_reason: str | None = None
    is_restricted: bool = False


def choose_form(item: Item, *, max_bytes: int) -> Form:
    """Name, export and whether it is read at all."""
    if item.mime_type in _EXPORTS:
        return _choose_export(item)
    name = clean_name(item.name)
    if item.mime_type.startswith(_EDITORS):
        kind = item.mime_type.removeprefix(_EDITORS)
        return Form(name, skip_reason=f"is a Google {kind}, a type that Drive gives no readable export of")
    if PurePosixPath(name).suffix.lower() not in READABLE_SUFFIXES:
        name += _SUFFIXES.get(item.mime_type, "")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in READABLE_SUFFIXES:
        return Form(name, skip_reason=f"is of the type {item.mime_type}, which is not a format that is read")
    if not _may_download(item):
        return Form(name, skip_reason=_RESTRICTED, is_restricted=True)
    if item.size > max_bytes:
        limit = f"the limit of {max_bytes / 1e6:.0f} MB (ONBRAND_MAX_FILE_MEGABYTES)"
        return Form(name, skip_reason=f"{item.size / 1e6:.1f} MB is above {limit}")
    return Form(name)


def name_version(item: Item, form: Form) -> str:
    """Changes whenever the bytes may have. Docs editors' files have no checksum: any change of theirs counts."""
    for field in ("sha256Checksum", "md5Checksum", "headRevisionId"):
        if not form.export and item.raw.get(field):
            return f"{field}:{item.raw[field]}"
    suffix = PurePosixPath(form.name).suffix
    return f"{suffix}:{item.raw.get('version', '')}:{item.raw.get('modifiedTime', '')}"


def clean_name(name: str) -> str:
    """A name as one part of a path: a slash in it divides nothing, control characters are gone."""
    shown = re.sub(r"[\x00-\x1f\x7f]", " ", name).replace("/", "\N{DIVISION SLASH}").strip()
    return shown if shown.strip(".") else f"untitled{shown}"


def list_twin_names(form: Form) -> Collection[str]:
    """Names that other items in the folder may have and still become the same file name."""
    plain = form.name.replace("\N{DIVISION SLASH}", "/")
    return {plain, plain.removesuffix(PurePosixPath(form.name).suffix)}


def name_apart(names: Iterable[tuple[Item, str]]) -> dict[str, str]:
    """One name each for the items of one folder: the oldest keeps it, others get a sign of their id."""
    taken: set[str] = set()
    apart: dict[str, str] = {}
    for item, name in sorted(names, key=lambda pair: pair[0].age):
        shown = mark_name(name, item.id) if name in taken else name
        taken.add(shown)
        apart[item.id] = shown
    return apart


def mark_name(name: str, id_: str) -> str:
    """The name with a short sign of the id, the same every time."""
    path = PurePosixPath(name)
    suffix = path.suffix if path.suffix.lower() in READABLE_SUFFIXES else ""
    sign = sha256(id_.encode()).hexdigest()[:6]
    return f"{name.removesuffix(suffix)} ({sign}){suffix}"


_RESTRICTED = "may not be downloaded: its owner or the shared drive restricts that"


def _choose_export(item: Item) -> Form:
    offered = item.raw.get("exportLinks") or {}
    choices = _EXPORTS[item.mime_type]
    suffix, mime_type = next((one for one in choices if one[1] in offered), choices[0])
    name = f"{clean_name(item.name)}{suffix}"
    if not _may_download(item):
        return Form(name, mime_type, _RESTRICTED, is_restricted=True)
    return Form(name, mime_type)


def _may_download(item: Item) -> bool:
    return (item.raw.get("capabilities") or {}).get("canDownload") is not False
