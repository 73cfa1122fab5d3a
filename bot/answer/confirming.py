"""What may be shown of an answer now: claims whose proof stands, with their documents as the ledger has them. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from bot.answer.why import NO_LONGER_AVAILABLE
from core.access import OWNER_ACCESS
from core.answers import Answer, Evidence, Verdict
from core.documents import AnsweringDocument, Facts


def list_confirmable(answer: Answer) -> list[AnsweringDocument]:
    """Document and revision of everything that the answer shows; their facts come from the ledger."""
    shown = list_evidence_of(answer)
    return list({(one.document_id, one.revision): _build_confirmable(one) for one in shown}.values())


def list_evidence_of(answer: Answer) -> list[Evidence]:
    """Every sentence that the answer shows or rests on."""
    return [*answer.nearest, *(evidence for claim in answer.claims for evidence in claim.evidence)]


def refresh_evidence(answer: Answer, now: Mapping[str, AnsweringDocument], *, on: date) -> Answer:
    """What a citation shows of its document, as the ledger has it now: what may be posted may just have changed."""
    claims = tuple(
        replace(claim, evidence=tuple(_refresh(one, now[one.document_id], on) for one in claim.evidence))
        for claim in answer.claims
    )
    nearest = tuple(_refresh(one, now[one.document_id], on) for one in answer.nearest)
    return replace(answer, claims=claims, nearest=nearest)


def drop_unconfirmed(
    answer: Answer, confirmed: Collection[str], *, unusable: Collection[str] = frozenset()
) -> Answer:
    """Keep a claim only when every document behind it is confirmed: half a proof is none.

    `unusable` are ids of sentences that may not be shown although their document may.
    """

    def stands(one: Evidence) -> bool:
        return one.document_id in confirmed and one.sentence_id not in unusable

    claims = tuple(claim for claim in answer.claims if all(map(stands, claim.evidence)))
    nearest = tuple(filter(stands, answer.nearest))
    if claims == answer.claims:
        return replace(answer, nearest=nearest)
    if not claims:
        return withdraw_answer(replace(answer, nearest=nearest))
    if answer.verdict == "conflict":
        # With one side gone nothing is left to disagree.
        return replace(answer, verdict="answered", mode="passages", claims=claims, nearest=nearest, why="")
    verdict: Verdict = "partial" if answer.mode == "model" else answer.verdict
    return replace(answer, verdict=verdict, ruling=None, claims=claims, nearest=nearest)


def withdraw_answer(answer: Answer) -> Answer:
    """What is left when nothing of it may be shown any more."""
    return replace(
        answer, verdict="not_found", ruling=None, claims=(), why=NO_LONGER_AVAILABLE, official=None
    )


def _refresh(evidence: Evidence, document: AnsweringDocument, on: date) -> Evidence:
    return replace(
        evidence,
        title=document.title,
        url=document.url,
        owner=document.owner,
        classification=document.classification,
        newer_draft=document.newer_draft,
        is_overdue=document.is_overdue(on),
    )


def _build_confirmable(evidence: Evidence) -> AnsweringDocument:
    return AnsweringDocument(
        document_id=evidence.document_id,
        revision=evidence.revision,
        source=evidence.source,
        path=evidence.path,
        title=evidence.title,
        facts=Facts(status=evidence.status, access=OWNER_ACCESS),
    )
