"""One world (an ONBRAND_HOME, or a database with a Qdrant server), opened with all its parts. Used by every command."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from zoneinfo import ZoneInfo

from bot.answer.pipeline import AnswerPipeline
from bot.assembly import open_pipeline
from core.access import LOCAL_OWNER, Person
from core.acts import AuditedActs
from core.clock import Clock
from core.database import Database, open_database
from core.document_acts import DocumentActs
from core.errors import PermanentError
from core.ledger import Ledger
from core.people import People
from core.people_acts import PeopleActs
from core.settings import Settings
from core.source_acts import SourceActs
from core.sources import Sources
from index.assembly import Index, open_index


class HomeUnusable(PermanentError):
    """ONBRAND_HOME cannot be made or written."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything open. One instance for one process; its parts may be used from any thread."""

    settings: Settings
    clock: Clock
    database: Database
    index: Index
    ledger: Ledger
    sources: Sources
    people: People
    source_acts: SourceActs
    document_acts: DocumentActs
    people_acts: PeopleActs
    pipeline: AnswerPipeline
    sync_locks: defaultdict[str, Lock] = field(default_factory=lambda: defaultdict(Lock))

    def identify(self, email: str | None) -> Person:
        """The asker of a command: `--as EMAIL`, else the local owner."""
        return LOCAL_OWNER if email is None else self.people.identify(email)


@contextmanager
def open_world(settings: Settings) -> Iterator[World]:
    """Open all parts; raises IndexInUse when another process owns this home's index."""
    clock = Clock(ZoneInfo(settings.timezone), settings.today)
    make_home(settings)
    database = open_database(settings.database_url, home=settings.home, clock=clock)
    try:
        with open_index(settings, database) as index:
            yield _join(settings, clock, database, index)
    finally:
        database.close()


def make_home(settings: Settings) -> None:
    """Make the folder of state, readable by its owner alone."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise HomeUnusable(
            f"the folder {settings.home} cannot be made ({error.strerror}); set ONBRAND_HOME to one that can"
        ) from error


def _join(settings: Settings, clock: Clock, database: Database, index: Index) -> World:
    acts = AuditedActs(database, clock, settle_index=index.settle)
    return World(
        settings=settings,
        clock=clock,
        database=database,
        index=index,
        ledger=index.ledger,
        sources=Sources(database, clock),
        people=People(database, admins=settings.admins),
        source_acts=SourceActs(acts, clock),
        document_acts=DocumentActs(acts),
        people_acts=PeopleActs(acts),
        pipeline=open_pipeline(settings, index),
    )
