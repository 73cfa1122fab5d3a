"""One file to documents: parse, resolve what is declared, name the revision's text. Called by ingest/sync_source.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath

from core.access import OWNER_ACCESS, AccessList, join_clauses
from core.documents import CUTTER_VERSION, ParsedDocument
from core.metadata import Declared, merge_levels, narrow_declared
from core.revisions import KnownDocument
from core.sources import Source
from core.stored_text import hash_text, pack_document
from core.sync_plan import IncomingDocument
from core.table_rows import ROW_NOTE
from core.trust import TrustRule
from ingest.connectors.connector import FileReference
from ingest.parsers.ocr import describe_ocr
from ingest.sandbox.process import parse_apart

# Part of what is remembered of a file: a raised version makes the next sync read every file again.
READER_VERSION = f"4.{CUTTER_VERSION}"
DAMAGE = "damage"
"""Key of a file's own metadata under which a parser says what it had to mend; merging ignores it."""
_READER_DIGITS = 12


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as the source has it now, with its parsed text still at hand."""

    incoming: IncomingDocument
    parsed: ParsedDocument


def read_file(source: Source, file: FileReference, content: bytes) -> tuple[ReadDocument, ...]:
    """All documents of one file. Raises FileUnreadable."""
    parsed = parse_apart(PurePosixPath(file.path).name, content, rows=file.rows)
    content_hash = hash_content(content)
    return tuple(_read_document(source, file, content_hash, document) for document in parsed)


def hash_content(content: bytes) -> str:
    """Identity of a file's bytes."""
    return sha256(content).hexdigest()


def hash_declared(source: Source, file: FileReference) -> str:
    """Identity of everything beside the bytes that decides how a file is read; how it is parsed comes first."""
    parsed_by = sha256(repr((READER_VERSION, dict(file.rows.columns))).encode()).hexdigest()
    readers = [sorted(clause) for clause in _list_clauses(file.access)]
    beside = repr((source_level(source), *file.levels, readers, file.item_id))
    return f"{parsed_by[:_READER_DIGITS]}:{sha256(beside.encode()).hexdigest()[:48]}"


def hash_basis(source: Source, rules: Sequence[TrustRule]) -> str:
    """Identity of what makes a listing of changes too little once it changes: options, rules, how files are read."""
    said = (
        source_level(source),
        sorted(source.options.items()),
        source.mapping,
        [rule.rule_id for rule in rules],
    )
    return sha256(repr((READER_VERSION, *said)).encode()).hexdigest()


def is_parsed_alike(declared_hash: str, other: str) -> bool:
    """True when the same bytes would be parsed the same way under both; what is said beside them may differ."""
    return declared_hash[:_READER_DIGITS] == other[:_READER_DIGITS]


def source_level(source: Source) -> Mapping[str, object]:
    """The weakest level: what was said when the source was added."""
    access = [principal for clause in source.access.clauses for principal in sorted(clause)]
    level: dict[str, object] = {"brand": source.brand, "kind": source.kind, "status": source.status}
    # The default (owner only) is not a principal that may be written down anywhere.
    return level if access == ["owner"] else level | {"access": access}


def read_stored(
    source: Source, file: FileReference, content_hash: str, parsed: ParsedDocument
) -> ReadDocument:
    """A document as parsed before, with what is said of its file now."""
    return _read_document(source, file, content_hash, parsed)


def narrow_stored(read: ReadDocument, known: KnownDocument) -> ReadDocument:
    """What is said of other bytes than those at hand, as far as it takes away: it opens and approves nothing."""
    declared = read.incoming.declared
    status = known.declared_status if declared.status == "approved" else declared.status
    before = known.facts.access.clauses or OWNER_ACCESS.clauses
    access = join_clauses((*before, *(declared.access.clauses or OWNER_ACCESS.clauses)))
    narrowed = replace(declared, status=status, access=access)
    return replace(read, incoming=replace(read.incoming, declared=narrowed, text_hash=known.text_hash))


def resolve(source: Source, file: FileReference, parsed: ParsedDocument | None = None) -> Declared:
    """What holds for a document of a file: all levels, within the access that the source itself gives."""
    levels = [source_level(source), *file.levels]
    own = _own_level(parsed) if parsed else {}
    declared = merge_levels([*levels, own])
    if parsed and parsed.part:
        declared = narrow_declared(merge_levels(levels), declared)
    if file.access is None:
        return declared
    is_said = any(level.get("access") not in (None, "") for level in (*levels, own))
    clauses = _list_clauses(file.access) + (declared.access.clauses if is_said else ())
    return replace(declared, access=join_clauses(clauses))


def _list_clauses(access: AccessList | None) -> tuple[frozenset[str], ...]:
    return () if access is None else (access.clauses or OWNER_ACCESS.clauses)


def _read_document(
    source: Source, file: FileReference, content_hash: str, parsed: ParsedDocument
) -> ReadDocument:
    declared = resolve(source, file, parsed)
    title = declared.title or parsed.title or _title_from_name(file.path)
    titled = replace(parsed, title=title)
    # A title from the file's name, here or at its source, is no part of the text: a renamed file keeps its approval.
    said = _find_title([*file.trusted, *file.mapped, *file.declared, _own_level(parsed)])
    own_words = replace(parsed, title=said or parsed.title)
    incoming = IncomingDocument(
        source=source.name,
        path=file.path,
        part=parsed.part,
        title=title,
        content_hash=content_hash,
        text_hash=hash_text(own_words),
        declared=declared,
        updated=file.updated,
        packed=pack_document(titled, own_title=parsed.title),
        item_id=file.item_id,
    )
    return ReadDocument(incoming, titled)


def _find_title(levels: Sequence[Mapping[str, object]]) -> str | None:
    return merge_levels([{"title": level.get("title")} for level in levels]).title


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
    rows = [document.parsed.metadata for document in documents if document.parsed.part]
    said += [str(row[ROW_NOTE]) for row in rows if ROW_NOTE in row]
    said += [str(one.parsed.metadata[DAMAGE]) for one in documents if DAMAGE in one.parsed.metadata]
    said += [text for one in documents for text in describe_ocr(one.parsed.metadata)]
    hidden = sum(document.parsed.hidden for document in documents)
    if hidden:
        said.append(
            f"hidden text was left out ({hidden} characters): look at the file before you approve what it says"
        )
    return tuple(dict.fromkeys(said))
