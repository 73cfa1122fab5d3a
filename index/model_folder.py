"""What folders of models have in common: the extra that runs them, what they must hold, and their identity.

Used by `index.folder_embedder` and by `index.reranker`.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from core.errors import PermanentError

# Weights, tokenizer and configuration; exports for other engines beside them do not change what torch computes.
MODEL_FILES = (".safetensors", ".bin", ".json", ".txt", ".model", ".py")
OTHER_ENGINES = frozenset({"onnx", "openvino"})


class ModelFolderUnusable(PermanentError):
    """A folder that a setting names cannot be run as a model."""

    def __init__(self, setting: str, folder: Path, reason: str) -> None:
        super().__init__(f"{setting} names {str(folder)!r}, which cannot be used: {reason}")


class ModelsExtraMissing(PermanentError):
    """The extra `models` is not installed: the default install holds no torch."""

    def __init__(self, setting: str) -> None:
        super().__init__(
            f"{setting} needs sentence-transformers, which is not installed. Install torch==2.13.0 (a CPU build "
            "is enough), then `pip install 'onbrand[models]'`; or unset it"
        )


def check_model_folder(setting: str, folder: Path, *, needs: str, kind: str) -> None:
    """Raise ModelFolderUnusable unless the folder exists and holds the file `needs`; nothing is imported."""
    if not folder.is_dir():
        raise ModelFolderUnusable(
            setting, folder, "there is no such folder. No model is ever fetched: put it there"
        )
    if not (folder / needs).is_file():
        raise ModelFolderUnusable(
            setting,
            folder,
            f"it holds no {needs}, so it is not {kind}. Name the folder that the model was saved to",
        )


def check_models_extra(setting: str) -> None:
    """Raise ModelsExtraMissing when sentence-transformers cannot be imported."""
    if find_spec("sentence_transformers") is None:
        raise ModelsExtraMissing(setting)


def hash_model_folder(folder: Path) -> str:
    """Sha256 over names and bytes of everything that decides what the model computes."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.suffix in MODEL_FILES and path.is_file() and not OTHER_ENGINES & set(name.parts):
            with path.open("rb") as file:
                total.update(
                    f"{name.as_posix()}:{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode()
                )
    return total.hexdigest()


@contextmanager
def naming_load_failures(setting: str, folder: Path) -> Iterator[None]:
    """Whatever the library raises on a folder that is no model becomes one error with what to do."""
    try:
        yield
    except Exception as error:
        # The library raises what its many readers raise; all of it means that this folder does not load.
        reason = (
            f"it does not load as a model ({type(error).__name__}: {str(error)[:200]}). Save the model again"
        )
        raise ModelFolderUnusable(setting, folder, reason) from error
