"""Tables of what is trusted in sources and how far they are known, beside those of core/tables.py."""

from sqlalchemy import JSON, Column, ForeignKey, String, Table, Text

from core.schema import Moment, metadata

# How far a source's changes are known. What a sync has listed waits beside it until everything of it is durable.
sync_cursors = Table(
    "sync_cursors",
    metadata,
    Column("source", String(80), ForeignKey("sources.name", ondelete="CASCADE"), primary_key=True),
    Column("cursor", Text),
    Column("basis", String(64), nullable=False, default=""),
    Column("listed_at", Moment),
    Column("waiting", JSON),
)

# When the next request may be made with a credential, over all processes.
request_turns = Table(
    "request_turns",
    metadata,
    Column("credential", String(160), primary_key=True),
    Column("next_at", Moment, nullable=False),
)

# What a curator or admin trusts in bulk: documents under `pattern` that say nothing themselves get this status.
trust_rules = Table(
    "trust_rules",
    metadata,
    Column("rule_id", String(40), primary_key=True),
    Column("source", String(80), ForeignKey("sources.name", ondelete="CASCADE"), nullable=False),
    Column("pattern", Text, nullable=False),
    Column("status", String(20)),
    Column("access", JSON),
    Column("reason", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),
)
