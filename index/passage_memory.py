"""Remembers passages that were read lately, decoded. Used by index/edge_store.py, the only writer of its index.

Questions find and widen the same few passages again and again; who may read them is asked of the index every time.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any, Literal

from index.payload import StoredPassage, read_stored

ChosenPayload = Literal["none", "whole"]
Scroll = Callable[[Collection[str], ChosenPayload], Mapping[str, Mapping[str, Any]]]
"""Gives those of the points that pass a filter now, by id."""

MOST_REMEMBERED = 8_192
"""About 16 MB of text and offsets."""


class PassageMemory:
    """By point id; emptied by every write. Safe to share between threads."""

    def __init__(self, *, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._lock = Lock()
        self._passages: dict[str, StoredPassage] = {}
        self._version = 0
        self._is_written = False

    def read(self, point_ids: Collection[str], scroll: Scroll) -> dict[str, StoredPassage]:
        """What those points hold that pass the filter of `scroll`; of what is remembered it is asked for no payload."""
        version = self._version
        known = self._recall(point_ids).keys()
        passing = scroll(known, "none") if known else {}
        # Taken only now: what was written since they passed is not remembered any more.
        remembered = self._recall(passing)
        missing = set(point_ids) - remembered.keys()
        payloads = scroll(missing, "whole") if missing else {}
        fresh = {point_id: read_stored(payload) for point_id, payload in payloads.items()}
        self._keep(fresh, version)
        return remembered | fresh

    @contextmanager
    def emptied(self) -> Iterator[None]:
        """Nothing is remembered while the block writes, nor what was read before its end. One writer at a time."""
        self._empty(is_written=True)
        try:
            yield
        finally:
            self._empty(is_written=False)

    def _empty(self, *, is_written: bool) -> None:
        with self._lock:
            self._is_written = is_written
            self._version += 1
            self._passages = {}

    def _recall(self, point_ids: Iterable[str]) -> dict[str, StoredPassage]:
        with self._lock:
            known = self._passages
            return {point_id: known[point_id] for point_id in point_ids if point_id in known}

    def _keep(self, passages: Mapping[str, StoredPassage], version: int) -> None:
        """Unless something was written since `version`; the oldest give way."""
        with self._lock:
            if self._is_written or version != self._version:
                return
            self._passages |= passages
            while len(self._passages) > self._most:
                del self._passages[next(iter(self._passages))]
