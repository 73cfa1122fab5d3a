"""`recall`: every answer that cited a document."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from admin.operations.receipts import READERS, may_see_all
from admin.world import World
from core.access import Person
from core.documents import Validity
from core.errors import NotAllowed
from core.ledger import DocumentRow
from core.local_socket import Report
from core.receipt_rows import Receipt

Rows = Mapping[str, DocumentRow]


def recall_document(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """The answers that cited it in any revision, the newest first, and whether that revision answers today."""
    by, word = world.identify(arguments.get("as")), str(arguments["document"])
    _require_reader(by)
    wanted = world.answering.receipts.find_documents(word)
    listed = world.ledger.list_documents(include_removed=True)
    rows = {row.document.document_id: row for row in listed if row.document.document_id in wanted}
    today = world.clock.today()
    citing = [one for one in world.answering.receipts.list_citing(word) if may_see_all(by, one)]
    return {
        "documents": [_describe_document(document_id, rows.get(document_id)) for document_id in wanted],
        "answers": [_describe_answer(one, rows, set(wanted), today) for one in citing],
    }


def explain_silence(row: DocumentRow | None, revision: int, today: date) -> str | None:
    """Why a cited revision does not answer today; None when it does."""
    if row is None or row.is_removed:
        return "removed at its source" if row else "no longer in the ledger"
    document = row.document
    if document.facts.status != "approved":
        return "retired" if document.facts.status == "retired" else "not approved any more"
    if document.revision != revision:
        return f"revision {document.revision} answers now"
    if not document.facts.validity.contains(today):
        return _explain_validity(document.facts.validity, today)
    return None if document.is_settled else "the index has not caught up with the ledger yet"


def _explain_validity(validity: Validity, today: date) -> str:
    if validity.valid_from is not None and today < validity.valid_from:
        return f"not valid before {validity.valid_from}"
    return f"out of date: valid until {validity.valid_until}"


def _require_reader(by: Person) -> None:
    if not (by.has_role(READERS) or any(role in READERS for _brand, role in by.brand_roles)):
        raise NotAllowed(
            f"{by.label()} may not recall a document (role: {by.role or 'none'}); "
            f"it takes {' or '.join(sorted(READERS))}"
        )


def _describe_document(document_id: str, row: DocumentRow | None) -> dict[str, Any]:
    document = row.document if row else None
    return {
        "document_id": document_id,
        "source": document.source if document else None,
        "path": document.path if document else None,
        "title": document.title if document else None,
    }


def _describe_answer(receipt: Receipt, rows: Rows, wanted: set[str], today: date) -> dict[str, Any]:
    cited = [one for one in receipt.cited if one.document_id in wanted]
    silences = [explain_silence(rows.get(one.document_id), one.revision, today) for one in cited]
    return {
        "receipt_id": receipt.receipt_id,
        "at": receipt.at.isoformat(),
        "asker": receipt.asker,
        "question": receipt.question,
        "conversation": receipt.conversation,
        "verdict": receipt.verdict,
        "cited": [
            {"document_id": one.document_id, "revision": one.revision, "answers": why is None, "why_not": why}
            for one, why in zip(cited, silences, strict=True)
        ],
        "claims": _list_claims(receipt, wanted),
    }


def _list_claims(receipt: Receipt, wanted: set[str]) -> list[str]:
    claims = receipt.body.claims if receipt.body else ()
    return [one.text for one in claims if any(cited.document_id in wanted for cited in one.evidence)]
