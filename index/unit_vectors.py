"""Checks what an embedding model gave and brings it to unit length. Used by the embedders that we do not build."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.errors import PermanentError


class EmbeddingsUnusable(PermanentError):
    """An embedding model gave something else than one finite vector of the right length for each text."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(
            f"the embedding model {model!r} gave unusable vectors: {reason}. Allowed: for each text one vector "
            "of finite numbers, all of one length. Nothing of these texts was indexed; check the model with "
            "`onbrand doctor`"
        )


def make_unit_vectors(
    rows: Sequence[object] | NDArray[np.float32], *, model: str, texts: int, dimension: int | None
) -> NDArray[np.float32]:
    """[texts, dimension], unit length; `dimension` None takes the first row's. Raises EmbeddingsUnusable."""
    if len(rows) != texts:
        raise EmbeddingsUnusable(model, f"{len(rows)} vectors for {texts} texts")
    vectors = [_read_row(row, model) for row in rows]
    expected = vectors[0].size if dimension is None and vectors else dimension or 0
    for vector in vectors:
        if vector.size != expected:
            raise EmbeddingsUnusable(
                model, f"a vector of {vector.size} numbers where {expected} are expected"
            )
    return np.array([_normalise(vector, model) for vector in vectors], dtype=np.float32).reshape(
        texts, expected
    )


def _read_row(row: object, model: str) -> NDArray[np.float64]:
    try:
        vector = np.asarray(row, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        vector = np.empty((0, 0))
    if vector.ndim != 1 or vector.size == 0:
        raise EmbeddingsUnusable(model, "a vector that is no list of numbers")
    return vector


def _normalise(vector: NDArray[np.float64], model: str) -> NDArray[np.float64]:
    if not np.isfinite(vector).all():
        raise EmbeddingsUnusable(model, "a vector holds NaN or infinity")
    # By the largest number first: squares of huge ones would overflow, those of tiny ones vanish.
    largest = np.abs(vector).max()
    if largest == 0:
        raise EmbeddingsUnusable(model, "a vector holds nothing but zeros")
    scaled = vector / largest
    return np.asarray(scaled / np.linalg.norm(scaled))
