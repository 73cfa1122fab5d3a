"""Remembers the vectors of sentences that were compared lately. Wrapped around the embedder by bot/assembly.py.

Answers look at the same few documents again and again, and a sentence's vector never changes.
"""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder

MOST_REMEMBERED = 4_000
"""About 6 MB of vectors of 384 numbers."""


class RememberingEmbedder:
    """As the inner one; `embed_passages` computes only what it does not remember. Safe to share between threads."""

    def __init__(self, inner: Embedder, *, most: int = MOST_REMEMBERED) -> None:
        self._inner = inner
        self._most = most
        self._lock = Lock()
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    @property
    def dimension(self) -> int:
        """As the inner one."""
        return self._inner.dimension

    @property
    def fingerprint(self) -> str:
        """As the inner one."""
        return self._inner.fingerprint

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[n, dimension], unit length. Raises what the inner one raises; nothing is remembered then."""
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= dict(zip(missing, self._inner.embed_passages(missing), strict=True))
        self._remember(known)
        return np.array([known[text] for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """[dimension], unit length. Questions are seldom the same twice."""
        return self._inner.embed_question(text)

    def warm_up(self) -> None:
        """As the inner one."""
        self._inner.warm_up()

    def _remember(self, vectors: dict[str, NDArray[np.float32]]) -> None:
        with self._lock:
            for text, vector in vectors.items():
                self._vectors[text] = vector
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
