"""An embedder for any sentence-transformers model in a folder, run by torch. Opened by index/embedders.py."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedder import NO_PREFIXES, Prefixes
from index.model_folder import check_model_folder, check_models_extra, hash_model_folder, naming_load_failures
from index.unit_vectors import make_unit_vectors

SETTING = "ONBRAND_EMBEDDER_FOLDER"
BATCH_TEXTS = 32


class FolderEmbedder:
    """Opening checks the folder; the model is loaded at the first use. Safe to share between threads.

    A prefix that is not set is the model's own. Raises ModelFolderUnusable, ModelsExtraMissing, EmbeddingsUnusable.
    """

    def __init__(self, folder: Path, *, prefixes: Prefixes = NO_PREFIXES) -> None:
        check_model_folder(SETTING, folder, needs="modules.json", kind="a sentence-transformers model")
        check_models_extra(SETTING)
        self._folder = folder
        self._prefixes = prefixes
        self._dimension: int | None = None
        self._lock = Lock()
        self._loaded: Any = None

    @property
    def dimension(self) -> int:
        """Numbers in one vector: asked of the model unless it is known."""
        if self._dimension is None:
            self._dimension = int(
                self._load().get_embedding_dimension() or self._embed(["?"], "query").shape[1]
            )
        return self._dimension

    @cached_property
    def fingerprint(self) -> str:
        """Sha256 of weights, tokenizer and configuration (the model's own prefixes too), and the prefixes set."""
        return f"folder:{hash_model_folder(self._folder)[:16]}:{self._prefixes.name()}"

    def expect_dimension(self, dimension: int) -> None:
        """Say what is known of the index built with this very model: opening it then loads no model."""
        self._dimension = dimension

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[n, dimension], unit length."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._embed(texts, "document")

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """[dimension], unit length."""
        vector: NDArray[np.float32] = self._embed([text], "query")[0]
        return vector

    def warm_up(self) -> None:
        """Load the model now instead of at the first text."""
        self.embed_question("warm up")

    def _embed(self, texts: Sequence[str], role: str) -> NDArray[np.float32]:
        model = self._load()
        prefix = self._prefixes.question if role == "query" else self._prefixes.passage
        # Half a surrogate pair, as broken exports hold it, is no text to a tokenizer: it becomes "?".
        readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        options: dict[str, Any] = {"batch_size": BATCH_TEXTS, "show_progress_bar": False}
        options |= {} if prefix is None else {"prompt": prefix}
        # One at a time: torch uses all cores inside a call, and tokenizers refuse to be used by two threads.
        with self._lock:
            encode = model.encode_query if role == "query" else model.encode_document
            rows = encode(readable, **options)
        return make_unit_vectors(rows, model=self._folder.name, texts=len(texts), dimension=self._dimension)

    def _load(self) -> Any:
        with self._lock:
            if self._loaded is None:
                # Imported here: torch costs seconds and hundreds of megabytes that the other choices need not pay.
                from sentence_transformers import SentenceTransformer

                with naming_load_failures(SETTING, self._folder):
                    self._loaded = SentenceTransformer(str(self._folder), local_files_only=True)
            return self._loaded
