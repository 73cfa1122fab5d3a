"""One file to documents: parse, resolve what is declared, name the revision's text. Called by ingest/sync_source.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath

from core.documents import CUTTER_VERSION, ParsedDocument
from core.metadata import merge_levels, narrow_declared
from core.sources import Source
from core.stored_text import hash_text, pack_document
from core.sync_plan import IncomingDocument
from ingest.connectors.connector import FileReference
from ingest.parsers.registry import parse_file

# Part of what is remembered of a file: a raised version makes the next sync read every file again.
READER_VERSION = f"3.{CUTTER_VERSION}"


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as the source has it now, with its parsed text still at hand."""

    incoming: IncomingDocument
    parsed: ParsedDocument


def read_file(source: Source, file: FileReference, content: bytes) -> tuple[ReadDocument, ...]:
    """All documents of one file. Raises FileUnreadable."""
    parsed = parse_file(PurePosixPath(file.path).name, content, rows=file.rows)
    return tuple(_read_document(source, file, content, document) for document in parsed)


def hash_content(content: bytes) -> str:
    """Identity of a file's bytes."""
    return sha256(content).hexdigest()


def hash_declared(source: Source, file: FileReference) -> str:
    """Identity of everything beside the bytes that decides how a file is read."""
    beside = (READER_VERSION, source_level(source), *file.declared, dict(file.rows.columns))
    return sha256(repr(beside).encode()).hexdigest()


def source_level(source: Source) -> Mapping[str, object]:
    """The weakest level: what was said when the source was added."""
    access = [principal for clause in source.access.clauses for principal in sorted(clause)]
    level: dict[str, object] = {"brand": source.brand, "kind": source.kind, "status": source.status}
    # The default (owner only) is not a principal that may be written down anywhere.
    return level if access == ["owner"] else level | {"access": access}


def _read_document(
    source: Source, file: FileReference, content: bytes, parsed: ParsedDocument
) -> ReadDocument:
    levels = [source_level(source), *file.declared]
    declared = merge_levels([*levels, _own_level(parsed)])
    if parsed.part:
        declared = narrow_declared(merge_levels(levels), declared)
    title = declared.title or parsed.title or _title_from_name(file.path)
    titled = replace(parsed, title=title)
    # A title made from the file's name is no part of the text: a renamed file keeps its approval.
    own_words = replace(parsed, title=declared.title or parsed.title)
    incoming = IncomingDocument(
        source=source.name,
        path=file.path,
        part=parsed.part,
        title=title,
        content_hash=hash_content(content),
        text_hash=hash_text(own_words),
        declared=declared,
        updated=file.updated,
        packed=pack_document(titled),
    )
    return ReadDocument(incoming, titled)


def _own_level(parsed: ParsedDocument) -> Mapping[str, object]:
    if not parsed.part:
        return parsed.metadata
    # "Status: approved" in a cell is not an approval of its own where the sheet is a draft.
    return {name: value for name, value in parsed.metadata.items() if not _is_approval(name, value)}


def _is_approval(name: str, value: object) -> bool:
    return name == "status" and str(value).strip().lower() == "approved"


def _title_from_name(path: str) -> str:
    words = PurePosixPath(path).stem.replace("_", " ").replace("-", " ").split()
    return " ".join(words).capitalize() or path


def describe_warnings(documents: Sequence[ReadDocument]) -> tuple[str, ...]:
    """What a curator should know of the documents of one file; each warning once, in order."""
    said = [warning for document in documents for warning in document.incoming.declared.warnings]
    hidden = sum(document.parsed.hidden for document in documents)
    if hidden:
        said.append(
            f"hidden text was left out ({hidden} characters): look at the file before you approve what it says"
        )
    return tuple(dict.fromkeys(said))
