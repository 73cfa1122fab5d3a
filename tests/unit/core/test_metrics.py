"""What is counted comes onto the page that Prometheus reads; without a page, counting costs and keeps nothing."""

import re
from collections.abc import Iterator

import pytest
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.parser import text_string_to_metric_families

from core import metrics
from core.errors import TransientError
from core.metrics import METRICS, Sample, count, count_into, observe
from core.metrics_page import MetricsPage


def parse(page: MetricsPage) -> dict[str, Family]:
    return {one.name: one for one in text_string_to_metric_families(page.render().decode())}


def read_value(page: MetricsPage, name: str, **labels: str) -> float | None:
    found = [
        one.value
        for family in parse(page).values()
        for one in family.samples
        if one.name == name and one.labels == labels
    ]
    return found[0] if found else None


def test_nothing_is_kept_while_nobody_listens() -> None:
    count(metrics.ANSWERS, "answered", "model")
    page = MetricsPage({})
    with count_into(page):
        pass
    count(metrics.ANSWERS, "answered", "model")
    assert read_value(page, "onbrand_answers_total", verdict="answered", mode="model") is None


def test_counters_and_histograms_come_onto_the_page_with_their_labels() -> None:
    page = MetricsPage({})
    with count_into(page):
        count(metrics.ANSWERS, "answered", "model")
        count(metrics.ANSWERS, "answered", "model")
        count(metrics.JOB_FILES, "changed", amount=32)
        observe(metrics.ANSWER_SECONDS, 0.3, "model")
        observe(metrics.MODEL_SECONDS, 61)
        count(metrics.RECEIPTS)
    assert read_value(page, "onbrand_answers_total", verdict="answered", mode="model") == 2
    assert read_value(page, "onbrand_job_files_total", outcome="changed") == 32
    assert read_value(page, "onbrand_answer_seconds_bucket", mode="model", le="0.25") == 0
    assert read_value(page, "onbrand_answer_seconds_bucket", mode="model", le="0.5") == 1
    assert read_value(page, "onbrand_model_seconds_bucket", le="60.0") == 0
    assert read_value(page, "onbrand_model_seconds_sum") == 61
    assert read_value(page, "onbrand_receipts_total") == 1


def test_names_keep_to_the_conventions_and_are_told_apart() -> None:
    names = [one.name for one in METRICS]
    assert (
        len(set(names))
        == len(names)
        == len([one for one in vars(metrics).values() if type(one) is metrics.Metric])
    )
    for one in METRICS:
        assert re.fullmatch(r"onbrand_[a-z_]+", one.name)
        assert one.name.endswith("_total") is (one.kind == "counter"), one.name
        assert bool(one.buckets) is (one.kind == "histogram"), one.name
        assert one.kind != "histogram" or one.name.endswith("_seconds"), one.name


def test_a_reading_that_fails_is_left_out_and_named_while_the_rest_is_there() -> None:
    def fail() -> Iterator[Sample]:
        yield Sample(metrics.DOCUMENTS, 3, ("approved",))
        raise TransientError("the database is down")

    page = MetricsPage({"database": fail, "index": lambda: [Sample(metrics.PASSAGES, 7)]})
    assert read_value(page, "onbrand_index_passages") == 7
    assert read_value(page, "onbrand_reading_failed", reading="database") == 1
    assert read_value(page, "onbrand_reading_failed", reading="index") == 0
    # Half a reading would look as if the other half had gone.
    assert read_value(page, "onbrand_documents", status="approved") is None
    assert b"is down" not in page.render()


def test_gauges_of_one_metric_stand_together_and_the_process_is_measured_too() -> None:
    samples = [Sample(metrics.SYNC_AGE, age, (name,)) for name, age in (("drive", 5.0), ("folder", 60.0))]
    page = MetricsPage({"database": lambda: samples})
    assert read_value(page, "onbrand_sync_age_seconds", source="folder") == 60
    assert page.render().count(b"# TYPE onbrand_sync_age_seconds gauge") == 1
    assert "process_resident_memory_bytes" in parse(page)
    assert b"_created" not in page.render()


def test_a_metric_with_wrong_labels_is_a_defect_that_shows() -> None:
    with count_into(MetricsPage({})), pytest.raises(ValueError, match="label"):
        count(metrics.ANSWERS, "answered")
