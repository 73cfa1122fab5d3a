"""The one path for acts: checks the role, makes the change and its audit row in one transaction, then tells the index.

Used by command line, Slack and console alike (core/document_acts.py, core/people_acts.py, core/source_acts.py).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from core.access import Person, Role
from core.audit import Act, record_act
from core.clock import Clock
from core.database import Database
from core.errors import NotAllowed

Change = Callable[[Connection], tuple[Mapping[str, Any], Mapping[str, Any]]]
"""Makes a change and gives the values before and after, JSON-ready."""

ReadBrands = Callable[[Connection], Iterable[str | None]]
"""The brands that an act touches; a role for all of them is needed."""


@dataclass(frozen=True, slots=True)
class ActRequest:
    """Who wants to do what to which subject, and why. `roles` may do it; the local owner may do everything.

    `batch` is shared by the acts of one command, so that they can be undone together.
    """

    name: str
    subject: str
    by: Person
    reason: str
    roles: frozenset[Role]
    batch: str | None = None


class AuditedActs:
    """Performs acts. `settle_index` brings the index in line with the ledger after an act on documents."""

    def __init__(self, database: Database, clock: Clock, *, settle_index: Callable[[], object]) -> None:
        self._database = database
        self._clock = clock
        self._settle_index = settle_index

    def perform(self, request: ActRequest, change: Change, *, read_brands: ReadBrands | None = None) -> None:
        """Change and audit row, both or neither. A refusal for lack of role leaves a row of its own.

        `read_brands` opens an act on branded material to people whose role is for those brands only.
        """
        try:
            with self._database.write() as connection:
                _require_role(request, tuple(read_brands(connection)) if read_brands else (None,))
                before, after = change(connection)
                self._record(connection, request, before=before, after=after)
        except NotAllowed:
            self._record_refusal(request)
            raise

    def today(self) -> date:
        """The day on which acts are done."""
        return self._clock.today()

    def settle(self) -> None:
        """Let the index follow. The ledger already holds the act: until the index has it, documents are silent."""
        self._settle_index()

    def _record_refusal(self, request: ActRequest) -> None:
        with self._database.write() as connection:
            self._record(connection, request, before={}, after={"refused": request.by.role or "no role"})

    def _record(
        self,
        connection: Connection,
        request: ActRequest,
        *,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        act = Act(
            request.by.label(),
            request.name,
            request.subject,
            request.reason,
            before,
            after,
            batch=request.batch,
        )
        record_act(connection, act, at=self._clock.now())


def _require_role(request: ActRequest, brands: Collection[str | None]) -> None:
    if all(request.by.has_role(request.roles, brand=brand) for brand in brands):
        return
    allowed = " or ".join(sorted(request.roles))
    of_brands = " and ".join(sorted(f"brand {brand}" for brand in brands if brand))
    raise NotAllowed(
        f"{request.by.label()} may not {request.name} (role: {request.by.role or 'none'}); "
        f"it takes {allowed}{f', for all or for {of_brands}' if of_brands else ''}"
    )


CURATORS: frozenset[Role] = frozenset({"curator", "admin"})
ADMINS: frozenset[Role] = frozenset({"admin"})
AUDITORS: frozenset[Role] = frozenset({"auditor", "admin"})
