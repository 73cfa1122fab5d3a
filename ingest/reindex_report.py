"""What a re-index or a rollback did, or why it did not. Filled by ingest/reindex.py."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ingest.index_checks import CountCheck, GoldenCheck, RecallCheck

Ending = Literal["switched", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Checks:
    """What was looked at before the switch; None: not looked at."""

    counts: CountCheck
    recall: RecallCheck | None = None
    golden: GoldenCheck | None = None

    def as_json(self) -> dict[str, Any]:
        """JSON-ready."""
        counts = {"documents": self.counts.documents, "passages": self.counts.passages}
        return {
            "counts": {**counts, "orphans": self.counts.orphans, "wrong": list(self.counts.wrong)},
            "recall": asdict(self.recall) if self.recall else None,
            "golden": asdict(self.golden) | {"lost": [dict(one) for one in self.golden.lost]}
            if self.golden
            else None,
        }


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """`written` documents were written by this run, `resumed` were there from an earlier one that did not end."""

    ending: Ending
    generation: int
    from_generation: int
    fingerprint: str
    from_fingerprint: str
    written: int = 0
    resumed: int = 0
    checks: Checks | None = None
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    forced: bool = False
    unusable: Mapping[str, str] | None = None
    switch_milliseconds: float = 0.0
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """JSON-ready; `switch_milliseconds` is how long writers waited."""
        return {
            "state": self.ending,
            "generation": self.generation,
            "from_generation": self.from_generation,
            "fingerprint": self.fingerprint,
            "from_fingerprint": self.from_fingerprint,
            "written": self.written,
            "resumed": self.resumed,
            "checks": self.checks.as_json() if self.checks else None,
            "reasons": list(self.reasons),
            "notes": list(self.notes),
            "forced": self.forced,
            "unusable": dict(self.unusable or {}),
            "switch_milliseconds": self.switch_milliseconds,
            "seconds": self.seconds,
        }
