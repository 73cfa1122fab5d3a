"""How a sync is wanted, and what its look at the source has found. Used by sync_source and sync_job."""

from dataclasses import dataclass

from core.errors import PermanentError
from core.job_files import FileOutcome
from ingest.connectors.connector import FileReference
from ingest.sync_report import SyncReport


class SourceEmpty(PermanentError):
    """Nothing is there where documents were: more likely a lost mount or right than a decision."""


class SourceShrunk(PermanentError):
    """Much of what was there is gone: more likely a right or a folder that was lost than a decision."""


@dataclass(frozen=True, slots=True)
class SyncWishes:
    """How a sync is wanted. `full` reads every file again, whatever is remembered of it.

    `allow_empty`: what is gone is rightly gone, be it all that was known.
    `only`: just these paths, and nothing else is looked at (they failed before).
    `is_recheck`: what takes access away or has gone, and what is said beside files; no changed content.
    `done`: paths that the same job has read before it was interrupted; their bytes are not read once more.
    """

    full: bool = False
    allow_empty: bool = False
    only: frozenset[str] | None = None
    is_recheck: bool = False
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the source has found and done: files to read in order, and what needs no reading."""

    to_read: tuple[FileReference, ...]
    settled: tuple[FileOutcome, ...]
    skipped: tuple[tuple[str, str], ...]
    listed: int
    moved: int
    removed: int
    unlisted: int = 0
    """Files of which a listing of changes did not speak: they are as they were."""
    notes: tuple[tuple[str, str], ...] = ()


def begin_report(name: str, look: Look) -> SyncReport:
    """The report as it stands after a look."""
    report = SyncReport(name, listed=look.listed, moved=look.moved, removed=look.removed)
    report.unchanged = look.unlisted
    report.skipped, report.warnings = list(look.skipped), list(look.notes)
    report.take(look.settled)
    return report
