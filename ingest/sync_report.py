"""What a sync did, file by file where it matters. Made by ingest/sync_source.py, printed by `onbrand sync`."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.job_files import FileOutcome
from core.trust import Trusted


@dataclass(slots=True)
class SyncReport:
    """Counts are of files; `documents` is larger where a sheet is read row by row. Reasons are written for people."""

    source: str
    listed: int = 0
    ingested: int = 0
    unchanged: int = 0
    moved: int = 0
    removed: int = 0
    documents: int = 0
    passages: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    trusted: tuple[Trusted, ...] = ()
    """What was trusted in bulk, by whom and why."""
    seconds: float = 0.0
    must_retry: bool = False
    """True when something was left for want of an endpoint, a store or the source: not part of the JSON."""

    def take(self, outcomes: Iterable[FileOutcome]) -> None:
        """Add what became of some files."""
        for one in outcomes:
            self.must_retry |= one.is_worth_retrying or one.state == "outdated"
            if one.state in ("failed", "outdated"):
                self.failed.append((one.path, one.error or "failed"))
            elif one.state == "skipped":
                self.skipped.append((one.path, one.error or "holds nothing to read"))
            elif one.state == "unchanged":
                self.unchanged += 1
            else:
                self.ingested += 1
            self.documents += one.documents
            self.passages += one.passages
            self.warnings += [(one.path, warning) for warning in one.warnings]

    def as_json(self) -> Mapping[str, Any]:
        """The shape of `onbrand sync --json`."""
        return {
            "source": self.source,
            "listed": self.listed,
            "ingested": self.ingested,
            "unchanged": self.unchanged,
            "moved": self.moved,
            "removed": self.removed,
            "documents": self.documents,
            "skipped": [{"document": path, "reason": reason} for path, reason in sorted(self.skipped)],
            "failed": [{"document": path, "error": error} for path, error in sorted(self.failed)],
            "warnings": [{"document": path, "warning": warning} for path, warning in sorted(self.warnings)],
            "trusted": [asdict(one) for one in self.trusted],
            "passages": self.passages,
            "seconds": self.seconds,
        }


def read_report(value: Mapping[str, Any], source: str) -> SyncReport:
    """A report from its JSON; what is trusted is not read back."""
    report = SyncReport(source)
    for name in ("listed", "ingested", "unchanged", "moved", "removed", "documents", "passages"):
        setattr(report, name, value.get(name, 0))
    report.skipped = [(one["document"], one["reason"]) for one in value.get("skipped", ())]
    report.failed = [(one["document"], one["error"]) for one in value.get("failed", ())]
    report.warnings = [(one["document"], one["warning"]) for one in value.get("warnings", ())]
    return report
