"""Joins the doors of the index to real parts, by the settings. Called by whoever opens a world."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Lock

from core.clock import pause
from core.database import Database
from core.disk_space import DiskFull
from core.errors import OnbrandError, PermanentError
from core.index_builds import FINGERPRINT, find_generation
from core.ledger import IndexTask, Ledger
from core.settings import Settings
from core.vocabulary import Vocabulary
from core.world_facts import FIRST_GENERATION, IndexSwitched, read_fact, write_fact
from index.compare_index import FolderStore
from index.embedder import Embedder, EmbedderUnavailable
from index.embedders import is_same_embedder, name_index, open_asker_embedder, open_embedder
from index.generations import Generation, Generations
from index.index_mark import MARK_FILE
from index.keyword_vectors import KeywordVectors
from index.live_parts import LiveEmbedder, LiveFolderStore, LiveSearch, LiveStore
from index.passage_store import PassageStore
from index.places import COLLECTION, FolderPlace, IndexPlace, choose_place, describe_server
from index.repair import keep_in_step
from index.reranker import open_reranker
from index.search import PassageSearch
from index.settle import settle_index
from index.spelling import Spelling
from index.store_errors import WrongDimension

__all__ = [
    "COLLECTION",
    "FINGERPRINT",
    "Index",
    "IndexDoor",
    "IndexMismatch",
    "describe_server",
    "open_index",
]

# Between the ledger's switch and that of this process lie milliseconds.
SWITCH_PAUSE_SECONDS = 0.02

_log = logging.getLogger(__name__)


class IndexMismatch(PermanentError):
    """The index was built with another embedder or prefix than is named now: they must not be mixed."""

    def __init__(self, built_by: str, named: str) -> None:
        super().__init__(
            f"the index was built by {built_by!r}, the settings and this version now name {named!r}; vectors of "
            "both must not be mixed. Nothing was changed. Either set ONBRAND_EMBEDDER and its settings back, or "
            "run `onbrand reindex`: it builds a new index from the stored text by what is named now (nobody is "
            "answered until it has ended; with the settings set back, `onbrand reindex --with NAME=VALUE` "
            "builds it while the old one answers)"
        )


@dataclass(frozen=True, slots=True)
class IndexDoor:
    """Opens generations of this world's index, each with a search of its own."""

    settings: Settings
    place: IndexPlace
    ledger: Ledger
    keyword_vectors: KeywordVectors
    vocabulary: Vocabulary

    def open_beside(
        self, number: int, embedder: Embedder, settings: Settings, *, current: Generation | None
    ) -> Generation:
        """A generation to be written while the current one answers.

        Where both have the same embedder they share it, and its reranker: models are large.
        """
        if current is not None and current.embedder.fingerprint == embedder.fingerprint:
            store = self._open_store(number, current.embedder)
            opened = Generation(number, store, current.embedder, replace(current.search, store=store))
        else:
            opened = self.open(number, embedder, settings)
        if isinstance(opened.store, FolderStore):
            # It is written to without a word of it there: should all end here, the next start looks at everything.
            (opened.store.folder / MARK_FILE).unlink(missing_ok=True)
        return opened

    def open(self, number: int, embedder: Embedder, settings: Settings) -> Generation:
        """One generation for this embedder, which the settings name."""
        store = self._open_store(number, embedder)
        search = PassageSearch(
            store=store,
            embedder=open_asker_embedder(settings, embedder),
            keyword_vectors=self.keyword_vectors,
            ledger=self.ledger,
            reranker=open_reranker(settings),
            spelling=Spelling(self.vocabulary),
        )
        return Generation(number, store, embedder, search)

    def _open_store(self, number: int, embedder: Embedder) -> PassageStore:
        return self.place.open(number, fingerprint=name_index(embedder), dimension=embedder.dimension)


@dataclass(frozen=True, slots=True)
class Index:
    """An open index with everything that reads or writes it, whichever generation answers.

    `held` gives the same with the parts of one generation, whose `number` it bears.
    """

    store: PassageStore
    embedder: Embedder
    keyword_vectors: KeywordVectors
    search: PassageSearch
    ledger: Ledger
    vocabulary: Vocabulary
    restore: "RestorePassages | None" = None
    settling: Lock = field(default_factory=Lock)
    generations: Generations | None = None
    door: IndexDoor | None = None
    rebuilding: Lock = field(default_factory=Lock)
    number: int = FIRST_GENERATION

    @contextmanager
    def held(self) -> Iterator["Index"]:
        """The index for one batch of writes: its parts stay together and open until the block ends.

        What was written counts only if `number` still answers in the very transaction that makes it count
        (core.world_facts.check_generation); else it is written again. Raises IndexMismatch in a process whose
        embedder is not that of the index any more.
        """
        if self.generations is None:
            yield self
            return
        self.generations.follow()
        with self.generations.using() as generation:
            yield self.narrow(generation)

    def narrow(self, to: Generation) -> "Index":
        """The same with the parts of this generation."""
        return replace(
            self, store=to.store, embedder=to.embedder, search=to.search, generations=None, number=to.number
        )

    def settle(self) -> int:
        """See index.settle. One at a time: an older look at the ledger must not be written after a newer one."""
        with self.settling:
            while True:
                try:
                    with self.held() as held:
                        restore = partial(self.restore, held) if self.restore is not None else None
                        return settle_index(self.ledger, held.store, restore, generation=held.number)
                except IndexSwitched:
                    pause(SWITCH_PAUSE_SECONDS)


RestorePassages = Callable[[Index, IndexTask], object]
"""Writes the passages of a document's kept revisions anew; ingest.restore_passages, which knows how text is cut."""


@contextmanager
def open_index(
    settings: Settings,
    database: Database,
    restore: RestorePassages | None = None,
    *,
    to_rebuild: bool = False,
) -> Iterator[Index]:
    """Open the index that the settings name; raises IndexInUse when another process owns the folder.

    `to_rebuild` opens one of another embedder too: every use raises IndexMismatch until a new one is in its place.
    """
    ledger, vocabulary = Ledger(database, review_days=settings.review_days), Vocabulary(database)
    place = choose_place(settings)
    door = IndexDoor(settings, place, ledger, KeywordVectors(), vocabulary)
    try:
        first, refusal = _open_current(door, database), None
    except IndexMismatch as mismatch:
        if not to_rebuild:
            raise
        first, refusal = None, mismatch
    generations = _join_generations(door, database, first, refusal)
    try:
        index = _join(door, generations, restore)
        with keep_in_step(index, database):
            if first is not None:
                _settle_at_start(index)
            yield index
    finally:
        generations.close()


def _open_current(door: IndexDoor, database: Database) -> Generation:
    """The generation that the ledger names. Raises IndexMismatch."""
    built_by, number = read_fact(database, FINGERPRINT), find_generation(database)
    embedder = open_embedder(door.settings, built_by=built_by)
    try:
        current = door.open(number, embedder, door.settings)
    except WrongDimension as error:
        raise IndexMismatch(built_by or str(error), name_index(embedder)) from error
    try:
        _check_fingerprint(database, name_index(embedder), is_empty=current.store.count() == 0)
        # A switch that was killed half-way: the ledger has it, whoever looks from outside does not yet.
        door.place.publish(number)
    except BaseException:
        current.store.close()
        raise
    return current


def _join_generations(
    door: IndexDoor, database: Database, first: Generation | None, refusal: OnbrandError | None
) -> Generations:
    def follow(number: int) -> Generation | None:
        if find_generation(database) == number:
            return None
        return _open_current(door, database)

    # Folders have one owner, and that one switches itself.
    is_shared = door.settings.qdrant_url is not None and first is not None
    return Generations(first, refusal=refusal, follow=follow if is_shared else None)


def _join(door: IndexDoor, generations: Generations, restore: RestorePassages | None) -> Index:
    store = LiveFolderStore(generations) if isinstance(door.place, FolderPlace) else LiveStore(generations)
    first = generations.current
    search = LiveSearch(
        store=store,
        # For those who compare texts with each other and remember vectors: always the same model.
        embedder=first.search.embedder if first else LiveEmbedder(generations),
        keyword_vectors=door.keyword_vectors,
        ledger=door.ledger,
        spelling=Spelling(door.vocabulary),
        generations=generations,
    )
    return Index(
        store,
        LiveEmbedder(generations),
        door.keyword_vectors,
        search,
        door.ledger,
        door.vocabulary,
        restore,
        generations=generations,
        door=door,
    )


def _settle_at_start(index: Index) -> None:
    try:
        index.settle()
    except (DiskFull, EmbedderUnavailable) as error:
        # What is settled already goes on answering; the rest stays silent until a later settling succeeds.
        _log.warning("the index cannot follow the ledger: %s", error)


def _check_fingerprint(database: Database, named: str, *, is_empty: bool) -> None:
    built_by = read_fact(database, FINGERPRINT)
    if built_by == named:
        return
    if built_by is None or is_empty:
        write_fact(database, FINGERPRINT, named)
    elif is_same_embedder(built_by, named):
        # The same vectors of text that was cut otherwise: it answers well, and a new index answers better.
        _log.warning("the index was cut by an older version (%s): run `onbrand reindex`", built_by)
    else:
        raise IndexMismatch(built_by, named)
