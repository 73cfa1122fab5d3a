"""The door to reranking: a second, slower look at what a search found. Off by default; used by index/search.py."""

import logging
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import OnbrandError
from core.settings import Settings
from index.model_endpoint import ModelEndpoint

RERANKED_PASSAGES = 20

_log = logging.getLogger(__name__)


class Reranker(Protocol):
    """Judges how well each text answers a question."""

    def rerank(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """One finite score for each text, in their order; higher is better. Raises OnbrandError."""
        ...


def open_reranker(settings: Settings) -> Reranker | None:
    """The reranker that the settings name; None, the default, leaves the fused order. Loads nothing yet."""
    # Each imported where it is chosen: one brings torch, the other an HTTP client.
    if settings.reranker_folder is not None:
        from index.folder_reranker import FolderReranker

        return FolderReranker(settings.reranker_folder)
    if settings.reranker_url is None:
        return None
    from index.endpoint_reranker import EndpointReranker

    key = settings.reranker_key.get_secret_value() if settings.reranker_key else None
    return EndpointReranker(ModelEndpoint(settings.reranker_url, settings.reranker_model or "", key))


def list_reranked(reranker: Reranker | None, question: str, texts: Sequence[str]) -> list[int]:
    """Places of the texts, best first: the first RERANKED_PASSAGES by the reranker, the rest as they were.

    Equal scores keep their order. A reranker that fails changes nothing: the search goes on without it.
    """
    places = list(range(len(texts)))
    first = texts[:RERANKED_PASSAGES]
    if reranker is None or len(first) <= 1:
        return places
    try:
        scores = reranker.rerank(question, first)
    except OnbrandError as error:
        _log.warning("passages are not reranked: %s", error)
        return places
    return sorted(places[: len(first)], key=lambda place: -scores[place]) + places[len(first) :]
