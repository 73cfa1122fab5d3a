"""The page that Prometheus reads: what was counted, and gauges read at that moment. Opened by admin/probes.py.

The only importer of prometheus_client, and so imported only by processes that stay.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from core.metrics import METRICS, READING_FAILED, Metric, Sample

CONTENT_TYPE = CONTENT_TYPE_LATEST
"""Of what `render` gives."""

Read = Callable[[], Iterable[Sample]]
"""Reads some gauges now; what it raises only leaves these out."""


class MetricsPage:
    """A registry of its own: nothing that a library registers for itself gets onto the page. Thread-safe."""

    def __init__(self, readings: Mapping[str, Read]) -> None:
        # The moment at which a counter was made is a line more for each, and nobody asks for it.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._counters = {
            one: Counter(one.name, one.description, one.labels, registry=self._registry)
            for one in METRICS
            if one.kind == "counter"
        }
        self._histograms = {
            one: Histogram(
                one.name, one.description, one.labels, registry=self._registry, buckets=one.buckets
            )
            for one in METRICS
            if one.kind == "histogram"
        }
        ProcessCollector(registry=self._registry)
        self._registry.register(_Gauges(readings))

    def count(self, metric: Metric, labels: Sequence[str], amount: float) -> None:
        """Add to a counter."""
        counter = self._counters[metric]
        (counter.labels(*labels) if labels else counter).inc(amount)

    def observe(self, metric: Metric, labels: Sequence[str], seconds: float) -> None:
        """Add one value to a histogram."""
        histogram = self._histograms[metric]
        (histogram.labels(*labels) if labels else histogram).observe(seconds)

    def render(self) -> bytes:
        """The page in Prometheus' text format."""
        return generate_latest(self._registry)


class _Gauges(Collector):
    def __init__(self, readings: Mapping[str, Read]) -> None:
        self._readings = readings

    def collect(self) -> Iterator[Family]:
        families: dict[Metric, GaugeMetricFamily] = {}
        for sample in self._read_all():
            metric = sample.metric
            if metric not in families:
                families[metric] = GaugeMetricFamily(metric.name, metric.description, labels=metric.labels)
            families[metric].add_metric(sample.labels, sample.value)
        yield from families.values()

    def describe(self) -> Iterator[Family]:
        """Nothing: asked when the page is made, where collecting would read everything."""
        return iter(())

    def _read_all(self) -> Iterator[Sample]:
        for name, read in self._readings.items():
            failed = 0.0
            try:
                yield from tuple(read())
            except Exception:  # noqa: BLE001 - whatever is down: the rest of the page is all the more wanted
                failed = 1.0
            yield Sample(READING_FAILED, failed, (name,))
