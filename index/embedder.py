"""The door to embedding: text in, unit vectors out. Ingest embeds passages, search embeds questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import TransientError


class EmbedderUnavailable(TransientError):
    """The model cannot be asked just now: a sync fails and is run again, a question goes by its words alone."""


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Words that some models want in front of what they embed; None is the model's own, if it has any."""

    question: str | None = None
    passage: str | None = None

    def name(self) -> str:
        """The prefixes' part of a fingerprint."""
        if self == Prefixes():
            return "no-prefix"
        return f"prefix-{sha256(repr((self.question, self.passage)).encode()).hexdigest()[:8]}"


NO_PREFIXES = Prefixes()


class Embedder(Protocol):
    """Turns text into vectors of one length, so that a dot product is the cosine."""

    @property
    def dimension(self) -> int:
        """Numbers in one vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names everything that changes vectors: a collection is embedded again when it differs."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors of shape (len(texts), dimension), in the order of `texts`."""
        ...

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector of shape (dimension,)."""
        ...

    def warm_up(self) -> None:
        """Load what the first call would load, so that the first asker does not wait for it."""
        ...
