"""Where the generations of an index lie: folders of ONBRAND_HOME, or collections of a server.

Called by index/assembly.py; only here are the concrete stores known.
"""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from core.settings import Settings
from core.world_facts import FIRST_GENERATION
from index.passage_store import PassageStore

if TYPE_CHECKING:
    from index.qdrant_collection import CollectionPlan, ServerState
    from index.qdrant_server import QdrantServer

COLLECTION = "onbrand_passages"


class IndexPlace(Protocol):
    """Opens, publishes and removes generations."""

    def open(self, number: int, *, fingerprint: str, dimension: int) -> PassageStore:
        """The store of one generation, made when absent. Raises what the stores raise."""

    def publish(self, number: int) -> None:
        """Whoever looks from outside finds this generation from now on. Repeatable."""

    def discard(self, number: int) -> None:
        """Its passages are removed for good; nothing happens when there are none."""


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """Folders below `index`: the first generation where it always was, each later one in a folder of its own."""

    folder: Path

    def open(self, number: int, *, fingerprint: str, dimension: int) -> PassageStore:  # noqa: ARG002 - folders are named by number
        """Raises IndexInUse, IndexDamaged or WrongDimension."""
        from index.edge_store import EdgePassageStore

        return EdgePassageStore(self.locate(number), dimension)

    def publish(self, number: int) -> None:
        """The ledger alone says which folder answers."""

    def discard(self, number: int) -> None:
        """Remove the folder."""
        place = self.locate(number)
        shutil.rmtree(place if number == FIRST_GENERATION else place.parent, ignore_errors=True)

    def locate(self, number: int) -> Path:
        """The folder of a generation."""
        return self.folder / ("passages" if number == FIRST_GENERATION else f"g{number:04d}/passages")


@dataclass(frozen=True, slots=True)
class ServerPlace:
    """Collections of a server, with the alias in front of the one that answers."""

    server: "QdrantServer"
    plan: "CollectionPlan"

    def open(self, number: int, *, fingerprint: str, dimension: int) -> PassageStore:
        """Raises what open_qdrant raises."""
        from index.qdrant_store import open_qdrant

        plan = replace(self.plan, generation=number, fingerprint=fingerprint, dimension=dimension)
        return open_qdrant(self.server, plan)

    def publish(self, number: int) -> None:
        """One request by which the alias leads to this generation's collection."""
        from index.qdrant_store import publish_collection

        publish_collection(self.server, self.plan.alias, number)

    def discard(self, number: int) -> None:
        """Delete the collection, unless the alias leads to it."""
        from index.qdrant_store import discard_collection

        discard_collection(self.server, self.plan.alias, number)


def choose_place(settings: Settings) -> IndexPlace:
    """As the settings say; nothing is opened or asked yet."""
    if settings.qdrant_url is None:
        return FolderPlace(settings.home / "index")
    # Imported here: the client costs a second that the embedded default need not pay.
    from index.qdrant_collection import CollectionPlan

    plan = CollectionPlan(COLLECTION, "", 0, shards=settings.qdrant_shards, replicas=settings.qdrant_replicas)
    return ServerPlace(_name_server(settings, settings.qdrant_url), plan)


def describe_server(settings: Settings, url: str) -> "ServerState":
    """What a Qdrant server says of itself and of our collection; changes nothing. Raises as opening does."""
    from index.qdrant_store import describe_qdrant

    return describe_qdrant(_name_server(settings, url), COLLECTION)


def _name_server(settings: Settings, url: str) -> "QdrantServer":
    from index.qdrant_server import QdrantServer

    key = settings.qdrant_key.get_secret_value() if settings.qdrant_key else None
    return QdrantServer(url, key, ca=settings.qdrant_ca, allow_open=settings.qdrant_allow_open)
