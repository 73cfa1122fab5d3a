"""Every metric of the product, and two functions that count. Without a listener they do nothing: see count_into.

Who counts: bot/watched.py, bot/delivery.py, the workers of ingest. Who listens: core/metrics_page.py.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol

# Seconds. A passage comes in tenths of one, a model's answer in some, and a job may take a night.
_ANSWER_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 60.0)
_STAGE_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_JOB_BUCKETS = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 4 * 3600.0, 12 * 3600.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric by its Prometheus name. Labels are words of ours and names of sources and workers, never a text."""

    name: str
    kind: Literal["counter", "histogram", "gauge"]
    description: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """What a gauge shows at this moment."""

    metric: Metric
    value: float
    labels: tuple[str, ...] = ()


ANSWERS = Metric("onbrand_answers_total", "counter", "Questions answered.", ("verdict", "mode"))
ANSWERS_FAILED = Metric("onbrand_answers_failed_total", "counter", "Questions that ended in an error.")
ANSWER_SECONDS = Metric(
    "onbrand_answer_seconds", "histogram", "From a question to its answer.", ("mode",), _ANSWER_BUCKETS
)
STAGE_SECONDS = Metric(
    "onbrand_answer_stage_seconds",
    "histogram",
    "The same by part: search, model, checks.",
    ("stage",),
    _STAGE_BUCKETS,
)
SEARCHES = Metric(
    "onbrand_searches_total", "counter", "Searches for questions; `words` is without meaning.", ("legs",)
)
MODEL_SECONDS = Metric(
    "onbrand_model_seconds", "histogram", "Each request to the language model.", (), _ANSWER_BUCKETS
)
MODEL_FAILURES = Metric(
    "onbrand_model_failures_total", "counter", "Requests without an answer that can be used.", ("kind",)
)
RECEIPTS = Metric("onbrand_receipts_total", "counter", "Receipts kept.")
SLACK_EVENTS = Metric(
    "onbrand_slack_events_total", "counter", "Messages from Slack by how they ended.", ("outcome",)
)
JOB_SECONDS = Metric(
    "onbrand_job_seconds", "histogram", "How long jobs took that ended.", ("kind",), _JOB_BUCKETS
)
JOB_FILES = Metric("onbrand_job_files_total", "counter", "Files that syncs went through.", ("outcome",))
SPANS = Metric("onbrand_spans_total", "counter", "Spans of traces, sent or dropped.", ("outcome",))

DOCUMENTS = Metric("onbrand_documents", "gauge", "Documents in the ledger.", ("status",))
PASSAGES = Metric("onbrand_index_passages", "gauge", "Passages in the index.")
JOB_RUNS = Metric("onbrand_job_runs", "gauge", "Jobs on record.", ("kind", "state"))
SYNC_AGE = Metric("onbrand_sync_age_seconds", "gauge", "Time since the last sync.", ("source",))
SYNC_STALE = Metric("onbrand_sync_stale", "gauge", "1 when that is beyond the source's limit.", ("source",))
WORKER_BEAT_AGE = Metric(
    "onbrand_worker_beat_age_seconds",
    "gauge",
    "Time since the last sign of life of a worker that has not ended.",
    ("worker",),
)
DISK_FREE = Metric("onbrand_disk_free_bytes", "gauge", "Free space under ONBRAND_HOME.")
SLACK_CONNECTED = Metric("onbrand_slack_connected", "gauge", "1 while events from Slack can arrive.")
MODEL_RESTING = Metric(
    "onbrand_model_circuit_open", "gauge", "1 while the model failed again and again and is left alone."
)
READY = Metric("onbrand_ready", "gauge", "1 when /readyz says yes.")
READING_FAILED = Metric(
    "onbrand_reading_failed", "gauge", "1 when a part of this page could not be read.", ("reading",)
)

METRICS = (
    ANSWERS,
    ANSWERS_FAILED,
    ANSWER_SECONDS,
    STAGE_SECONDS,
    SEARCHES,
    MODEL_SECONDS,
    MODEL_FAILURES,
    RECEIPTS,
    SLACK_EVENTS,
    JOB_SECONDS,
    JOB_FILES,
    SPANS,
    DOCUMENTS,
    PASSAGES,
    JOB_RUNS,
    SYNC_AGE,
    SYNC_STALE,
    WORKER_BEAT_AGE,
    DISK_FREE,
    SLACK_CONNECTED,
    MODEL_RESTING,
    READY,
    READING_FAILED,
)


class Counts(Protocol):
    """What is needed of core.metrics_page.MetricsPage."""

    def count(self, metric: Metric, labels: Sequence[str], amount: float) -> None:
        """Add to a counter."""

    def observe(self, metric: Metric, labels: Sequence[str], seconds: float) -> None:
        """Add one value to a histogram."""


# One for the process: what counts stands deep inside, and commands that end at once must not pay for it.
_listeners: list[Counts] = []


@contextmanager
def count_into(listener: Counts) -> Iterator[None]:
    """Within the block `listener` hears what is counted, on every thread."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def count(metric: Metric, *labels: str, amount: float = 1.0) -> None:
    """Add to a counter; `labels` in the order of the metric's."""
    for listener in _listeners:
        listener.count(metric, labels, amount)


def observe(metric: Metric, seconds: float, *labels: str) -> None:
    """Add a duration to a histogram."""
    for listener in _listeners:
        listener.observe(metric, labels, seconds)
