"""Acts on documents: approve, retire, extend, set. They stand above everything that a source declares."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, select, update

from core.access import MAX_CLAUSES, AccessList, Person
from core.acts import ADMINS, CURATORS, ActRequest, AuditedActs
from core.errors import UsageError
from core.metadata import FIELDS, check_field
from core.sync_plan import NARROWED, dump_access, merge_curated, narrow_access
from core.tables import documents, revisions

DAYS = ("valid_from", "valid_until", "review_by", "reviewed_on")
SETTABLE = (*(name for name in FIELDS if name != "status"), "review_by")

ChangeRow = Callable[[Connection, Row[Any]], dict[str, Any]]
"""Gives the new values of the columns that an act changes; `revision_status` is the answering revision's own."""


class DocumentActs:
    """Each act on several documents is one audit row a document, all in the order given and of one batch."""

    def __init__(self, acts: AuditedActs) -> None:
        self._acts = acts

    def approve(self, document_ids: Sequence[str], *, by: Person, reason: str) -> None:
        """The latest revision answers from now on, and counts as reviewed today."""
        approve = partial(_approve, today=self._acts.today())
        self._perform_each(_request("approve", by, reason), document_ids, approve)

    def retire(self, document_ids: Sequence[str], *, by: Person, reason: str) -> None:
        """The document is silent from now on, whatever its source says."""
        self._perform_each(_request("retire", by, reason), document_ids, _retire)

    def extend(
        self,
        document_ids: Sequence[str],
        *,
        by: Person,
        reason: str,
        until: date | None = None,
        review_by: date | None = None,
    ) -> None:
        """Reviewed today and still right: valid `until` a later day, to be reviewed again by `review_by`.

        Without `until` the end stays as it is; without `review_by` the kind's usual days begin anew.
        """
        extend = partial(_extend, today=self._acts.today(), until=until, review_by=review_by)
        self._perform_each(_request("extend", by, reason), document_ids, extend)

    def set_fields(
        self, document_ids: Sequence[str], fields: Mapping[str, str], *, by: Person, reason: str
    ) -> None:
        """Set fields over what the source declares; an empty value opens it (no end date, no brand).

        Access is replaced by an admin. A curator can only narrow it: what they set holds beside what the source
        gives, both have to be met, and an empty value takes only their own narrowing back.
        """
        unknown = [name for name in fields if name not in SETTABLE]
        if unknown or not fields:
            raise UsageError(f"cannot set {', '.join(unknown) or 'nothing'}; allowed: {', '.join(SETTABLE)}")
        values = {name: check_field(name, value) for name, value in fields.items()}
        _refuse_empty(values)
        set_values = partial(_set, values=values, replaces_access=by.has_role(ADMINS))
        brands = [values["brand"]] if "brand" in values else []
        self._perform_each(_request("set", by, reason), document_ids, set_values, brands=brands)

    def _perform_each(
        self,
        act: ActRequest,
        document_ids: Sequence[str],
        change: ChangeRow,
        *,
        brands: Sequence[str | None] = (),
    ) -> None:
        """`brands` are those that the documents will have; a role for them is needed as well."""
        batch = uuid4().hex[:12] if len(document_ids) > 1 else None
        try:
            for document_id in document_ids:
                self._acts.perform(
                    replace(act, subject=f"document {document_id}", batch=batch),
                    partial(_change, document_id=document_id, change=change),
                    read_brands=partial(_list_brands, document_id=document_id, brands=brands),
                )
        finally:
            # Also when one of several is refused: those before it are acts already.
            self._acts.settle()


def _request(name: str, by: Person, reason: str) -> ActRequest:
    return ActRequest(name, "", by, reason, CURATORS)


def _list_brands(
    connection: Connection, *, document_id: str, brands: Sequence[str | None]
) -> list[str | None]:
    return [*brands, read_brand(connection, document_id)]


def read_brand(connection: Connection, document_id: str) -> str | None:
    """The brand that a document has now."""
    brand: str | None = _read_row(connection, document_id).brand
    return brand


def restore_document(
    connection: Connection, document_id: str, *, current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Bring a document from the values that an act left to those before it; raises UsageError when they are others.

    Gives the values that hold then: where no curator says anything, what the source has said since the act.
    """
    row = _read_row(connection, document_id)
    changed = [name for name, value in current.items() if not _still_holds(connection, row, name, value)]
    if changed:
        raise UsageError(
            f"{', '.join(changed)} of document {document_id} (now at {row.path}) changed after that act; "
            "undo the later act first, or set what you want"
        )
    values = {name: _load(name, value) for name, value in wanted.items()}
    merged = merge_curated(row.declared, wanted.get("curated", row.curated))
    values |= {name: value for name, value in merged.items() if name in values}
    _write(connection, document_id, values)
    return {name: _dump(value) for name, value in values.items()}


def _change(
    connection: Connection, document_id: str, change: ChangeRow
) -> tuple[dict[str, Any], dict[str, Any]]:
    row = _read_row(connection, document_id)
    values = change(connection, row)
    before = {name: _dump(_read_value(connection, row, name)) for name in values}
    _write(connection, document_id, values)
    return before, {name: _dump(value) for name, value in values.items()}


def _read_row(connection: Connection, document_id: str) -> Row[Any]:
    query = select(documents).where(documents.c.document_id == document_id).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        raise UsageError(f"no document {document_id!r}; see `onbrand documents list`")
    return row


def _read_value(connection: Connection, row: Row[Any], name: str) -> Any:
    if name != "revision_status":
        return getattr(row, name)
    query = select(revisions.c.number, revisions.c.status).where(revisions.c.document_id == row.document_id)
    return {str(number): status for number, status in connection.execute(query)}


def _still_holds(connection: Connection, row: Row[Any], name: str, value: Any) -> bool:
    found = _dump(_read_value(connection, row, name))
    if name == "revision_status":
        # A revision that a sync has added since takes nothing away from the act.
        found = {number: found.get(number) for number in value}
    return bool(found == value)


def _write(connection: Connection, document_id: str, values: Mapping[str, Any]) -> None:
    columns = {name: value for name, value in values.items() if name != "revision_status"}
    where = documents.c.document_id == document_id
    connection.execute(update(documents).where(where).values(**columns, is_settled=False))
    for number, status in values.get("revision_status", {}).items():
        one = (revisions.c.document_id == document_id) & (revisions.c.number == int(number))
        connection.execute(update(revisions).where(one).values(status=status))


def _approve(connection: Connection, row: Row[Any], *, today: date) -> dict[str, Any]:
    statuses = _read_value(connection, row, "revision_status")
    return {
        "status": "approved",
        "answering_revision": row.latest_revision,
        "curated": {**row.curated, "status": "approved"},
        "reviewed_on": today,
        "revision_status": {**statuses, str(row.latest_revision): "approved"},
    }


def _retire(_connection: Connection, row: Row[Any]) -> dict[str, Any]:
    return {"status": "retired", "answering_revision": None, "curated": {**row.curated, "status": "retired"}}


def _extend(
    _connection: Connection, row: Row[Any], *, today: date, until: date | None, review_by: date | None
) -> dict[str, Any]:
    if row.answering_revision is None:
        raise UsageError(f"{row.path} is {row.status} and answers nothing; approve it instead")
    if until is not None and row.valid_until is not None and until < row.valid_until:
        raise UsageError(
            f"{row.path} is valid until {row.valid_until}; {until} is earlier. "
            "To end it sooner use `onbrand documents set`"
        )
    curated = {name: value for name, value in row.curated.items() if name != "review_by"}
    if until is not None:
        curated["valid_until"] = until.isoformat()
    if review_by is not None:
        curated["review_by"] = review_by.isoformat()
    values = {"curated": curated, "reviewed_on": today, "review_by": review_by}
    return values | ({"valid_until": until} if until is not None else {})


def _set(
    _connection: Connection, row: Row[Any], *, values: Mapping[str, Any], replaces_access: bool
) -> dict[str, Any]:
    curated = {**row.curated, **{name: _dump(value) for name, value in values.items() if name != "access"}}
    columns = {name: value for name, value in values.items() if name != "access"}
    if "access" in values:
        curated = _curate_access(curated, values["access"], replaces=replaces_access)
        given = curated.get("access") or row.declared.get("access") or row.access
        columns["access"] = narrow_access(given, curated)
        _refuse_levels(columns["access"])
    return {"curated": curated, **columns}


def _curate_access(
    curated: Mapping[str, Any], access: AccessList | None, *, replaces: bool
) -> dict[str, Any]:
    dropped = {NARROWED, "access"} if replaces else {NARROWED}
    kept = {name: value for name, value in curated.items() if name not in dropped}
    if access is None:
        return kept
    return {**kept, "access" if replaces else NARROWED: dump_access(access)}


def _refuse_levels(access: Sequence[object]) -> None:
    if len(access) > MAX_CLAUSES:
        raise UsageError(
            f"the source gives {len(access) - 1} levels of access already; at most {MAX_CLAUSES} are kept"
        )


def _refuse_empty(values: Mapping[str, Any]) -> None:
    # The other fields may be opened; without these a document has no name or no place.
    for name in ("title", "kind", "classification"):
        if name in values and values[name] is None:
            raise UsageError(f"{name} cannot be empty")


def _dump(value: Any) -> Any:
    if isinstance(value, AccessList):
        return dump_access(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _load(name: str, value: Any) -> Any:
    return check_field(name, value) if name in DAYS else value
