"""Traces against a small collector on loopback: what arrives, what never does, and that nobody waits for it."""

import logging
import os
from collections.abc import Iterator, Sequence

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from bot.answer.pipeline import AnswerPipeline
from bot.watched import WatchedPipeline, WatchedSearch
from core import trace_export
from core.answers import Answer
from core.clock import Stopwatch, pause
from core.metrics import SPANS, Metric, count_into
from core.trace_export import MOST_WAITING, OtlpTracer, SpanSender, trace_to
from core.tracing import span, trace_into
from tests.fakes.answer_world import WordEmbedder, WorldSearch, ask, build_found
from tests.fakes.otlp_collector import OtlpCollector, find_free_port, serve_collector

SECRET = "Kestrel keeps 24 mm of clear space around the logo."
QUESTION = "how much clear space around the Kestrel logo"
ASKER = "reader@pelmarrow.example"


class Spans:
    """Counts spans by what became of them."""

    def __init__(self) -> None:
        self.number = {"sent": 0.0, "dropped": 0.0}

    def count(self, metric: Metric, labels: Sequence[str], amount: float) -> None:
        if metric is SPANS:
            self.number[labels[0]] += amount

    def observe(self, metric: Metric, labels: Sequence[str], seconds: float) -> None:
        """Not looked at here."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_export, "EXPORT_SECONDS", 0.5)
    monkeypatch.setattr(trace_export, "STOP_PATIENCE_SECONDS", 2.0)


@pytest.fixture
def spans() -> Iterator[Spans]:
    made = Spans()
    with count_into(made):
        yield made


@pytest.fixture
def collector() -> Iterator[OtlpCollector]:
    with serve_collector() as made:
        yield made


def answer() -> Answer:
    search = WatchedSearch(WorldSearch([build_found(SECRET)]))
    inner = AnswerPipeline(search=search, model=None, embedder=WordEmbedder())
    *_, last = WatchedPipeline(inner, search=search).answer(ask(QUESTION))
    assert isinstance(last, Answer)
    return last


def test_answer_arrives_as_one_trace_without_a_word_of_it(collector: OtlpCollector, spans: Spans) -> None:
    with trace_to(collector.url, process="host-1"):
        assert answer().verdict == "answered"
    arrived = {one["name"]: one for one in collector.list_spans()}
    assert set(arrived) == {"answer", "searching", "search", "reading", "checking"}
    assert len({one["trace"] for one in arrived.values()}) == 1
    assert arrived["search"]["parent"] == arrived["searching"]["id"]
    assert arrived["searching"]["parent"] == arrived["answer"]["id"]
    assert arrived["answer"]["facts"]["onbrand.verdict"] == "answered"
    assert collector.paths == ["/v1/traces"]
    assert b"host-1" in collector.bodies[0]
    for word in ("Kestrel", "clear", "logo", "24", ASKER, "reader"):
        assert not any(word.encode() in body for body in collector.bodies), word
    assert spans.number == {"sent": 5, "dropped": 0}


def test_error_arrives_as_its_class_alone(collector: OtlpCollector) -> None:
    with (
        trace_to(collector.url, process="host-1"),
        pytest.raises(ValueError, match="Kestrel"),
        span("batch", kind="sync", files=32, asked_by=ASKER),
    ):
        raise ValueError(f"cannot read {SECRET}")
    [batch] = collector.list_spans()
    assert batch["facts"] == {
        "onbrand.kind": "sync",
        "onbrand.files": 32,
        "onbrand.asked_by": "withheld",
        "error.type": "ValueError",
    }
    assert (batch["is_error"], batch["message"], batch["events"]) == (True, "", 0)


def test_library_that_would_trace_by_itself_finds_nobody_who_listens(
    collector: OtlpCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    with trace_to(collector.url, process="host-1"):
        with trace.get_tracer("some-library").start_as_current_span(SECRET), span("ours"):
            pass
        assert os.environ["OTEL_SDK_DISABLED"] == "true"
    assert [(one["name"], one["parent"]) for one in collector.list_spans()] == [("ours", b"")]


@pytest.mark.parametrize("trouble", ["down", "hangs", "refuses", "misses"])
def test_collector_in_trouble_delays_no_answer_and_what_is_lost_is_counted(
    collector: OtlpCollector, spans: Spans, trouble: str
) -> None:
    url = f"http://127.0.0.1:{find_free_port()}" if trouble == "down" else collector.url
    collector.status = {"refuses": 503, "misses": 404}.get(trouble, 200)
    if trouble == "hangs":
        collector.hangs.set()
    with trace_to(url, process="host-1"):
        watch = Stopwatch()
        for _ in range(20):
            assert answer().verdict == "answered"
        assert watch.milliseconds() < 1_500
        stopping = Stopwatch()
    assert stopping.milliseconds() < 4_000
    watch = Stopwatch()
    while spans.number["dropped"] < 100 and watch.milliseconds() < 5_000:
        pause(0.02)
    assert spans.number == {"sent": 0, "dropped": 100}
    assert collector.bodies == []


def test_collector_that_comes_back_gets_what_follows_and_both_are_said_once(
    collector: OtlpCollector, caplog: pytest.LogCaptureFixture, spans: Spans
) -> None:
    caplog.set_level(logging.DEBUG)
    collector.status = 404
    exporter = trace_export._open_exporter(collector.url)
    sender = SpanSender(exporter, every_seconds=0.02)
    with trace_into(OtlpTracer(sender, process="host-1")):
        for number in range(3):
            with span(f"lost-{number}"):
                pass
            watch = Stopwatch()
            while spans.number["dropped"] <= number and watch.milliseconds() < 5_000:
                pause(0.01)
        collector.status = 200
        with span("kept"):
            pass
        collector.wait_for("kept")
    sender.close()
    said = [one.getMessage() for one in caplog.records if one.name.startswith("core.trace_export")]
    assert said == ["the trace collector takes no spans; dropped", "the trace collector takes spans again"]
    assert [one["name"] for one in collector.list_spans()] == ["kept"]
    assert collector.url not in " ".join(said)


def test_proxy_and_password_file_of_the_environment_are_not_used(
    collector: OtlpCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{find_free_port()}")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{find_free_port()}")
    with trace_to(f"{collector.url}/v1/traces/", process="host-1"), span("ours"):
        pass
    assert collector.paths == ["/v1/traces"]


class Stuck(SpanExporter):
    """Never comes back until it is shut down."""

    def __init__(self) -> None:
        self.is_over = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        while not self.is_over:
            pause(0.01)
        return SpanExportResult.FAILURE

    def shutdown(self) -> None:
        self.is_over = True


def test_queue_is_bounded_and_what_does_not_fit_is_dropped_at_once(
    spans: Spans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace_export, "STOP_PATIENCE_SECONDS", 0.1)
    sender = SpanSender(Stuck(), every_seconds=0.01)
    with trace_into(OtlpTracer(sender, process="host-1")):
        watch = Stopwatch()
        for _ in range(MOST_WAITING + 1000):
            with span("search"):
                pass
        assert watch.milliseconds() < 3_000
    assert spans.number["dropped"] >= 1000 - trace_export.MOST_AT_ONCE
    assert sender._waiting.qsize() <= MOST_WAITING
    sender.close()
