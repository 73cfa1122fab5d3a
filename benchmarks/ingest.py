"""Ingest side by side: our sync (int8, fp32), LlamaIndex's own pipeline on the same files, and the bare embedder."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from admin.owner import own_world
from benchmarks.figures import (
    Figure,
    Options,
    add_folder,
    build_settings,
    judge_ratio,
    make_folder,
    run,
    time_once,
)
from benchmarks.generated_text import write_documents
from index.embedder import Embedder
from index.model_files import Precision
from index.onnx_embedder import OnnxEmbedder

# The generator writes about a tenth more than it is asked for.
FILES, WORDS = 120, 55_000
ROUNDS = 3
MOST_SHARE_OF_RESYNC = 0.02


@dataclass(frozen=True, slots=True)
class RecordingEmbedder:
    """The real embedder; notes the texts, so that the bare one gets exactly the same."""

    inner: Embedder
    texts: list[str] = field(default_factory=list)

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
        self.texts.extend(texts)
        return self.inner.embed_passages(texts)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """[dimension], unit length."""
        return self.inner.embed_question(text)

    def warm_up(self) -> None:
        """As the inner one."""
        self.inner.warm_up()


@dataclass(frozen=True, slots=True)
class SyncRun:
    """Seconds of a first sync on a fresh world and of one with nothing changed, and what was embedded."""

    seconds: float
    again: float
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of each contestant, taken one right after the other."""

    int8: SyncRun
    fp32: SyncRun
    bare: float
    peer: float
    peer_passages: int


def measure_ingest(options: Options) -> list[Figure]:
    """Rounds of all four, in turn: what slows the machine for a while slows all of them."""
    with make_folder() as folder:
        documents = options.documents or folder / "documents"
        if options.documents is None:
            write_documents(documents, files=FILES, words=WORDS)
        words = count_source_words(documents)
        bare = OnnxEmbedder()
        bare.warm_up()
        with _running_peer(documents) as ask_peer:
            rounds = [_run_round(documents, bare, ask_peer) for _ in range(ROUNDS)]
    return _report(rounds, words)


def count_source_words(documents: Path) -> int:
    """Words of all markdown files, as they stand there."""
    return sum(len(path.read_text(encoding="utf-8").split()) for path in documents.rglob("*.md"))


def sync_fresh(documents: Path, precision: Precision) -> SyncRun:
    """A full sync into a new world, the model loaded before the clock starts."""
    with make_folder() as home, own_world(build_settings(home, embedder_precision=precision)) as world:
        recorder = RecordingEmbedder(world.index.embedder)
        recorder.warm_up()
        watched = replace(world, index=replace(world.index, embedder=recorder, generations=None))
        add_folder(world, documents)
        seconds = time_once(lambda: run(watched, "sync", {}))
        again = time_once(lambda: run(watched, "sync", {}))
        return SyncRun(seconds, again, tuple(recorder.texts))


def _run_round(documents: Path, bare: OnnxEmbedder, ask_peer: Callable[[], dict[str, float]]) -> Round:
    int8 = sync_fresh(documents, "int8")
    alone = time_once(lambda: bare.embed_passages(int8.texts))
    peer = ask_peer()
    return Round(int8, sync_fresh(documents, "fp32"), alone, peer["seconds"], int(peer["passages"]))


def _report(rounds: Sequence[Round], words: int) -> list[Figure]:
    def show_speed(name: str, seconds: Callable[[Round], float]) -> Figure:
        middle = median(map(seconds, rounds))
        return Figure(name, f"{words / middle:,.0f} words/s ({middle:.1f} s)")

    def divide(of: Callable[[Round], float], by: Callable[[Round], float]) -> float:
        """Median of the rounds' ratios: both sides of one ratio ran within the same minute."""
        return median(of(one) / by(one) for one in rounds)

    again = divide(lambda one: one.int8.again, lambda one: one.int8.seconds)
    passages = len(rounds[0].int8.texts)
    return [
        show_speed(f"ingest, ours int8: {words:,} words, {passages} passages", lambda one: one.int8.seconds),
        show_speed("ingest, ours fp32", lambda one: one.fp32.seconds),
        show_speed(
            f"ingest, LlamaIndex (fp32, {rounds[0].peer_passages} passages, no overlap) ¹",
            lambda one: one.peer,
        ),
        show_speed("bare embedder int8, our passages, nothing else", lambda one: one.bare),
        judge_ratio("ours int8 / LlamaIndex", divide(lambda one: one.peer, lambda one: one.int8.seconds), 4),
        judge_ratio(
            "ours fp32 / LlamaIndex", divide(lambda one: one.peer, lambda one: one.fp32.seconds), 1.5
        ),
        judge_ratio(
            "ours int8 / bare embedder", divide(lambda one: one.bare, lambda one: one.int8.seconds), 0.85
        ),
        Figure("re-sync with nothing changed", f"{again:.1%}", "≤ 2 %", again <= MOST_SHARE_OF_RESYNC),
        Figure("¹ its Qdrant store is not installed: the same points go to local mode, 64 at once", ""),
    ]


@contextmanager
def _running_peer(documents: Path) -> Iterator[Callable[[], dict[str, float]]]:
    """The peer, warmed up; each call is one run into a new collection."""
    command = [sys.executable, "-m", "benchmarks.llamaindex_peer", str(documents)]
    with ExitStack() as stack:
        folder = stack.enter_context(make_folder())
        peer = stack.enter_context(
            subprocess.Popen(
                command,
                env={**os.environ, "TQDM_DISABLE": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        if peer.stdin is None or peer.stdout is None or "ready" not in peer.stdout.readline():
            raise RuntimeError("the LlamaIndex peer did not start; its output stands above")
        requests, answers = peer.stdin, peer.stdout

        def ask() -> dict[str, float]:
            collection = folder / f"collection-{len(list(folder.iterdir()))}"
            requests.write(f"{collection}\n")
            requests.flush()
            answer: dict[str, float] = json.loads(answers.readline())
            return answer

        yield ask
