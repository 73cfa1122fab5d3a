"""LlamaIndex's own ingestion, as its documentation puts it together; a process of its own, driven by ingest.py.

Reads one line for each run (a folder for the collection), writes one line of JSON. Only here torch is loaded.
"""

import sys

from core.egress import silence_libraries

silence_libraries()

import json  # noqa: E402 - telemetry is switched off first
import warnings  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from time import perf_counter  # noqa: E402
from typing import Any  # noqa: E402

from llama_index.core.base.embeddings.base import BaseEmbedding  # noqa: E402
from llama_index.core.ingestion import IngestionPipeline  # noqa: E402
from llama_index.core.node_parser import SentenceSplitter  # noqa: E402
from llama_index.core.schema import BaseNode, Document, MetadataMode  # noqa: E402
from qdrant_client import QdrantClient, models  # noqa: E402
from sentence_transformers import SentenceTransformer  # noqa: E402

from index.model_files import DIMENSION, WEIGHTS_SHA256, find_packaged_file  # noqa: E402

PASSAGE_TOKENS = 256
# The batch of sentence-transformers; LlamaIndex's own default of 10 is slower.
EMBED_BATCH = 32
WRITE_BATCH = 64
COLLECTION = "passages"


class TransformerEmbedding(BaseEmbedding):
    """sentence-transformers behind LlamaIndex's door, as its own integration does it."""

    transformer: Any = None
    embed_batch_size: int = EMBED_BATCH

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.transformer.encode(
            texts, batch_size=EMBED_BATCH, normalize_embeddings=True
        ).tolist()
        return vectors

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def load_embedding() -> TransformerEmbedding:
    """The same weights, in fp32."""
    folder = find_packaged_file("model.safetensors", WEIGHTS_SHA256).parent
    return TransformerEmbedding(transformer=SentenceTransformer(str(folder), device="cpu"))


def build_pipeline(embedding: TransformerEmbedding) -> IngestionPipeline:
    """Passages of at most 256 tokens; no overlap, as ours have none. A new one for each run: it remembers results."""
    splitter = SentenceSplitter(chunk_size=PASSAGE_TOKENS, chunk_overlap=0)
    return IngestionPipeline(transformations=[splitter, embedding])


def ingest_folder(embedding: TransformerEmbedding, documents: Path, collection: Path) -> dict[str, float]:
    """Read, split, embed and write everything, timed."""
    started = perf_counter()
    paths = sorted(documents.rglob("*.md"))
    texts = [Document(text=path.read_text(encoding="utf-8"), id_=path.name) for path in paths]
    nodes = build_pipeline(embedding).run(documents=texts)
    write_nodes(nodes, collection)
    return {"seconds": perf_counter() - started, "passages": len(nodes)}


def write_nodes(nodes: Sequence[BaseNode], folder: Path) -> None:
    """What the Qdrant store of LlamaIndex writes: id, vector, text and metadata, 64 points a batch."""
    client = QdrantClient(path=str(folder))
    client.create_collection(
        COLLECTION, vectors_config=models.VectorParams(size=DIMENSION, distance=models.Distance.COSINE)
    )
    for start in range(0, len(nodes), WRITE_BATCH):
        points = [
            models.PointStruct(
                id=node.node_id,
                vector=node.get_embedding(),
                payload={**node.metadata, "_node_content": node.get_content(MetadataMode.NONE)},
            )
            for node in nodes[start : start + WRITE_BATCH]
        ]
        client.upsert(COLLECTION, points)
    client.close()


def main() -> None:
    """Warm up, say so, then one run for each line."""
    warnings.simplefilter("ignore")
    documents = Path(sys.argv[1])
    embedding = load_embedding()
    build_pipeline(embedding).run(documents=[Document(text="Warm words. " * 200)])
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(ingest_folder(embedding, documents, Path(line.strip()))), flush=True)


if __name__ == "__main__":
    main()
