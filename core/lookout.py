"""Asks something that may never answer, and waits a while at most. Used by admin/probes.py."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock, Thread
from typing import Generic, TypeVar

from core.clock import Stopwatch
from core.errors import TransientError

T = TypeVar("T")


class NoAnswerInTime(TransientError):
    """What was asked has not answered yet; it is not asked a second time meanwhile."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(f"{name} has not answered within {seconds:g} s")


class Lookout(Generic[T]):
    """One question, asked on a thread of its own. However many wait and however long it takes, one thread is stuck."""

    def __init__(self, name: str, ask: Callable[[], T], *, seconds: float) -> None:
        self._name = name
        self._ask = ask
        self._seconds = seconds
        self._guarding = Lock()
        self._under_way: Future[T] = Future()
        self._under_way.cancel()
        self._watch = Stopwatch()

    def read(self) -> T:
        """The answer as of now; raises NoAnswerInTime, or what asking raises. Whoever comes meanwhile shares it.

        The seconds run from when it was asked: what has been stuck for long is not waited for again.
        """
        future = self._join()
        with suppress(TimeoutError):
            return future.result(self._seconds_left())
        if future.done():
            # The time-out was its own, or it ended at this very moment.
            return future.result()
        raise NoAnswerInTime(self._name, self._seconds)

    def close(self) -> None:
        """Wait, as long as a reader would, for what is being asked: what it asks is about to be closed."""
        with suppress(Exception):
            self._under_way.exception(self._seconds)

    def _join(self) -> Future[T]:
        with self._guarding:
            if self._under_way.done():
                self._under_way, self._watch = Future(), Stopwatch()
                # A thread of a pool would be waited for when the process ends, however stuck it is.
                Thread(
                    target=self._run, args=(self._under_way,), name=f"look-{self._name}", daemon=True
                ).start()
            return self._under_way

    def _seconds_left(self) -> float:
        return max(0.0, self._seconds - self._watch.milliseconds() / 1000)

    def _run(self, future: Future[T]) -> None:
        try:
            future.set_result(self._ask())
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            future.set_exception(error)
