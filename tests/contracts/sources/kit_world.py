"""A small world over a kit, and all that can be seen of it. Used by the contract and by the process that it kills."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.access import LOCAL_OWNER, Person
from core.sources import Source
from core.sync_plan import dump_access
from index.edge_store import EdgePassageStore
from ingest.connectors.connector import Connector
from tests.contracts.sources.kit import ANN, BOB
from tests.fakes.hash_embedder import HashEmbedder
from tests.integration.small_world import SmallWorld, open_small_database

STRANGER = "stranger@elsewhere.example"


@contextmanager
def open_kit_world(source: Source, connector: Connector, home: Path) -> Iterator[SmallWorld]:
    """A new world, or the one that lies there."""
    is_new, embedder = not (home / "index").exists(), HashEmbedder()
    database = open_small_database(home)
    store = EdgePassageStore(home / "index", embedder.dimension)
    world = SmallWorld(home, database, store, embedder, source, connector=connector, is_new=is_new)
    world.index.settle()  # as the product does when it opens a world
    for one in (ANN, BOB) if is_new else ():
        world.people_acts.add_person(str(one.email), by=LOCAL_OWNER)
    try:
        yield world
    finally:
        store.close()
        database.close()


def describe_world(world: SmallWorld) -> Mapping[str, Any]:
    """Everything that a person could notice, but for ids and numbers of revisions."""
    rows = [row.document for row in world.ledger.list_documents()]
    people: list[Person] = [world.people.identify(one) for one in (ANN.email, BOB.email, STRANGER)]
    return {
        "documents": sorted(
            (one.path, one.title, one.facts.status, str(dump_access(one.facts.access)), one.url or "")
            for one in rows
        ),
        "texts": {
            str(person.email): sorted(
                (found.document.path, found.passage.text) for found in world.find("stands", asker=person)
            )
            for person in people
        },
    }
