"""A world of real parts (folder, parsers, ledger, store, search) and a counting embedder. For tests of walks."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core.access import LOCAL_OWNER, OPEN_TO_ALL, Person
from core.acts import AuditedActs
from core.clock import Clock
from core.database import Database, open_database
from core.document_acts import DocumentActs
from core.ledger import DocumentRow, Ledger
from core.people import People
from core.people_acts import PeopleActs
from core.source_acts import SourceActs
from core.source_groups import SourceGroups
from core.sources import Source
from core.sync_cursors import SyncCursors
from core.sync_ledger import Beside, SyncLedger
from core.sync_writes import FileWrite
from core.tables import audit
from core.undo import UndoActs
from core.vocabulary import Vocabulary
from index.assembly import Index
from index.keyword_vectors import KeywordVectors
from index.passage_store import PassageStore, Scope
from index.search import FoundPassage, PassageSearch
from index.spelling import Spelling
from ingest.connectors.connector import Connector
from ingest.connectors.folder import FolderConnector
from ingest.ingest_batch import IndexParts
from ingest.look import SyncWishes
from ingest.restore_passages import restore_passages
from ingest.sync_report import SyncReport
from ingest.sync_source import SourceSync
from tests.fakes.hash_embedder import HashEmbedder

DAY = date(2026, 10, 15)
CLOCK = Clock(ZoneInfo("UTC"), DAY)
READER = Person("reader@pelmarrow.example", groups=frozenset({"marketing"}))


class Killed(Exception):
    """Stands for kill −9: nothing in the product expects it."""


@dataclass
class SmallWorld:
    """One folder source over one store. `max_bytes` is the size limit of files."""

    folder: Path
    database: Database
    store: PassageStore
    embedder: HashEmbedder
    source: Source
    max_bytes: int = 100_000
    before_commit: Callable[[], None] | None = None
    """Called once, when passages are in the index and the ledger is about to say so."""
    settles: bool = field(default=True)
    connector: Connector | None = None
    """Reads something else than the folder."""
    is_new: bool = True
    """False: the database holds the source already."""

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.database)
        keywords = KeywordVectors()
        vocabulary = Vocabulary(self.database)
        search = PassageSearch(
            store=self.store,
            embedder=self.embedder,
            keyword_vectors=keywords,
            ledger=self.ledger,
            spelling=Spelling(vocabulary),
        )
        self.index = Index(
            self.store, self.embedder, keywords, search, self.ledger, vocabulary, restore_passages
        )
        acts = AuditedActs(self.database, CLOCK, settle_index=self._settle)
        self.document_acts, self.source_acts = DocumentActs(acts), SourceActs(acts, CLOCK)
        self.undo_acts = UndoActs(acts, self.database)
        self.people, self.people_acts = People(self.database), PeopleActs(acts)
        if self.is_new:
            self.source_acts.add(self.source, by=LOCAL_OWNER)

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file of the source."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def sync(self, **wishes: Any) -> SyncReport:
        """One sync, as `onbrand sync` runs it."""
        index = self.index
        parts = IndexParts(
            self.store, self.embedder, index.keyword_vectors, self.ledger, index.vocabulary, self._settle
        )
        walk = SourceSync(
            source=self.source,
            connector=self.connector or FolderConnector(Path(self.source.options["path"]), self.max_bytes),
            ledger=_WatchedLedger(self),
            hold_parts=lambda: nullcontext(parts),
            wishes=SyncWishes(**wishes),
            cursors=SyncCursors(self.database, CLOCK, self.source.name, lambda _connection: None),
            groups=SourceGroups(self.database, self.people_acts),
        )
        return walk.run()

    def find(
        self, question: str, *, asker: Person = READER, on: date | None = DAY
    ) -> tuple[FoundPassage, ...]:
        """What a search gives this asker on this day."""
        return self.index.search.find(question, Scope(asker=asker, on=on), limit=100)

    def says(self, word: str, *, asker: Person = READER, on: date = DAY) -> set[str]:
        """Paths of the documents that are found with this very word in them."""
        found = self.find(word, asker=asker, on=on)
        return {one.document.path for one in found if word.lower() in one.passage.text.lower()}

    def read(self, path: str) -> DocumentRow:
        """The ledger's row of the only document at a path."""
        (row,) = [
            row for row in self.ledger.list_documents(include_removed=True) if row.document.path == path
        ]
        return row

    def approve(self, path: str) -> None:
        """A curator's act."""
        self.document_acts.approve([self.read(path).document.document_id], by=LOCAL_OWNER, reason="seen")

    def retire(self, path: str) -> None:
        """A curator's act."""
        self.document_acts.retire([self.read(path).document.document_id], by=LOCAL_OWNER, reason="old")

    def undo_last(self) -> None:
        """Take back the last act that stands in the audit."""
        with self.database.read() as connection:
            last = connection.execute(select(func.max(audit.c.number))).scalar_one()
        self.undo_acts.undo([last], by=LOCAL_OWNER, reason="")

    def set(self, path: str, *, by: Person = LOCAL_OWNER, **fields: str) -> None:
        """A curator's act."""
        self.document_acts.set_fields([self.read(path).document.document_id], fields, by=by, reason="")

    def count(self, path: str) -> int:
        """Passages that the index holds of a document, whether it answers or not."""
        return self.store.count(self.read(path).document.document_id)

    def _settle(self) -> int:
        if not self.settles:
            raise Killed
        return self.index.settle()


class _WatchedLedger(SyncLedger):
    def __init__(self, world: SmallWorld) -> None:
        super().__init__(world.database, CLOCK, source=world.source.name, on_change=world.source.on_change)
        self._world = world

    def commit(self, batch: Sequence[FileWrite], beside: Beside | None = None) -> Mapping[str, str]:
        action, self._world.before_commit = self._world.before_commit, None
        if action is not None:
            action()
        return super().commit(batch, beside)


def build_source(folder: Path, **facts: object) -> Source:
    """A folder source, approved and open to all unless told otherwise."""
    source = Source("brand", "folder", {"path": str(folder)}, status="approved", access=OPEN_TO_ALL)
    return replace(source, **facts)  # type: ignore[arg-type]


def open_small_database(home: Path) -> Database:
    """A new SQLite ledger."""
    home.mkdir(parents=True, exist_ok=True)
    return open_database(None, home=home, clock=CLOCK)


def as_pairs(rows: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Lines of a report by path."""
    return dict(rows)


MakeWorld = Callable[..., SmallWorld]
"""Opens a world over a new folder; the facts are those of its source."""
