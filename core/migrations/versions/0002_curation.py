"""Curation: trust in bulk, people, gaps, official answers, holds, channels."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _add_curation()
    _add_people()
    _add_questions()
    # Added in place: a table that is copied and dropped would take the rows that refer to it along.
    op.add_column("audit", sa.Column("batch", sa.String(length=40), nullable=True))
    op.add_column("documents", sa.Column("reviewed_on", sa.Date(), nullable=True))
    op.add_column("documents", sa.Column("review_by", sa.Date(), nullable=True))
    op.add_column("sources", sa.Column("removed_at", MOMENT, nullable=True))
    _note_audit_head()


def _note_audit_head() -> None:
    # From now on the last row is noted beside the rows; a chain that is older gets its note here.
    op.execute(
        "INSERT INTO world_facts (name, value) SELECT 'audit head', CAST(number AS VARCHAR(20)) || ':' || hash "
        "FROM audit WHERE number = (SELECT MAX(number) FROM audit)"
    )


def _add_curation() -> None:
    op.create_table(
        "trust_rules",
        sa.Column("rule_id", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("access", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.name"], name=op.f("fk_trust_rules_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rule_id", name=op.f("pk_trust_rules")),
    )
    op.create_table(
        "channel_settings",
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("quote_characters", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("team_id", "channel_id", name=op.f("pk_channel_settings")),
    )
    op.create_table(
        "holds",
        sa.Column("hold_id", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_holds")),
    )


def _add_people() -> None:
    op.create_table(
        "aliases",
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["email"], ["people.email"], name=op.f("fk_aliases_email"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_aliases")),
    )
    op.create_table(
        "brand_roles",
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("brand", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["email"], ["people.email"], name=op.f("fk_brand_roles_email"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("email", "brand", name=op.f("pk_brand_roles")),
    )


def _add_questions() -> None:
    op.create_table(
        "gaps",
        sa.Column("gap_id", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("brand", sa.String(length=120), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("nearest", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("gap_id", name=op.f("pk_gaps")),
    )
    op.create_index("ix_gaps_state", "gaps", ["state"], unique=False)
    op.create_table(
        "gap_questions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("gap_id", sa.String(length=40), nullable=False),
        sa.Column("asker", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["gap_id"], ["gaps.gap_id"], name=op.f("fk_gap_questions_gap_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_gap_questions")),
    )
    op.create_table(
        "official_answers",
        sa.Column("answer_id", sa.String(length=40), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("brand", sa.String(length=120), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_official_answers")),
    )
