"""The answer walk, its search and its model, watched: what they do is counted and traced. Joined by bot/assembly.py."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bot.answer.freshness import AnswerWalk
from bot.answer.pipeline_parts import AnswerSearch
from core import metrics
from core.answers import Answer, AnswerEvent, Progress, Question
from core.clock import Stopwatch
from core.documents import AnsweringDocument
from core.llm import (
    ChatModel,
    Completion,
    ModelDown,
    ModelUnavailable,
    Prompt,
    PromptTooLong,
    QuestionWithdrawn,
)
from core.metrics import count, observe
from core.tracing import Span, open_span, span
from core.withdrawal import Withdrawal
from index.passage_store import Scope
from index.search import Found, FoundPassage

_FAILURES: tuple[tuple[type[BaseException], str], ...] = (
    (ModelDown, "down"),
    (PromptTooLong, "too_long"),
    (QuestionWithdrawn, "withdrawn"),
    (ModelUnavailable, "unusable"),
    (BaseException, "error"),
)


class WatchedSearch:
    """An AnswerSearch that says what it does."""

    def __init__(self, inner: AnswerSearch) -> None:
        self._inner = inner
        self.is_without_meaning = False
        """Of the last search: the embedder did not answer."""

    def find_by_any_leg(self, text: str, scope: Scope, *, limit: int = 10) -> Found:
        """As the search inside."""
        with span("search") as opened:
            found = self._inner.find_by_any_leg(text, scope, limit=limit)
            opened.note(passages=len(found.passages), by_meaning=not found.is_without_meaning)
        self.is_without_meaning = found.is_without_meaning
        count(metrics.SEARCHES, "words" if found.is_without_meaning else "all")
        return found

    def find_hidden(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """As the search inside."""
        with span("search hidden"):
            return self._inner.find_hidden(text, scope, limit=limit)

    def confirm(
        self, documents: Iterable[AnsweringDocument], scope: Scope
    ) -> Mapping[str, AnsweringDocument]:
        """As the search inside."""
        return self._inner.confirm(documents, scope)


class WatchedModel:
    """A ChatModel that says what it does. `read_resting`: is it left alone, because it failed again and again?"""

    def __init__(self, inner: ChatModel, read_resting: Callable[[], bool] = lambda: False) -> None:
        self._inner = inner
        self._read_resting = read_resting
        self.has_failed = False
        """Of the last request: the endpoint was down."""

    @property
    def is_resting(self) -> bool:
        """True from the failure that was one too many until a request works."""
        return self._read_resting()

    @property
    def context_tokens(self) -> int | None:
        """As the model inside."""
        return self._inner.context_tokens

    def complete_json(
        self,
        prompt: Prompt,
        *,
        schema: Mapping[str, Any],
        thinking: bool = False,
        cache_salt: str | None = None,
        withdrawal: Withdrawal | None = None,
    ) -> Completion:
        """As the model inside."""
        watch = Stopwatch()
        try:
            with span("model", thinking=thinking) as opened:
                completion = self._inner.complete_json(
                    prompt, schema=schema, thinking=thinking, cache_salt=cache_salt, withdrawal=withdrawal
                )
                opened.note(
                    prompt_tokens=completion.prompt_tokens or 0,
                    completion_tokens=completion.completion_tokens or 0,
                )
        except BaseException as error:
            self._note_failure(error)
            raise
        finally:
            observe(metrics.MODEL_SECONDS, watch.milliseconds() / 1000)
        self.has_failed = False
        return completion

    def _note_failure(self, error: BaseException) -> None:
        count(metrics.MODEL_FAILURES, next(word for kind, word in _FAILURES if isinstance(error, kind)))
        # A question that was too long or withdrawn says nothing about the endpoint.
        if isinstance(error, ModelDown):
            self.has_failed = True


class WatchedPipeline:
    """The answer walk that says what it does: each answer is one span, each of its stages a part of it."""

    def __init__(
        self, inner: AnswerWalk, *, search: WatchedSearch | None = None, model: WatchedModel | None = None
    ) -> None:
        self._inner = inner
        self._search = search
        self.model = model

    def answer(self, question: Question) -> Iterator[AnswerEvent]:
        """As the walk inside."""
        walk = open_span("answer", turns=len(question.earlier), brand=question.brand is not None)
        events = self._inner.answer(question)
        error: BaseException | None = None
        stage: Span = walk
        try:
            # One step more of the walk is what the progress before it has named. The spans are open only while
            # the walk is at work: between two events this thread is the asker's.
            while (event := _step(events, walk, stage)) is not None:
                if isinstance(event, Answer):
                    _note_answer(walk, question, event)
                    walk.end()
                yield event
                stage = _open_stage(walk, event)
        except Exception as raised:
            error = raised
            count(metrics.ANSWERS_FAILED)
            raise
        finally:
            walk.end(error)

    def recheck(self, question: Question, answer: Answer) -> Answer:
        """As the walk inside."""
        with span("recheck"):
            return self._inner.recheck(question, answer)

    def list_degraded(self) -> Iterator[tuple[str, str]]:
        """Parts that are missed while questions are answered all the same, and what that means."""
        if self.model is not None and self.model.is_resting:
            yield "model", "it failed again and again and is left alone for now; answers are passages"
        elif self.model is not None and self.model.has_failed:
            yield "model", "it did not answer the last time; that answer was passages"
        if self._search is not None and self._search.is_without_meaning:
            yield "embedder", "it did not answer the last time; that search was by words alone"


def _step(events: Iterator[AnswerEvent], walk: Span, stage: Span) -> AnswerEvent | None:
    """The next event, worked out inside the open spans; the stage ends with it."""
    error: BaseException | None = None
    try:
        with stage.working():
            return next(events, None)
    except BaseException as raised:
        error = raised
        raise
    finally:
        if stage is not walk:
            stage.end(error)


def _open_stage(walk: Span, event: AnswerEvent) -> Span:
    if not isinstance(event, Progress):
        return walk
    with walk.working():
        return open_span(event.stage)


def _note_answer(walk: Span, question: Question, answer: Answer) -> None:
    times = answer.milliseconds
    walk.note(
        verdict=answer.verdict,
        mode=answer.mode,
        claims=len(answer.claims),
        rejected=len(answer.trace.rejected),
        receipt=answer.receipt_id or "none",
    )
    if answer.receipt_id is not None:
        count(metrics.RECEIPTS)
    if not question.is_recorded:
        # Measuring is nobody's question.
        return
    count(metrics.ANSWERS, answer.verdict, answer.mode)
    observe(metrics.ANSWER_SECONDS, times.total / 1000, answer.mode)
    for stage, spent in (("search", times.search), ("model", times.model), ("checks", times.verify)):
        observe(metrics.STAGE_SECONDS, spent / 1000, stage)
