"""The one list of tables. Changed only together with a new file in core/migrations/versions/."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """A point in time, always in UTC: SQLite forgets the zone that PostgreSQL keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring to UTC before the zone is lost."""
        return value.astimezone(UTC) if value is not None and value.tzinfo is not None else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back the zone."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# What the index was built with, and other single facts about this world.
world_facts = Table(
    "world_facts",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("type", String(40), nullable=False),
    Column("options", JSON, nullable=False),
    Column("brand", String(120)),
    Column("status", String(20), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("access", JSON, nullable=False),
    Column("on_change", String(20), nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("last_sync", JSON),
    Column("last_synced_at", Moment),
)

# One row for each file of a source as last seen, so that an unchanged one costs a hash and nothing more.
files = Table(
    "files",
    metadata,
    Column("source", String(80), ForeignKey("sources.name", ondelete="CASCADE"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("declared_hash", String(64), nullable=False),
    Column("error", Text),
    Column("seen_at", Moment, nullable=False),
)

# `declared` is what the source says, `curated` what curators' acts say; the plain columns are what holds now.
documents = Table(
    "documents",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("source", String(80), ForeignKey("sources.name", ondelete="CASCADE"), nullable=False),
    Column("path", Text, nullable=False),
    Column("part", Text, nullable=False, default=""),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("owner", String(200)),
    Column("classification", String(20), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("brand", String(120)),
    Column("status", String(20), nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("access", JSON, nullable=False),
    Column("declared", JSON, nullable=False),
    Column("curated", JSON, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("latest_revision", Integer, nullable=False),
    Column("answering_revision", Integer),
    Column("updated", Moment),
    Column("is_settled", Boolean, nullable=False, default=True),
    Column("removed_at", Moment),
    UniqueConstraint("source", "path", "part"),
    Index("ix_documents_source_status", "source", "status"),
)

revisions = Table(
    "revisions",
    metadata,
    Column(
        "document_id", String(40), ForeignKey("documents.document_id", ondelete="CASCADE"), primary_key=True
    ),
    Column("number", Integer, primary_key=True),
    Column("text_hash", String(64), nullable=False),
    Column("status", String(20), nullable=False),
    Column("passages", Integer, nullable=False),
    Column("parsed", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# Every word that some passage holds: what a misspelt word of a question can be corrected to.
vocabulary = Table("vocabulary", metadata, Column("word", String(60), primary_key=True))

people = Table(
    "people",
    metadata,
    Column("email", String(200), primary_key=True),
    Column("name", String(200), nullable=False, default=""),
    Column("role", String(20)),
    Column("active", Boolean, nullable=False, default=True),
)

# A member is `user:EMAIL` or `group:NAME`; `origin` says who put it there, so that its end can be theirs too.
memberships = Table(
    "memberships",
    metadata,
    Column("group_name", String(120), primary_key=True),
    Column("member", String(220), primary_key=True),
    Column("origin", String(40), primary_key=True),
)

# Append-only and hash-chained: each row's hash covers the row before.
audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("act", String(60), nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# One row for each message that onbrand answers in Slack: the row's insert is the claim, so a repeated event is
# answered once, whichever process it reaches. `question` is emptied when the answer is posted.
slack_events = Table(
    "slack_events",
    metadata,
    Column("event_key", String(120), primary_key=True),
    Column("team_id", String(40), nullable=False),
    Column("channel_id", String(40), nullable=False),
    Column("message_ts", String(40), nullable=False),
    Column("thread_ts", String(40), nullable=False),
    Column("user_id", String(40), nullable=False),
    Column("is_direct", Boolean, nullable=False),
    Column("is_external", Boolean, nullable=False),
    Column("question", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("worker", String(80), nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("lease_until", Moment, nullable=False),
    Column("posted_ts", String(40)),
    Index("ix_slack_events_state", "state"),
)
