"""What is said of a file that was indexed, or that needed no reading. Used by ingest_files and sync_source."""

from typing import Any

from core.job_files import FileOutcome
from core.sync_writes import FileRecord
from ingest.ingest_batch import PlannedFile
from ingest.read_file import describe_warnings


def describe_remembered(row: Any, record: FileRecord) -> FileOutcome | None:
    """The outcome of a file whose bytes and surroundings are those of the last sync; None when it must be read."""
    if row is None or (row.content_hash, row.declared_hash) != (record.content_hash, record.declared_hash):
        return None
    if row.error is not None:
        # The same bytes fail the same way: said again, not tried again.
        return FileOutcome(record.path, "skipped" if row.is_skipped else "failed", row.error)
    return FileOutcome(record.path, "unchanged")


def describe_ingested(planned: PlannedFile) -> FileOutcome:
    """The outcome of a file whose documents are visible now."""
    return FileOutcome(
        planned.record.path,
        "ingested",
        warnings=describe_warnings([document.read for document in planned.documents]),
        documents=len(planned.documents),
        passages=sum(len(document.passages) for document in planned.documents),
    )
