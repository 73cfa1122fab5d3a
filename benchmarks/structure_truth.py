"""What structure a file holds, counted straight from its bytes without any parser under comparison. For structure.py.

Text stands for text: an item counts only where it holds a letter or a digit.
"""

import csv
import html
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import pypdfium2
from lxml.html import document_fromstring

from benchmarks.structure_office import Package, W, read_text

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """Headings, rows as their cells' texts, text by page or slide, speaker's notes and footnotes."""

    headings: Sequence[str] = ()
    rows: Sequence[Row] = ()
    pages: Mapping[int, str] = field(default_factory=dict)
    notes: Sequence[str] = ()


def count_structure(name: str, content: bytes) -> Truth:
    """The truth about one file; an empty one for a format without marks of structure."""
    reader = _READERS.get(PurePath(name).suffix.lower())
    found = reader(content) if reader else Truth()
    return Truth(
        [text for text in found.headings if fold(text)],
        [row for row in found.rows if any(map(fold, row))],
        {number: text for number, text in found.pages.items() if fold(text)},
        [text for text in found.notes if fold(text)],
    )


def fold(text: str) -> str:
    """Only what every parser must keep of a text: its letters and digits, without case."""
    return "".join(filter(str.isalnum, text.casefold()))


def read_docx(content: bytes) -> Truth:
    """Paragraphs in a style named heading or title, w:tr of tables with more than one cell, foot- and endnotes."""
    package = Package(content)
    body = package.read("word/document.xml")
    styles = package.read("word/styles.xml")
    named = {
        str(style.get(f"{W}styleId")): str(name.get(f"{W}val")).lower()
        for style in styles.iter(f"{W}style")
        if (name := style.find(f"{W}name")) is not None
    }
    heads = {style for style, name in named.items() if re.fullmatch(r"heading \d|title", name)}
    headings = [
        read_text(paragraph, f"{W}t")
        for paragraph in body.iter(f"{W}p")
        if (mark := paragraph.find(f"{W}pPr/{W}pStyle")) is not None and mark.get(f"{W}val") in heads
    ]
    rows = [
        tuple(read_text(cell, f"{W}t") for cell in row.iter(f"{W}tc"))
        for table in body.iter(f"{W}tbl")
        if len(list(table.iter(f"{W}tc"))) > 1
        for row in table.iterchildren(f"{W}tr")
    ]
    notes = [
        read_text(note, f"{W}t")
        for part in ("word/footnotes.xml", "word/endnotes.xml")
        for note in (package.read(part) if package.has(part) else ())
    ]
    return Truth(headings, rows, notes=notes)


def read_pptx(content: bytes) -> Truth:
    """Title placeholders, a:tr, slides by number without hidden ones, the body of their notes."""
    headings: list[str] = []
    rows: list[Row] = []
    pages: dict[int, str] = {}
    notes: list[str] = []
    for slide in Package(content).list_slides():
        headings += slide.titles
        rows += slide.rows
        pages[slide.number] = slide.text
        notes += slide.notes
    return Truth(headings, rows, pages, notes)


def read_xlsx(content: bytes) -> Truth:
    """Names of visible sheets as headings; rows by their cells of text, as numbers and days are shown in many ways."""
    sheets = list(Package(content).list_sheets())
    return Truth([name for name, rows in sheets if rows], [row for _, rows in sheets for row in rows])


def read_csv(content: bytes) -> Truth:
    """Every line is a row."""
    text = content.decode("utf-8-sig")
    delimiter = max(",;\t|", key=text.partition("\n")[0].count)
    return Truth(rows=[tuple(line) for line in csv.reader(io.StringIO(text), delimiter=delimiter)])


def read_html(content: bytes) -> Truth:
    """h1 to h6 and tr of the page's content, wherever they stand but in its navigation and footer."""
    page: Any = document_fromstring(content)
    for edge in list(page.iter("nav", "footer", "aside", "script", "style", "template")):
        edge.drop_tree()
    headings = [str(one.text_content()) for one in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    return Truth(headings, [_read_cells(row) for row in page.iter("tr")])


def _read_cells(row: Any) -> Row:
    return tuple(str(cell.text_content()) for cell in row.iterchildren("td", "th"))


_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r"^ {0,3}#{1,6}[ \t\xa0]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_DELIMITERS = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_NO_TEXT = re.compile(r"\]\([^()]*(?:\([^()]*\)[^()]*)*\)|\]\[[^\]]*\]|<[^>]*>|\{[:#%{][^}]*\}+|~~.*?~~")


_HTML_HEADING = re.compile(r"<(h[1-6])\b[^>]*>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_HTML_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL | re.IGNORECASE)
_HTML_CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", re.DOTALL | re.IGNORECASE)


def read_markdown(content: bytes) -> Truth:
    """`#` lines, underlined lines, pipe tables and raw HTML, outside of code fences and front matter."""
    lines = list(
        _skip_fences(re.sub(r"\A---\n.*?\n---\n", "", _decode(content), flags=re.DOTALL).split("\n"))
    )
    text = "\n".join(lines)
    headings = [*_list_headings(lines), *(_show(found[2]) for found in _HTML_HEADING.finditer(text))]
    raw_rows = (_HTML_CELL.findall(found[1]) for found in _HTML_ROW.finditer(text))
    return Truth(headings, [*_list_rows(lines), *(tuple(map(_show, cells)) for cells in raw_rows)])


def _list_headings(lines: Sequence[str]) -> Iterator[str]:
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        atx = _ATX.match(line)
        if atx:
            yield _show(atx[1])
        elif "|" not in line and _UNDERLINE.match(below) and re.match(r"^ {0,3}[\w\[*`\"]", line):
            yield _show(line)


def _list_rows(lines: Sequence[str]) -> Iterator[Row]:
    in_table = False
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        in_table = "|" in line and (in_table or ("|" in below and _DELIMITERS.match(below) is not None))
        if in_table and not _DELIMITERS.match(line):
            yield tuple(map(_show, re.split(r"(?<!\\)\|", line.strip().strip("|"))))


def _decode(content: bytes) -> str:
    return content.decode("utf-8-sig").replace("\r\n", "\n")


def _skip_fences(lines: Sequence[str]) -> Iterator[str]:
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and fence and mark[1].startswith(fence):
            fence = ""
        elif not fence:
            yield line


def _show(source: str) -> str:
    return html.unescape(_NO_TEXT.sub("", source)).replace("\\", "")


def read_pdf(content: bytes) -> Truth:
    """Pages that hold text, and the outline's entries where the file has one: a PDF marks nothing else."""
    file = pypdfium2.PdfDocument(content)
    try:
        pages = {number: page.get_textpage().get_text_range() for number, page in enumerate(file, 1)}
        return Truth([entry.get_title() for entry in file.get_toc()], pages=pages)
    finally:
        file.close()


_READERS: Mapping[str, Callable[[bytes], Truth]] = {
    ".docx": read_docx,
    ".pptx": read_pptx,
    ".xlsx": read_xlsx,
    ".csv": read_csv,
    ".html": read_html,
    ".htm": read_html,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".pdf": read_pdf,
}
