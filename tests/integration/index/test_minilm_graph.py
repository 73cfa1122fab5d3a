"""The graph that is built from the packaged weights, and the files it is kept in."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from safetensors.numpy import load_file

from index import minilm_graph, model_files
from index.minilm_graph import build_graph, build_model_files, quantise_columns
from index.model_files import (
    WEIGHTS_SHA256,
    ModelFilesDamaged,
    ModelFilesMissing,
    build_graph_path,
    find_packaged_file,
    write_built_file,
)
from index.onnx_embedder import OnnxEmbedder

SENTENCE = "Every claim needs an approved source."
# The first numbers of sentence-transformers' vector for SENTENCE, from the same weights.
CANONICAL = [-0.10576, 0.013667, 0.042141, -0.017809, 0.094182, 0.013987]


@pytest.fixture(scope="module")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    assert len(build_model_files(folder)) == 3
    return folder


def test_fp32_vector_is_the_canonical_one(models_folder: Path) -> None:
    vector = OnnxEmbedder("fp32", models_folder=models_folder).embed_question(SENTENCE)
    assert vector[:6] == pytest.approx(CANONICAL, abs=2e-6)


def test_int8_vector_stays_close_to_fp32(models_folder: Path) -> None:
    texts = [SENTENCE, "Book a demo", "Prices are given without tax. " * 30]
    precise = OnnxEmbedder("fp32", models_folder=models_folder).embed_passages(texts)
    rounded = OnnxEmbedder("int8", models_folder=models_folder).embed_passages(texts)
    assert (precise * rounded).sum(axis=1).min() >= 0.985


def test_int8_file_is_a_quarter_of_fp32(models_folder: Path) -> None:
    small, large = (
        build_graph_path(models_folder, precision).stat().st_size for precision in ("int8", "fp32")
    )
    assert small < large * 0.26


def test_rounded_weights_come_back_within_half_a_step() -> None:
    matrix = np.random.default_rng(7).normal(size=(384, 64)).astype(np.float32)
    values, scales = quantise_columns(matrix)
    assert np.abs(values * scales - matrix).max() <= scales.max() * 0.501


def test_rounded_neighbours_cannot_overflow_sixteen_bits() -> None:
    weights = load_file(find_packaged_file("model.safetensors", WEIGHTS_SHA256))
    matrices = [values.T for name, values in weights.items() if name.endswith("dense.weight")]
    assert len(matrices) == 19  # three in each of six layers, and the pooler that we leave out
    for matrix in matrices:
        values = np.abs(quantise_columns(matrix)[0].astype(np.int32))
        assert 255 * (values[0::2] + values[1::2]).max() <= np.iinfo(np.int16).max


def test_column_of_zeros_stays_zero() -> None:
    values, scales = quantise_columns(np.zeros((4, 3), dtype=np.float32))
    assert not values.any()
    assert np.isfinite(scales).all()


def test_same_weights_give_the_same_file() -> None:
    weights = load_file(find_packaged_file("model.safetensors", WEIGHTS_SHA256))
    first, second = (build_graph(weights, "int8").SerializeToString() for _ in range(2))
    assert first == second


def test_second_build_writes_nothing_and_repairs_what_is_damaged(models_folder: Path) -> None:
    assert build_model_files(models_folder) == []
    path = build_graph_path(models_folder, "int8")
    path.write_bytes(b"half a file")
    assert build_model_files(models_folder) == [path]
    assert build_model_files(models_folder) == []


def test_weights_with_another_hash_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(minilm_graph, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(
        ModelFilesDamaged, match=rf"model\.safetensors.*expected sha256 0{{64}}, found {WEIGHTS_SHA256}"
    ):
        build_model_files(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_absent_weights_package_says_run_make_setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(model_files, "WEIGHTS_PACKAGE", "no_such_package_of_weights")
    with pytest.raises(
        ModelFilesMissing, match=r"'no_such_package_of_weights' was not found\. Run `make setup`"
    ):
        build_model_files(tmp_path)


def test_failed_write_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "graph.onnx"
    write_built_file(path, b"old")

    def refuse_replace(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(Path, "replace", refuse_replace)
    with pytest.raises(OSError, match="No space left"):
        write_built_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["graph.onnx", "graph.onnx.sha256"]


def test_setup_says_what_it_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(minilm_graph, "default_models_folder", lambda: tmp_path)
    monkeypatch.setattr(minilm_graph, "build_graph", lambda _weights, _precision: onnx.ModelProto())
    minilm_graph.main()
    minilm_graph.main()
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["built", "built", "built", "embedder", "embedder"]
    assert "already there" in said[-1]
