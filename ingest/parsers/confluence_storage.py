"""Confluence pages in storage format, macros included. Loaded by the registry for the connector's page files."""

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree
from lxml.html import HtmlElement

from core.documents import ParsedDocument
from ingest.parsers.clean_text import build_block, build_document
from ingest.parsers.confluence_elements import ELEMENTS
from ingest.parsers.confluence_macros import write_macro
from ingest.parsers.confluence_page import read_page_file
from ingest.parsers.confluence_tables import arrange_tables
from ingest.parsers.confluence_writer import TreeWriter
from ingest.parsers.html_blocks import read_html_blocks
from ingest.parsers.html_hidden import drop_hidden
from ingest.parsers.parser import FileSaysNothing, FileUnreadable, RowMapping
from ingest.parsers.sheet_rows import list_row_documents
from ingest.parsers.sheet_table import Sheet

_HANDLERS = {**ELEMENTS, "ac:structured-macro": write_macro, "ac:macro": write_macro}
_DEEPEST = 200


def parse_confluence(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:
    """One document with the page's own title. `metadata["damage"]` says so where its markup had to be mended.

    With `rows`, each row of a table that has the mapped columns is one too, and the page is what stands beside them.
    """
    source = read_page_file(content)
    writer = TreeWriter(source, _HANDLERS)
    try:
        tree = writer.write_page()
    except RecursionError:
        raise FileUnreadable(f"nests its parts more than {_DEEPEST} deep; it was not read") from None
    _check_depth(tree)
    hidden = drop_hidden(tree) + writer.hidden
    sheets = arrange_tables(tree, rows)
    damage = {"damage": f"its markup is not well formed ({writer.damage})"} if writer.damage else {}
    blocks = read_html_blocks(tree)
    parts = _list_rows(sheets, rows, title=source.page.title) if sheets else ()
    is_empty = not any(char.isalnum() for block in blocks for char in block.text)
    if is_empty and not parts:
        # A title above its children, say: wikis are full of them, and nothing has failed.
        raise FileSaysNothing("holds no text of its own")
    if is_empty:
        first = replace(parts[0], metadata={**damage, **parts[0].metadata}, hidden=hidden)
        return (first, *parts[1:])
    return (build_document(blocks, title=source.page.title, metadata=damage, hidden=hidden), *parts)


def _list_rows(sheets: Sequence[Sheet], rows: RowMapping, *, title: str) -> tuple[ParsedDocument, ...]:
    """Under the page's title, but not named after it: a page that is renamed keeps its rows."""
    heading = build_block("heading", title, level=1)
    documents = list_row_documents(sheets, rows)
    return tuple(replace(document, blocks=(heading, *document.blocks)) for document in documents)


def _check_depth(tree: HtmlElement) -> None:
    """Raises FileUnreadable where included pages stand inside each other deeper than blocks are read."""
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise FileUnreadable(f"nests its parts more than {_DEEPEST} deep; it was not read")
