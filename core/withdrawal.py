"""Says that nobody waits for an answer any more. Handed along with a question; heeded by core/openai_model.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock


class Withdrawal:
    """Withdrawn once, for good, from any thread; whoever waits for the model is woken by it."""

    def __init__(self) -> None:
        self._guarding = Lock()
        self._is_withdrawn = False
        self._wakers: list[Callable[[], None]] = []

    @property
    def is_withdrawn(self) -> bool:
        """True from the moment of `withdraw` on."""
        return self._is_withdrawn

    def withdraw(self) -> None:
        """Nobody wants the answer: requests are cut, waits end. Calling it again does nothing new."""
        with self._guarding:
            self._is_withdrawn = True
            wakers = tuple(self._wakers)
        for wake in wakers:
            wake()

    @contextmanager
    def waking(self, wake: Callable[[], None]) -> Iterator[None]:
        """Call `wake` when the question is withdrawn within the block, or at once when it is already."""
        with self._guarding:
            self._wakers.append(wake)
            is_late = self._is_withdrawn
        try:
            if is_late:
                wake()
            yield
        finally:
            with self._guarding:
                self._wakers.remove(wake)
