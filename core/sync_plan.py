"""Decides what a sync does with one document. Pure; used by core/sync_ledger.py and ingest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.access import MAX_CLAUSES, OWNER_ACCESS, AccessList
from core.documents import Facts, OnChange, Status, Validity
from core.metadata import Declared, check_field
from core.revisions import KnownDocument, RevisionDecision, decide_revision, status_of_revision

MERGED = (
    "title",
    "url",
    "owner",
    "classification",
    "kind",
    "brand",
    "valid_from",
    "valid_until",
    "access",
)
"""Columns that a source declares and a curator may set."""
NARROWED = "narrowed_access"
"""Where curators' narrowing stands among the curated values: clauses that hold beside whatever the source gives."""


@dataclass(frozen=True, slots=True)
class IncomingDocument:
    """One document as the source has it now. `content_hash` is of the whole file, `text_hash` of what it says."""

    source: str
    path: str
    part: str
    title: str
    content_hash: str
    text_hash: str
    declared: Declared
    updated: datetime | None
    packed: bytes
    item_id: str = ""


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """What a sync will do with one document, decided before the index is written."""

    document_id: str
    known: KnownDocument | None
    decision: RevisionDecision
    facts: Facts
    """Facts that the latest revision's passages carry."""
    values: Mapping[str, Any]
    needs_refacting: bool
    """Passages that stay in the index carry other facts than they will have to."""

    @property
    def needs_passages(self) -> bool:
        """True when the latest revision's passages are not in the index yet."""
        return self.decision.is_new or (self.known is not None and self.known.is_removed)


def plan_document(
    incoming: IncomingDocument, known: KnownDocument | None, *, new_id: str, on_change: OnChange
) -> DocumentPlan:
    """What happens to one document. `new_id` is used only where none is known."""
    decision = decide_revision(
        known, text_hash=incoming.text_hash, declared=incoming.declared.status, on_change=on_change
    )
    values = _effective_values(incoming, known.curated if known else {}, decision)
    facts = facts_of_values(values, decision)
    return DocumentPlan(
        document_id=known.document_id if known else new_id,
        known=known,
        decision=decision,
        facts=facts,
        values=values,
        needs_refacting=_needs_refacting(known, facts, decision),
    )


def renumber_plan(plan: DocumentPlan, number: int) -> DocumentPlan:
    """The same plan for a new revision whose number another worker has taken already."""
    old = plan.decision.number
    answering = number if plan.decision.answering == old else plan.decision.answering
    decision = replace(plan.decision, number=number, answering=answering)
    values = {**plan.values, "latest_revision": number, "answering_revision": answering}
    return replace(plan, decision=decision, values=values)


def _needs_refacting(known: KnownDocument | None, facts: Facts, decision: RevisionDecision) -> bool:
    """True when passages that stay in the index must be given other facts."""
    if known is None or known.is_removed:
        return False
    stays = decision.kept - ({decision.number} if decision.is_new else set())
    statuses_change = any(decision.status_of(number) != _status_before(known, number) for number in stays)
    same = replace(known.facts, status=facts.status) == facts
    return not known.is_settled or (bool(stays) and (statuses_change or not same))


def facts_of_values(values: Mapping[str, Any], decision: RevisionDecision) -> Facts:
    """Facts that the latest revision's passages carry, from the columns about to be written."""
    return Facts(
        status=decision.status_of(decision.number),
        access=AccessList(tuple(frozenset(clause) for clause in values["access"])),
        validity=Validity(values["valid_from"], values["valid_until"]),
        kind=values["kind"],
        brand=values["brand"],
    )


def _status_before(known: KnownDocument, number: int) -> Status:
    return status_of_revision(number, answering=known.answering_revision, status=known.facts.status)


def _effective_values(
    incoming: IncomingDocument, curated: Mapping[str, Any], decision: RevisionDecision
) -> dict[str, Any]:
    declared = _dump_declared(incoming)
    merged = merge_curated(declared, curated)
    if len(merged["access"]) > MAX_CLAUSES:
        # The source has more levels now beside a curator's: nobody, as wherever more are than can be kept.
        merged["access"] = dump_access(OWNER_ACCESS)
    return merged | {
        "source": incoming.source,
        "path": incoming.path,
        "part": incoming.part,
        "item_id": incoming.item_id,
        "status": decision.status,
        "declared": declared,
        "content_hash": incoming.content_hash,
        "latest_revision": decision.number,
        "answering_revision": decision.answering,
        "updated": incoming.updated,
        "removed_at": None,
    }


def _dump_declared(incoming: IncomingDocument) -> dict[str, Any]:
    """What the source says, as JSON: an undone act leaves what the source says by then."""
    declared, validity = incoming.declared, incoming.declared.validity
    return {
        "status": declared.status,
        "title": incoming.title,
        "url": declared.url,
        "owner": declared.owner,
        "classification": declared.classification,
        "kind": declared.kind,
        "brand": declared.brand,
        "valid_from": validity.valid_from.isoformat() if validity.valid_from else None,
        "valid_until": validity.valid_until.isoformat() if validity.valid_until else None,
        "access": dump_access(declared.access),
    }


def merge_curated(declared: Mapping[str, Any], curated: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that hold: what curators say above what the source says. Both as JSON."""
    values = {name: restore_curated(name, declared[name]) for name in MERGED if name in declared}
    values |= {name: restore_curated(name, value) for name, value in curated.items() if name in MERGED}
    if "access" in values:
        values["access"] = narrow_access(values["access"], curated)
    return values


def dump_access(access: AccessList) -> list[list[str]]:
    """An access list as JSON."""
    return [sorted(clause) for clause in access.clauses]


def narrow_access(access: list[list[str]], curated: Mapping[str, Any]) -> list[list[str]]:
    """An access list with what curators have demanded on top: their clauses are joined by 'and'."""
    narrowed = [clause for clause in curated.get(NARROWED, []) if clause not in access]
    return [*access, *narrowed]


def restore_curated(name: str, value: Any) -> Any:
    """A curated value from its JSON form to that of its column."""
    return check_field(name, value) if name in ("valid_from", "valid_until", "review_by") and value else value
