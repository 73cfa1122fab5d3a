"""A small world whose index can be exchanged: opened as the product opens it, with hashed words for vectors."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.access import LOCAL_OWNER
from core.acts import ADMINS, ActRequest, AuditedActs, Change
from core.clock import Clock
from core.index_builds import IndexBuilds
from core.settings import Settings, list_settings
from index import assembly
from index.assembly import open_index
from ingest import reindex
from ingest.assembly import open_sync
from ingest.look import SyncWishes
from ingest.reindex import Reindex, Reindexing, roll_back
from ingest.reindex_report import ReindexReport
from ingest.restore_passages import restore_passages
from ingest.sync_report import SyncReport
from tests.fakes.hash_embedder import HashEmbedder
from tests.integration.small_world import CLOCK, SmallWorld, build_source, open_small_database

Progress = Callable[[Mapping[str, Any]], None]


class ExchangingWorld(SmallWorld):
    """One folder source over an index that `open_index` has opened; `settings` name the embedder."""

    settings: Settings
    made: dict[str, HashEmbedder]

    def sync(self, **wishes: Any) -> SyncReport:
        """One sync, opened as the product opens it."""
        walk = open_sync(self, self.source)
        walk.wishes = SyncWishes(**wishes)
        return walk.run()

    @property
    def clock(self) -> Clock:
        """A fixed day."""
        return CLOCK

    def reindex(
        self, on_progress: Progress = lambda _progress: None, *, embedder: str = "", **more: Any
    ) -> ReindexReport:
        """One re-index to its end; `embedder` names another one by its dimension."""
        return Reindex(self.join(embedder, **more)).run(on_progress, lambda: False)

    def roll_back(self, *, embedder: str = "") -> ReindexReport:
        """Back to the kept index."""
        return roll_back(self.join(embedder), lambda _progress: None, lambda: False)

    def join(self, embedder: str = "", **more: Any) -> Reindexing:
        """The parts of a re-index, by the local owner."""
        settings = (
            self.settings.model_copy(update={"embedder_model": embedder}) if embedder else self.settings
        )
        return Reindexing(self.index, self.builds, settings, self._act, **more)

    @property
    def builds(self) -> IndexBuilds:
        """The list of generations."""
        return IndexBuilds(self.database, CLOCK)

    @property
    def number(self) -> int:
        """The generation in use in this process."""
        assert self.index.generations is not None
        assert self.index.generations.current is not None
        return self.index.generations.current.number

    def read_points(self) -> dict[str, Any]:
        """Every point of the index in use: id -> payload and vectors."""
        with self.index.held() as held:
            shard = held.store._shard  # type: ignore[attr-defined]
            return read_shard(shard)

    def _act(self, name: str, change: Change) -> None:
        acts = AuditedActs(self.database, CLOCK, settle_index=self.index.settle)
        acts.perform(ActRequest(name, "index", LOCAL_OWNER, "", ADMINS), change)


def read_shard(shard: Any) -> dict[str, Any]:
    """Every point of an edge shard: id -> payload and vectors."""
    import qdrant_edge as edge

    wanted = edge.ScrollRequest(limit=10_000, with_payload=True, with_vector=True)
    records, _ = shard.scroll(wanted)
    return {str(one.id): (one.payload, describe_vectors(one.vector)) for one in records}


def describe_vectors(vectors: Any) -> Any:
    """Dense and sparse vector, comparable."""
    sparse = vectors["bm25"]
    weights = sorted(zip(sparse.indices, (round(value, 5) for value in sparse.values), strict=True))
    return [round(value, 5) for value in vectors["dense"]], weights


@contextmanager
def opened_world(
    home: Path, monkeypatch: pytest.MonkeyPatch, *, to_rebuild: bool = False, **settings: Any
) -> Iterator[ExchangingWorld]:
    """Open the world in `home`, a new one or again; embedders are named by their dimension."""
    made: dict[str, HashEmbedder] = {}

    def open_embedder(named: Settings, *, built_by: str | None = None) -> HashEmbedder:
        size = named.embedder_model or "64"
        return made.setdefault(size, HashEmbedder(int(size)))

    for module in (assembly, reindex):
        monkeypatch.setattr(module, "open_embedder", open_embedder)
    for name in list_settings():
        monkeypatch.delenv(name, raising=False)
    folder = home / "folder"
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    named = Settings.from_environment(ONBRAND_HOME=str(home), **settings)
    database = open_small_database(home)
    try:
        with open_index(named, database, restore_passages, to_rebuild=to_rebuild) as index:
            world = _join(folder, database, index, is_new=is_new)
            world.settings, world.made = named, made
            yield world
    finally:
        database.close()


def _join(folder: Path, database: Any, index: Any, *, is_new: bool) -> ExchangingWorld:
    source = build_source(folder)
    if is_new:
        world = ExchangingWorld(folder, database, index.store, index.embedder, source)
    else:
        world = _OpenedAgain(folder, database, index.store, index.embedder, source)
    world.index, world.ledger = index, index.ledger
    return world


class _OpenedAgain(ExchangingWorld):
    def __post_init__(self) -> None:
        """As the first time, but the source is there already."""
        source, self.source = (
            self.source,
            self.source.__class__(
                **{name: getattr(self.source, name) for name in self.source.__slots__} | {"name": "spare"}
            ),
        )
        try:
            super().__post_init__()
        finally:
            self.source = source
