"""The collections of an index, one for each generation, and the alias in front of one. Called by qdrant_store.py.

An open store keeps to its collection: a search that has begun ends there, whatever the alias is switched to.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from core.world_facts import FIRST_GENERATION
from index.payload import INTEGER_FIELDS, KEYWORD_FIELDS
from index.store_errors import NameTaken, WrongDimension

CONFLICT = 409
SCHEMA = {
    **dict.fromkeys(KEYWORD_FIELDS, models.PayloadSchemaType.KEYWORD),
    **dict.fromkeys(INTEGER_FIELDS, models.PayloadSchemaType.INTEGER),
}


@dataclass(frozen=True, slots=True)
class CollectionPlan:
    """The alias, and what a collection behind it is made like. `fingerprint` names what its vectors come from."""

    alias: str
    fingerprint: str
    dimension: int
    shards: int = 1
    replicas: int = 1
    generation: int = FIRST_GENERATION

    @property
    def collection(self) -> str:
        """The versioned name: the first one is named after its embedder, later ones after their number."""
        if self.generation != FIRST_GENERATION:
            return name_later(self.alias, self.generation)
        return f"{self.alias}_{sha256(self.fingerprint.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class ServerState:
    """A server's version and what stands behind the alias. `collection` is None before the first start."""

    version: str
    alias: str
    collection: str | None = None
    points: int = 0
    indexes: tuple[str, ...] = ()
    missing_indexes: tuple[str, ...] = ()


def open_collection(client: QdrantClient, plan: CollectionPlan, *, host: str) -> str:
    """The plan's collection, whole; the first generation gets the alias. Raises NameTaken or WrongDimension.

    Several processes may do this at once, and again after a kill: each step is skipped when done.
    """
    if plan.generation != FIRST_GENERATION:
        create_collection(client, plan)
        complete_indexes(client, plan.collection, dimension=plan.dimension)
        return plan.collection
    known = find_generation(client, plan.alias, FIRST_GENERATION)
    if known is None:
        refuse_plain_collection(client, plan.alias, host=host)
        create_collection(client, plan)
    complete_indexes(client, known or plan.collection, dimension=plan.dimension)
    if find_collection(client, plan.alias) is None:
        # Last: who finds the alias finds a collection with all its indexes.
        switch_alias(client, plan.alias, known or plan.collection)
    return known or plan.collection


def name_later(alias: str, generation: int) -> str:
    """The collection of a generation after the first."""
    return f"{alias}_g{generation:04d}"


def find_generation(client: QdrantClient, alias: str, generation: int) -> str | None:
    """The collection of a generation, None when there is none. The first has the alias until another one gets it."""
    present = {one.name for one in client.get_collections().collections}
    if generation != FIRST_GENERATION:
        name = name_later(alias, generation)
        return name if name in present else None
    served = find_collection(client, alias)
    if served is not None and not re.fullmatch(rf"{re.escape(alias)}_g\d+", served):
        return served
    first = re.compile(rf"{re.escape(alias)}_[0-9a-f]{{8}}") if served is not None else None
    return next((name for name in sorted(present) if first and first.fullmatch(name)), None)


def find_collection(client: QdrantClient, alias: str) -> str | None:
    """The collection that the alias stands for."""
    aliases = client.get_aliases().aliases
    return next((one.collection_name for one in aliases if one.alias_name == alias), None)


def refuse_plain_collection(client: QdrantClient, alias: str, *, host: str) -> None:
    """A collection of an older version has the alias's own name, and no alias can be put in its place."""
    if alias in {one.name for one in client.get_collections().collections}:
        raise NameTaken(host, alias)


def create_collection(client: QdrantClient, plan: CollectionPlan) -> None:
    """The plan's collection, empty and not served yet; one that exists is left as it is."""
    try:
        client.create_collection(
            plan.collection,
            vectors_config={
                "dense": models.VectorParams(size=plan.dimension, distance=models.Distance.COSINE)
            },
            sparse_vectors_config={"bm25": models.SparseVectorParams(modifier=models.Modifier.IDF)},
            shard_number=plan.shards,
            replication_factor=plan.replicas,
        )
    except UnexpectedResponse as error:
        if error.status_code != CONFLICT:  # another process was first
            raise


def complete_indexes(client: QdrantClient, collection: str, *, dimension: int) -> None:
    """Every field that a filter reads gets its index. Raises WrongDimension for a collection of other vectors."""
    info = client.get_collection(collection)
    vectors = info.config.params.vectors
    stored = vectors["dense"].size if isinstance(vectors, dict) and "dense" in vectors else 0
    if stored != dimension:
        raise WrongDimension(stored, dimension, what=f"the collection {collection!r}")
    for field in SCHEMA.keys() - info.payload_schema.keys():
        client.create_payload_index(collection, field, SCHEMA[field], wait=True)


def publish_generation(client: QdrantClient, alias: str, generation: int) -> None:
    """Let the alias lead to a generation, in one request; none is sent when it does already."""
    wanted = find_generation(client, alias, generation)
    if wanted is not None and wanted != find_collection(client, alias):
        switch_alias(client, alias, wanted)


def discard_generation(client: QdrantClient, alias: str, generation: int) -> None:
    """Delete a generation's collection, unless the alias leads to it."""
    unwanted = find_generation(client, alias, generation)
    if unwanted is not None and unwanted != find_collection(client, alias):
        client.delete_collection(unwanted)


def switch_alias(client: QdrantClient, alias: str, collection: str) -> None:
    """From now on the alias stands for this collection: one request, no search in between."""
    create = models.CreateAlias(collection_name=collection, alias_name=alias)
    client.update_collection_aliases([models.CreateAliasOperation(create_alias=create)])


def describe_collection(client: QdrantClient, alias: str, *, version: str) -> ServerState:
    """What the alias stands for; changes nothing."""
    collection = find_collection(client, alias)
    if collection is None:
        return ServerState(version, alias)
    present = client.get_collection(collection).payload_schema.keys()
    return ServerState(
        version,
        alias,
        collection,
        points=client.count(collection, exact=True).count,
        indexes=tuple(sorted(SCHEMA.keys() & present)),
        missing_indexes=tuple(sorted(SCHEMA.keys() - present)),
    )
