"""Own time of answers, everything but the model: 20 askers at once on the samples and 10,000 generated passages."""

import gc
import json
import re
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from admin.owner import own_world
from admin.sample_company import FOLDER, MARKETER, add_samples
from admin.world import World
from benchmarks.figures import (
    TODAY,
    Figure,
    Options,
    add_folder,
    build_settings,
    find_percentile,
    judge_most,
    make_folder,
    run,
    show_spread,
    time_once,
)
from benchmarks.generated_text import write_documents
from bot.answer.pipeline import AnswerPipeline
from bot.assembly import read_rules
from core.answers import Answer, Question
from core.clock import pause
from core.llm import Completion, Prompt
from core.withdrawal import Withdrawal
from index.embedder import Embedder
from index.remembering_embedder import RememberingEmbedder

FILES, WORDS = 1_430, 800_000
ASKERS, QUESTIONS_EACH = 20, 10
MOST_OWN = 600

_in_model = threading.local()
"""Milliseconds that the model's calls of this thread took in its question."""
_LINE = re.compile(r"\[(S\d+)\] (.+)")
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class GeneratedVectors:
    """The real embedder for questions; passages get a direction drawn from their text, which costs nothing."""

    inner: Embedder

    @property
    def dimension(self) -> int:
        """As the inner one."""
        return self.inner.dimension

    @property
    def fingerprint(self) -> str:
        """As the inner one."""
        return self.inner.fingerprint

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[n, dimension], unit length."""
        rows = [np.random.default_rng(crc32(text.encode())).standard_normal(self.dimension) for text in texts]
        vectors = np.array(rows, dtype=np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """[dimension], unit length."""
        return self.inner.embed_question(text)

    def warm_up(self) -> None:
        """As the inner one."""
        self.inner.warm_up()


class QuotingModel:
    """Answers with one claim: the sentence of the prompt that shares most words with the question.

    At once, or after `seconds`, in which it computes nothing here, as a model on another machine.
    """

    context_tokens: int | None = None

    def __init__(self, *, seconds: float = 0.0) -> None:
        self._seconds = seconds

    def complete_json(
        self,
        prompt: Prompt,
        *,
        schema: Mapping[str, Any],  # noqa: ARG002 - the door's signature
        thinking: bool = False,
        cache_salt: str | None = None,  # noqa: ARG002
        withdrawal: Withdrawal | None = None,  # noqa: ARG002
    ) -> Completion:
        """One claim in words that are not quite those of the sentence: every check has to look at it."""
        started = perf_counter()
        lines, _, question = prompt.user.rpartition("\n\nQuestion: ")
        asked = set(_WORD.findall(question.lower()))
        number, sentence = max(
            _LINE.findall(lines), key=lambda line: len(asked & set(_WORD.findall(line[1].lower())))
        )
        claim = {"text": f"Here {sentence[0].lower()}{sentence[1:]}", "ids": [number], "quote": ""}
        if self._seconds:
            pause(self._seconds)
        text = json.dumps({"found": True, "ruling": "none", "claims": [claim]})
        _in_model.milliseconds += (perf_counter() - started) * 1000
        return Completion(text=text, served_model="quoting", thinking=thinking, format_level="json_schema")


MODELS: Mapping[str, QuotingModel | None] = {
    "model that answers at once": QuotingModel(),
    "model that takes a second": QuotingModel(seconds=1.0),
    "passages mode": None,
}


@dataclass(frozen=True, slots=True)
class Timed:
    """One answer and its own milliseconds."""

    answer: Answer
    own: float


def measure_answers(_options: Options) -> list[Figure]:
    """With a model and in passages mode, and one asker alone for comparison; receipts are kept."""
    with make_folder() as folder, own_world(build_settings(folder / "home")) as world:
        seconds = time_once(lambda: fill_world(world, folder / "documents"))
        world.index.embedder.warm_up()
        # As `onbrand up` does once it has started.
        gc.freeze()
        passages = world.index.store.count()
        figures = [Figure(f"filling the index: {passages:,} passages", f"{seconds:.0f} s")]
        for name, model in MODELS.items():
            pipeline = build_pipeline(world, model)
            timed = ask_all(world, pipeline, askers=1)
            figures.append(Figure(f"own time, {name}, one asker alone", show_own(timed)))
            figures += report_mode(name, ask_all(world, pipeline, askers=ASKERS))
    return figures


def fill_world(world: World, documents: Path) -> None:
    """The sample company as it is, then generated documents whose vectors are generated too."""
    add_samples(lambda name, arguments: run(world, name, arguments))
    write_documents(documents, files=FILES, words=WORDS, seed=19)
    embedder = GeneratedVectors(world.index.embedder)
    add_folder(world, documents)
    run(replace(world, index=replace(world.index, embedder=embedder)), "sync", {"name": "bench"})


def build_pipeline(world: World, model: QuotingModel | None) -> AnswerPipeline:
    """The world's own pipeline, with this model."""
    answering = world.answering
    return AnswerPipeline(
        search=world.index.search,
        model=model,
        embedder=RememberingEmbedder(world.index.embedder),
        desks=answering.desks,
        gaps=answering.gap_recorder,
        receipts=answering.receipt_keeper,
        rules=read_rules(world.settings),
    )


def ask_all(world: World, pipeline: AnswerPipeline, *, askers: int) -> list[Timed]:
    """Each asker asks question after question, all askers at the same time."""
    lines = (FOLDER / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["question"] for line in lines]
    person = world.identify(MARKETER)

    def ask_on(asker: int) -> list[Timed]:
        places = range(asker * QUESTIONS_EACH, (asker + 1) * QUESTIONS_EACH)
        questions = [Question(texts[place % len(texts)], person, TODAY) for place in places]
        return [time_answer(pipeline, question) for question in questions]

    with ThreadPoolExecutor(askers) as pool:
        return [one for timed in pool.map(ask_on, range(askers)) for one in timed]


def time_answer(pipeline: AnswerPipeline, question: Question) -> Timed:
    """From the question to its answer, the model's calls taken off."""
    _in_model.milliseconds = 0.0
    started = perf_counter()
    *_, answer = pipeline.answer(question)
    own = (perf_counter() - started) * 1000 - _in_model.milliseconds
    if not isinstance(answer, Answer):
        raise TypeError(f"the last event should be an Answer, got {answer!r}")
    return Timed(answer, own)


def report_mode(name: str, timed: Sequence[Timed]) -> list[Figure]:
    """The spread, the aim and what the answers were."""
    own = [one.own for one in timed]
    kinds = Counter(f"{one.answer.verdict} ({one.answer.mode})" for one in timed)
    said = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    receipts = sum(one.answer.receipt_id is not None for one in timed)
    return [
        Figure(f"own time, {name}, {ASKERS} askers at once", show_own(timed)),
        judge_most(f"own time, {name}, {ASKERS} askers at once, p95", find_percentile(own, 95), MOST_OWN),
        Figure(f"  {receipts} receipts: {said}", ""),
    ]


def show_own(timed: Sequence[Timed]) -> str:
    """Median, 95th percentile and the longest."""
    own = [one.own for one in timed]
    return f"{show_spread(own)}, max {max(own):.0f}"
