"""`documents list`, `show`, `diff`, `review`, and the acts `approve`, `retire`, `extend`, `set`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from admin.world import World
from core.document_filter import parse_filter
from core.documents import AnsweringDocument
from core.errors import UsageError
from core.ledger import DocumentRow
from core.local_socket import Report
from core.metadata import check_field
from core.review_queue import list_review_items
from core.revision_difference import compare_sentences
from core.stored_text import unpack_document
from ingest.sentences import split_block

Arguments = Mapping[str, Any]
Act = Callable[[list[str]], None]


def list_documents(world: World, arguments: Arguments, _report: Report) -> list[dict[str, Any]]:
    """All documents; `source`, `status` and `where` narrow the list."""
    source = arguments.get("source")
    if source:
        world.sources.get(source)
    status = check_field("status", arguments.get("status"))
    rows = world.ledger.list_documents(source=source, status=status)
    if arguments.get("where"):
        matches = parse_filter(arguments["where"])
        rows = tuple(row for row in rows if matches(row, world.clock.today()))
    return [_describe(row, world) for row in rows]


def show_document(world: World, arguments: Arguments, _report: Report) -> dict[str, Any]:
    """One document with the text of the revision that answers."""
    (row,) = _find(world, [str(arguments["document"])])[:1]
    packed = world.ledger.load_parsed(row.document.document_id, row.document.revision)
    blocks = unpack_document(packed).blocks if packed else ()
    beside = {"hidden_text": row.hidden_text or None, "curated": dict(row.curated)}
    return {**_describe(row, world), **beside, "text": [block.text for block in blocks]}


def compare_revisions(world: World, arguments: Arguments, _report: Report) -> dict[str, Any]:
    """Arguments: document, older, newer (numbers; else the answering and the latest one)."""
    (row,) = _find(world, [str(arguments["document"])])[:1]
    older = int(arguments.get("older") or row.document.revision)
    newer = int(arguments.get("newer") or row.latest_revision)
    if older == newer and not arguments.get("older"):
        older = max(1, newer - 1)
    changes = compare_sentences(_read_sentences(world, row, older), _read_sentences(world, row, newer))
    return {
        "document": f"{row.document.source}:{row.document.path}",
        "older": older,
        "newer": newer,
        "changes": [{"state": one.state, "sentence": one.sentence} for one in changes],
    }


def list_reviews(world: World, _arguments: Arguments, _report: Report) -> list[dict[str, Any]]:
    """What waits for a curator, each document with its reasons."""
    gone = {person.email for person in world.people.list_people() if not person.active}
    rows = world.ledger.list_documents()
    items = list_review_items(rows, gone=gone, on=world.clock.today())
    return [{**_describe(item.row, world), "reasons": list(item.reasons)} for item in items]


def approve_documents(world: World, arguments: Arguments, _report: Report) -> list[dict[str, Any]]:
    """The latest revision of each named document answers from now on."""
    by, reason = _read_actor(world, arguments)
    return _act(world, arguments, lambda ids: world.document_acts.approve(ids, by=by, reason=reason))


def retire_documents(world: World, arguments: Arguments, _report: Report) -> list[dict[str, Any]]:
    """Each named document is silent from now on."""
    by, reason = _read_actor(world, arguments)
    return _act(world, arguments, lambda ids: world.document_acts.retire(ids, by=by, reason=reason))


def extend_documents(world: World, arguments: Arguments, _report: Report) -> list[dict[str, Any]]:
    """Each named document has been looked at: valid `until` a later day, reviewed again by `review_by`."""
    by, reason = _read_actor(world, arguments)
    until: date | None = check_field("valid_until", arguments.get("until"))
    review_by: date | None = check_field("review_by", arguments.get("review_by"))
    acts = world.document_acts
    return _act(
        world,
        arguments,
        lambda ids: acts.extend(ids, by=by, reason=reason, until=until, review_by=review_by),
    )


def set_documents(world: World, arguments: Arguments, _report: Report) -> list[dict[str, Any]]:
    """Set fields of each named document over what its source declares."""
    by, reason = _read_actor(world, arguments)
    fields, acts = arguments["fields"], world.document_acts
    return _act(world, arguments, lambda ids: acts.set_fields(ids, fields, by=by, reason=reason))


def _act(world: World, arguments: Arguments, act: Act) -> list[dict[str, Any]]:
    """Do it to the documents that are named or that `where` matches; with `dry_run` only list them."""
    rows = _choose(world, arguments)
    if not arguments.get("dry_run"):
        act([row.document.document_id for row in rows])
    wanted = {row.document.document_id for row in rows}
    return [
        _describe(row, world) for row in world.ledger.list_documents() if row.document.document_id in wanted
    ]


def _choose(world: World, arguments: Arguments) -> list[DocumentRow]:
    words, where = arguments.get("documents") or [], arguments.get("where")
    if bool(words) == bool(where):
        raise UsageError("name documents by id or path, or choose them by --where NAME=VALUE; one of both")
    if not where:
        return _find(world, words)
    matches, today = parse_filter(where), world.clock.today()
    rows = [row for row in world.ledger.list_documents() if matches(row, today)]
    if not rows:
        raise UsageError(f"no document matches {where!r}; see `onbrand documents list --where {where}`")
    return rows


def _read_actor(world: World, arguments: Arguments) -> tuple[Any, str]:
    return world.identify(arguments.get("as")), str(arguments.get("reason") or "")


def _find(world: World, words: Sequence[str]) -> list[DocumentRow]:
    found = world.ledger.find_documents(words)
    missing = [word for word in words if not found[word]]
    if missing or not words:
        raise UsageError(
            f"no document {', '.join(map(repr, missing)) or 'named'}; "
            "name it by id or path as `onbrand documents list` shows them"
        )
    return [row for word in words for row in found[word]]


def _read_sentences(world: World, row: DocumentRow, revision: int) -> list[str]:
    packed = world.ledger.load_parsed(row.document.document_id, revision)
    if packed is None:
        raise UsageError(f"{row.document.path} has no revision {revision}; it has 1 to {row.latest_revision}")
    blocks = unpack_document(packed).blocks
    return [block.text[one.start : one.end] for block in blocks for one in split_block(block)]


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
        "valid_from": _show_day(validity.valid_from),
        "valid_until": _show_day(validity.valid_until),
        "review_by": _show_day(document.review_by),
        "is_overdue": document.is_overdue(world.clock.today()),
        "access": document.facts.access.describe(),
        "classification": document.classification,
        "url": document.url,
        "revision": document.revision,
        "latest_revision": row.latest_revision,
        "newer_draft": document.newer_draft,
        "updated": document.updated.isoformat(timespec="seconds") if document.updated else None,
    }


def _show_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _answers_today(document: AnsweringDocument, world: World) -> bool:
    facts = document.facts
    return document.is_settled and facts.status == "approved" and facts.validity.contains(world.clock.today())
