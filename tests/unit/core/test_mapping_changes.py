"""What other rules would change: counted by field and effect, with a few examples, past what curators decided."""

from datetime import date

from admin.render_mapping import render_mapping_preview
from core.access import OPEN_TO_ALL
from core.documents import Validity
from core.mapping_changes import Remapped, count_changes
from core.metadata import Declared

DRAFT = Declared()
APPROVED = Declared(status="approved", kind="messaging", owner="ann@otter.example")
PREVIEW = {"name": "kit", "files": 40, "unused": [], "warnings": [], "more_warnings": 0, "signals": []}


def test_each_change_is_counted_once_a_document_with_at_most_five_examples() -> None:
    files = [Remapped(f"{number}.md", DRAFT, APPROVED) for number in range(7)]
    files += [Remapped("same.md", APPROVED, APPROVED), Remapped("lost.md", APPROVED, DRAFT)]
    changes = count_changes(files).as_json()
    assert (changes["changed"], changes["decided"]) == (8, 0)
    said = [(one["field"], one["effect"], one["value"], one["documents"]) for one in changes["changes"]]
    assert said == [
        ("status", "becomes", "approved", 7),
        ("status", "becomes", "draft", 1),
        ("kind", "becomes", "messaging", 7),
        ("kind", "becomes", "other", 1),
        ("owner", "gains", None, 7),
        ("owner", "loses", None, 1),
    ]
    assert [one["document"] for one in changes["changes"][0]["examples"]] == [
        f"{number}.md" for number in range(5)
    ]


def test_what_a_curator_has_decided_is_not_counted_as_a_change() -> None:
    changes = count_changes(
        [
            Remapped("a.md", DRAFT, APPROVED, decided=frozenset({"status", "kind", "owner"})),
            Remapped("b.md", DRAFT, APPROVED, decided=frozenset({"status"})),
        ]
    ).as_json()
    assert (changes["changed"], changes["decided"]) == (1, 4)
    assert [(one["field"], one["documents"]) for one in changes["changes"]] == [("kind", 1), ("owner", 1)]


def test_preview_reads_as_sentences_about_documents() -> None:
    first, later = Validity(None, date(2026, 12, 31)), Validity(None, date(2027, 12, 31))
    columns, others = {"quote": "Quote"}, {"quote": "Said"}
    files = [
        *(Remapped(f"{number}.md", DRAFT, APPROVED) for number in range(12)),
        *(Remapped(f"old{number}.md", APPROVED, Declared(status="retired")) for number in range(3)),
        Remapped("day.md", Declared(validity=first), Declared(validity=later, access=OPEN_TO_ALL)),
        Remapped("brand.md", Declared(brand="Otter"), Declared(brand="Mole", classification="never")),
        Remapped("bare.md", Declared(brand="Otter", url="https://x.example"), Declared()),
        Remapped("q.xlsx", DRAFT, DRAFT, rows_after=columns),
        Remapped("r.xlsx", DRAFT, DRAFT, rows_before=columns, rows_after=others),
        Remapped("s.xlsx", DRAFT, DRAFT, rows_before=columns),
    ]
    text = render_mapping_preview({**PREVIEW, **count_changes(files).as_json()})
    for line in (
        "21 of 40 documents of kit would change.",
        "  12 documents become approved:",
        "    0.md  (draft → approved)",
        "    … and 7 more",
        "  3 documents become retired:",
        "  1 document becomes readable by all:",
        "  12 documents get a new owner:",
        "  3 documents lose their owner:",
        "  1 document changes its last day:",
        "    day.md  (2026-12-31 → 2027-12-31)",
        "  1 document becomes brand Mole:",
        "  1 document loses its brand:",
        "  1 document loses its link:",
        "  1 document becomes posted as never:",
        "  1 document is read row by row:",
        "    q.xlsx  (none → quote: Quote)",
        "  1 document is read row by row by other columns:",
        "  1 document is no longer read row by row:",
        "Nothing was changed.",
    ):
        assert line in text.split("\n"), line


def test_preview_names_rules_that_match_nothing_and_values_that_cannot_be_used() -> None:
    warnings = [{"document": "a.md", "warning": "rule 2: status 'x' is not known"}]
    signals = [{"name": "label", "documents": 9, "values": ["approved", "hot"], "more_values": True}]
    preview = {**PREVIEW, "unused": [1, 3], "warnings": warnings, "more_warnings": 4, "signals": signals}
    text = render_mapping_preview({**preview, "changed": 0, "changes": [], "decided": 2})
    assert "0 of 40 documents of kit would change." in text
    assert "No document matches rule 1, 3:" in text
    assert "cannot be used  a.md: rule 2: status 'x' is not known" in text
    assert "… and 4 more values" in text
    assert "  label  in 9: approved, hot, …" in text
    assert "2 value(s) stay as they are: a curator has decided them." in text
