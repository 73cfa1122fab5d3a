"""Joins the doors of ingest to real parts. Called by whoever runs a sync."""

from core.clock import Clock
from core.database import Database
from core.settings import Settings
from core.sources import Source
from core.sync_ledger import SyncLedger
from core.trust import TrustRules
from index.assembly import Index
from ingest.connectors.connector import Connector
from ingest.connectors.registry import open_connector
from ingest.ingest_batch import IndexParts
from ingest.sync_source import SourceSync


def open_source(settings: Settings, source: Source) -> Connector:
    """The connector of a source, with this installation's limits."""
    return open_connector(source, max_bytes=int(settings.max_file_megabytes * 1_000_000))


def open_sync(
    settings: Settings, database: Database, clock: Clock, index: Index, *, source: Source
) -> SourceSync:
    """A sync of one source, ready to run."""
    return SourceSync(
        source=source,
        connector=open_source(settings, source),
        ledger=SyncLedger(database, clock, source=source.name, on_change=source.on_change),
        parts=IndexParts(
            index.store,
            index.embedder,
            index.keyword_vectors,
            index.ledger,
            index.vocabulary,
            index.settle,
        ),
        report_progress=lambda _progress: None,
        trust=TrustRules(database),
    )
