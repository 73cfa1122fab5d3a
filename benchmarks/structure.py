"""Structure kept, by format and parser: headings, table rows, pages and slides, notes, and time a file.

An item is kept where the parser's blocks say it again as what it is; structure_truth.py counts what there is to keep.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Figure, Options
from benchmarks.structure_candidates import CANDIDATES, Candidate
from benchmarks.structure_others import list_others
from benchmarks.structure_truth import Row, Truth, count_structure, fold
from core.documents import Block

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
CORPUS_VARIABLE, CORPUS = "ONBRAND_TEST_CORPUS", ROOT.parent / "shared" / "corpus-dev"
COLUMNS = (
    "format",
    "parser",
    "files",
    "headings kept",
    "table rows kept",
    "pages/slides kept",
    "notes kept",
    "ms a file",
)
WIDTHS = (10, 24, 14, 18, 18, 18, 16, 10)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of all items of one sort came out as what they are."""

    kept: int = 0
    of: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(self.kept + other.kept, self.of + other.of)

    def __str__(self) -> str:
        return f"{self.kept}/{self.of} ({self.kept / self.of:.0%})" if self.of else "–"


@dataclass(slots=True)
class Tally:
    """What one candidate kept of one format's files."""

    files: int = 0
    failed: int = 0
    seconds: float = 0.0
    headings: Kept = field(default_factory=Kept)
    rows: Kept = field(default_factory=Kept)
    pages: Kept = field(default_factory=Kept)
    notes: Kept = field(default_factory=Kept)

    def add(self, truth: Truth, blocks: Sequence[Block]) -> None:
        """Take in one file."""
        self.files += 1
        self.headings += count_headings(truth.headings, blocks)
        self.rows += count_rows(truth.rows, blocks)
        self.pages += count_pages(truth.pages, blocks)
        self.notes += count_notes(truth.notes, blocks)


def measure_structure(options: Options) -> list[Figure]:
    """One line a format and parser, over the samples and the corpus, or over the documents that are named."""
    folders = [options.documents] if options.documents else [SAMPLES, find_corpus()]
    files = [
        path for folder in folders if folder.is_dir() for path in sorted(folder.rglob("*")) if path.is_file()
    ]
    suffixes = sorted({path.suffix.lower() for path in files})
    lines = [
        (suffix.removeprefix("."), candidate.name, *show_tally(tally_files(candidate, chosen)))
        for suffix in suffixes
        for candidate in (*CANDIDATES, *list_others())
        if suffix in candidate.suffixes and (chosen := [one for one in files if one.suffix.lower() == suffix])
    ]
    return [Figure(_render(line), "") for line in (COLUMNS, *lines)]


def find_corpus() -> Path:
    """Real documents to measure on; the folder may be absent."""
    return Path(os.environ.get(CORPUS_VARIABLE) or CORPUS)


def tally_files(candidate: Candidate, files: Sequence[Path]) -> Tally:
    """Each file once, after one that loads the libraries. A file that cannot be read keeps nothing."""
    tally = Tally()
    _parse(candidate, files[0])
    for path in files:
        blocks, seconds = _parse(candidate, path)
        tally.seconds += seconds
        tally.failed += blocks is None
        tally.add(_find_truth(path), blocks or ())
    return tally


def _find_truth(path: Path) -> Truth:
    """Of a PDF, which marks neither headings nor tables, what the text says that our samples were printed from."""
    truth = count_structure(path.name, path.read_bytes())
    printed = SAMPLES / "sources" / path.parent.name / f"{path.name}.md"
    if path.suffix.lower() != ".pdf" or not path.is_relative_to(SAMPLES) or not printed.exists():
        return truth
    source = count_structure(printed.name, printed.read_bytes())
    return replace(truth, headings=source.headings, rows=source.rows)


def show_tally(tally: Tally) -> tuple[str, ...]:
    """The cells of one line, as of the third column."""
    files = f"{tally.files} ({tally.failed} failed)" if tally.failed else str(tally.files)
    kept = (tally.headings, tally.rows, tally.pages, tally.notes)
    return (files, *map(str, kept), f"{tally.seconds / tally.files * 1000:.1f}")


def count_headings(headings: Sequence[str], blocks: Sequence[Block]) -> Kept:
    """A heading is kept where a block of that kind says it whole; said twice in the file, it must come twice."""
    left = [fold(block.text) for block in blocks if block.kind == "heading"]
    kept = 0
    for heading in map(fold, headings):
        if heading in left:
            left.remove(heading)
            kept += 1
    return Kept(kept, len(headings))


def count_rows(rows: Sequence[Row], blocks: Sequence[Block]) -> Kept:
    """A row is kept where all its cells stand in one row of the parser's; a header, where its rows repeat it."""
    texts = [fold(block.text) for block in blocks if block.kind == "table_row"]
    kept = sum(any(all(fold(cell) in text for cell in row) for text in texts) for row in rows)
    return Kept(kept, len(rows))


def count_pages(pages: Mapping[int, str], blocks: Sequence[Block]) -> Kept:
    """A page or slide is kept where a block that names its number holds text of it."""
    numbered = list(_list_numbered(blocks))
    kept = sum(
        any(number == page and text in whole for number, text in numbered)
        for page, whole in ((page, fold(text)) for page, text in pages.items())
    )
    return Kept(kept, len(pages))


def count_notes(notes: Sequence[str], blocks: Sequence[Block]) -> Kept:
    """A note is kept where notes, told apart from the text, hold it."""
    said = "".join(fold(block.text) for block in blocks if block.kind == "note")
    return Kept(sum(fold(note) in said for note in notes), len(notes))


def _list_numbered(blocks: Sequence[Block]) -> Iterator[tuple[int, str]]:
    for block in blocks:
        if block.page is not None and (text := fold(block.text)):
            yield block.page, text


def _parse(candidate: Candidate, path: Path) -> tuple[Sequence[Block] | None, float]:
    content = path.read_bytes()
    started = perf_counter()
    try:
        blocks: Sequence[Block] | None = candidate.parse(path.name, content)
    except Exception:  # noqa: BLE001 - whatever a contestant raises, it has failed on this file
        blocks = None
    return blocks, perf_counter() - started


def _render(cells: Sequence[str]) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
