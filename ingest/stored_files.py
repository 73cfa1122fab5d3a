"""Files as they were read before, with what is said of them now: nothing is fetched. Used by ingest_files."""

from dataclasses import dataclass
from typing import Any

from core.ledger import Ledger
from core.revisions import KnownDocument
from core.sources import Source
from core.stored_text import unpack_parsed
from core.sync_writes import FileRecord
from ingest.connectors.connector import FileReference
from ingest.read_file import ReadDocument, hash_declared, is_parsed_alike, narrow_stored, read_stored


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The row of `files`, and the documents that were read of it."""

    row: Any
    known: tuple[KnownDocument, ...]


def read_stored_file(
    source: Source, file: FileReference, stored: StoredFile, ledger: Ledger
) -> tuple[FileRecord, tuple[ReadDocument, ...]] | None:
    """What the file's documents come to; None where their text was not kept whole.

    Where the listing speaks of other bytes than those at hand, only what takes away holds: an approval or a wider
    access was not given to these words. The record then equals nothing that may be listed: the file is read.
    """
    row, said = stored.row, hash_declared(source, file)
    answering = [one for one in stored.known if not one.is_removed]
    parsed = [(one, _load(one, ledger)) for one in answering]
    reads = [(one, read_stored(source, file, row.content_hash, text)) for one, text in parsed if text]
    if len(reads) != len(answering):
        return None
    is_other = (
        row.error is not None
        or row.version != file.version
        or not is_parsed_alike(row.declared_hash, said)
        or any(read.incoming.text_hash != one.text_hash for one, read in reads)
    )
    if is_other:
        reads = [(one, narrow_stored(read, one)) for one, read in reads]
    record = FileRecord(
        file.path,
        row.content_hash,
        "" if is_other else said,
        error=row.error,
        version=row.version,
        is_skipped=row.is_skipped,
    )
    return record, tuple(read for _one, read in reads)


def _load(document: KnownDocument, ledger: Ledger) -> Any:
    packed = ledger.load_parsed(document.document_id, document.latest_revision)
    return unpack_parsed(packed, part=document.part) if packed else None
