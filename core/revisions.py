"""Which revision of a document answers after a change at its source. Pure; used by core/ledger.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.documents import Facts, OnChange, Status


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document as the ledger holds it before a sync. `was_approved`: some revision of it once was.

    `facts` carry the document's own status; `is_settled` is False while the index carries older facts.
    """

    document_id: str
    path: str
    part: str
    content_hash: str
    text_hash: str
    latest_revision: int
    answering_revision: int | None
    declared_status: Status
    curated: Mapping[str, Any]
    facts: Facts
    is_settled: bool
    was_approved: bool
    is_removed: bool
    item_id: str = ""


@dataclass(frozen=True, slots=True)
class RevisionDecision:
    """`number` is the latest revision after the sync; `answering` the one that may answer, None for silence."""

    number: int
    is_new: bool
    answering: int | None
    status: Status
    """Status of the document as a whole: `approved` as long as one revision answers."""

    @property
    def kept(self) -> frozenset[int]:
        """Revisions whose passages stay in the index."""
        return frozenset({self.number} | ({self.answering} if self.answering is not None else set()))

    def status_of(self, revision: int) -> Status:
        """Status that one revision's passages carry in the index."""
        return status_of_revision(revision, answering=self.answering, status=self.status)


def decide_revision(
    known: KnownDocument | None, *, text_hash: str, declared: Status, on_change: OnChange
) -> RevisionDecision:
    """Approval belongs to a revision: new text of an approved document waits, unless the source is trusted to change.

    A curator's act stands above what the source declares. A source that changes its own mind about the status
    (marks as approved, or withdraws) is believed where no act says otherwise.
    """
    if known is None:
        return _decide(1, is_new=True, answering=1 if declared == "approved" else None, declared=declared)
    is_new = text_hash != known.text_hash
    number = known.latest_revision + (1 if is_new else 0)
    answering = _choose_answering(known, number, is_new=is_new, declared=declared, on_change=on_change)
    silent_status: Status = "retired" if known.curated.get("status") == "retired" else declared
    return _decide(number, is_new=is_new, answering=answering, declared=silent_status)


def _choose_answering(
    known: KnownDocument, number: int, *, is_new: bool, declared: Status, on_change: OnChange
) -> int | None:
    act = known.curated.get("status")
    if act == "retired":
        return None
    if act is None and declared != known.declared_status:
        return number if declared == "approved" else None
    if not is_new:
        return known.answering_revision
    if not known.was_approved:
        return number if declared == "approved" else None
    if on_change == "keep_approved":
        return known.answering_revision
    # Trusted to change, not to come back: what the source has withdrawn stays silent.
    return number if on_change == "auto_approve" and "approved" in (act, declared) else None


def _decide(number: int, *, is_new: bool, answering: int | None, declared: Status) -> RevisionDecision:
    if answering is not None:
        return RevisionDecision(number, is_new, answering, "approved")
    # "approved" without an answering revision is an approved document on hold: a draft until somebody approves.
    return RevisionDecision(number, is_new, None, "draft" if declared == "approved" else declared)


def status_of_revision(revision: int, *, answering: int | None, status: Status) -> Status:
    """One revision's status from its document's: only the answering one is approved."""
    if revision == answering:
        return "approved"
    return status if answering is None else "draft"
