"""An embedder for those who wait for an answer: while it is down, nobody waits for it. Opened by index/embedders.py."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from core.circuit import Circuit, Outcome, Resting
from index.embedder import Embedder, EmbedderUnavailable

REST_SECONDS = 30.0


class EmbedderResting(EmbedderUnavailable):
    """It failed a moment ago and is not asked again yet."""

    def __init__(self, failure: str, seconds: float) -> None:
        super().__init__(f"not asked, for it failed a moment ago (next try in {seconds:.0f} s): {failure}")


class AskerEmbedder:
    """Passes everything on; after a question that failed, all calls fail at once until the rest is over.

    Then one question tries it, while the others are still turned away. Thread-safe as far as `inner` is.
    """

    def __init__(
        self,
        inner: Embedder,
        *,
        rest_seconds: float = REST_SECONDS,
        read_seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._inner = inner
        self._circuit = Circuit(failures=1, rest_seconds=rest_seconds, read_seconds=read_seconds)

    @property
    def dimension(self) -> int:
        """Numbers in one vector."""
        return self._inner.dimension

    @property
    def fingerprint(self) -> str:
        """That of the embedder inside."""
        return self._inner.fingerprint

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[n, dimension], unit length. That many texts take too long says nothing about questions."""
        with _turning_away():
            self._circuit.refuse_while_resting()
        return self._inner.embed_passages(texts)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """[dimension], unit length. Raises EmbedderResting without asking, else what the embedder raises."""
        with _turning_away(), self._circuit.watch(_judge):
            return self._inner.embed_question(text)

    def warm_up(self) -> None:
        """Ask for one vector."""
        self.embed_question("warm up")


@contextmanager
def _turning_away() -> Iterator[None]:
    try:
        yield
    except Resting as resting:
        raise EmbedderResting(resting.failure, resting.seconds) from None


def _judge(error: BaseException) -> Outcome:
    # A text that the model refuses is an answer too.
    return "is down" if isinstance(error, EmbedderUnavailable) else "works"
