"""Answers say where what they rest on may be out of date."""

from datetime import UTC, datetime

from bot.answer.freshness import name_stale
from core.answers import Answer, Claim, Evidence, Milliseconds
from core.schedules import StaleSource

LATE = StaleSource("kit", datetime(2026, 3, 1, 9, 30, tzinfo=UTC), 24)
NEVER = StaleSource("legal", None, 24)


def make_answer(*sources: str) -> Answer:
    evidence = tuple(
        Evidence(f"{name}:1:0:0", name, 1, name, "a.md", "A", "", None, None, "A.", "approved", None)
        for name in sources
    )
    claims = (Claim("A.", evidence),) if evidence else ()
    return Answer("answered" if claims else "not_found", "passages", claims, Milliseconds(0, 0, 0, 0))


def test_stale_source_of_a_cited_sentence_is_named_with_its_last_sync_and_limit() -> None:
    (line,) = name_stale(make_answer("kit"), [LATE, NEVER]).stale
    assert "kit was last synced on 2026-03-01 09:30 UTC (limit: 24 h)" in line


def test_source_that_was_never_synced_says_so() -> None:
    (line,) = name_stale(make_answer("legal"), [LATE, NEVER]).stale
    assert line.startswith("legal has never been synced")


def test_answer_that_rests_on_fresh_sources_says_nothing() -> None:
    answer = make_answer("brand")
    assert name_stale(answer, [LATE, NEVER]) is answer


def test_answer_without_evidence_counts_stale_sources_and_names_none() -> None:
    (line,) = name_stale(make_answer(), [LATE, NEVER]).stale
    assert "2 source(s)" in line
    assert "kit" not in line
    assert "legal" not in line


def test_nothing_is_said_when_no_source_is_stale() -> None:
    assert name_stale(make_answer(), []).stale == ()
