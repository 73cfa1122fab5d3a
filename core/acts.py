"""The one path for acts: checks the role, makes the change and its audit row in one transaction, then tells the index.

Used by command line, Slack and console alike (core/document_acts.py, core/people_acts.py, core/source_acts.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from core.access import Person, Role
from core.audit import Act, record_act
from core.clock import Clock
from core.database import Database
from core.errors import NotAllowed

Change = Callable[[Connection], tuple[Mapping[str, Any], Mapping[str, Any]]]
"""Makes a change and gives the values before and after, JSON-ready."""


@dataclass(frozen=True, slots=True)
class ActRequest:
    """Who wants to do what to which subject, and why. `roles` may do it; the local owner may do everything."""

    name: str
    subject: str
    by: Person
    reason: str
    roles: frozenset[Role]


class AuditedActs:
    """Performs acts. `settle_index` brings the index in line with the ledger after an act on documents."""

    def __init__(self, database: Database, clock: Clock, *, settle_index: Callable[[], object]) -> None:
        self._database = database
        self._clock = clock
        self._settle_index = settle_index

    def perform(self, request: ActRequest, change: Change) -> None:
        """Change and audit row, both or neither. A refusal for lack of role leaves a row of its own."""
        if not (request.by.is_owner or (request.by.active and request.by.role in request.roles)):
            self._refuse(request)
        with self._database.write() as connection:
            before, after = change(connection)
            self._record(connection, request, before=before, after=after)

    def settle(self) -> None:
        """Let the index follow. The ledger already holds the act: until the index has it, documents are silent."""
        self._settle_index()

    def _refuse(self, request: ActRequest) -> None:
        with self._database.write() as connection:
            self._record(connection, request, before={}, after={"refused": request.by.role or "no role"})
        allowed = " or ".join(sorted(request.roles))
        raise NotAllowed(
            f"{request.by.label()} may not {request.name} (role: {request.by.role or 'none'}); it takes {allowed}"
        )

    def _record(
        self,
        connection: Connection,
        request: ActRequest,
        *,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        act = Act(request.by.label(), request.name, request.subject, request.reason, before, after)
        record_act(connection, act, at=self._clock.now())


CURATORS: frozenset[Role] = frozenset({"curator", "admin"})
ADMINS: frozenset[Role] = frozenset({"admin"})
