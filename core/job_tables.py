"""The tables of jobs, workers and index builds; they join the list of core/tables.py. Read there first."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from core.schema import Moment, metadata

# One row for each sync, re-index or upkeep that was asked for, and how it ended.
job_runs = Table(
    "job_runs",
    metadata,
    Column("job_id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    # The source of a sync, else empty.
    Column("subject", String(80), nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("asked_by", String(200), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("worker", String(120)),
    # How often it was begun: a job that is resumed is begun once more.
    Column("attempt", Integer, nullable=False, default=1),
    Column("cancel_asked", Boolean, nullable=False, default=False),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("current", Text, nullable=False, default=""),
    Column("report", JSON),
    Column("error", Text),
    Index("ix_job_runs_state", "state"),
)

# What a sync has found to read, in its order, and what became of it; `attempts` counts how often it was begun.
job_files = Table(
    "job_files",
    metadata,
    Column("job_id", String(40), ForeignKey("job_runs.job_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("reference", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("outcome", JSON),
    Index("ix_job_files_state", "job_id", "state"),
)

# Who works, and whose writes count: a worker that was called dead finds its epoch raised and may write no more.
workers = Table(
    "workers",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("version", String(40), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("beat_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

# A revision's number is taken before its passages are written, so that two workers never write the same one.
taken_revisions = Table(
    "taken_revisions",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("holder", String(160), nullable=False),
)

# An index that is, was, or is being built beside the one that answers.
index_builds = Table(
    "index_builds",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("report", JSON),
)

# What a build holds already: the mark of each document's text and facts as they were written.
index_build_documents = Table(
    "index_build_documents",
    metadata,
    Column(
        "generation",
        Integer,
        ForeignKey("index_builds.generation", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("document_id", String(40), primary_key=True),
    Column("mark", String(64), nullable=False),
)
