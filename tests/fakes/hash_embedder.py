"""An embedder without a model: counts hashed words. For tests that are about everything but the vectors."""

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray


class HashEmbedder:
    """Implements index.embedder.Embedder. Texts that share words are near; the same text is always the same vector."""

    def __init__(self, dimension: int = 64) -> None:
        self._dimension = dimension
        self.embedded: list[str] = []
        """Every passage text that was embedded, to see what a sync has cost."""

    @property
    def dimension(self) -> int:
        """Numbers in one vector."""
        return self._dimension

    @property
    def fingerprint(self) -> str:
        """Changes with the dimension."""
        return f"hashed-words-{self._dimension}"

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape (len(texts), dimension)."""
        self.embedded += texts
        return np.array([self.embed_question(text) for text in texts], dtype=np.float32)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """One unit vector."""
        # A text without words still needs a direction.
        places = [crc32(word.encode()) % self._dimension for word in re.findall(r"\w+", text.lower())] or [0]
        counts = np.bincount(places, minlength=self._dimension).astype(np.float32)
        return np.asarray(counts / np.linalg.norm(counts), dtype=np.float32)

    def warm_up(self) -> None:
        """Nothing to load."""
