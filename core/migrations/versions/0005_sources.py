"""What sources with changes, permissions and limits of their own need."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "request_turns",
        sa.Column("credential", sa.String(length=160), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("credential", name=op.f("pk_request_turns")),
    )
    op.create_table(
        "sync_cursors",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.name"], name=op.f("fk_sync_cursors_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_sync_cursors")),
    )
    op.add_column("sources", sa.Column("mapping", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("files", sa.Column("version", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "files", sa.Column("is_skipped", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("documents", sa.Column("item_id", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("memberships") as batch:
        batch.alter_column(
            "origin",
            existing_type=sa.String(length=40),
            type_=sa.String(length=120),
            existing_nullable=False,
        )
