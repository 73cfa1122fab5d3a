"""What the ledger notes of the index as a whole, and what it does when that proves wrong. Called by index/repair.py."""

from collections.abc import Collection

from sqlalchemy import delete, update

from core.database import Database
from core.job_tables import index_build_documents
from core.ledger import IDS_PER_QUERY
from core.tables import documents

INDEX_MARK = "index_mark"
"""Name of the world fact that pairs ledger and index: the folder of the index carries the same mark."""


def unsettle(database: Database, document_ids: Collection[str]) -> None:
    """The index does not follow the ledger in these: they are silent from this write on, until it is settled."""
    wanted = sorted(document_ids)
    with database.write() as connection:
        for start in range(0, len(wanted), IDS_PER_QUERY):
            some = documents.c.document_id.in_(wanted[start : start + IDS_PER_QUERY])
            connection.execute(update(documents).where(some).values(is_settled=False))


def forget_builds(database: Database) -> None:
    """What other generations are said to hold is not believed any more: they are written anew when used."""
    with database.write() as connection:
        connection.execute(delete(index_build_documents))
