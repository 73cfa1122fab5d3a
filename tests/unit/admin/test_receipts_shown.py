"""What a person at a terminal reads of receipts, and why a cited revision does not answer any more."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from admin.operations.recall import explain_silence
from admin.render_receipts import render_recall, render_receipt, render_verified
from core.access import OPEN_TO_ALL
from core.documents import AnsweringDocument, Facts, Status, Validity
from core.ledger import DocumentRow

TODAY = date(2026, 3, 3)
ALWAYS = Validity()
EVIDENCE = {
    "sentence": "Our main colour is Marrow Teal.",
    "source": "kit",
    "path": "colour.md",
    "heading": "Colour",
    "page": 3,
    "revision": 2,
    "status": "approved",
}
RECEIPT: dict[str, Any] = {
    "receipt_id": "r-0123456789",
    "number": 12,
    "at": "2026-03-03T12:00:00.123456+00:00",
    "question": "And posters?",
    "understood": "Which colour may posters carry?",
    "asker": "mara@pelmarrow.example",
    "conversation": "T1/C1/1.2",
    "day": "2026-03-03",
    "brand": "Tallow",
    "verdict": "partial",
    "ruling": "allowed",
    "mode": "model",
    "official": None,
    "model": "served-model",
    "parameters": [["temperature", "0"]],
    "why": "1 sentence is left out.",
    "claims": [{"text": "Teal is the main colour.", "evidence": [EVIDENCE], "checks": ["access", "numbers"]}],
    "rejected": [{"text": "It is magenta.", "sentence_ids": [], "failed": ["names", "overlap"]}],
    "steps": ["searched", "checked"],
    "offered": ["a", "b"],
    "prompt_hash": "ab" * 32,
    "index": "minilm:384",
    "hash": "cd" * 32,
}
ANSWER = {
    "receipt_id": "r-0123456789",
    "at": "2026-03-03T12:00:00.123456+00:00",
    "asker": "",
    "question": "",
    "conversation": "",
    "claims": ["Teal is the main colour."],
    "cited": [{"document_id": "d", "revision": 2, "answers": False, "why_not": "retired"}],
}


def test_receipt_reads_from_question_to_proof() -> None:
    assert render_receipt(RECEIPT).splitlines() == [
        "Receipt r-0123456789  2026-03-03 12:00:00Z  row 12",
        "  Question:   And posters?",
        "  Understood: Which colour may posters carry?",
        "  Asker:      mara@pelmarrow.example",
        "  Where:      T1/C1/1.2",
        "  As of:      2026-03-03, brand Tallow",
        "  Verdict:    partial, ruling allowed, in the words of served-model (temperature=0)",
        "  Why:        1 sentence is left out.",
        "",
        "  1. Teal is the main colour.",
        "     “Our main colour is Marrow Teal.”",
        "     kit:colour.md › Colour, page 3, revision 2, approved",
        "     passed: access, numbers",
        "",
        "  Not shown, since it could not be proved:",
        "     “It is magenta.” failed names, overlap",
        "",
        "  Way:        searched › checked",
        "  Built from: prompt abababababababab…, 2 sentence(s) offered, index minilm:384",
        f"  Hash:       {'cd' * 32}",
        "  Check it:   onbrand receipt verify r-0123456789",
    ]


def test_what_was_removed_is_said_and_other_modes_are_named() -> None:
    removed = {**RECEIPT, "question": "", "asker": "", "understood": "", "mode": "passages"}
    lines = render_receipt(removed).splitlines()
    assert (lines[1], lines[2]) == ("  Question:   (removed)", "  Asker:      (removed)")
    assert "  Verdict:    partial, ruling allowed, stored sentences, no model's words" in lines
    assert "official answer a1" in render_receipt({**RECEIPT, "official": "a1"})
    assert "The rest cannot be read" in render_receipt({**RECEIPT, "unreadable": True})


def test_verified_receipts_and_broken_ones_are_told_apart() -> None:
    whole = {"receipts": 3, "ok": True, "found": 0, "problems": [], "noted": 0, "notes": []}
    assert render_verified(whole) == "3 receipt(s) verified: chain, texts, sentences and claims hold."
    assert "Head: 3:ab" in render_verified({**whole, "head": "3:ab"})
    problems = [
        {"number": 2, "receipt_id": None, "problem": "row 2 is missing"},
        {"number": 3, "receipt_id": "r-3", "problem": "claim 1: does not pass names"},
    ]
    notes = [{"receipt_id": "r-1", "note": "revision 1 of kit:a.md is no longer in the ledger"}]
    broken = {
        **whole,
        "ok": False,
        "found": 5,
        "problems": problems,
        "noted": 2,
        "notes": notes,
        "head": "3:ab",
    }
    assert render_verified(broken).splitlines() == [
        "Not everything holds: 5 problem(s) in 3 receipt(s).",
        "  row 2: row 2 is missing",
        "  r-3 (row 3): claim 1: does not pass names",
        "  … and 3 more",
        "Changed since, which is no failure:",
        "  r-1: revision 1 of kit:a.md is no longer in the ledger",
        "  … and 1 more",
    ]


def test_recalled_answer_says_what_it_took_from_the_document() -> None:
    document = {"document_id": "d", "source": "kit", "path": "colour.md", "title": "Colour"}
    assert render_recall({"documents": [document, document], "answers": [ANSWER]}).splitlines() == [
        "1 answer(s) cited kit:colour.md:",
        "",
        "r-0123456789  2026-03-03 12:00:00Z  (removed)",
        "  (removed)",
        "  › Teal is the main colour.",
        "  revision 2 answers no longer: retired",
    ]
    gone = {**document, "path": None}
    assert render_recall({"documents": [gone], "answers": []}) == "No answer cited d."


def build_row(
    status: Status = "approved", *, validity: Validity = ALWAYS, is_removed: bool = False
) -> DocumentRow:
    facts = Facts(status=status, access=OPEN_TO_ALL, validity=validity)
    return DocumentRow(AnsweringDocument("d", 2, "kit", "a.md", "A", facts), 2, {}, is_removed)


@pytest.mark.parametrize(
    ("row", "revision", "said"),
    [
        (build_row(), 2, None),
        (None, 2, "no longer in the ledger"),
        (build_row(is_removed=True), 2, "removed at its source"),
        (build_row("retired"), 2, "retired"),
        (build_row("draft"), 2, "not approved any more"),
        (build_row(), 1, "revision 2 answers now"),
        (build_row(validity=Validity(None, date(2026, 3, 2))), 2, "out of date: valid until 2026-03-02"),
        (build_row(validity=Validity(date(2026, 3, 4), None)), 2, "not valid before 2026-03-04"),
        (build_row(validity=Validity(TODAY, TODAY)), 2, None),
    ],
)
def test_why_a_cited_revision_does_not_answer_is_said(
    row: DocumentRow | None, revision: int, said: str | None
) -> None:
    assert explain_silence(row, revision, TODAY) == said


def test_document_that_the_index_has_not_caught_up_with_is_silent() -> None:
    row = build_row()
    waiting = replace(row, document=replace(row.document, is_settled=False))
    assert explain_silence(waiting, 2, TODAY) == "the index has not caught up with the ledger yet"
