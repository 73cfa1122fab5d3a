"""What an auditor reads at a terminal."""

from typing import Any

from admin.render_audit import render_audit, render_erased, render_retention, render_thinned, render_verified

ROW: dict[str, Any] = {
    "number": 7,
    "at": "2026-03-03T12:00:00.123456+00:00",
    "actor": "cora@pelmarrow.example",
    "act": "approve",
    "subject": "document d1",
    "reason": "read it",
    "before": {},
    "after": {"status": "approved", "title": "Größe"},
}
HOLD = {
    "hold_id": "h1",
    "email": None,
    "reason": "law suit",
    "by": "ada",
    "at": "2026-03-03",
    "released_at": None,
}


def test_row_says_who_did_what_why_and_what_changed() -> None:
    assert render_audit([ROW, {"number": 6, "unreadable": True}]).splitlines() == [
        "     7  2026-03-03 12:00:00Z  cora@pelmarrow.example  approve  document d1 — read it",
        '        after  {"status": "approved", "title": "Größe"}',
        "     6  cannot be read; see onbrand audit verify",
    ]
    assert render_audit([]) == "No row of the audit fits."


def test_whole_chain_gives_the_head_to_note_and_a_broken_one_its_problems() -> None:
    whole = {"rows": 3, "head": "3:ab", "ok": True, "problems": [], "found": 0}
    assert "3 row(s), none changed" in render_verified(whole)
    assert "Head: 3:ab" in render_verified(whole)
    broken = {**whole, "ok": False, "problems": [{"number": 2, "problem": "row 2 is missing"}], "found": 5}
    assert render_verified(broken).splitlines() == [
        "The audit was tampered with: 5 problem(s) in 3 row(s).",
        "  row 2: row 2 is missing",
        "  … and 4 more",
    ]


def test_holds_are_shown_with_what_they_stop() -> None:
    due = {"gap_questions": 2, "gaps": 0, "slack_events": 1}
    chains = {name: {"days": 2555, "due": 0} for name in ("audit", "receipts")}
    kept = {"questions": {"days": 90, "due": due}, **chains, "holds": []}
    assert "Text of questions: 90 days; due now: 2 gap questions, 0 gaps, 1 slack events" in render_retention(
        kept
    )
    assert render_retention(kept).endswith("No hold stands.")
    held = render_retention({**kept, "holds": [HOLD]})
    assert held.splitlines()[-2:] == [
        "While a hold stands, no audit row, receipt or Slack event is thinned out, whoever it is about:",
        "  hold h1 on everything: law suit (by ada, 2026-03-03)",
    ]


def test_dry_run_is_told_apart_from_a_run() -> None:
    counts = {"gap_questions": 2, "gaps": 0, "slack_events": 0, "audit_rows": 5}
    assert render_thinned({"dry_run": True, **counts}) == "Would thin out: 2 gap questions, 5 audit rows."
    assert render_thinned({"dry_run": False, **counts}) == "Thinned out: 2 gap questions, 5 audit rows."
    assert render_thinned({"dry_run": False, "gaps": 0}) == "Nothing is due."


def test_erasing_says_what_stays_and_why() -> None:
    stays = [
        {"what": "audit", "rows": 4, "why": "proof"},
        {"what": "directory", "rows": None, "why": "again"},
    ]
    shown = render_erased({"email": "a@b.example", "erased": {"people": 1, "aliases": 0}, "stays": stays})
    assert shown.splitlines() == [
        "Erased a@b.example: 1 people. This cannot be undone.",
        "What stays:",
        "  4 audit: proof",
        "  directory: again",
    ]
