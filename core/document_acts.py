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
