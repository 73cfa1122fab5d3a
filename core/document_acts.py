"""Acts on documents: approve, retire, set. They stand above everything that a source declares."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, select, update

from core.access import AccessList, Person
from core.acts import CURATORS, ActRequest, AuditedActs
from core.errors import UsageError
from core.metadata import FIELDS, check_field
from core.sync_plan import dump_access
from core.tables import documents, revisions

SETTABLE = tuple(name for name in FIELDS if name != "status")


class DocumentActs:
    """Each act on several documents is one audit row a document, all in the order given."""

    def __init__(self, acts: AuditedActs) -> None:
        self._acts = acts

    def approve(self, document_ids: Sequence[str], *, by: Person, reason: str) -> None:
        """The latest revision answers from now on."""
        self._perform_each("approve", document_ids, _approve, by=by, reason=reason)

    def retire(self, document_ids: Sequence[str], *, by: Person, reason: str) -> None:
        """The document is silent from now on, whatever its source says."""
        self._perform_each("retire", document_ids, _retire, by=by, reason=reason)

    def set_fields(
        self, document_ids: Sequence[str], fields: Mapping[str, str], *, by: Person, reason: str
    ) -> None:
        """Set fields over what the source declares; an empty value opens it (no end date, no brand)."""
        unknown = [name for name in fields if name not in SETTABLE]
        if unknown or not fields:
            raise UsageError(f"cannot set {', '.join(unknown) or 'nothing'}; allowed: {', '.join(SETTABLE)}")
        values = {name: _dump(check_field(name, value)) for name, value in fields.items()}
        _refuse_empty(values)

        def change(connection: Connection, row: Row[Any]) -> dict[str, Any]:
            return {
                "curated": {**row.curated, **values},
                **{name: _load(name, values[name]) for name in values},
            }

        self._perform_each("set", document_ids, change, by=by, reason=reason)

    def _perform_each(
        self, name: str, document_ids: Sequence[str], change: Any, *, by: Person, reason: str
    ) -> None:
        try:
            for document_id in document_ids:
                request = ActRequest(name, f"document {document_id}", by, reason, CURATORS)
                self._acts.perform(request, partial(_change, document_id=document_id, change=change))
        finally:
            # Also when one of several is refused: those before it are acts already.
            self._acts.settle()


def _change(connection: Connection, document_id: str, change: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    where = documents.c.document_id == document_id
    row = connection.execute(select(documents).where(where).with_for_update()).first()
    if row is None:
        raise UsageError(f"no document {document_id!r}; see `onbrand documents list`")
    values = change(connection, row)
    before = {name: _dump(getattr(row, name)) for name in values}
    connection.execute(update(documents).where(where).values(**values, is_settled=False))
    return before, {name: _dump(value) for name, value in values.items()}


def _approve(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    where = (revisions.c.document_id == row.document_id) & (revisions.c.number == row.latest_revision)
    connection.execute(update(revisions).where(where).values(status="approved"))
    return {
        "status": "approved",
        "answering_revision": row.latest_revision,
        "curated": {**row.curated, "status": "approved"},
    }


def _retire(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    return {"status": "retired", "answering_revision": None, "curated": {**row.curated, "status": "retired"}}


def _refuse_empty(values: Mapping[str, Any]) -> None:
    # The other fields may be opened; without these a document has no name or no place.
    for name in ("title", "kind", "classification", "access"):
        if name in values and values[name] is None:
            raise UsageError(f"{name} cannot be empty")


def _dump(value: Any) -> Any:
    if isinstance(value, AccessList):
        return dump_access(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _load(name: str, value: Any) -> Any:
    return check_field(name, value) if name in ("valid_from", "valid_until") else value
