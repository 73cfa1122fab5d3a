"""Opens the embedder that the settings name, and names what an index is built with. Called by index/assembly.py."""

import re
from typing import Protocol

from core.documents import CUTTER_VERSION
from core.settings import Settings
from index.asker_embedder import AskerEmbedder
from index.embedder import Embedder, Prefixes
from index.model_endpoint import ModelEndpoint


class _Learning(Embedder, Protocol):
    """An embedder that has to ask its model for the length of its vectors."""

    def expect_dimension(self, dimension: int) -> None: ...


def open_embedder(settings: Settings, *, built_by: str | None = None) -> Embedder:
    """The default, a folder or an endpoint; nothing is loaded or asked yet.

    `built_by` is the fingerprint of the index to be read: where it is of this very model, the length of its
    vectors is known, and a command that embeds nothing needs neither model nor endpoint.
    """
    prefixes = _read_prefixes(settings)
    # Each imported where it is chosen: none pays for the libraries of another.
    if settings.embedder == "folder" and settings.embedder_folder is not None:
        from index.folder_embedder import FolderEmbedder

        folder = FolderEmbedder(settings.embedder_folder, prefixes=prefixes)
        return _tell_dimension(folder, built_by)
    if settings.embedder == "endpoint":
        from index.endpoint_embedder import EndpointEmbedder

        return _tell_dimension(EndpointEmbedder(read_endpoint(settings), prefixes=prefixes), built_by)
    from index.onnx_embedder import OnnxEmbedder

    return OnnxEmbedder(precision=settings.embedder_precision, models_folder=None)


def open_asker_embedder(settings: Settings, embedder: Embedder) -> Embedder:
    """The same model for those who wait for an answer: an endpoint gets seconds, and a rest after each failure."""
    if settings.embedder != "endpoint":
        return embedder
    from index.endpoint_embedder import ASKER_LIMITS, EndpointEmbedder

    quick = EndpointEmbedder(read_endpoint(settings), prefixes=_read_prefixes(settings), limits=ASKER_LIMITS)
    quick.expect_dimension(embedder.dimension)
    return AskerEmbedder(quick)


def read_endpoint(settings: Settings) -> ModelEndpoint:
    """The embedding endpoint that the settings name."""
    key = settings.embedder_key.get_secret_value() if settings.embedder_key else None
    return ModelEndpoint(settings.embedder_url or "", settings.embedder_model or "", key)


def probe_embedder(settings: Settings, *, seconds: float) -> int:
    """Length of the vectors that the endpoint gives right now, for `doctor`. Raises what the endpoint's door raises."""
    from index.endpoint_embedder import EndpointEmbedder, EndpointLimits

    limits = EndpointLimits(attempts=1, question_seconds=seconds)
    return EndpointEmbedder(read_endpoint(settings), limits=limits).dimension


def name_index(embedder: Embedder) -> str:
    """The fingerprint of a collection: model, weights, prefixes, dimension, and how text is cut and embedded."""
    return f"{embedder.fingerprint}:{embedder.dimension}-dimensions:cutter-{CUTTER_VERSION}"


def is_same_embedder(one: str, other: str) -> bool:
    """True when two fingerprints differ in how text is cut alone: their vectors may be compared."""
    return one.rpartition(":cutter-")[0] == other.rpartition(":cutter-")[0] != ""


def _read_prefixes(settings: Settings) -> Prefixes:
    return Prefixes(settings.embedder_question_prefix, settings.embedder_passage_prefix)


def _tell_dimension(embedder: _Learning, built_by: str | None) -> Embedder:
    known = re.fullmatch(rf"{re.escape(embedder.fingerprint)}:(\d+)-dimensions:cutter-.*", built_by or "")
    if known is not None:
        embedder.expect_dimension(int(known[1]))
    return embedder
