"""The comparison of parsers counts what stands in a file, and sees what a parser loses."""

from pathlib import Path

import pytest

from benchmarks.structure import Kept, count_headings, count_notes, count_pages, count_rows, tally_files
from benchmarks.structure_candidates import CANDIDATES, Candidate
from benchmarks.structure_truth import count_structure
from core.documents import Block

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "company"
MARKDOWN = b"""---
title: T
---
# One
Two
---
```
# no heading
| a | b |
|---|---|
```
## [Three](https://example.com) ##
| Word | Rule |
|---|---|
| lead | no |

<table><tr><td>x</td></tr></table>
"""


def test_marks_of_markdown_are_counted_outside_of_code() -> None:
    truth = count_structure("a.md", MARKDOWN)
    assert list(truth.headings) == ["One", "Two", "[Three"]
    assert [tuple(cell.strip() for cell in row) for row in truth.rows] == [
        ("Word", "Rule"),
        ("lead", "no"),
        ("x",),
    ]


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("battlecards/obrenda.pptx", (6, 5, 6, 5)),
        ("brand/brand-guide.docx", (17, 21, 0, 0)),
        ("customer-stories/quote-tracker.xlsx", (1, 14, 0, 0)),
        ("customer-stories/lunaro-ceramics.html", (4, 4, 0, 0)),
        ("customer-stories/hallgrim-pumps.pdf", (0, 0, 1, 0)),
    ],
)
def test_structure_of_the_samples_is_counted_from_their_bytes(path: str, counts: tuple[int, ...]) -> None:
    """Headings, rows, pages and notes, as the samples' own sources have them."""
    truth = count_structure(path, (SAMPLES / path).read_bytes())
    assert tuple(map(len, (truth.headings, truth.rows, truth.pages, truth.notes))) == counts


def test_a_heading_that_comes_out_as_prose_is_lost() -> None:
    assert count_headings(["One", "Two"], [Block("heading", "One", 1), Block("paragraph", "Two")]) == Kept(
        1, 2
    )


def test_a_heading_said_twice_must_come_twice() -> None:
    assert count_headings(["Next", "Next"], [Block("heading", "Next", 2)]) == Kept(1, 2)


def test_a_row_whose_cells_are_scattered_is_lost() -> None:
    blocks = [Block("table_row", "Word: lead"), Block("table_row", "Rule: no")]
    assert count_rows([("lead", "no")], blocks) == Kept(0, 1)
    assert count_rows([("lead", "no")], [Block("table_row", "Word: lead · Rule: no")]) == Kept(1, 1)


def test_text_under_another_pages_number_keeps_neither_page() -> None:
    assert count_pages({1: "Red", 2: "Blue"}, [Block("paragraph", "Blue", page=1)]) == Kept(0, 2)


def test_a_note_among_the_text_is_lost() -> None:
    assert count_notes(["Say it slowly."], [Block("paragraph", "Say it slowly.")]) == Kept(0, 1)


def test_a_parser_that_fails_keeps_nothing_and_is_counted() -> None:
    def fail(name: str, content: bytes) -> list[Block]:
        raise ValueError(name)

    tally = tally_files(Candidate("fails", frozenset({".html"}), fail), sorted(SAMPLES.rglob("*.html")))
    assert (tally.files, tally.failed, tally.headings.kept) == (3, 3, 0)
    assert tally.headings.of > 0


def test_ours_keeps_all_headings_rows_slides_and_notes_of_a_deck() -> None:
    tally = tally_files(CANDIDATES[0], sorted(SAMPLES.rglob("*.pptx")))
    kept = [tally.headings, tally.rows, tally.pages, tally.notes]
    assert kept == [Kept(12, 12), Kept(11, 11), Kept(12, 12), Kept(10, 10)]
