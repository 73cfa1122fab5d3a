"""Checks what a reranker gave. Used by folder_reranker.py and endpoint_reranker.py."""

import numpy as np
from numpy.typing import NDArray

from core.errors import PermanentError


class ScoresUnusable(PermanentError):
    """A reranker gave something else than one finite number for each text."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(
            f"the reranker {model!r} gave unusable scores: {reason}. Allowed: one finite number for each text; "
            "set another model in ONBRAND_RERANKER_FOLDER or ONBRAND_RERANKER_URL, or unset it"
        )


def check_scores(scores: object, *, model: str, texts: int) -> NDArray[np.float64]:
    """The scores as one row of numbers. Raises ScoresUnusable."""
    try:
        row = np.asarray(scores, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ScoresUnusable(model, "something that is no number") from None
    if row.shape != (texts,):
        raise ScoresUnusable(
            model, f"scores of shape {row.shape} for {texts} texts; a model with one label is needed"
        )
    if not np.isfinite(row).all():
        raise ScoresUnusable(model, "a score is NaN or infinite")
    return row
