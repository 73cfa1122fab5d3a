"""`documents list`, `show`, `approve`, `retire`, `set`."""

from collections.abc import Mapping, Sequence
from typing import Any

from admin.world import World
from core.documents import AnsweringDocument
from core.errors import UsageError
from core.ledger import DocumentRow
from core.local_socket import Report
from core.metadata import check_field
from core.stored_text import unpack_document


def list_documents(world: World, arguments: Mapping[str, Any], _report: Report) -> list[dict[str, Any]]:
    """All documents; `source` and `status` narrow the list."""
    source = arguments.get("source")
    if source:
        world.sources.get(source)
    status = check_field("status", arguments.get("status"))
    return [_describe(row, world) for row in world.ledger.list_documents(source=source, status=status)]


def show_document(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """One document with the text of the revision that answers."""
    (row,) = _find(world, [str(arguments["document"])])[:1]
    packed = world.ledger.load_parsed(row.document.document_id, row.document.revision)
    blocks = unpack_document(packed).blocks if packed else ()
    return {**_describe(row, world), "curated": dict(row.curated), "text": [block.text for block in blocks]}


def approve_documents(world: World, arguments: Mapping[str, Any], _report: Report) -> list[dict[str, Any]]:
    """The latest revision of each named document answers from now on."""
    rows = _find(world, arguments["documents"])
    by, reason = world.identify(arguments.get("as")), str(arguments.get("reason") or "")
    world.document_acts.approve([row.document.document_id for row in rows], by=by, reason=reason)
    return _again(world, rows)


def retire_documents(world: World, arguments: Mapping[str, Any], _report: Report) -> list[dict[str, Any]]:
    """Each named document is silent from now on."""
    rows = _find(world, arguments["documents"])
    by, reason = world.identify(arguments.get("as")), str(arguments.get("reason") or "")
    world.document_acts.retire([row.document.document_id for row in rows], by=by, reason=reason)
    return _again(world, rows)


def set_documents(world: World, arguments: Mapping[str, Any], _report: Report) -> list[dict[str, Any]]:
    """Set fields of each named document over what its source declares."""
    rows = _find(world, arguments["documents"])
    by, reason = world.identify(arguments.get("as")), str(arguments.get("reason") or "")
    document_ids = [row.document.document_id for row in rows]
    world.document_acts.set_fields(document_ids, arguments["fields"], by=by, reason=reason)
    return _again(world, rows)


def _find(world: World, words: Sequence[str]) -> list[DocumentRow]:
    found = world.ledger.find_documents(words)
    missing = [word for word in words if not found[word]]
    if missing or not words:
        raise UsageError(
            f"no document {', '.join(map(repr, missing)) or 'named'}; "
            "name it by id or path as `onbrand documents list` shows them"
        )
    return [row for word in words for row in found[word]]


def _again(world: World, rows: Sequence[DocumentRow]) -> list[dict[str, Any]]:
    wanted = {row.document.document_id for row in rows}
    return [
        _describe(row, world) for row in world.ledger.list_documents() if row.document.document_id in wanted
    ]


def _describe(row: DocumentRow, world: World) -> dict[str, Any]:
    document = row.document
    validity = document.facts.validity
    return {
        "document_id": document.document_id,
        "source": document.source,
        "path": document.path,
        "title": document.title,
        "status": document.facts.status,
        "answers_today": _answers_today(document, world),
        "kind": document.facts.kind,
        "brand": document.facts.brand,
        "owner": document.owner,
        "valid_from": str(validity.valid_from) if validity.valid_from else None,
        "valid_until": str(validity.valid_until) if validity.valid_until else None,
        "access": document.facts.access.describe(),
        "classification": document.classification,
        "url": document.url,
        "revision": document.revision,
        "latest_revision": row.latest_revision,
        "newer_draft": document.newer_draft,
        "updated": document.updated.isoformat(timespec="seconds") if document.updated else None,
    }


def _answers_today(document: AnsweringDocument, world: World) -> bool:
    facts = document.facts
    return document.is_settled and facts.status == "approved" and facts.validity.contains(world.clock.today())
