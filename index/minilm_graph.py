"""Builds the ONNX graph of all-MiniLM-L6-v2 from its weights, as fp32 and as int8. `make setup` runs it.

The graph takes the token ids of ONE text, without padding, and gives its unit vector.
"""

import sys
from pathlib import Path
from typing import Any, get_args

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from index.model_files import (
    DIMENSION,
    MAX_TOKENS,
    MODEL_NAME,
    TOKENIZER_SHA256,
    WEIGHTS_SHA256,
    ModelFilesDamaged,
    ModelFilesMissing,
    Precision,
    build_graph_path,
    build_tokenizer_path,
    default_models_folder,
    find_packaged_file,
    verify_built_file,
    write_built_file,
)

LAYERS, HEADS = 6, 12
EPSILON = 1e-12
RUNTIME_OPERATIONS = "com.microsoft"

Weights = dict[str, NDArray[Any]]


def build_model_files(folder: Path) -> list[Path]:
    """Build what is missing or damaged in `folder` and return the paths that were written."""
    graphs = {build_graph_path(folder, precision): precision for precision in get_args(Precision)}
    wanted = [path for path in (*graphs, build_tokenizer_path(folder)) if not _is_intact(path)]
    if not wanted:
        return []
    weights = load_file(find_packaged_file("model.safetensors", WEIGHTS_SHA256))
    tokenizer = find_packaged_file("tokenizer.json", TOKENIZER_SHA256)
    for path in wanted:
        is_graph = path in graphs
        content = (
            build_graph(weights, graphs[path]).SerializeToString() if is_graph else tokenizer.read_bytes()
        )
        write_built_file(path, content)
    return wanted


def build_graph(weights: Weights, precision: Precision) -> onnx.ModelProto:
    """Return the model: `ids` int64 (1, tokens) in, `vector` float32 (1, 384) of length one out."""
    writer = GraphWriter(weights, precision)
    hidden = _write_embeddings(writer)
    for layer in range(LAYERS):
        hidden = _write_attention(writer, hidden, f"encoder.layer.{layer}.attention.")
        hidden = _write_feed_forward(writer, hidden, f"encoder.layer.{layer}.")
    _write_pooling(writer, hidden)
    return writer.finish()


def quantise_columns(matrix: NDArray[Any]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return int8 values and one scale for each column."""
    # Without VNNI, a processor adds two neighbouring products (uint8 x int8) in 16 bits, with saturation.
    # Two neighbours of at most 128 together cannot overflow there, so the sums are exact there too.
    pairs = np.abs(matrix[0::2]) + np.abs(matrix[1::2])
    scales = np.maximum(pairs.max(axis=0) / 127, np.finfo(np.float32).tiny).astype(np.float32)
    return np.clip(np.rint(matrix / scales), -127, 127).astype(np.int8), scales


class GraphWriter:
    """Collects operations and weights; what adds an operation returns the name of its result."""

    def __init__(self, weights: Weights, precision: Precision) -> None:
        self.weights = weights
        self._precision = precision
        self._nodes: list[onnx.NodeProto] = []
        self._stored: list[onnx.TensorProto] = []

    def store(self, values: NDArray[Any]) -> str:
        """Keep values inside the graph; gives their name."""
        name = f"w{len(self._stored)}"
        self._stored.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operation: str, inputs: list[str], **attributes: Any) -> str:
        """One operation with one output; gives its name."""
        return self.add_many(operation, inputs, [f"{operation}_{len(self._nodes)}"], **attributes)[0]

    def add_many(self, operation: str, inputs: list[str], outputs: list[str], **attributes: Any) -> list[str]:
        """One operation with several outputs."""
        self._nodes.append(helper.make_node(operation, inputs, outputs, **attributes))
        return outputs

    def add_linear(self, hidden: str, matrix: NDArray[Any], bias: NDArray[Any]) -> str:
        """Multiply by `matrix` (inputs, outputs) and add `bias`; int8 also rounds `hidden`, per text."""
        if self._precision == "fp32":
            return self.add("Add", [self.add("MatMul", [hidden, self.store(matrix)]), self.store(bias)])
        values, scales = quantise_columns(matrix)
        zeros = np.zeros(scales.shape, dtype=np.int8)
        inputs = [hidden, *(self.store(part) for part in (values, scales, zeros, bias))]
        return self.add("DynamicQuantizeMatMul", inputs, domain=RUNTIME_OPERATIONS)

    def add_lookup(self, table: NDArray[Any], ids: str) -> str:
        """Fetch the rows of `table`; as int8 with one scale for each row it takes a quarter of the memory."""
        if self._precision == "fp32":
            return self.add("Gather", [self.store(table), ids])
        scales = (np.abs(table).max(axis=1, keepdims=True) / 127).astype(np.float32)
        rows = self.add("Gather", [self.store(np.rint(table / scales).astype(np.int8)), ids])
        numbers = self.add("Cast", [rows], to=TensorProto.FLOAT)
        return self.add("Mul", [numbers, self.add("Gather", [self.store(scales), ids])])

    def add_norm(self, hidden: str, prefix: str) -> str:
        """Layer normalisation with the weights below `prefix`."""
        parts = [self.store(self.weights[f"{prefix}LayerNorm.{part}"]) for part in ("weight", "bias")]
        return self.add("LayerNormalization", [hidden, *parts], axis=-1, epsilon=EPSILON)

    def add_dense(self, hidden: str, prefix: str) -> str:
        """A linear layer with the weights below `prefix`."""
        return self.add_linear(hidden, self.weights[f"{prefix}weight"].T, self.weights[f"{prefix}bias"])

    def finish(self) -> onnx.ModelProto:
        """The checked model."""
        ids = helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])
        vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, DIMENSION])
        graph = helper.make_graph(self._nodes, MODEL_NAME, [ids], [vector], self._stored)
        versions = [helper.make_opsetid("", 20), helper.make_opsetid(RUNTIME_OPERATIONS, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=9)


def _write_embeddings(writer: GraphWriter) -> str:
    table = writer.weights["embeddings.word_embeddings.weight"]
    # Every text is one segment, so the segment's row can be added to the positions here, once.
    positions = writer.weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    positions = positions + writer.weights["embeddings.token_type_embeddings.weight"][0]
    length = writer.add("Shape", ["ids"], start=1)
    first_positions = writer.add("Slice", [writer.store(positions), writer.store(np.array([0])), length])
    summed = writer.add("Add", [writer.add_lookup(table, "ids"), first_positions])
    return writer.add_norm(summed, "embeddings.")


def _write_attention(writer: GraphWriter, hidden: str, prefix: str) -> str:
    parts = [f"{prefix}self.{part}." for part in ("query", "key", "value")]
    # One multiplication for all three, so that the text is read and rounded once.
    matrix = np.concatenate([writer.weights[f"{part}weight"].T for part in parts], axis=1)
    bias = np.concatenate([writer.weights[f"{part}bias"] for part in parts])
    joined = writer.add_linear(hidden, matrix, bias)
    split = writer.add_many("Split", [joined], parts, axis=-1, num_outputs=3)
    mixed = writer.add("MultiHeadAttention", split, num_heads=HEADS, domain=RUNTIME_OPERATIONS)
    mixed = writer.add_dense(mixed, f"{prefix}output.dense.")
    return writer.add_norm(writer.add("Add", [mixed, hidden]), f"{prefix}output.")


def _write_feed_forward(writer: GraphWriter, hidden: str, prefix: str) -> str:
    wide = writer.add("Gelu", [writer.add_dense(hidden, f"{prefix}intermediate.dense.")])
    narrow = writer.add_dense(wide, f"{prefix}output.dense.")
    return writer.add_norm(writer.add("Add", [narrow, hidden]), f"{prefix}output.")


def _write_pooling(writer: GraphWriter, hidden: str) -> None:
    mean = writer.add("ReduceMean", [hidden, writer.store(np.array([1]))], keepdims=0)
    writer.add_many("LpNormalization", [mean], ["vector"], axis=-1, p=2)


def _is_intact(path: Path) -> bool:
    try:
        verify_built_file(path)
    except (ModelFilesMissing, ModelFilesDamaged):
        return False
    return True


def main() -> None:
    """Build the files of this environment and say which."""
    folder = default_models_folder()
    written = build_model_files(folder)
    for path in written:
        sys.stdout.write(f"built {path.name} ({path.stat().st_size / 1e6:.1f} MB)\n")
    sys.stdout.write(f"embedder {MODEL_NAME}: {'ready' if written else 'already there'} in {folder}\n")


if __name__ == "__main__":
    main()
