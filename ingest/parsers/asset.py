"""An asset of a DAM, from the asset file that its connector wrote (ingest/connectors/asset_file.py says its form).

Loaded by the registry, which also parses the original that the file may carry and joins both.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.documents import ParsedDocument
from ingest.parsers.clean_text import build_block, build_document, clean_line
from ingest.parsers.parser import FileUnreadable, RowMapping

SUFFIX, FORMAT = ".asset", 1


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """The original inside an asset file."""

    name: str
    content: bytes


def parse_asset(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document: what the DAM says of the asset, one fact a block. Its original is parsed by the registry."""
    said = _load(content)
    name = clean_line(_text(said, "name")) or "Asset"
    facts = [build_block("paragraph", text) for text in _list_facts(said)]
    # No metadata: it would stand above mapping rules and sidecars, and all of this is the source's word only.
    return (build_document([build_block("heading", name, level=1), *facts], title=name),)


def read_original(content: bytes) -> CarriedFile | None:
    """The original that an asset file carries; None where there is none."""
    original = _load(content).get("original")
    if not isinstance(original, dict):
        return None
    name = _text(original, "name")
    if name.lower().endswith(SUFFIX):
        raise FileUnreadable(f"carries another asset file ({name!r})")
    try:
        return CarriedFile(name, base64.b64decode(_text(original, "content"), validate=True))
    except (binascii.Error, ValueError):
        raise FileUnreadable(f"carries {name!r}, which is not base64") from None


def join_original(asset: ParsedDocument, documents: Sequence[ParsedDocument]) -> ParsedDocument:
    """The asset's facts, then the text of its original. What the original declares of itself does not count."""
    blocks = (*asset.blocks, *(block for document in documents for block in document.blocks))
    return replace(asset, blocks=blocks, hidden=asset.hidden + sum(one.hidden for one in documents))


def add_unread(asset: ParsedDocument, name: str, reason: str) -> ParsedDocument:
    """The asset's facts, and that its original's text is missing: nobody should take the facts for all there is."""
    return replace(asset, blocks=(*asset.blocks, build_block("paragraph", _say_unread(name, reason))))


def parse_with_original(
    content: bytes, parse_file: Callable[[str, bytes], Sequence[ParsedDocument]]
) -> tuple[ParsedDocument, ...]:
    """The whole asset; `parse_file` is the registry's own. An original that cannot be read leaves the facts."""
    (asset,) = parse_asset(content, rows=RowMapping())
    original = read_original(content)
    if original is None:
        return (asset,)
    try:
        return (join_original(asset, parse_file(original.name, original.content)),)
    except FileUnreadable as error:
        return (add_unread(asset, original.name, str(error)),)


def _load(content: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise FileUnreadable("is no asset file: not JSON") from None
    if not isinstance(said, dict) or said.get("asset") != FORMAT:
        raise FileUnreadable(f"is no asset file of form {FORMAT}")
    return said


def _list_facts(said: Mapping[str, Any]) -> Iterator[str]:
    """Readable lines, the one that forbids first, then the one by which it is found."""
    withdrawn = _text(said, "withdrawn")
    yield f"Do not use: {withdrawn}" if withdrawn else ""
    yield _text(said, "description")
    yield _label("Caption", _text(said, "caption"))
    yield _label("Alt text", _text(said, "alt_text"))
    yield _label("Tags", _join(said.get("tags")))
    for right in _list(said.get("rights")):
        yield _label("Rights", right)
    until = _text(said, "use_until")
    ends = f"Usage rights end on {until}" if withdrawn else f"May be used until {until}"
    yield ends if until else ""
    yield _label("Workflow state", _text(said, "state"))
    yield _label("Owner", _text(said, "owner"))
    properties = said.get("properties")
    for label, values in properties.items() if isinstance(properties, dict) else ():
        yield _label(str(label), _join(values))
    yield _label("Formats", ", ".join(_describe_renditions(said.get("renditions"))))
    unread = _text(said, "unread")
    yield _say_unread("its file", unread) if unread else ""


def _describe_renditions(renditions: object) -> list[str]:
    found = [_describe_rendition(one) for one in (renditions if isinstance(renditions, list) else [])]
    return list(dict.fromkeys(one for one in found if one))


def _describe_rendition(rendition: object) -> str:
    if not isinstance(rendition, dict):
        return ""
    width, height = rendition.get("width"), rendition.get("height")
    is_measured = isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0
    return f"{_text(rendition, 'format')} {width} × {height}" if is_measured else _text(rendition, "format")


def _say_unread(name: str, reason: str) -> str:
    return f"The text of {name} is not part of this: {reason}"


def _label(label: str, text: str) -> str:
    return f"{label}: {text}" if text else ""


def _join(values: object) -> str:
    return ", ".join(_list(values))


def _list(values: object) -> list[str]:
    return [text for one in (values if isinstance(values, list) else []) if (text := clean_line(str(one)))]


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    return value.strip() if isinstance(value, str) else ""
