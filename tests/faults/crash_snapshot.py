"""What a world has come to (ledger and index), in a form that can be compared with that of another world."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import qdrant_edge as edge
from sqlalchemy import Row, func, select

from core.database import Database
from core.job_tables import job_files, taken_revisions
from core.tables import documents, files, revisions
from index.edge_store import EdgePassageStore
from tests.fakes.embedding_endpoint import DIMENSION

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """Documents and files by path; passages by (document, how many revisions were before, ordinal)."""

    documents: Mapping[str, Any]
    files: Mapping[str, Any]
    points: Mapping[tuple[str, int, int], Any]
    highest: Mapping[str, int]
    """Number of each document's latest revision: with gaps where a worker's number was given up."""
    orphans: int
    """Passages of revisions that the ledger does not know: nobody ever sees them."""
    doubles: int
    """Files that were ingested twice in one job."""


def take_snapshot(database: Database, payloads: list[Payload]) -> Snapshot:
    """Read all of it."""
    with database.read() as connection:
        rows = connection.execute(select(documents)).all()
        numbers = connection.execute(select(revisions).order_by(revisions.c.number)).all()
        seen = connection.execute(select(files)).all()
        taken = connection.execute(select(taken_revisions.c.document_id)).scalars().all()
        twice = select(job_files.c.path).where(job_files.c.state == "ingested")
        doubles = connection.execute(
            twice.group_by(job_files.c.job_id, job_files.c.path).having(func.count() > 1)
        ).all()
    ranks = _rank(numbers)
    known = [one for one in payloads if (one["document_id"], one["revision"]) in ranks]
    points = {
        (one["document_id"], ranks[one["document_id"], one["revision"]], one["ordinal"]): one for one in known
    }
    assert len(points) == len(known), "a passage is in the index twice"
    assert taken == [], f"numbers of revisions are still taken: {taken}"
    return Snapshot(
        documents={f"{row.path} {row.removed_at is None}": _describe(row, numbers, ranks) for row in rows},
        files={row.path: (row.content_hash, row.declared_hash, row.error) for row in seen},
        points={key: {**one, "revision": key[1]} for key, one in points.items()},
        highest={row.document_id: row.latest_revision for row in rows},
        orphans=len(payloads) - len(known),
        doubles=len(doubles),
    )


def read_embedded_points(home: Path) -> list[Payload]:
    """Every point of an index folder that nobody has open."""
    store = EdgePassageStore(home / "index" / "passages", DIMENSION)
    try:
        return read_points(store._shard)
    finally:
        store.close()


def read_points(shard: edge.EdgeShard) -> list[Payload]:
    """Every point of a shard."""
    records, following = shard.scroll(edge.ScrollRequest(limit=100_000, with_payload=True, with_vector=False))
    assert following is None
    return [record.payload or {} for record in records]


def find_differences(found: Snapshot, clean: Snapshot) -> list[str]:
    """In words, what is not as in the clean run; empty when all is."""
    said: list[str] = []
    for name in ("documents", "files", "points"):
        here, there = getattr(found, name), getattr(clean, name)
        said += [f"{name}: {key} is missing" for key in there.keys() - here.keys()]
        said += [f"{name}: {key} should not be there" for key in here.keys() - there.keys()]
        same = here.keys() & there.keys()
        said += [f"{name}: {key}: {here[key]} != {there[key]}" for key in same if here[key] != there[key]]
    return sorted(said)


def _rank(numbers: Any) -> dict[tuple[str, int], int]:
    before: Counter[str] = Counter()
    ranks = {}
    for row in numbers:
        ranks[row.document_id, row.number] = before[row.document_id]
        before[row.document_id] += 1
    return ranks


def _describe(row: Row[Any], numbers: Any, ranks: Mapping[tuple[str, int], int]) -> dict[str, Any]:
    own = [one for one in numbers if one.document_id == row.document_id]
    return {
        "id": row.document_id,
        "title": row.title,
        "status": row.status,
        "access": row.access,
        "is_settled": row.is_settled,
        "latest": ranks[row.document_id, row.latest_revision],
        "answering": ranks.get((row.document_id, row.answering_revision)),
        "revisions": [(one.text_hash, one.status, one.passages, one.parsed) for one in own],
    }
