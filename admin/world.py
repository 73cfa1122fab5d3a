"""One world (an ONBRAND_HOME, or a database with a Qdrant server), opened with all its parts. Used by every command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from admin.job_desk import JobDesk
from bot.assembly import Answering, open_answering
from bot.watched import WatchedPipeline
from core.access import LOCAL_OWNER, Person
from core.acts import AuditedActs
from core.audit_log import AuditLog
from core.channel_acts import ChannelActs
from core.channel_settings import ChannelSettings
from core.clock import Clock
from core.database import Database, open_database
from core.document_acts import DocumentActs
from core.errors import PermanentError
from core.gap_acts import GapActs
from core.jobs import Jobs
from core.ledger import Ledger
from core.official_acts import OfficialActs
from core.people import People
from core.people_acts import PeopleActs
from core.person_traces import PersonTraces
from core.retention import KeptDays, Retention
from core.retention_acts import RetentionActs
from core.settings import Settings
from core.source_acts import SourceActs
from core.sources import Sources
from core.trust import TrustRules
from core.trust_acts import TrustActs
from core.undo import UndoActs
from core.version import record_version
from core.workers import Workers
from index.assembly import Index, open_index
from ingest.restore_passages import restore_passages


class HomeUnusable(PermanentError):
    """ONBRAND_HOME cannot be made or written."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything open. One instance for one process; its parts may be used from any thread."""

    settings: Settings
    clock: Clock
    database: Database
    acts: AuditedActs
    index: Index
    ledger: Ledger
    sources: Sources
    people: People
    source_acts: SourceActs
    trust_rules: TrustRules
    trust_acts: TrustActs
    document_acts: DocumentActs
    people_acts: PeopleActs
    undo_acts: UndoActs
    audit_log: AuditLog
    retention: Retention
    retention_acts: RetentionActs
    person_traces: PersonTraces
    channel_settings: ChannelSettings
    channel_acts: ChannelActs
    gap_acts: GapActs
    official_acts: OfficialActs
    answering: Answering
    pipeline: WatchedPipeline
    jobs: Jobs
    desk: JobDesk

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
        record_version(database)
        with open_index(settings, database, restore_passages) as index:
            answering = open_answering(settings, index, database, clock)
            try:
                yield _join(settings, clock, database, index, answering=answering)
            finally:
                answering.close()
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


def _join(
    settings: Settings, clock: Clock, database: Database, index: Index, *, answering: Answering
) -> World:
    acts = AuditedActs(database, clock, settle_index=index.settle)
    jobs = Jobs(database, clock)
    return World(
        settings=settings,
        clock=clock,
        database=database,
        acts=acts,
        index=index,
        ledger=index.ledger,
        sources=Sources(database, clock),
        people=People(
            database,
            admins=settings.admins,
            unknown=settings.unknown_people,
            deactivated=settings.deactivated_people,
        ),
        source_acts=SourceActs(acts, clock),
        trust_rules=TrustRules(database),
        trust_acts=TrustActs(acts, clock),
        document_acts=DocumentActs(acts),
        people_acts=PeopleActs(acts),
        undo_acts=UndoActs(acts, database),
        audit_log=AuditLog(database, clock, acts),
        retention=Retention(
            database,
            clock,
            acts,
            days=KeptDays(settings.question_days, settings.audit_days, settings.receipt_days),
        ),
        retention_acts=RetentionActs(acts, clock),
        person_traces=PersonTraces(database, acts),
        channel_settings=ChannelSettings(database, quote_characters=settings.quote_characters),
        channel_acts=ChannelActs(acts, most=settings.quote_characters),
        gap_acts=GapActs(acts),
        official_acts=OfficialActs(acts, clock),
        answering=answering,
        pipeline=answering.pipeline,
        jobs=jobs,
        desk=JobDesk(jobs, Workers(database, clock), is_shared=settings.is_shared),
    )
