"""From a PDF's lines to blocks: headings by size, paragraphs by distance, lists by marks. Pure; used by pdf.py."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from core.documents import Block
from ingest.parsers.clean_text import build_block, build_table_rows

SOFT_HYPHEN = "\xad"
_BULLET = re.compile("^[•◦▪▫‣●○■□➢➤✓\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8](?:\\s+|$)|^[-–*o]\\s+(?=\\S)")
_NUMBERED = re.compile(r"^(\d{1,2})[.)]\s+\S")
_PRIVATE = re.compile("[\ue000-\uf8ff]+\\s*")
_ENDS_SENTENCE = re.compile(r"[.!?:;][”\"’')\]]*$")
_LAST_WORD, _FIRST_WORD = re.compile(r"([^\W\d_]+)-$"), re.compile(r"^[^\W\d_]+")
# When the document itself does not show how a word is written, these make a compound: the hyphen stays.
_HEADS = frozenset("all cross data ever first full high in long low multi non on open real self short third two up user well".split())
_TAILS = frozenset("based built driven facing first free friendly led level ready related source specific term time to wide".split())
_EDGE = 0.12
_HEADING_LIMIT, _HEADING_LINES = 150, 4


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One printed line. `cells`: (left edge, text) between wide gaps; points; `height`: 0 bottom, 1 top of the page."""

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
