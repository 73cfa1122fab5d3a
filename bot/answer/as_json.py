"""An answer as `onbrand ask --json` prints it. Pure; called by the command line and the local socket."""

from typing import Any

from core.answers import Answer, Claim, Evidence, OfficialRef


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """The stable shape of `ask`; milliseconds are rounded to a tenth, `updated` is a day or null."""
    return {
        "verdict": answer.verdict,
        "ruling": answer.ruling,
        "why": answer.why,
        "claims": [_claim_as_json(claim) for claim in answer.claims],
        "nearest": [evidence_as_json(evidence) for evidence in answer.nearest],
        "mode": answer.mode,
        "model": answer.model,
        "receipt_id": answer.receipt_id,
        "milliseconds": {
            "search": round(answer.milliseconds.search, 1),
            "model": round(answer.milliseconds.model, 1),
            "verify": round(answer.milliseconds.verify, 1),
            "total": round(answer.milliseconds.total, 1),
        },
        "official": _official_as_json(answer.official) if answer.official else None,
        # Only where there is something to say: the shape of an ordinary answer is what others build on.
        **({"stale": list(answer.stale)} if answer.stale else {}),
    }


def evidence_as_json(evidence: Evidence) -> dict[str, Any]:
    """One stored sentence and where it stands."""
    return {
        "source": evidence.source,
        "path": evidence.path,
        "document_id": evidence.document_id,
        "title": evidence.title,
        "heading": evidence.heading,
        "page": evidence.page,
        "url": evidence.url,
        "sentence": evidence.sentence,
        "status": evidence.status,
        "updated": evidence.updated.date().isoformat() if evidence.updated else None,
        "owner": evidence.owner,
        "newer_draft": evidence.newer_draft,
        "is_overdue": evidence.is_overdue,
        "valid_from": evidence.valid_from.isoformat() if evidence.valid_from else None,
        "valid_until": evidence.valid_until.isoformat() if evidence.valid_until else None,
    }


def _claim_as_json(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "speaker": claim.speaker or None,
        "evidence": [evidence_as_json(evidence) for evidence in claim.evidence],
    }


def _official_as_json(official: OfficialRef) -> dict[str, Any]:
    until = official.until.isoformat() if official.until else None
    return {"id": official.answer_id, "owner": official.owner, "until": until}
