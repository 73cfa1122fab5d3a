"""Receipts: one row for each answer, and which revisions it cited."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("receipt_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("understood", sa.Text(), nullable=False),
        sa.Column("question_salt", sa.String(length=64), nullable=False),
        sa.Column("asker", sa.String(length=200), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("asker_salt", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_receipts")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_receipts_receipt_id")),
    )
    op.create_index("ix_receipts_at", "receipts", ["at"], unique=False)
    op.create_index("ix_receipts_conversation", "receipts", ["conversation"], unique=False)
    op.create_table(
        "receipt_documents",
        sa.Column("receipt_id", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_id"],
            ["receipts.receipt_id"],
            name=op.f("fk_receipt_documents_receipt_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "receipt_id", "document_id", "revision", name=op.f("pk_receipt_documents")
        ),
    )
    op.create_index(
        "ix_receipt_documents_document_id", "receipt_documents", ["document_id"], unique=False
    )
