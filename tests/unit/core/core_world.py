"""A small world for tests of core: one source, its ledger, and acts by a curator. No index: settling is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self

from sqlalchemy import Row, select

from core.access import LOCAL_OWNER, Person
from core.acts import AuditedActs
from core.clock import Clock
from core.database import Database
from core.document_acts import DocumentActs
from core.documents import AnsweringDocument, OnChange
from core.ledger import Ledger
from core.metadata import Declared
from core.people_acts import PeopleActs
from core.source_acts import SourceActs
from core.sources import Source
from core.sync_ledger import SyncLedger
from core.sync_plan import DocumentPlan, IncomingDocument
from core.sync_writes import DocumentWrite, FileRecord, FileWrite
from core.tables import audit

CURATOR = Person("cora@pelmarrow.example", role="curator")
ADMIN = Person("ada@pelmarrow.example", role="admin")
READER = Person("rhys@pelmarrow.example", role="reader")
APPROVED = Declared(status="approved")
DRAFT = Declared(status="draft")


def make_incoming(
    path: str, text: str, declared: Declared = APPROVED, *, part: str = "", source: str = "kit"
) -> IncomingDocument:
    """A document whose hashes follow its text."""
    text_hash = sha256(text.encode()).hexdigest()
    return IncomingDocument(
        source=source,
        path=path,
        part=part,
        title=path,
        content_hash=text_hash,
        text_hash=text_hash,
        declared=declared,
        updated=None,
        packed=text.encode(),
    )


@dataclass
class CoreWorld:
    """Counts how often the index was asked to follow."""

    database: Database
    clock: Clock
    settle_calls: list[int] = field(default_factory=list)

    @classmethod
    def over(cls, database: Database, clock: Clock) -> Self:
        world = cls(database, clock)
        world.source_acts.add(Source("kit", "folder", {"path": "kit"}), by=LOCAL_OWNER)
        return world

    @property
    def acts(self) -> AuditedActs:
        return AuditedActs(self.database, self.clock, settle_index=lambda: self.settle_calls.append(1))

    @property
    def document_acts(self) -> DocumentActs:
        return DocumentActs(self.acts)

    @property
    def people_acts(self) -> PeopleActs:
        return PeopleActs(self.acts)

    @property
    def source_acts(self) -> SourceActs:
        return SourceActs(self.acts, self.clock)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.database)

    def open_sync(self, on_change: OnChange = "keep_approved") -> SyncLedger:
        return SyncLedger(self.database, self.clock, source="kit", on_change=on_change)

    def plan(self, incoming: IncomingDocument, on_change: OnChange = "keep_approved") -> DocumentPlan:
        sync = self.open_sync(on_change)
        return sync.plan(incoming, sync.read_known().get((incoming.path, incoming.part)))

    def commit(self, plan: DocumentPlan, incoming: IncomingDocument) -> Mapping[str, str]:
        """Path -> reason, where the plan was outdated."""
        record = FileRecord(incoming.path, incoming.content_hash, "declared")
        return self.open_sync().commit([FileWrite(record, (DocumentWrite(plan, incoming, 1),))])

    def sync(self, incoming: IncomingDocument, on_change: OnChange = "keep_approved") -> str:
        """One document, seen by a sync of its own; gives its id."""
        plan = self.plan(incoming, on_change)
        self.commit(plan, incoming)
        return plan.document_id

    def settle(self) -> None:
        """What the index does when it has caught up."""
        for task in self.ledger.list_unsettled():
            self.ledger.mark_settled([task])

    def find(self, document_id: str) -> AnsweringDocument:
        return self.ledger.find_answering([document_id])[document_id]

    def read_audit(self) -> Sequence[Row[Any]]:
        with self.database.read() as connection:
            return connection.execute(select(audit).order_by(audit.c.number)).all()
