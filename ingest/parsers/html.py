"""HTML pages: the main content as a reader sees it. Loaded by the registry."""

import re

from lxml.html import HtmlElement, document_fromstring

from core.documents import Block, ParsedDocument
from ingest.parsers.clean_text import build_document, decode_bytes, drop_invisible, find_first_heading
from ingest.parsers.hidden_text import count_in_source
from ingest.parsers.html_blocks import is_unseen, read_html_blocks
from ingest.parsers.html_depth import build_deep_parser, check_whole, limit_depth
from ingest.parsers.html_hidden import drop_hidden
from ingest.parsers.parser import FileUnreadable, RowMapping

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]{2,40})""", re.IGNORECASE)
_PAGE_EDGES = ("footer", "aside")


def parse_html(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document; its title is <title>, else the first h1."""
    raw = _decode_page(content)
    source = drop_invisible(raw).encode()
    if not source.strip():
        raise FileUnreadable("holds no text")
    parser = build_deep_parser()
    page = document_fromstring(source, parser=parser)
    check_whole(parser)
    title = str(page.xpath("string(//title)"))
    hidden = drop_hidden(page) + count_in_source(raw)
    limit_depth(page)
    blocks = _read_main(page)
    return (build_document(blocks, title=title.strip() or find_first_heading(blocks), hidden=hidden),)


def _decode_page(content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    if declared and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode(declared[1].decode())
        except (LookupError, UnicodeError):
            pass  # A wrong declaration: the bytes themselves decide.
    return decode_bytes(content)


def _read_main(page: HtmlElement) -> list[Block]:
    """Blocks of <main> when it shows text, else of the page without what stands at its edges."""
    for main in (*page.iter("main"), *page.xpath("//*[@role='main']")):
        blocks = [] if _is_within_unseen(main) else read_html_blocks(main)
        if any(block.text for block in blocks):
            return blocks
    for edge in list(page.iter(*_PAGE_EDGES)):
        if not any(parent.tag in ("article", "blockquote", "figure") for parent in edge.iterancestors()):
            edge.drop_tree()
    return read_html_blocks(page)


def _is_within_unseen(element: HtmlElement) -> bool:
    return is_unseen(element) or any(map(is_unseen, element.iterancestors()))
