"""The list of tables, beside job_tables.py and source_tables.py. A change is a new file of migrations/versions."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from core.schema import Moment, metadata

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
    # A removed source stays until its name is used again, so that its removal can be undone.
    Column("removed_at", Moment),
    # A cron line or `every N minutes`; after so many hours without a sync its answers say so.
    Column("schedule", String(120)),
    Column("next_sync_at", Moment),
    # Rules that turn what the source says of its files (labels, folders, titles) into metadata.
    Column("mapping", JSON, nullable=False, default=list),
    Column("stale_after_hours", Integer),
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
    # True where the error says why there is nothing to read, and nothing has failed.
    Column("is_skipped", Boolean, nullable=False, default=False),
    Column("seen_at", Moment, nullable=False),
    # The source's own version of what was read: listed again with it, the file is not fetched.
    Column("version", Text, nullable=False, default=""),
)

# `declared` is what the source says, `curated` what curators' acts say; the plain columns are what holds now.
documents = Table(
    "documents",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("source", String(80), ForeignKey("sources.name", ondelete="CASCADE"), nullable=False),
    Column("path", Text, nullable=False),
    Column("part", Text, nullable=False, default=""),
    # The source's own id of the file, by which it is known again wherever it is moved.
    Column("item_id", Text, nullable=False, default=""),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("owner", String(200)),
    Column("classification", String(20), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("brand", String(120)),
    Column("status", String(20), nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    # `reviewed_on` is the day on which the answering revision was approved or looked at; `review_by` is a curator's.
    Column("reviewed_on", Date),
    Column("review_by", Date),
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

# Other e-mails of a person: whoever writes from one of them is that person.
aliases = Table(
    "aliases",
    metadata,
    Column("alias", String(200), primary_key=True),
    Column("email", String(200), ForeignKey("people.email", ondelete="CASCADE"), nullable=False),
)

# A role for the documents of one brand, beside or instead of the role for all.
brand_roles = Table(
    "brand_roles",
    metadata,
    Column("email", String(200), ForeignKey("people.email", ondelete="CASCADE"), primary_key=True),
    Column("brand", String(120), primary_key=True),
    Column("role", String(20), nullable=False),
)

# A member is `user:EMAIL` or `group:NAME`; `origin` says who put it there, so that its end can be theirs too.
memberships = Table(
    "memberships",
    metadata,
    Column("group_name", String(120), primary_key=True),
    Column("member", String(220), primary_key=True),
    Column("origin", String(120), primary_key=True),
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
    # Acts of one command on many subjects share it, so that they can be undone together.
    Column("batch", String(40)),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# A question without an answer; like questions are joined by the vector of the first one.
gaps = Table(
    "gaps",
    metadata,
    Column("gap_id", String(40), primary_key=True),
    Column("question", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("brand", String(120)),
    Column("why", Text, nullable=False),
    Column("nearest", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Index("ix_gaps_state", "state"),
)

gap_questions = Table(
    "gap_questions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("gap_id", String(40), ForeignKey("gaps.gap_id", ondelete="CASCADE"), nullable=False),
    Column("asker", String(200), nullable=False),
    Column("question", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# One row for each answer: what was asked, what was shown, and what proves it; hash-chained as the audit is. The texts
# and names (with what they are hashed with) are outside the hash, so that they can be emptied without breaking it.
receipts = Table(
    "receipts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("receipt_id", String(40), nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("question", Text, nullable=False),
    Column("understood", Text, nullable=False),
    Column("question_salt", String(64), nullable=False),
    Column("asker", String(200), nullable=False),
    Column("conversation", String(200), nullable=False),
    Column("asker_salt", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_receipts_conversation", "conversation"),
    Index("ix_receipts_at", "at"),
)

# Which revisions an answer cited, so that a document's answers are found.
receipt_documents = Table(
    "receipt_documents",
    metadata,
    Column("receipt_id", String(40), ForeignKey("receipts.receipt_id", ondelete="CASCADE"), primary_key=True),
    Column("document_id", String(40), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Index("ix_receipt_documents_document_id", "document_id"),
)

# Fixed text for a question, served word for word as long as its evidence stands.
official_answers = Table(
    "official_answers",
    metadata,
    Column("answer_id", String(40), primary_key=True),
    Column("questions", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("brand", String(120)),
    Column("valid_until", Date),
    Column("owner", String(200)),
    Column("added_at", Moment, nullable=False),
    Column("retired_at", Moment),
)

# What must not be erased or thinned out for now: one person's traces, or (without e-mail) everybody's.
holds = Table(
    "holds",
    metadata,
    Column("hold_id", String(40), primary_key=True),
    Column("email", String(200)),
    Column("reason", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("released_at", Moment),
)

# What holds in one Slack channel. `quote_characters`: longer sentences are linked there instead of quoted.
channel_settings = Table(
    "channel_settings",
    metadata,
    Column("team_id", String(40), primary_key=True),
    Column("channel_id", String(40), primary_key=True),
    Column("quote_characters", Integer),
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
