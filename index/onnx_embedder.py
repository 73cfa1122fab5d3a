"""The default embedder: all-MiniLM-L6-v2 by ONNX Runtime, without torch. The assemblies make it."""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, get_native_id

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.model_files import (
    BUILDER_VERSION,
    DIMENSION,
    MAX_TOKENS,
    MODEL_NAME,
    WEIGHTS_SHA256,
    Precision,
    build_graph_path,
    build_tokenizer_path,
    default_models_folder,
    verify_built_file,
)

FIRST_TOKEN, LAST_TOKEN = 101, 102
# Steps of the scheduler by which threads that embed passages stand back behind one that answers somebody.
STEPS_BACK = 5


class TokenCounter:
    """Counts the tokens of a text as the embedder sees them, without the two it adds itself."""

    def __init__(self, models_folder: Path | None = None) -> None:
        self._tokenizer = _load_tokenizer(models_folder or default_models_folder())

    def __call__(self, text: str) -> int:
        """Tokens of a text, without special ones, not cut at the limit."""
        return len(_list_token_ids(self._tokenizer, text))


@dataclass(frozen=True, slots=True)
class _LoadedModel:
    tokenizer: Tokenizer
    session: onnxruntime.InferenceSession


class OnnxEmbedder:
    """Embeds one text per run, without padding: a vector never depends on the texts beside it.

    Texts longer than 256 tokens are cut. Safe to share between threads. The first use raises
    ModelFilesMissing or ModelFilesDamaged when the built files are absent or changed.
    """

    def __init__(
        self, precision: Precision = "int8", *, threads: int | None = None, models_folder: Path | None = None
    ) -> None:
        self._precision: Precision = precision
        self._threads = threads or os.cpu_count() or 1
        self._folder = models_folder or default_models_folder()
        self._loading = Lock()
        self._loaded: _LoadedModel | None = None

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return DIMENSION

    @property
    def fingerprint(self) -> str:
        """Model, weights, precision, limit, prefix."""
        weights = f"{MODEL_NAME}:{WEIGHTS_SHA256[:12]}"
        return f"{weights}:{self._precision}-v{BUILDER_VERSION}:{MAX_TOKENS}-tokens:no-prefix"

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[n, dimension], unit length."""
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        for row, vector in enumerate(self._embed_each(texts)):
            vectors[row] = vector
        return vectors

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """[dimension], unit length."""
        return self._embed_text(text)

    def warm_up(self) -> None:
        """Load the model now instead of at the first text."""
        self._embed_text("warm up")

    def _embed_each(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        self._load()
        if min(len(texts), self._threads) <= 1:
            return [self._embed_text(text) for text in texts]
        # The runtime lets go of Python's lock while it computes, so each thread keeps one core busy.
        with ThreadPoolExecutor(self._threads, thread_name_prefix="embed", initializer=_step_back) as pool:
            return list(pool.map(self._embed_text, texts))

    def _embed_text(self, text: str) -> NDArray[np.float32]:
        model = self._load()
        kept = _list_token_ids(model.tokenizer, text)[: MAX_TOKENS - 2]
        ids = np.array([[FIRST_TOKEN, *kept, LAST_TOKEN]], dtype=np.int64)
        vector: NDArray[np.float32] = model.session.run(["vector"], {"ids": ids})[0][0]
        return vector

    def _load(self) -> _LoadedModel:
        with self._loading:
            if self._loaded is None:
                session = _open_session(build_graph_path(self._folder, self._precision))
                self._loaded = _LoadedModel(_load_tokenizer(self._folder), session)
            return self._loaded


def _step_back() -> None:
    # Linux alone counts niceness by thread; elsewhere the number could be that of another process.
    if sys.platform == "linux":
        # Where a sandbox forbids it, a sync goes on as before.
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, get_native_id(), os.nice(0) + STEPS_BACK)


def _open_session(path: Path) -> onnxruntime.InferenceSession:
    verify_built_file(path)
    options = onnxruntime.SessionOptions()
    # One thread per run and several runs at once: no cores wait for each other inside a text.
    options.intra_op_num_threads = 1
    # The graph is written the way it runs fastest; the optimiser would join sum and norm into a slower step.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _load_tokenizer(folder: Path) -> Tokenizer:
    path = build_tokenizer_path(folder)
    verify_built_file(path)
    tokenizer = Tokenizer.from_file(str(path))
    # The packaged file asks for padding and for a cut at 128 tokens; both are decided here instead.
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _list_token_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    # Half a surrogate pair, as broken exports hold it, is no text to the tokenizer: it becomes "?".
    readable = text.encode("utf-8", "replace").decode("utf-8")
    ids: list[int] = tokenizer.encode(readable, add_special_tokens=False).ids
    return ids
