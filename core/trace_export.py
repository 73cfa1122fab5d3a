"""Sends spans to an OpenTelemetry collector. Opened by admin/probes.py where ONBRAND_OTLP_URL is set, never else.

The only importer of opentelemetry: its start costs half a second, and no library may trace through it on its own.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any

import requests
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Status, StatusCode, set_span_in_context

from core.egress import allow_own_tracing
from core.metrics import SPANS, count
from core.tracing import Fact, trace_into

PATH = "/v1/traces"
MOST_WAITING = 2048
MOST_AT_ONCE = 256
EVERY_SECONDS = 2.0
EXPORT_SECONDS = 5.0
STOP_PATIENCE_SECONDS = 2.0

_log = logging.getLogger(__name__)


class OtlpTracer:
    """A core.tracing.Tracer. Its provider is nobody's but ours: what libraries would trace goes nowhere."""

    def __init__(self, processor: SpanProcessor, *, process: str) -> None:
        resource = Resource({"service.name": "onbrand", "service.instance.id": process})
        with allow_own_tracing():
            provider = TracerProvider(sampler=ALWAYS_ON, resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(processor)
        self._tracer = provider.get_tracer("onbrand")

    def begin(self, name: str, parent: Any) -> Any:
        """A new span inside `parent` (None: a trace of its own)."""
        context = Context() if parent is None else set_span_in_context(parent, Context())
        return self._tracer.start_span(name, context, record_exception=False, set_status_on_exception=False)

    def end(self, span: Any, facts: Mapping[str, Fact], failure: str | None) -> None:
        """Without the error's own words, which may quote a question."""
        span.set_attributes({f"onbrand.{name}": value for name, value in facts.items()})
        if failure is not None:
            span.set_attribute("error.type", failure)
            span.set_status(Status(StatusCode.ERROR))
        span.end()


class SpanSender(SpanProcessor):
    """A bounded queue and one thread that sends. Whoever ends a span never waits: what does not fit is dropped."""

    def __init__(self, exporter: SpanExporter, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._exporter = exporter
        self._every_seconds = every_seconds
        self._waiting: Queue[ReadableSpan] = Queue(MOST_WAITING)
        self._stopping = Event()
        self._works = True
        self._thread = Thread(target=self._run, name="traces", daemon=True)
        self._thread.start()

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Nothing: only what is over is sent."""

    def on_end(self, span: ReadableSpan) -> None:
        """Put it into the queue."""
        try:
            self._waiting.put_nowait(span)
        except Full:
            count(SPANS, "dropped")

    def close(self) -> None:
        """Send what waits, for a moment at most."""
        self._stopping.set()
        self._thread.join(STOP_PATIENCE_SECONDS)
        self._exporter.shutdown()

    def _run(self) -> None:
        is_last = False
        while not is_last:
            is_last = self._stopping.wait(self._every_seconds)
            while batch := self._take():
                self._send(batch)

    def _take(self) -> list[ReadableSpan]:
        batch: list[ReadableSpan] = []
        while len(batch) < MOST_AT_ONCE:
            try:
                batch.append(self._waiting.get_nowait())
            except Empty:
                break
        return batch

    def _send(self, batch: Sequence[ReadableSpan]) -> None:
        try:
            works = self._exporter.export(batch) is SpanExportResult.SUCCESS
        except Exception:  # noqa: BLE001 - whatever it is, the next batch is tried as well
            works = False
        count(SPANS, "sent" if works else "dropped", amount=len(batch))
        if works is not self._works:
            # Once each way: a collector that is down for a night is no news every two seconds.
            _log.warning(
                "the trace collector %s", "takes spans again" if works else "takes no spans; dropped"
            )
        self._works = works


@contextmanager
def trace_to(url: str, *, process: str) -> Iterator[None]:
    """Within the block all spans of this process go to the collector at `url`."""
    # Each failure would be a line with the collector's address; ours says it once.
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    sender = SpanSender(_open_exporter(url))
    try:
        with trace_into(OtlpTracer(sender, process=process)):
            yield
    finally:
        sender.close()


def _open_exporter(url: str) -> OTLPSpanExporter:
    session = requests.Session()
    # To this address and nowhere else: no proxy and no password file of the environment.
    session.trust_env = False
    base = url.rstrip("/")
    endpoint = base if base.endswith(PATH) else base + PATH
    return OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_SECONDS, session=session)
