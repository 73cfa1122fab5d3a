"""Acts on gaps: close and open again. That a gap is answered is recorded by core/official_acts.py."""

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update

from core.access import Person
from core.acts import CURATORS, ActRequest, AuditedActs
from core.errors import UsageError
from core.tables import gaps

GapState = Literal["open", "closed", "answered"]
OPEN: GapState = "open"
CLOSED: GapState = "closed"
ANSWERED: GapState = "answered"
GAP_STATES: tuple[GapState, ...] = (OPEN, CLOSED, ANSWERED)


class GapActs:
    """Closes gaps and opens them again. The audit holds the state only: questions have a shorter life than it."""

    def __init__(self, acts: AuditedActs) -> None:
        self._acts = acts

    def close(self, gap_id: str, *, by: Person, reason: str) -> None:
        """Nothing is to be done about it; `reason` is kept with the gap."""
        if not reason.strip():
            raise UsageError("closing a gap needs a reason; give --reason")
        self._set("close gap", gap_id, CLOSED, by=by, reason=reason)

    def reopen(self, gap_id: str, *, by: Person, reason: str) -> None:
        """It waits for an answer again."""
        self._set("reopen gap", gap_id, OPEN, by=by, reason=reason)

    def _set(self, name: str, gap_id: str, state: GapState, *, by: Person, reason: str) -> None:
        self._acts.perform(
            ActRequest(name, f"gap {gap_id}", by, reason, CURATORS),
            lambda connection: change_state(connection, gap_id, state=state, note=reason),
            read_brands=lambda connection: (read_gap_brand(connection, gap_id),),
        )


def change_state(
    connection: Connection, gap_id: str, *, state: GapState, note: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set state and note; gives both before and after. Raises UsageError when it is in that state already."""
    row = _read_row(connection, gap_id)
    if row.state == state:
        raise UsageError(f"gap {gap_id} is {state} already; see `onbrand gaps show {gap_id}`")
    after = {"state": state, "note": note}
    connection.execute(update(gaps).where(gaps.c.gap_id == gap_id).values(**after))
    return {"state": row.state, "note": row.note}, after


def read_gap_brand(connection: Connection, gap_id: str) -> str | None:
    """The brand that was asked for; raises UsageError when there is no such gap."""
    brand: str | None = _read_row(connection, gap_id).brand
    return brand


def restore_gap(
    connection: Connection, gap_id: str, *, current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """Bring a gap from the state that an act left to the one before it; raises UsageError when it is another."""
    row = _read_row(connection, gap_id)
    changed = [name for name, value in current.items() if getattr(row, name) != value]
    if changed:
        raise UsageError(
            f"{', '.join(changed)} of gap {gap_id} changed after that act; undo the later act first"
        )
    connection.execute(update(gaps).where(gaps.c.gap_id == gap_id).values(**wanted))


def _read_row(connection: Connection, gap_id: str) -> Row[Any]:
    row = connection.execute(select(gaps).where(gaps.c.gap_id == gap_id).with_for_update()).first()
    if row is None:
        raise UsageError(f"no gap {gap_id!r}; see `onbrand gaps list`")
    return row
