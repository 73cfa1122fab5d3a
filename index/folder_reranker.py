"""A reranker for any CrossEncoder in a folder, run by torch. Opened by index/reranker.py."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.model_endpoint import make_readable
from index.model_folder import check_model_folder, check_models_extra, naming_load_failures
from index.scores import check_scores

SETTING = "ONBRAND_RERANKER_FOLDER"


class FolderReranker:
    """A CrossEncoder from a folder. Opening checks the folder; the model is loaded at the first use. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        check_model_folder(SETTING, folder, needs="config.json", kind="a CrossEncoder")
        check_models_extra(SETTING)
        self._folder = folder
        self._lock = Lock()
        self._loaded: Any = None

    def rerank(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """See Reranker. Raises ModelFolderUnusable and ScoresUnusable."""
        pairs = [(make_readable(question), make_readable(text)) for text in texts]
        with self._lock:
            scores = self._load().predict(pairs, show_progress_bar=False)
        return check_scores(scores, model=self._folder.name, texts=len(texts))

    def _load(self) -> Any:
        if self._loaded is None:
            # Imported here: torch costs seconds and hundreds of megabytes, and reranking is off by default.
            from sentence_transformers import CrossEncoder

            with naming_load_failures(SETTING, self._folder):
                self._loaded = CrossEncoder(str(self._folder), local_files_only=True)
        return self._loaded
