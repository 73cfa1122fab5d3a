"""Any sentence-transformers model in a folder, run without a network; what is no model is refused in plain words."""

from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from index import model_folder
from index.embedder import Embedder, Prefixes
from index.folder_embedder import FolderEmbedder
from index.model_folder import ModelFolderUnusable, ModelsExtraMissing
from index.unit_vectors import EmbeddingsUnusable
from tests.integration.tiny_models import WIDTH, write_embedder

pytestmark = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="needs the extra [models], which brings torch"
)

TEXTS = ["our brand colour is teal", "logo", "our price is a long story of many words", "", "half \ud83d"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_embedder(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def embedder(folder: Path) -> FolderEmbedder:
    return FolderEmbedder(folder)


def test_passages_get_unit_vectors_in_their_order(embedder: FolderEmbedder) -> None:
    door: Embedder = embedder
    vectors = door.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), WIDTH) == (len(TEXTS), door.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    for text, vector in zip(TEXTS, vectors, strict=True):
        np.testing.assert_allclose(vector, door.embed_question(text), atol=1e-5)
    assert door.embed_passages([]).shape == (0, WIDTH)


def test_several_threads_get_the_vectors_of_one(embedder: FolderEmbedder) -> None:
    alone = embedder.embed_passages(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: embedder.embed_passages(TEXTS), range(8)):
            np.testing.assert_allclose(vectors, alone, atol=1e-6)


def test_prefixes_change_vectors_and_fingerprint(folder: Path, embedder: FolderEmbedder) -> None:
    prefixed = FolderEmbedder(folder, prefixes=Prefixes("price ", "logo "))
    np.testing.assert_allclose(
        prefixed.embed_question("teal"), embedder.embed_question("price teal"), atol=1e-5
    )
    np.testing.assert_allclose(
        prefixed.embed_passages(["teal"])[0], embedder.embed_question("logo teal"), atol=1e-5
    )
    assert prefixed.fingerprint != embedder.fingerprint


def test_prefixes_of_the_model_itself_are_used_unless_others_are_set(
    tmp_path: Path, embedder: FolderEmbedder
) -> None:
    folder = write_embedder(tmp_path, prompts={"query": "price ", "document": "logo "})
    own, blank = FolderEmbedder(folder), FolderEmbedder(folder, prefixes=Prefixes("", ""))
    np.testing.assert_allclose(own.embed_question("teal"), embedder.embed_question("price teal"), atol=1e-5)
    np.testing.assert_allclose(blank.embed_question("teal"), embedder.embed_question("teal"), atol=1e-5)


def test_fingerprint_follows_the_bytes_not_the_place(
    folder: Path, tmp_path: Path, embedder: FolderEmbedder
) -> None:
    moved = copytree(folder, tmp_path / "elsewhere")
    assert FolderEmbedder(moved).fingerprint == embedder.fingerprint
    weights = moved / "model.safetensors"
    changed = bytearray(weights.read_bytes())
    changed[-1] ^= 1
    weights.write_bytes(changed)
    assert FolderEmbedder(moved).fingerprint != embedder.fingerprint


def test_known_dimension_and_fingerprint_need_no_model_to_be_loaded(folder: Path) -> None:
    unloaded = FolderEmbedder(folder)
    unloaded.expect_dimension(WIDTH)
    assert unloaded.dimension == WIDTH
    assert unloaded.fingerprint
    assert unloaded._loaded is None


def test_model_of_another_length_than_the_index_is_refused(folder: Path) -> None:
    changed = FolderEmbedder(folder)
    changed.expect_dimension(WIDTH + 1)
    with pytest.raises(EmbeddingsUnusable, match="32 numbers where 33 are expected"):
        changed.embed_question("teal")


def test_weights_that_give_nan_index_nothing(folder: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    broken = copytree(folder, tmp_path / "broken")
    weights = {
        name: np.full_like(values, np.nan) for name, values in load_file(broken / "model.safetensors").items()
    }
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EmbeddingsUnusable, match="NaN or infinity"):
        FolderEmbedder(broken).embed_passages(["teal"])


def test_folder_that_is_no_model_is_refused_with_what_to_do(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFolderUnusable, match=r"ONBRAND_EMBEDDER_FOLDER names .* no such folder"):
        FolderEmbedder(tmp_path / "absent")
    with pytest.raises(ModelFolderUnusable, match=r"holds no modules\.json"):
        FolderEmbedder(tmp_path)
    damaged = copytree(folder, tmp_path / "damaged")
    (damaged / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelFolderUnusable, match="does not load as a model"):
        FolderEmbedder(damaged).warm_up()


def test_missing_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_folder, "find_spec", lambda _name: None)
    with pytest.raises(ModelsExtraMissing, match=r"onbrand\[models\]"):
        FolderEmbedder(folder)
