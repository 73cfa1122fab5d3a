"""Filtered search at 10,000 and 200,000 passages: time, recall against exact, and the same on Qdrant's local mode."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from qdrant_client import QdrantClient

from benchmarks.figures import (
    Figure,
    Options,
    find_percentile,
    judge_most,
    judge_ratio,
    make_folder,
    show_spread,
    time_each,
    time_once,
)
from benchmarks.generated_passages import (
    NAMES,
    PASSAGES_A_DOCUMENT,
    SHARES,
    PassageMaker,
    build_scope,
    make_passages,
    make_question_vectors,
)
from benchmarks.generated_text import TextMaker
from benchmarks.processes import read_memory
from index.edge_store import EdgePassageStore
from index.fusion import SHIPPED
from index.keyword_vectors import KeywordVectors
from index.model_files import DIMENSION
from index.onnx_embedder import OnnxEmbedder
from index.passage_store import KeywordVector, PassageStore, Scope
from index.qdrant_collection import CollectionPlan
from index.qdrant_store import QdrantPassageStore

SMALL, LARGE = 10_000, 200_000
QUESTIONS, PEER_QUESTIONS = 60, 5
RECALL_AT = 10
LEAST_RECALL = 0.99
WRITE_BLOCK = 5_000


@dataclass(frozen=True, slots=True)
class Question:
    """A question as text, as keywords, and a vector of the generated space (the text's own lies outside it)."""

    text: str
    vector: NDArray[np.float32]
    keywords: KeywordVector


@dataclass(frozen=True, slots=True)
class Measured:
    """One store under one filter: milliseconds of `find`, and recall of its dense leg."""

    milliseconds: list[float]
    recall: float


def measure_search(options: Options) -> list[Figure]:
    """10,000 beside local mode; 200,000 when asked for."""
    figures = _measure_small()
    return [*figures, *_measure_large()] if options.large else figures


def _measure_small() -> list[Figure]:
    maker = make_passages(SMALL)
    questions = make_questions(maker, QUESTIONS)
    embedding = time_questions(questions)
    figures = [Figure("embedding one question", show_spread(embedding))]
    with make_folder() as folder:
        ours = EdgePassageStore(folder / "passages", DIMENSION)
        peer = open_local_mode()
        try:
            for store in (ours, peer):
                write_all(store, maker)
            for group in SHARES:
                figures += compare_stores(ours, peer, maker, group=group, questions=questions)
        finally:
            ours.close()
            peer.close()
    return figures


def _measure_large() -> list[Figure]:
    maker = make_passages(LARGE)
    questions = make_questions(maker, QUESTIONS)
    with make_folder() as folder:
        store = EdgePassageStore(folder / "passages", DIMENSION)
        try:
            seconds = time_once(lambda: write_all(store, maker))
            figures = [Figure(f"writing {LARGE:,} passages, vectors at hand", f"{seconds:.0f} s")]
            figures.append(measure_written(store, questions))
            store.close()
            store = EdgePassageStore(folder / "passages", DIMENSION)
            for group in SHARES:
                figures += judge_large(measure_store(store, maker, group, questions), group)
        finally:
            store.close()
    memory = read_memory("self", "VmRSS")
    generated = maker.vectors.nbytes / 1024**2
    note = f"{memory:.0f} MB, {generated:.0f} of it ours"
    return [*figures, Figure(f"memory at {LARGE:,} passages, generated vectors included", note)]


def measure_written(store: PassageStore, questions: Sequence[Question]) -> Figure:
    """What the engine holds in memory lies scattered until the index is opened again: its filters take longer."""
    scope = build_scope("wide")
    times = time_each([partial(find, store, question, scope) for question in questions])
    return Figure(
        f"find, {LARGE:,} passages, filter {NAMES['wide']}, just written",
        show_spread(times),
    )


def judge_large(measured: Measured, group: str) -> list[Figure]:
    """The two aims, and the median beside them."""
    name = f"{LARGE:,} passages, filter {NAMES[group]}"
    p95 = find_percentile(measured.milliseconds, 95)
    return [
        Figure(f"find, {name}", show_spread(measured.milliseconds)),
        judge_most(f"find, {name}, p95", p95, 60),
        judge_recall(name, measured.recall),
    ]


def compare_stores(
    ours: PassageStore, peer: PassageStore, maker: PassageMaker, *, group: str, questions: Sequence[Question]
) -> list[Figure]:
    """Both stores under one filter; embedding the question counts on both sides."""
    name = f"{SMALL:,} passages, filter {NAMES[group]}"
    measured = measure_store(ours, maker, group, questions)
    whole = measure_with_embedding(ours, build_scope(group), questions)
    local = measure_with_embedding(peer, build_scope(group), questions[:PEER_QUESTIONS])
    return [
        Figure(f"find, {name}", show_spread(measured.milliseconds)),
        judge_most(f"find with question embedded, {name}, p50", find_percentile(whole, 50), 15),
        Figure(f"the same on Qdrant's local mode ({PEER_QUESTIONS} questions)", show_spread(local)),
        judge_ratio("local mode / ours, p50", find_percentile(local, 50) / find_percentile(whole, 50), 20),
        judge_recall(name, measured.recall),
    ]


def measure_store(
    store: PassageStore, maker: PassageMaker, group: str, questions: Sequence[Question]
) -> Measured:
    """Every question once, after a first one that warms up."""
    scope = build_scope(group)
    finds = [partial(find, store, question, scope) for question in questions]
    finds[0]()
    return Measured(time_each(finds), measure_recall(store, maker, group, questions))


def measure_with_embedding(store: PassageStore, scope: Scope, questions: Sequence[Question]) -> list[float]:
    """Milliseconds of embedding the text and finding by the question's generated vector."""
    embedder = OnnxEmbedder()
    embedder.warm_up()

    def embed_and_find(question: Question) -> None:
        embedder.embed_question(question.text)
        find(store, question, scope)

    return time_each([partial(embed_and_find, question) for question in questions])


def measure_recall(
    store: PassageStore, maker: PassageMaker, group: str, questions: Sequence[Question]
) -> float:
    """Share of the ten truly nearest allowed passages that the dense leg gives among its first ten."""
    allowed = np.flatnonzero(maker.list_allowed(group))
    vectors = maker.vectors[allowed]
    found = 0
    for question in questions:
        nearest = allowed[np.argsort(-(vectors @ question.vector))[:RECALL_AT]]
        dense = store.find(
            question.vector, question.keywords, scope=build_scope(group), depth=RECALL_AT
        ).dense
        found += len(
            {_name(number) for number in nearest} & {(hit.document_id, hit.passage.ordinal) for hit in dense}
        )
    return found / (RECALL_AT * len(questions))


def judge_recall(name: str, recall: float) -> Figure:
    """Against exact search by numpy."""
    return Figure(
        f"recall@{RECALL_AT} of exact, {name}", f"{recall:.3f}", f"≥ {LEAST_RECALL}", recall >= LEAST_RECALL
    )


def find(store: PassageStore, question: Question, scope: Scope) -> None:
    """One hybrid search, as deep as the product asks."""
    store.find(question.vector, question.keywords, scope=scope, depth=SHIPPED.depth)


def make_questions(maker: PassageMaker, count: int) -> list[Question]:
    """Questions of 5 to 13 words."""
    texts, keywords = TextMaker(13), KeywordVectors()
    lines = [" ".join(texts.make_words(texts.draw(5, 14))) for _ in range(count)]
    vectors = make_question_vectors(maker, count)
    return [
        Question(line, vector, keywords.of_question(line))
        for line, vector in zip(lines, vectors, strict=True)
    ]


def time_questions(questions: Sequence[Question]) -> list[float]:
    """Milliseconds of embedding each question."""
    embedder = OnnxEmbedder()
    embedder.warm_up()
    return time_each([partial(embedder.embed_question, question.text) for question in questions])


def write_all(store: PassageStore, maker: PassageMaker) -> None:
    """Block by block; one flush each."""
    for block in maker.list_blocks(WRITE_BLOCK):
        store.upsert(block)


def open_local_mode() -> QdrantPassageStore:
    """The client's own engine in this process, through the same store and so with the same filters."""
    # It warns that payload indexes and exact search mean nothing there: that is what is measured.
    warnings.filterwarnings("ignore", module="index.*|qdrant_client.*", category=UserWarning)
    return QdrantPassageStore(QdrantClient(":memory:"), CollectionPlan("passages", "bench", DIMENSION))


def _name(number: int) -> tuple[str, int]:
    document, ordinal = divmod(int(number), PASSAGES_A_DOCUMENT)
    return f"document-{document}", ordinal
