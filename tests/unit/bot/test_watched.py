"""What the watched walk counts and traces, and that watching changes nothing of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.answer.pipeline import AnswerPipeline
from bot.watched import WatchedModel, WatchedPipeline, WatchedSearch
from core.answers import Answer, Milliseconds, Question
from core.llm import ModelDown, ModelUnavailable, Prompt, PromptTooLong, QuestionWithdrawn
from core.metrics import Metric, count_into
from core.tracing import span, trace_into
from tests.fakes.answer_world import WordEmbedder, WorldSearch, ask, build_found
from tests.fakes.scripted_model import Reply, ScriptedModel, find_id, write_answer
from tests.unit.core.test_tracing import KeepingTracer

SPACE = "Keep 24 mm of clear space around the logo."
QUESTION = "how much clear space around the logo"
PROMPT = Prompt("", "")


class Tally:
    """Adds up what is counted, by metric and labels."""

    def __init__(self) -> None:
        self.counted: dict[tuple[str, ...], float] = {}
        self.observed: dict[tuple[str, ...], list[float]] = {}

    def count(self, metric: Metric, labels: Sequence[str], amount: float) -> None:
        key = (metric.name.removeprefix("onbrand_"), *labels)
        self.counted[key] = self.counted.get(key, 0) + amount

    def observe(self, metric: Metric, labels: Sequence[str], seconds: float) -> None:
        self.observed.setdefault((metric.name.removeprefix("onbrand_"), *labels), []).append(seconds)


@pytest.fixture
def tally() -> Iterator[Tally]:
    made = Tally()
    with count_into(made):
        yield made


@pytest.fixture
def tracer() -> Iterator[KeepingTracer]:
    made = KeepingTracer()
    with trace_into(made):
        yield made


def quote(prompt: Prompt, _schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return write_answer({"text": SPACE, "ids": [find_id(prompt, "24 mm")]})


def build(*replies: Reply | Callable[..., Any]) -> WatchedPipeline:
    search = WatchedSearch(WorldSearch([build_found(SPACE)]))
    model = WatchedModel(ScriptedModel(*replies)) if replies else None
    inner = AnswerPipeline(search=search, model=model, embedder=WordEmbedder())
    return WatchedPipeline(inner, search=search, model=model)


def answer(pipeline: WatchedPipeline, question: Question | None = None) -> Answer:
    *_, last = pipeline.answer(question or ask(QUESTION))
    assert isinstance(last, Answer)
    return last


def test_answer_of_the_model_is_counted_with_its_stages_and_requests(tally: Tally) -> None:
    assert answer(build(quote)).mode == "model"
    assert tally.counted == {("answers_total", "answered", "model"): 1, ("searches_total", "all"): 1}
    stages = [("answer_stage_seconds", one) for one in ("search", "model", "checks")]
    assert set(tally.observed) == {("answer_seconds", "model"), ("model_seconds",), *stages}


def test_answer_from_passages_and_an_absence_are_told_apart(tally: Tally) -> None:
    answer(build())
    answer(build(), ask("who painted the bridge"))
    assert tally.counted["answers_total", "answered", "passages"] == 1
    assert tally.counted["answers_total", "not_found", "passages"] == 1


def test_question_of_a_measurement_counts_as_no_answer(tally: Tally) -> None:
    answer(build(), replace(ask(QUESTION), is_recorded=False))
    assert tally.counted == {("searches_total", "all"): 1}


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (ModelDown("it took too long"), "down"),
        (PromptTooLong("too long"), "too_long"),
        (QuestionWithdrawn(), "withdrawn"),
        (ModelUnavailable("no JSON"), "unusable"),
    ],
)
def test_failure_of_the_model_is_counted_by_its_kind_and_goes_on_as_before(
    tally: Tally, failure: ModelUnavailable, kind: str
) -> None:
    model = WatchedModel(ScriptedModel(failure))
    with pytest.raises(type(failure)):
        model.complete_json(PROMPT, schema={})
    assert tally.counted == {("model_failures_total", kind): 1}
    assert len(tally.observed["model_seconds",]) == 1
    assert model.has_failed is (kind == "down")


def test_degraded_parts_are_named_until_they_work_again() -> None:
    pipeline = build(ModelDown("it took too long"), quote)
    assert answer(pipeline).mode == "passages"
    assert [part for part, _ in pipeline.list_degraded()] == ["model"]
    assert answer(pipeline).mode == "model"
    assert [*pipeline.list_degraded()] == []


def test_model_that_is_left_alone_is_named_as_such() -> None:
    model = WatchedModel(ScriptedModel("{}"), lambda: True)
    inner = AnswerPipeline(search=WorldSearch([]), model=None, embedder=WordEmbedder())
    [(part, reason)] = WatchedPipeline(inner, model=model).list_degraded()
    assert (part, "left alone" in reason) == ("model", True)


def test_spans_show_the_way_of_an_answer_and_no_word_of_it(tracer: KeepingTracer) -> None:
    answer(build(quote))
    assert [(one.name, one.parent.name if one.parent else None) for one in tracer.spans] == [
        ("answer", None),
        ("searching", "answer"),
        ("search", "searching"),
        ("writing", "answer"),
        ("model", "writing"),
        ("checking", "answer"),
    ]
    assert all(one.ends == 1 and one.failure is None for one in tracer.spans)
    assert tracer.spans[0].facts["verdict"] == "answered"
    assert tracer.spans[0].facts["claims"] == 1
    everything = repr([one.facts for one in tracer.spans])
    assert not any(word in everything for word in ("clear", "logo", "Keep", "withheld"))


class Exploding:
    """Stands for a walk with a defect."""

    def answer(self, question: Question) -> Iterator[Answer]:
        if question.text:
            raise RuntimeError(f"cannot answer {question.text}")
        yield Answer("not_found", "passages", (), Milliseconds(0, 0, 0, 0))


def test_question_that_ends_in_an_error_is_counted_and_its_words_stay_out(
    tally: Tally, tracer: KeepingTracer
) -> None:
    pipeline = WatchedPipeline(Exploding())  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="clear space"):
        answer(pipeline)
    assert tally.counted == {("answers_failed_total",): 1}
    [kept] = tracer.spans
    assert (kept.failure, kept.ends) == ("RuntimeError", 1)


def test_walk_that_is_left_early_ends_its_spans_and_hides_nothing(
    tally: Tally, tracer: KeepingTracer
) -> None:
    walk = build().answer(ask(QUESTION))
    next(walk)
    walk.close()  # type: ignore[attr-defined]
    assert [one.ends for one in tracer.spans] == [1] * len(tracer.spans)
    assert tally.counted == {}


def test_asker_may_work_between_two_events_without_getting_into_the_answer(tracer: KeepingTracer) -> None:
    for _ in build().answer(ask(QUESTION)):
        with span("status"):
            pass
    assert {one.parent for one in tracer.spans if one.name == "status"} == {None}
