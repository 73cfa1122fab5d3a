"""An embedder for those who wait for an answer: while it is down, nobody waits for it. Opened by index/embedders.py."""

from collections.abc import Callable, Sequence
from threading import Lock
from time import monotonic

import numpy as np
from numpy.typing import NDArray

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
        self._rest_seconds = rest_seconds
        self._read_seconds = read_seconds
        self._guarding = Lock()
        self._failure: str | None = None
        self._rests_until = 0.0

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
        with self._guarding:
            self._refuse_while_resting()
        return self._inner.embed_passages(texts)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """[dimension], unit length. Raises EmbedderResting without asking, else what the embedder raises."""
        with self._guarding:
            self._refuse_while_resting()
            # One asker tries at a time once it has failed: the others are not kept waiting beside it.
            self._rests_until = self._read_seconds() + self._rest_seconds
        failure: str | None = None
        try:
            return self._inner.embed_question(text)
        except EmbedderUnavailable as error:
            failure = str(error)
            raise
        finally:
            self._remember(failure)

    def warm_up(self) -> None:
        """Ask for one vector."""
        self.embed_question("warm up")

    def _refuse_while_resting(self) -> None:
        left = self._rests_until - self._read_seconds()
        if self._failure is not None and left > 0:
            raise EmbedderResting(self._failure, left)

    def _remember(self, failure: str | None) -> None:
        with self._guarding:
            self._failure = failure
            self._rests_until = self._read_seconds() + self._rest_seconds
