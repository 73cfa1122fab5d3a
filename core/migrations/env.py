"""Where alembic enters: runs the numbered files of versions/ on the connection that core.database hands over."""

from alembic import context

import core.job_tables
import core.source_tables
import core.tables  # noqa: F401 - both fill the list of tables
from core.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
