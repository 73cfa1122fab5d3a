"""The table of metrics in docs/operating.md names what there is, and nothing else."""

import re
from pathlib import Path

from core.metrics import METRICS

PAGE = Path(__file__).resolve().parents[2] / "docs/operating.md"


def test_page_names_every_metric_with_its_labels_and_no_other() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`(onbrand_[a-z_]+(?:\{[a-z_,]+\})?)`", text))
    shown = {one.name + (f"{{{','.join(one.labels)}}}" if one.labels else "") for one in METRICS}
    assert {name for name in named if "{" in name} == {name for name in shown if "{" in name}
    assert {name.partition("{")[0] for name in named} == {name.partition("{")[0] for name in shown}


def test_alert_rules_ask_for_metrics_that_exist() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("```yaml")[2].partition("```")[0]
    asked = set(re.findall(r"\bonbrand_[a-z_]+", text))
    assert len(asked) >= 3
    assert asked <= {one.name for one in METRICS}
