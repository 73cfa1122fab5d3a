"""Joins the doors of ingest to real parts. Called by whoever runs a sync."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from core.acts import AuditedActs
from core.clock import Clock
from core.database import Database
from core.errors import UsageError
from core.people_acts import PeopleActs
from core.request_turns import RequestTurns
from core.secrets import pick_secrets
from core.settings import Settings
from core.source_groups import SourceGroups
from core.source_settings import read_source_variables
from core.sources import Source
from core.sync_cursors import SyncCursors
from core.sync_ledger import SyncLedger, Writer
from core.trust import TrustRules
from index.assembly import Index
from ingest.connectors.connector import Connector
from ingest.connectors.options import COMMON_OPTIONS, SourceSetup, SourceType
from ingest.connectors.registry import find_type
from ingest.ingest_batch import IndexParts
from ingest.sandbox.limits import ParseLimits
from ingest.sandbox.process import set_parse_limits
from ingest.sync_source import SourceSync


class OpenWorld(Protocol):
    """What a sync takes of an open world."""

    @property
    def settings(self) -> Settings:
        """Limits of files."""

    @property
    def database(self) -> Database:
        """Holds the ledger."""

    @property
    def clock(self) -> Clock:
        """Says what time it is."""

    @property
    def index(self) -> Index:
        """Takes the passages."""


def open_source(world: OpenWorld, source: Source) -> Connector:
    """The connector of a source, with this installation's limits and the source's secrets."""
    _set_parse_limits(world.settings)
    source_type = find_type(source.type)
    unknown = set(source.options) - {one.name for one in (*source_type.options, *COMMON_OPTIONS)}
    if unknown:
        allowed = ", ".join(f"--{one.name}" for one in source_type.options if not one.is_secret)
        raise UsageError(f"a {source.type} source has no --{min(unknown)}; allowed: {allowed}")
    secret_names = [one.name for one in source_type.options if one.is_secret]
    variables = read_source_variables(world.settings.secrets_file) if secret_names else {}
    setup = SourceSetup(
        name=source.name,
        options=source.options,
        secrets=pick_secrets(source.name, secret_names, variables),
        max_bytes=int(world.settings.max_file_megabytes * 1_000_000),
        take_turn=_open_turns(world, source_type),
        specs=source_type.options,
    )
    return source_type.open(setup)


def _set_parse_limits(settings: Settings) -> None:
    # Here, because whoever reads files has opened their source: a preview as much as a sync.
    limits = ParseLimits(
        seconds=settings.parse_seconds,
        memory_megabytes=settings.parse_megabytes,
        most_pages=settings.parse_pages,
        ocr_languages="" if settings.ocr_languages == "none" else settings.ocr_languages,
    )
    set_parse_limits(limits)


def _open_turns(world: OpenWorld, source_type: SourceType) -> Callable[[], None]:
    if not source_type.requests_per_second:
        return lambda: None
    # One for all sources of a type: whoever counts (a DAM, say) counts by address, not by source.
    turns = RequestTurns(world.database, world.clock, source_type.name, source_type.requests_per_second)
    return turns.take


def open_sync(world: OpenWorld, source: Source, *, writer: Writer | None = None) -> SourceSync:
    """A sync of one source, ready to run."""
    acts = AuditedActs(world.database, world.clock, settle_index=lambda: None)
    return SourceSync(
        source=source,
        connector=open_source(world, source),
        ledger=SyncLedger(
            world.database, world.clock, source=source.name, on_change=source.on_change, writer=writer
        ),
        hold_parts=lambda: _hold_parts(world.index),
        trust=TrustRules(world.database),
        cursors=SyncCursors(world.database, world.clock, source.name, (writer or Writer()).guard),
        groups=SourceGroups(world.database, PeopleActs(acts)),
        most_removed_percent=world.settings.most_removed_percent,
    )


@contextmanager
def _hold_parts(index: Index) -> Iterator[IndexParts]:
    with index.held() as one:
        yield IndexParts(
            one.store,
            one.embedder,
            one.keyword_vectors,
            one.ledger,
            one.vocabulary,
            index.settle,
            generation=one.number,
        )
