"""Confluence pages in storage format, macros included. Loaded by the registry for the connector's page files."""

from lxml import etree
from lxml.html import HtmlElement

from core.documents import ParsedDocument
from ingest.parsers.clean_text import build_document
from ingest.parsers.confluence_elements import ELEMENTS
from ingest.parsers.confluence_macros import write_macro
from ingest.parsers.confluence_page import read_page_file
from ingest.parsers.confluence_tables import arrange_tables
from ingest.parsers.confluence_writer import TreeWriter
from ingest.parsers.html_blocks import read_html_blocks
from ingest.parsers.html_hidden import drop_hidden
from ingest.parsers.parser import FileUnreadable, RowMapping

_HANDLERS = {**ELEMENTS, "ac:structured-macro": write_macro, "ac:macro": write_macro}
_DEEPEST = 200


def parse_confluence(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document with the page's own title. `metadata["damage"]` says so where its markup had to be mended."""
    source = read_page_file(content)
    writer = TreeWriter(source, _HANDLERS)
    try:
        tree = writer.write_page()
    except RecursionError:
        raise FileUnreadable(f"nests its parts more than {_DEEPEST} deep; it was not read") from None
    _check_depth(tree)
    hidden = drop_hidden(tree) + writer.hidden
    arrange_tables(tree)
    damage = {"damage": f"its markup is not well formed ({writer.damage})"} if writer.damage else {}
    blocks = read_html_blocks(tree)
    return (build_document(blocks, title=source.page.title, metadata=damage, hidden=hidden),)


def _check_depth(tree: HtmlElement) -> None:
    """Raises FileUnreadable where included pages stand inside each other deeper than blocks are read."""
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise FileUnreadable(f"nests its parts more than {_DEEPEST} deep; it was not read")
