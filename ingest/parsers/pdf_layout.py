"""From a PDF's lines to blocks: headings by size, paragraphs by distance, lists by marks. Used by pdf.py."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from core.documents import Block
from ingest.parsers.clean_text import build_block, build_table_rows

SOFT_HYPHEN = "\xad"
_BULLET = re.compile("^[•◦▪▫‣●○■□➢➤✓\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8](?:\\s+|$)|^[-–*o]\\s+(?=\\S)")
_NUMBERED = re.compile(r"^(\d{1,2})[.)]\s+\S")
_PRIVATE = re.compile("[\ue000-\uf8ff]+\\s*")
_ENDS_SENTENCE = re.compile(r"[.!?:;][”\"’')\]]*$")
_LAST_WORD, _FIRST_WORD = re.compile(r"([^\W\d_]+)-$"), re.compile(r"^[^\W\d_]+")
# When the document itself does not show how a word is written, these make a compound: the hyphen stays.
_HEADS_WORDS = (
    "all cross data ever first full high in long low multi non on open real self short third two up user well"
)
_HEADS = frozenset(_HEADS_WORDS.split())
_TAILS_WORDS = (
    "based built driven facing first free friendly led level ready related source specific term time to wide"
)
_TAILS = frozenset(_TAILS_WORDS.split())
_EDGE = 0.12  # share of the page's height at either end
_RUNNING_PAGES = 3
_SAME_INDENT, _INDENT_LIMIT, _COLUMN_DRIFT = 4, 60, 8  # points
_TABLE_LINES, _CELL_LENGTH = 3, 60
_MOST_HEADING_CELLS, _CAPS_LETTERS, _CAPS_LENGTH, _BOLD_LENGTH = 2, 4, 70, 100
_LEADINGS, _LINE_DROP, _HEADING_DROP = (0.9, 2.2), 0.5, 1.6  # distances of lines, in type sizes
_HEADING_LIMIT, _HEADING_LINES, _SENTENCE_LENGTH = 150, 4, 60


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One printed line, in points. `cells`: (left edge, text) between wide gaps. `height`: 0 bottom, 1 top of page."""

    cells: tuple[tuple[float, str], ...]
    page: int
    right: float
    height: float
    base: float
    size: float
    is_bold: bool
    is_broken: bool

    @property
    def left(self) -> float:
        """The left edge, in points."""
        return self.cells[0][0]

    @property
    def text(self) -> str:
        """All cells, one blank between."""
        return " ".join(cell for _, cell in self.cells if cell)


@dataclass(slots=True)
class _Group:
    """Lines that become one block."""

    kind: str
    lines: list[PdfLine] = field(default_factory=list)
    depth: int = 0


@dataclass(frozen=True, slots=True)
class _Style:
    """What is ordinary in this document: size in points, weight, distance of lines in sizes, and its words."""

    size: float
    is_bold: bool
    leading: float
    words: frozenset[str]


def build_blocks(pages: Sequence[Sequence[PdfLine]]) -> tuple[Block, ...]:
    """Blocks in reading order, without running headers, footers and page numbers."""
    lines = _drop_running_lines(pages)
    if not lines:
        return ()
    style = _measure_style(lines)
    groups = _group_lines(lines, style)
    sizes = sorted({group.lines[0].size for group in groups if group.kind == "heading"}, reverse=True)
    blocks = chain.from_iterable(_build_group(group, sizes, style) for group in groups)
    return tuple(block for block in blocks if block.text)


def _drop_running_lines(pages: Sequence[Sequence[PdfLine]]) -> list[PdfLine]:
    counts = Counter(key for page in pages for key in {_get_edge_key(line) for line in page} if key)
    filled = sum(bool(page) for page in pages)
    repeated = {key for key, count in counts.items() if filled >= _RUNNING_PAGES and count * 2 > filled}
    return [line for page in pages for line in page if not _is_running(line, repeated)]


def _is_running(line: PdfLine, repeated: set[str]) -> bool:
    key = _get_edge_key(line)
    return key in repeated or (key == "#" and line.text == str(line.page))


def _get_edge_key(line: PdfLine) -> str:
    """The line with its numbers levelled, when it stands at the top or bottom edge; else nothing."""
    is_edge = not _EDGE < line.height < 1 - _EDGE
    return re.sub(r"\d+", "#", line.text).casefold() if is_edge else ""


def _measure_style(lines: Sequence[PdfLine]) -> _Style:
    looks: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        looks[line.size, line.is_bold] += len(line.text)
    size, is_bold = looks.most_common(1)[0][0]
    gaps = Counter(
        round((above.base - below.base) / size, 1)
        for above, below in pairwise(lines)
        if above.size == below.size == size
        and _LEADINGS[0] <= (above.base - below.base) / size <= _LEADINGS[1]
    )
    leading = gaps.most_common(1)[0][0] if gaps else 1.2
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(line.text for line in lines).casefold())
    return _Style(size, is_bold, leading, frozenset(words))


def _group_lines(lines: Sequence[PdfLine], style: _Style) -> list[_Group]:
    groups: list[_Group] = []
    position = 0
    while position < len(lines):
        table = _find_table(lines, position)
        if table:
            groups.append(_Group("table", table))
        elif groups and _continues(groups[-1], lines[position], style):
            groups[-1].lines.append(lines[position])
        else:
            groups.append(_start_group(groups, lines[position], style))
        position += len(table) or 1
    for group in groups:
        _check_heading(group)
    return groups


def _find_table(lines: Sequence[PdfLine], start: int) -> list[PdfLine]:
    """Three lines or more whose cells begin at the same places; else nothing."""
    first = lines[start]
    table: list[PdfLine] = []
    for line in lines[start:]:
        is_aligned = len(line.cells) == len(first.cells) > 1 and all(
            abs(here - there) < _COLUMN_DRIFT
            for (here, _), (there, _) in zip(line.cells, first.cells, strict=True)
        )
        if not is_aligned or line.page != first.page:
            break
        table.append(line)
    cells = [cell for line in table for _, cell in line.cells]
    # Long cells are columns of prose that happen to share their baselines.
    return table if len(table) >= _TABLE_LINES and sum(map(len, cells)) / len(cells) < _CELL_LENGTH else []


def _start_group(groups: Sequence[_Group], line: PdfLine, style: _Style) -> _Group:
    is_signature = bool(groups) and line.text[0] in "-–" and groups[-1].lines[-1].text.endswith(("”", '"'))
    if not is_signature and (_BULLET.match(line.text) or _is_next_number(groups, line)):
        return _Group("list_item", [line], _find_depth(groups, line))
    return _Group("heading" if _looks_like_heading(line, style) else "paragraph", [line])


def _is_next_number(groups: Sequence[_Group], line: PdfLine) -> bool:
    """True for `1.`, and for `3.` after an item `2.`: a sentence may well end in "… by 12." and go on."""
    number = _NUMBERED.match(line.text)
    if not number or line.text.isupper():
        return False
    before = [_NUMBERED.match(group.lines[0].text) for group in groups[-12:] if group.kind == "list_item"]
    return number[1] == "1" or any(found and int(found[1]) == int(number[1]) - 1 for found in before)


def _find_depth(groups: Sequence[_Group], line: PdfLine) -> int:
    """One more than the nearest item further left, in the run of items that this one continues."""
    for group in reversed(groups):
        if group.kind != "list_item":
            break
        distance = line.left - group.lines[0].left
        if abs(distance) <= _SAME_INDENT:
            return group.depth
        if 0 < distance < _INDENT_LIMIT:  # further right stands the next column
            return group.depth + 1
    return 1


def _looks_like_heading(line: PdfLine, style: _Style) -> bool:
    text = line.text
    letters = sum(map(str.isalpha, text))
    if letters <= 1 or len(line.cells) > _MOST_HEADING_CELLS or text[0] in '“"‘«' or _BULLET.match(text):
        return False
    if line.size >= style.size * 1.12:
        return True
    if text[0].islower() or text.endswith((".", ",", ";")) or line.size < style.size * 0.8:
        return False
    is_set_bold = line.is_bold and not style.is_bold and len(text) <= _BOLD_LENGTH
    return is_set_bold or (
        text.isupper()
        and letters >= _CAPS_LETTERS
        and len(text) <= _CAPS_LENGTH
        and not re.search(r"\d", text)
    )


def _continues(group: _Group, line: PdfLine, style: _Style) -> bool:
    """True when the line belongs to the block that the group is."""
    above = group.lines[-1]
    if group.kind == "table" or _BULLET.match(line.text) or _is_next_number([group], line):
        return False
    if _BULLET.fullmatch(above.text) or above.is_broken:
        return True
    is_heading = _looks_like_heading(line, style)
    drop = (above.base - line.base) / max(line.size, above.size)
    is_below = above.page == line.page and drop > _LINE_DROP
    if group.kind == "heading":
        same_look = (above.size, above.is_bold) == (line.size, line.is_bold)
        return (
            same_look and is_below and drop <= _HEADING_DROP and above.text.isupper() == line.text.isupper()
        )
    is_near = is_below and drop <= style.leading * 1.25 + 0.05
    if is_near and above.size == line.size and line.text[0].islower():
        return True
    if is_heading or abs(above.size - line.size) > 1:
        return False
    # The next column or page may go on with the sentence.
    goes_on = not is_below and line.text[0].islower() and not _ENDS_SENTENCE.search(above.text)
    return goes_on or (is_near and not _begins_anew(group, line))


def _begins_anew(group: _Group, line: PdfLine) -> bool:
    """A new paragraph without a wider gap: after a full stop, indented, out-dented or below a short line."""
    above, first = group.lines[-1], group.lines[0]
    if not _ENDS_SENTENCE.search(above.text):
        return False
    if group.kind == "list_item":
        return line.left <= first.left + 1
    left, right = min(each.left for each in group.lines), max(each.right for each in group.lines)
    is_short = len(group.lines) > 1 and above.right - left < 0.7 * (right - left)
    return is_short or line.left > left + 0.8 * line.size


def _check_heading(group: _Group) -> None:
    """Large type over many lines is a lead or a pulled quotation, not a heading."""
    length = sum(len(line.text) + 1 for line in group.lines)
    is_sentence = length > _SENTENCE_LENGTH and group.lines[-1].text.endswith(".")
    if group.kind == "heading" and (
        length > _HEADING_LIMIT or len(group.lines) > _HEADING_LINES or is_sentence
    ):
        group.kind = "paragraph"


def _build_group(group: _Group, heading_sizes: Sequence[float], style: _Style) -> Iterator[Block]:
    first = group.lines[0]
    if group.kind == "table":
        yield from build_table_rows(
            [[cell for _, cell in line.cells] for line in group.lines], page=first.page
        )
        return
    text = _join_lines(group.lines, style.words, is_item=group.kind == "list_item")
    if group.kind == "heading":
        level = min(heading_sizes.index(first.size), 2) + 1
        yield build_block("heading", text, level=level, page=first.page)
    elif group.kind == "list_item":
        yield build_block("list_item", text, level=group.depth, page=first.page)
    else:
        yield build_block("paragraph", text, page=first.page)


def _join_lines(lines: Sequence[PdfLine], words: frozenset[str], *, is_item: bool) -> str:
    text = ""
    for line in lines:
        piece = _PRIVATE.sub("", _BULLET.sub("", line.text) if is_item else line.text)
        text = _join_pair(text, piece, words) if text else piece
    return text


def _join_pair(text: str, piece: str, words: frozenset[str]) -> str:
    """Two lines as one: a word cut at the line's end is mended, a compound keeps its hyphen."""
    left, right = _LAST_WORD.search(text), _FIRST_WORD.match(piece)
    if left and right:
        is_cut = piece[0].islower() and not _is_compound(left[1].casefold(), right[0].casefold(), words)
        return (text[:-1] if is_cut else text) + piece
    is_address = text.endswith("/") and "://" in text.rsplit(" ", 1)[-1]
    return text + piece if is_address else f"{text} {piece}"


def _is_compound(left: str, right: str, words: frozenset[str]) -> bool:
    if left + right in words:
        return False
    return f"{left}-{right}" in words or left in _HEADS or right in _TAILS
