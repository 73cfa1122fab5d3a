"""Leaves something that is down alone for a while. Used by core/openai_model.py and index/asker_embedder.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Literal

from core.errors import TransientError

Outcome = Literal["works", "is down", "says nothing"]


class Resting(TransientError):
    """It failed again and again just now and is not asked; `seconds` until the next try, `failure` as it was said."""

    def __init__(self, seconds: float, failure: str) -> None:
        self.seconds = seconds
        self.failure = failure
        super().__init__(f"not asked for another {seconds:.0f} s, for it failed just now: {failure}")


class Circuit:
    """Opens after `failures` in a row, for `rest_seconds`. Then one caller tries, while the others are turned away.

    Thread-safe. The try decides: it works and all may ask again, or the rest begins anew.
    """

    def __init__(
        self, *, failures: int, rest_seconds: float, read_seconds: Callable[[], float] = monotonic
    ) -> None:
        self._most = failures
        self._rest_seconds = rest_seconds
        self._read_seconds = read_seconds
        self._guarding = Lock()
        self._failed = 0
        self._failure = ""
        self._rests_until = 0.0
        self._is_tried = False

    @property
    def is_open(self) -> bool:
        """True from the failure that was one too many until a try works."""
        with self._guarding:
            return self._is_open

    def refuse_while_resting(self) -> None:
        """Raise Resting unless it may be asked now. For calls whose own ending shall teach nothing."""
        with self._guarding:
            self._refuse()

    @contextmanager
    def watch(self, judge: Callable[[BaseException], Outcome]) -> Iterator[None]:
        """One call. Raises Resting instead of making it; `judge` says what an error of the block means."""
        is_try = self._begin()
        try:
            yield
        except BaseException as error:
            self._learn(judge(error), str(error), is_try=is_try)
            raise
        self._learn("works", "", is_try=is_try)

    @property
    def _is_open(self) -> bool:
        return self._failed >= self._most

    def _refuse(self) -> None:
        left = self._rests_until - self._read_seconds()
        if self._is_open and (self._is_tried or left > 0):
            raise Resting(max(1.0, left), self._failure)

    def _begin(self) -> bool:
        with self._guarding:
            self._refuse()
            if self._is_open:
                self._is_tried = True
                self._rests_until = self._read_seconds() + self._rest_seconds
            return self._is_open

    def _learn(self, outcome: Outcome, failure: str, *, is_try: bool) -> None:
        with self._guarding:
            # A call that began before the rest and fails during it is no news: the rest is not made longer.
            begins_rest = is_try or not self._is_open
            if is_try:
                self._is_tried = False
                self._rests_until = self._read_seconds()
            if outcome == "works":
                self._failed = 0
            if outcome == "is down":
                self._failed += 1
                self._failure = failure
                if begins_rest:
                    self._rests_until = self._read_seconds() + self._rest_seconds
