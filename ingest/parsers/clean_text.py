"""Text as a reader sees it: decoding, invisible characters, whitespace, blocks. Shared by every parser."""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from core.documents import Block, BlockKind, ParsedDocument
from ingest.parsers.parser import FileUnreadable

# Characters that print nothing but can hide words from a reader or split a word for the index: controls,
# soft hyphen, zero-width and bidi marks, fillers, lone surrogates, noncharacters, tags, selectors, formatting marks.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CELL_JOIN = " · "


def decode_text(content: bytes) -> str:
    """The file's characters as decode_bytes reads them, without the invisible ones."""
    return drop_invisible(decode_bytes(content))


def decode_bytes(content: bytes) -> str:
    """UTF-8, or UTF-16 when a byte order mark says so, else Windows-1252; invisible characters are still there."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    # Some programs write halves of characters as UTF-8: they do not make the rest Windows-1252.
    for errors in ("strict", "surrogatepass"):
        try:
            return content.decode("utf-8", errors)
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", errors="replace")


def drop_invisible(text: str) -> str:
    """The same text with newlines as line ends, in NFC, without characters that a reader cannot see."""
    visible = INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", visible)


def clean_line(text: str) -> str:
    """One line: every run of whitespace is one space."""
    return " ".join(drop_invisible(text).split())


def clean_text(text: str) -> str:
    """Prose: runs of blanks are one space; a hard line break stays, as one newline."""
    lines = (_SPACES.sub(" ", line).strip() for line in drop_invisible(text).split("\n"))
    return "\n".join(line for line in lines if line)


def clean_code(text: str) -> str:
    """Code: blanks and lines stay as they are, blank lines at both ends do not."""
    lines = [line.rstrip() for line in drop_invisible(text).expandtabs(4).split("\n")]
    return "\n".join(lines).strip("\n")


def build_block(kind: BlockKind, text: str, *, level: int = 0, page: int | None = None) -> Block:
    """A block with the text cleaned the way its kind asks for; the text may come out empty."""
    clean = {"heading": clean_line, "code": clean_code}.get(kind, clean_text)
    return Block(kind, clean(text), level, page)


def build_document(
    blocks: Iterable[Block],
    *,
    title: str | None = None,
    metadata: Mapping[str, object] | None = None,
    hidden: int = 0,
) -> ParsedDocument:
    """Keeps the blocks that hold a letter or a digit. Raises FileUnreadable when none does.

    `hidden`: characters that were left out because no reader could see them.
    """
    kept = tuple(block for block in blocks if any(map(str.isalnum, block.text)))
    if not kept:
        raise FileUnreadable("holds no text")
    return ParsedDocument(kept, clean_line(title or "") or None, metadata or {}, hidden=hidden)


def find_first_heading(blocks: Iterable[Block]) -> str | None:
    """The text of the first level-1 heading."""
    return next((block.text for block in blocks if block.kind == "heading" and block.level == 1), None)


def build_table_rows(table: Sequence[Sequence[str]], *, page: int | None = None) -> list[Block]:
    """Rows of cells, header row first (it may be empty), as `Header: value · Header: value`."""
    rows = [[clean_text(cell) for cell in row] for row in table]
    filled = [row for row in rows[1:] if any(row)]
    if rows and not filled:  # a header alone is all the table says
        return [Block("table_row", join_cells((), rows[0]), 0, page)]
    return [Block("table_row", join_cells(rows[0], row), 0, page) for row in filled]


def join_cells(headers: Sequence[str], cells: Sequence[str]) -> str:
    """One row; empty cells are skipped, and a cell without a header, or equal to it, stands alone."""
    parts: list[str] = []
    for number, cell in enumerate(cells):
        header = clean_line(headers[number]).rstrip(":") if number < len(headers) else ""
        if cell:
            parts.append(f"{header}: {cell}" if header and header != cell else cell)
    return CELL_JOIN.join(parts)
