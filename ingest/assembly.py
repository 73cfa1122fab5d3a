"""Joins the doors of ingest to real parts. Called by whoever runs a sync."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from core.clock import Clock
from core.database import Database
from core.settings import Settings
from core.sources import Source
from core.sync_ledger import SyncLedger, Writer
from core.trust import TrustRules
from index.assembly import Index
from ingest.connectors.connector import Connector
from ingest.connectors.registry import open_connector
from ingest.ingest_batch import IndexParts
from ingest.sync_source import SourceSync


def open_source(settings: Settings, source: Source) -> Connector:
    """The connector of a source, with this installation's limits."""
    return open_connector(source, max_bytes=int(settings.max_file_megabytes * 1_000_000))


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


def open_sync(world: OpenWorld, source: Source, *, writer: Writer | None = None) -> SourceSync:
    """A sync of one source, ready to run."""
    return SourceSync(
        source=source,
        connector=open_source(world.settings, source),
        ledger=SyncLedger(
            world.database, world.clock, source=source.name, on_change=source.on_change, writer=writer
        ),
        hold_parts=lambda: _hold_parts(world.index),
        trust=TrustRules(world.database),
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
