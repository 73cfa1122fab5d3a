"""What a sync did, counted: each file once, in the place where it belongs."""

import json

import pytest

from core.job_files import FileOutcome, FileState
from ingest.sync_report import SyncReport, read_report

OUTCOMES = (
    FileOutcome("b.md", "ingested", None, ("odd date", "no owner"), 1, 4),
    FileOutcome("sheet.xlsx", "ingested", None, (), 12, 12),
    FileOutcome("c.md", "unchanged"),
    FileOutcome("z.pdf", "failed", "encrypted"),
    FileOutcome("d.md", "outdated", "d.md changed while it was being indexed; sync again"),
)


@pytest.mark.parametrize(
    ("state", "counts"),
    [("ingested", (1, 0, 0)), ("unchanged", (0, 1, 0)), ("failed", (0, 0, 1)), ("outdated", (0, 0, 1))],
)
def test_each_outcome_counts_in_one_place(state: FileState, counts: tuple[int, int, int]) -> None:
    report = SyncReport("kit")
    report.take([FileOutcome("a.md", state, "why")])
    assert (report.ingested, report.unchanged, len(report.failed)) == counts


def test_outcomes_add_up_with_what_was_known_before() -> None:
    report = SyncReport("kit", listed=7, unchanged=2)
    report.take(OUTCOMES)
    assert (report.ingested, report.unchanged, report.documents, report.passages) == (2, 3, 13, 16)
    assert report.warnings == [("b.md", "odd date"), ("b.md", "no owner")]
    assert report.ingested + report.unchanged + len(report.failed) == report.listed


def test_failure_without_words_is_named_all_the_same() -> None:
    report = SyncReport("kit")
    report.take([FileOutcome("a.md", "failed")])
    assert report.failed == [("a.md", "failed")]


def test_files_are_listed_by_path_whatever_the_order_in_which_they_ended() -> None:
    report = SyncReport("kit", skipped=[("y.mov", "not read"), ("a.mov", "not read")])
    report.take(OUTCOMES)
    shown = report.as_json()
    assert [one["document"] for one in shown["failed"]] == ["d.md", "z.pdf"]
    assert [one["document"] for one in shown["skipped"]] == ["a.mov", "y.mov"]


def test_report_kept_between_steps_comes_back_as_it_was() -> None:
    report = SyncReport("kit", listed=9, moved=1, removed=2, skipped=[("y.mov", "not read")])
    report.take(OUTCOMES)
    kept = json.loads(json.dumps(report.as_json()))
    assert read_report(kept, "kit").as_json() == report.as_json()


def test_job_without_a_report_yet_has_an_empty_one() -> None:
    assert read_report({}, "kit") == SyncReport("kit")
