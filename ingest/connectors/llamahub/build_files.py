"""Makes files of what a LlamaIndex reader gave: which documents are one file, and its path, id and version. Pure.

Used by connector.py.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import PurePath, PurePosixPath
from typing import Any

# Where readers say what a document is called: places first, for they tell more; names after.
FILE_KEYS = ("file_path", "path", "file_name", "filename")
LINK_KEYS = ("url", "source_url", "link", "source")
NAME_KEYS = ("title", "page_title", "page_name", "name", "subject")
DAY_KEYS = ("last_modified_date", "updated_at", "last_edited_time", "modified", "updated")
LONGEST_PART, MOST_PARTS, LONGEST_ID = 120, 6, 200
MOST_SIGNALS, LONGEST_SIGNAL = 64, 200
_MARKDOWN = re.compile(r"^(#{1,6} \S|\|[ :|-]*-{3,}[ :|-]*\|\s*$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One Document of a reader. `id` is "" where it is another one at every load."""

    id: str
    text: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """Documents that are one file, joined. `content` is its text, `version` changes with text and metadata."""

    path: str
    item_id: str
    version: str
    content: bytes = field(repr=False)
    updated: datetime | None
    stated: Mapping[str, object]
    signals: Mapping[str, tuple[str, ...]]


def build_files(documents: Iterable[ReadDocument]) -> tuple[ReadFile, ...]:
    """One file for each id, or each place where there are no ids; other documents are a file each."""
    groups: dict[tuple[str, object], list[ReadDocument]] = {}
    for number, document in enumerate(documents):
        groups.setdefault(_name_group(document, number), []).append(document)
    parts = list(groups.values())
    return tuple(_build_file(path, group) for path, group in zip(_name_paths(parts), parts, strict=True))


def _name_group(document: ReadDocument, number: int) -> tuple[str, object]:
    if document.id:
        return ("id", document.id)
    place = _find_place(document.metadata)
    return ("place", place) if place else ("alone", number)


def _build_file(path: str, group: Sequence[ReadDocument]) -> ReadFile:
    first = group[0]
    text = _join_text(group)
    content = text.encode("utf-8", errors="replace")
    metadata = json.dumps([document.metadata for document in group], sort_keys=True, default=_show_value)
    return ReadFile(
        path=path,
        item_id=first.id
        if 0 < len(first.id) <= LONGEST_ID
        else f"path-{_hash(first.id or _drop_suffix(path))}",
        version=_hash(f"{len(content)} {text} {metadata}"),
        content=content if text.strip() else b"",
        updated=_find_day(first.metadata),
        stated=dict(_state(first.metadata)),
        signals=_list_signals(group),
    )


def _name_paths(groups: Sequence[Sequence[ReadDocument]]) -> Iterator[str]:
    """A path for each, unique. Where several want the same, id or text tells them apart: no order, that changes."""
    stems = [_name_stem(group[0]) for group in groups]
    wanted = Counter(stem.casefold() for stem in stems)
    taken: set[str] = set()
    for stem, group in zip(stems, groups, strict=True):
        only = wanted[stem.casefold()] == 1
        told_apart = stem if only else f"{stem} ({_hash(group[0].id or _join_text(group))[:8]})"
        unique, number = told_apart, 1
        while unique.casefold() in taken:
            number += 1
            unique = f"{told_apart} ({number})"
        taken.add(unique.casefold())
        yield f"{unique}{_pick_suffix(group)}"


def _name_stem(document: ReadDocument) -> str:
    """A relative, harmless path without .md or .txt; another suffix stays: `Guide.pdf` and `Guide.docx` are two."""
    name = _find_word(document.metadata, NAME_KEYS)
    place = _find_place(document.metadata) or ("" if name else document.id)
    if "://" in place:
        place = re.split(r"[?#]", place.partition("://")[2], maxsplit=1)[0]
    parts = [_clean_part(part) for part in re.split(r"[/\\]", place)] if place else [_clean_part(name)]
    kept = [part for part in parts if part.strip(". ")][-MOST_PARTS:]
    stem = "/".join(kept).removesuffix(".md").removesuffix(".txt")
    return stem if stem.strip("./ ") else "Untitled"


def _clean_part(part: str) -> str:
    readable = _clean_word(part.replace("/", "-").replace(":", " "))
    return " ".join(readable.split())[:LONGEST_PART].strip()


def _pick_suffix(group: Sequence[ReadDocument]) -> str:
    named = PurePosixPath(_find_place(group[0].metadata).lower()).suffix
    if named in (".txt", ".md"):
        return named
    is_markdown = named == ".markdown" or any(_MARKDOWN.search(document.text) for document in group)
    return ".md" if is_markdown else ".txt"


def _join_text(group: Sequence[ReadDocument]) -> str:
    return "\n\n".join(document.text for document in group)


def _find_place(metadata: Mapping[str, Any]) -> str:
    """A file's place or a link; `source` is a mere word for many readers."""
    link = _find_word(metadata, LINK_KEYS)
    return _find_word(metadata, FILE_KEYS) or (link if "://" in link else "")


def _drop_suffix(path: str) -> str:
    # Text that becomes Markdown is no other document.
    return path.rpartition(".")[0]


def _find_word(metadata: Mapping[str, Any], keys: Iterable[str]) -> str:
    """The first of these that holds a word."""
    words = (str(metadata[key]).strip() for key in keys if isinstance(metadata.get(key), str | PurePath))
    return next((word for word in words if word), "")


def _state(metadata: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Title and link alone. Never a status: whoever wrote the metadata approved nothing."""
    title, url = _find_word(metadata, NAME_KEYS), _find_word(metadata, LINK_KEYS)
    if title:
        yield "title", _clean_part(title)
    if url.startswith(("https://", "http://")):
        yield "url", url


def _list_signals(group: Sequence[ReadDocument]) -> dict[str, tuple[str, ...]]:
    signals: dict[str, tuple[str, ...]] = {}
    for document in group:
        for key, value in document.metadata.items():
            name = f"property:{_clean_part(str(key))}"
            words = tuple(_list_words(value))
            if words and (name in signals or len(signals) < MOST_SIGNALS):
                signals[name] = tuple(dict.fromkeys((*signals.get(name, ()), *words)))[:MOST_SIGNALS]
    return signals


def _list_words(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list | tuple | set) else (value,):
        if isinstance(one, str | int | float | date):
            word = " ".join(_clean_word(str(one)).split())[:LONGEST_SIGNAL]
            if word:
                yield word


def _clean_word(text: str) -> str:
    readable = text.encode("utf-8", errors="replace").decode()
    return "".join(letter if letter.isprintable() else " " for letter in readable)


def _find_day(metadata: Mapping[str, Any]) -> datetime | None:
    for key in DAY_KEYS:
        value = metadata.get(key)
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            continue
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _show_value(value: object) -> str:
    """What JSON does not know; an object's own words may hold its place in memory, another one at every run."""
    if isinstance(value, set | frozenset):
        return str(sorted(map(str, value)))
    if isinstance(value, PurePath):
        return str(value)
    return value.isoformat() if isinstance(value, date) else type(value).__name__


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", errors="replace")).hexdigest()[:32]
