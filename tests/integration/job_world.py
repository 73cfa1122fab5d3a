"""A world whose jobs are carried out in this process: at once by the caller, or by a worker on the real engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from core.access import LOCAL_OWNER, OPEN_TO_ALL, Person
from core.acts import AuditedActs
from core.clock import Clock, Stopwatch, pause
from core.database import Database
from core.errors import OnbrandError
from core.job_tables import job_files
from core.jobs import JobKind, JobRequest, JobRow, Jobs
from core.ledger import DocumentRow, Ledger
from core.settings import Settings
from core.source_acts import SourceActs
from core.sources import Source, Sources
from core.sync_ledger import Writer
from core.vocabulary import Vocabulary
from index.assembly import Index
from index.edge_store import EdgePassageStore
from index.embedder import EmbedderUnavailable
from index.keyword_vectors import KeywordVectors
from index.passage_store import Scope
from index.search import PassageSearch
from index.spelling import Spelling
from ingest.restore_passages import restore_passages
from ingest.run_here import RunWhole, run_here
from ingest.worker import Worker, WorkerPlan
from tests.fakes.hash_embedder import HashEmbedder
from tests.integration.small_world import CLOCK, DAY, READER, open_small_database

LONGEST_SECONDS = 30


class WatchedEmbedder(HashEmbedder):
    """Can be down, and calls somebody before each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.rest()

    def rest(self) -> None:
        """As new."""
        self.failures = 0
        """So many calls fail; −1: all of them."""
        self.calls = 0
        self.on_call: Callable[[Sequence[str]], None] = lambda _texts: None

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, or a failure that is the endpoint's."""
        self.calls += 1
        self.on_call(texts)
        if self.failures:
            self.failures -= 1
            raise EmbedderUnavailable("the endpoint does not answer")
        return super().embed_passages(texts)


@dataclass
class JobWorld:
    """What the steps of jobs take of an open world; without a worker the caller carries jobs out itself."""

    home: Path
    settings: Settings
    database: Database
    index: Index
    embedder: WatchedEmbedder
    runners: dict[str, RunWhole] = field(default_factory=dict)
    worker: Worker | None = None
    clock: Clock = CLOCK

    def __post_init__(self) -> None:
        self.jobs, self.sources = Jobs(self.database, CLOCK), Sources(self.database, CLOCK)
        self.ledger = Ledger(self.database)
        self.source_acts = SourceActs(
            AuditedActs(self.database, CLOCK, settle_index=self.index.settle), CLOCK
        )

    def add_source(self, name: str) -> "Kit":
        """An approved folder, open to all."""
        folder = self.home / "folders" / name
        folder.mkdir(parents=True)
        source = Source(name, "folder", {"path": str(folder)}, status="approved", access=OPEN_TO_ALL)
        self.source_acts.add(source, by=LOCAL_OWNER)
        return Kit(self, name, folder)

    def start_worker(self) -> None:
        """A worker that looks often, and takes one batch at a time."""
        self.worker = Worker(self, build_plan(self))
        self.worker.start()

    def finish(self, *jobs: JobRow) -> list[JobRow]:
        """The jobs when they have ended; their errors are in their rows."""
        return [self._finish(job) for job in jobs]

    def _finish(self, job: JobRow) -> JobRow:
        if self.worker is None:
            with suppress(OnbrandError, ZeroDivisionError):
                run_here(self, job, self.runners, writer=Writer(), tell=lambda _progress: None)
        else:
            self.worker.wake()
        watch = Stopwatch()
        while (now := self.jobs.get(job.job_id)).is_under_way:
            assert watch.milliseconds() < LONGEST_SECONDS * 1000, now
            pause(0.02)
        return now


@dataclass
class Kit:
    """One source of the world."""

    world: JobWorld
    name: str
    folder: Path

    @property
    def word(self) -> str:
        """Stands in each of its documents."""
        return f"word{self.name[-8:]}"

    def write(self, path: str, text: str | bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # Each source has a word of its own, by which its passages are found among those of all tests.
        own = f" Of {self.word}." if path.endswith(".md") else ""
        target.write_bytes(text if isinstance(text, bytes) else (text + own).encode())

    def write_many(self, count: int, word: str = "teal") -> None:
        """`00.md`, `01.md` and so on."""
        for number in range(count):
            self.write(f"{number:02}.md", f"# Guide {number}\n\nOur colour is {word}{number:02}.")

    def ask(self, kind: JobKind = "sync", **wishes: Any) -> JobRow:
        return self.world.jobs.ask(JobRequest(kind, self.name, wishes, "Ada"))

    def sync(self, kind: JobKind = "sync", **wishes: Any) -> Mapping[str, Any]:
        """The report of a job that is done."""
        (job,) = self.world.finish(self.ask(kind, **wishes))
        assert (job.state, job.error) == ("done", None)
        assert job.report is not None
        return job.report

    def says(self, word: str, asker: Person = READER) -> set[str]:
        """Paths of this source that are found with this very word in them."""
        found = self.world.index.search.find(f"{self.word} {word}", Scope(asker=asker, on=DAY), limit=200)
        return {
            one.document.path
            for one in found
            if one.document.source == self.name and word.lower() in one.passage.text.lower()
        }

    def read_rows(self) -> dict[str, DocumentRow]:
        """Documents by path, removed ones left out."""
        rows = self.world.ledger.list_documents()
        return {row.document.path: row for row in rows if row.document.source == self.name}

    def list_job_files(self, job: JobRow) -> list[str]:
        """Paths in the order in which the job reads them."""
        query = select(job_files.c.path).where(job_files.c.job_id == job.job_id).order_by(job_files.c.number)
        with self.world.database.read() as connection:
            return list(connection.execute(query).scalars())


@contextmanager
def open_job_world(home: Path, *, with_worker: bool) -> Iterator[JobWorld]:
    """A new world; its worker takes one batch at a time."""
    database, embedder = open_small_database(home), WatchedEmbedder()
    store = EdgePassageStore(home / "index", embedder.dimension)
    keywords, vocabulary, ledger = KeywordVectors(), Vocabulary(database), Ledger(database)
    search = PassageSearch(
        store=store,
        embedder=embedder,
        keyword_vectors=keywords,
        ledger=ledger,
        spelling=Spelling(vocabulary),
    )
    index = Index(store, embedder, keywords, search, ledger, vocabulary, restore_passages)
    world = JobWorld(home, Settings.from_environment(ONBRAND_HOME=home), database, index, embedder)
    try:
        if with_worker:
            world.start_worker()
        yield world
    finally:
        if world.worker is not None:
            world.worker.stop()
        store.close()
        database.close()


def build_plan(world: JobWorld) -> WorkerPlan:
    """A worker that looks often and never ends the process of the tests."""
    return WorkerPlan(
        "tests",
        is_alone=True,
        runners=world.runners,
        batches_at_once=1,
        polling=0.02,
        leave=lambda: None,
    )
