"""Keeps questions that ended without an answer, like ones together. Used by the pipeline."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.answer.official import build_official_question, is_same_question, is_to_the_letter
from bot.answer.official_serving import QuestionVectors
from core.answers import Answer, Question
from core.errors import OnbrandError
from core.gaps import KnownGap, NearEvidence, NewGapQuestion
from index.embedder import Embedder, EmbedderUnavailable
from index.unit_vectors import EmbeddingsUnusable

# 95 % of the development set's paraphrases lie above it; the rule on words decides then.
LIKE_COSINE = 0.5
COMPARED_GAPS = 12
# More than this waiting means that the database is in trouble: a gap is lost then, never an answer.
MOST_WAITING = 200

_log = logging.getLogger(__name__)


class KeepsGaps(Protocol):
    """What this needs of core.gaps.Gaps."""

    def list_joinable(self, brand: str | None) -> tuple[KnownGap, ...]:
        """Gaps that a new question may belong to."""

    def add(self, question: NewGapQuestion, *, gap_id: str | None = None) -> str:
        """Keep a question."""


class GapRecorder:
    """Keeps gaps in a thread of its own: the asker never waits for it, and its failures are only logged."""

    def __init__(self, gaps: KeepsGaps, embedder: Embedder) -> None:
        self._gaps = gaps
        self._vectors = QuestionVectors(embedder)
        self._waiting = BoundedSemaphore(MOST_WAITING)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gaps")

    def record(self, question: Question, answer: Answer) -> None:
        """Keep the question if it is a gap. Returns at once and never raises."""
        if answer.verdict != "not_found" or not question.is_recorded:
            return
        if not self._waiting.acquire(blocking=False):
            _log.warning("a gap was not kept: %d others are waiting for the database", MOST_WAITING)
            return
        try:
            self._thread.submit(self._keep, build_gap_question(question, answer))
        except RuntimeError:
            # Closed meanwhile: the process is ending.
            self._waiting.release()

    def close(self) -> None:
        """Wait for what has been taken in."""
        self._thread.shutdown()

    def _keep(self, new: NewGapQuestion) -> None:
        try:
            self.keep(new)
        except OnbrandError as failure:
            _log.warning("a gap was not kept: %s", failure)
        except Exception:  # noqa: BLE001 - nobody waits for this thread: what it does not log is lost
            _log.exception("a gap was not kept")
        finally:
            self._waiting.release()

    def keep(self, new: NewGapQuestion) -> str:
        """Keep it with the gap that asks the same, else as a new gap; gives the gap's id."""
        known = self._gaps.list_joinable(new.brand)
        try:
            vector = self._vectors.embed(new.text)
            joined = self._find_like(new.text, vector, known)
        except (EmbedderUnavailable, EmbeddingsUnusable) as failure:
            _log.warning("a gap is joined by its very words alone: %s", failure)
            joined = next((gap for gap in known if is_to_the_letter(new.text, gap.question)), None)
            return self._gaps.add(new, gap_id=joined.gap_id if joined else None)
        with_vector = NewGapQuestion(
            new.text, new.asker, new.brand, new.why, new.nearest, vector.astype("<f4").tobytes()
        )
        return self._gaps.add(with_vector, gap_id=joined.gap_id if joined else None)

    def _find_like(
        self, text: str, vector: NDArray[np.float32], known: Sequence[KnownGap]
    ) -> KnownGap | None:
        scored = sorted(((_compare(vector, gap.vector), gap) for gap in known), key=lambda pair: -pair[0])
        for cosine, gap in scored[:COMPARED_GAPS]:
            if cosine >= LIKE_COSINE and is_same_question(
                text,
                build_official_question(gap.question),
                cosine=cosine,
                measure_nearness=self._vectors.measure_nearness,
            ):
                return gap
        return None


def build_gap_question(question: Question, answer: Answer) -> NewGapQuestion:
    """What is kept. The nearest evidence is what this asker was shown, so it is theirs to see."""
    nearest = tuple(NearEvidence(one.document_id, one.path, one.sentence_id) for one in answer.nearest)
    return NewGapQuestion(question.text, question.asker.label(), question.brand, answer.why, nearest)


def _compare(vector: NDArray[np.float32], stored: bytes) -> float:
    """Cosine with a stored vector; 0 with none, or with one of another model."""
    other = np.frombuffer(stored, dtype="<f4")
    return float(vector @ other) if other.shape == vector.shape else 0.0
