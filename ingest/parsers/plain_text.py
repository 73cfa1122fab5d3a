"""Plain text: paragraphs by blank lines, list items by their marks. Loaded by the registry."""

import re
from collections.abc import Iterator

from core.documents import Block, ParsedDocument
from ingest.parsers.clean_text import build_block, build_document, clean_text, decode_bytes, drop_invisible
from ingest.parsers.hidden_text import count_invisible
from ingest.parsers.parser import RowMapping

_ITEM = re.compile(r"[-*+•◦▪‣·–]\s+(?=\S)")


def parse_plain_text(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document without a title; lines wrapped by hand are joined."""
    raw = decode_bytes(content)
    paragraphs = re.split(r"\n[^\S\n]*\n", drop_invisible(raw))
    blocks = (block for paragraph in paragraphs for block in _read_paragraph(paragraph))
    return (build_document(blocks, hidden=count_invisible(raw)),)


def _read_paragraph(paragraph: str) -> Iterator[Block]:
    lines: list[str] = []
    is_item = False
    for line in clean_text(paragraph).split("\n"):
        mark = _ITEM.match(line)
        if mark:
            yield _build_lines(lines, is_item=is_item)
            lines, is_item = [], True
        lines.append(line[mark.end() :] if mark else line)
    yield _build_lines(lines, is_item=is_item)


def _build_lines(lines: list[str], *, is_item: bool) -> Block:
    text = " ".join(lines)
    return build_block("list_item", text, level=1) if is_item else build_block("paragraph", text)
