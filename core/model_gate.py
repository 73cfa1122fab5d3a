"""How long one question waits for the model, and how many ask it at once. Used by core/openai_model.py."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition
from time import monotonic

from core.llm import ModelDown, ModelUnavailable, QuestionWithdrawn
from core.withdrawal import Withdrawal

TOO_BUSY = "it is too busy"
TOOK_TOO_LONG = "it took too long"


@dataclass(frozen=True, slots=True)
class EndpointUse:
    """How we treat one endpoint: our place in its queue, how many requests at once, when it is left alone.

    `priority` is sent only where the dialect knows it; vLLM takes the lower number first.
    """

    priority: int | None = None
    in_flight: int = 8
    failures_before_rest: int = 3
    rest_seconds: float = 20.0


DEFAULT_USE = EndpointUse()


class Patience:
    """One question's wait: until `deadline` (monotonic clock), and only while somebody wants the answer."""

    def __init__(self, seconds: float, withdrawal: Withdrawal | None = None) -> None:
        self.seconds = seconds
        self.deadline = monotonic() + seconds
        self.withdrawal = withdrawal or Withdrawal()

    def seconds_left(self) -> float:
        """More than 0. Raises QuestionWithdrawn, and ModelDown when the time is over."""
        self.refuse_withdrawn()
        seconds = self.deadline - monotonic()
        if seconds <= 0:
            raise ModelDown(TOOK_TOO_LONG)
        return seconds

    def refuse_withdrawn(self) -> None:
        """Raise QuestionWithdrawn if it is."""
        if self.withdrawal.is_withdrawn:
            raise QuestionWithdrawn


class InFlightGate:
    """Lets `places` requests through at a time; the others wait in the order in which they came."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._queue: deque[Patience] = deque()
        self._changed = Condition()

    @contextmanager
    def take_place(self, patience: Patience) -> Iterator[None]:
        """Hold a place for the block. Raises ModelUnavailable when none gets free in time, or QuestionWithdrawn."""
        with patience.withdrawal.waking(self._wake):
            self._wait(patience)
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def _wait(self, patience: Patience) -> None:
        with self._changed:
            self._queue.append(patience)
            try:
                while self._free == 0 or self._queue[0] is not patience:
                    patience.refuse_withdrawn()
                    if not self._changed.wait(max(0.0, patience.deadline - monotonic())):
                        raise ModelUnavailable(TOO_BUSY)
                self._free -= 1
            finally:
                self._queue.remove(patience)
                self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
