"""The index that answers now, exchanged in one step: what has begun ends on the old one, what begins finds the new one.

Made by index/assembly.py; exchanged by ingest/reindex.py.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Lock
from time import monotonic

from core.errors import OnbrandError
from index.embedder import Embedder
from index.passage_store import PassageStore
from index.search import PassageSearch

# Another process may have switched. Until it is noticed the kept index answers, so a second is soon enough.
FOLLOW_SECONDS = 1.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Generation:
    """One index with all that fits it. `embedder` is for passages; that for askers is the search's own."""

    number: int
    store: PassageStore
    embedder: Embedder
    search: PassageSearch


Follow = Callable[[int], Generation | None]
"""Given the number that is in use here, opens the one that answers by now; None while it is the same."""


@dataclass(slots=True)
class _Shelf:
    generation: Generation
    users: int = 0
    is_retired: bool = False


class Generations:
    """Hands out the generation in use and counts who uses it; an old one is closed when the last has left."""

    def __init__(
        self, first: Generation | None, *, refusal: OnbrandError | None = None, follow: Follow | None = None
    ) -> None:
        """Without a first one, every use raises `refusal` until one has been put in its place."""
        self._changed = Condition()
        self._current = _Shelf(first) if first else None
        self._retired: list[_Shelf] = []
        self._refusal = refusal
        self._follow = follow
        self._following = Lock()
        self._looked_at = monotonic()

    @property
    def current(self) -> Generation | None:
        """The one in use, uncounted: only to name it."""
        return self._current.generation if self._current else None

    @contextmanager
    def using(self) -> Iterator[Generation]:
        """The generation in use, open until the block ends, whatever is exchanged meanwhile."""
        self._follow_if_due()
        shelf = self._enter()
        try:
            yield shelf.generation
        finally:
            self._leave(shelf)

    def follow(self) -> None:
        """Look now whether another process has switched. Raises IndexMismatch where this one cannot follow."""
        if self._follow is None:
            return
        with self._following:
            self._looked_at = monotonic()
            now = self._follow(self._current.generation.number if self._current else 0)
            if now is not None:
                self.exchange(now)

    def exchange(self, new: Generation) -> None:
        """From now on `new` is used."""
        with self._changed:
            old, self._current = self._current, _Shelf(new)
            if old is not None:
                old.is_retired = True
                self._retired.append(old)
        self._close_unused()

    def wait_until_closed(self, number: int, *, seconds: float) -> bool:
        """Whether nobody uses this retired generation any more."""
        with self._changed:
            return self._changed.wait_for(
                lambda: all(one.generation.number != number for one in self._retired), seconds
            )

    def close(self) -> None:
        """Close all of them, used or not: the process ends."""
        with self._changed:
            shelves = [*self._retired, *([self._current] if self._current else [])]
            self._retired = []
        for shelf in shelves:
            shelf.generation.store.close()

    def _enter(self) -> _Shelf:
        with self._changed:
            if self._current is None:
                raise self._refusal or AssertionError("no generation and no reason why")
            self._current.users += 1
            return self._current

    def _leave(self, shelf: _Shelf) -> None:
        with self._changed:
            shelf.users -= 1
        if shelf.is_retired:
            self._close_unused()

    def _close_unused(self) -> None:
        with self._changed:
            unused = [shelf for shelf in self._retired if shelf.users == 0]
            for shelf in unused:
                # Inside the lock: who waits for the folder must find it free.
                shelf.generation.store.close()
                self._retired.remove(shelf)
            self._changed.notify_all()

    def _follow_if_due(self) -> None:
        if self._follow is None or monotonic() - self._looked_at < FOLLOW_SECONDS or self._following.locked():
            return
        try:
            self.follow()
        except OnbrandError as error:
            # The kept index goes on answering; whoever writes is refused (Index.held).
            _log.warning("the index was exchanged by another process and cannot be followed: %s", error)
