"""Markdown as its reader sees it: marks gone, structure kept. Loaded by the registry."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml.html import fragment_fromstring
from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.documents import Block, ParsedDocument
from ingest.parsers.clean_text import (
    build_block,
    build_document,
    build_table_rows,
    decode_bytes,
    drop_invisible,
    find_first_heading,
)
from ingest.parsers.div_headings import DivHeadings
from ingest.parsers.front_matter import split_front_matter
from ingest.parsers.hidden_text import HiddenText, count_in_source
from ingest.parsers.html_blocks import read_html_blocks
from ingest.parsers.html_depth import build_deep_parser, check_whole, limit_depth
from ingest.parsers.html_hidden import drop_hidden
from ingest.parsers.markdown_hidden import HidingTags
from ingest.parsers.parser import RowMapping

# Site generators take these lines out before anybody reads the page. Bounded: a stray `{%` must cost little.
_LIQUID_COMMENT = re.compile(
    r"\{%-?\s*comment\b(?:(?!\{%-?\s*(?:end)?comment\b).)*\{%-?\s*endcomment\s*-?%\}", re.DOTALL
)
_LIQUID_LINE = re.compile(r"^[ \t]*(?:\{%(?:(?!%\}|\{%).){0,4000}%\}[ \t]*)+$", re.DOTALL | re.MULTILINE)
# A link whose address is a Liquid tag with blanks is none to CommonMark; the site shows its text all the same.
_LIQUID_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\{[{%][^()]*\)")
_KRAMDOWN_ATTRIBUTES = re.compile(r"\{:[^{}\n]*\}")
_HEADING_MARK = re.compile(r"^(#{1,6})\xa0", re.MULTILINE)
_HEADING_LINE = re.compile(r"^(#{1,6})[ \t]+(\S.*)$", re.MULTILINE)
_VERBATIM = re.compile(r"<(?:pre|script|style|textarea)\b|<!--", re.IGNORECASE)
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_MAX_NESTING = 100
_SAYING_WORDS = 4  # fewer are a label or a title, not words to anybody


def parse_markdown(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document; its title is the front matter's, else the first level-1 heading."""
    raw = decode_bytes(content)
    metadata, body = split_front_matter(drop_invisible(raw))
    text = _HEADING_MARK.sub(r"\1 ", _LIQUID_LINE.sub("", _LIQUID_COMMENT.sub("", body)))
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    defined: dict[str, dict[str, dict[str, str]]] = {}
    tokens = parser.parse(text, defined)
    hidden = HiddenText(count_in_source(raw))
    blocks = tuple(_read_blocks(tokens, hidden))
    _count_unused(tokens, defined.get("references", {}), hidden)
    title = str(metadata.get("title") or "") or find_first_heading(blocks)
    return (build_document(blocks, title=title, metadata=metadata, hidden=hidden.characters),)


def _count_unused(
    tokens: Sequence[Token], defined: Mapping[str, Mapping[str, str]], hidden: HiddenText
) -> None:
    """A definition that no link uses prints nothing: a known place for words that only a program reads."""
    children = [child for token in tokens for child in token.children or ()]
    used = {child.attrGet("href") or child.attrGet("src") for child in children}
    for label, link in defined.items():
        if link.get("href") not in used:
            words = f"{link.get('title', '')} {label}" if " " in label else link.get("title", "")
            hidden.add(words if len(words.split()) >= _SAYING_WORDS else "")


def _read_blocks(tokens: Sequence[Token], hidden: HiddenText) -> Iterator[Block]:
    position, divs, tags = _Position(), DivHeadings(), HidingTags(hidden)
    table: list[list[str]] = []
    for token in tokens:
        is_html = token.type == "html_block"
        if is_html:
            divs.enter_html(token.content)
        shown = tags.enter(token.content) if is_html else token.content
        if tags.is_hiding and not is_html:
            tags.drop(token.content)
            position.follow(token)
        else:
            yield from divs.place(_read_token(token, position, table, hidden=hidden, shown=shown))
        if is_html:
            tags.end_block()


def _read_token(
    token: Token, position: "_Position", table: list[list[str]], *, hidden: HiddenText, shown: str
) -> Iterator[Block]:
    """`shown` is the token's content without what a tag before it hides."""
    if token.type.startswith(("table", "tr_", "th_", "td_")):
        yield from _follow_table(token, table)
    elif token.type == "inline" and table:
        table[-1][-1] = _render_inline(token, hidden)
    elif token.type == "inline":
        yield position.build_block(_render_inline(token, hidden))
    elif token.type == "html_block":
        yield from _read_html(shown, hidden)
    else:
        position.follow(token)
        yield from _read_leaf(token)


@dataclass(slots=True)
class _Position:
    """Where in the document the next text stands: under which heading mark, how deep in lists."""

    heading: int = 0
    depth: int = 0
    starts_item: bool = False

    def follow(self, token: Token) -> None:
        """Takes in an opening or closing token."""
        if token.type.startswith(("bullet_list", "ordered_list")):
            self.depth += token.nesting
        elif token.type.startswith("list_item"):
            self.starts_item = token.nesting == 1
        elif token.type.startswith("heading"):
            self.heading = int(token.tag[1]) if token.nesting == 1 else 0

    def build_block(self, text: str) -> Block:
        """The text as what it is here; only the first text of an item is the item."""
        if self.heading:
            return build_block("heading", text, level=self.heading)
        if self.starts_item:
            self.starts_item = False
            return build_block("list_item", text, level=self.depth)
        return build_block("paragraph", text)


def _follow_table(token: Token, table: list[list[str]]) -> Iterator[Block]:
    """Collects cells in `table`, which ends empty: the rows come out when the table closes."""
    if token.type == "tr_open":
        table.append([])
    elif token.type in ("th_open", "td_open"):
        table[-1].append("")
    elif token.type == "table_close":
        yield from build_table_rows(table)
        table.clear()


def _read_leaf(token: Token) -> Iterator[Block]:
    if token.type in ("fence", "code_block"):
        yield build_block("code", token.content)


def _read_html(source: str, hidden: HiddenText) -> Iterator[Block]:
    """Raw HTML, often one half of an element: the tree is mended. A `##` line in it is a heading on most sites."""
    start = 0
    for heading in () if _VERBATIM.search(source) else _HEADING_LINE.finditer(source):
        yield from _read_fragment(source[start : heading.start()], hidden)
        yield build_block("heading", heading[2].rstrip("# \t"), level=len(heading[1]))
        start = heading.end()
    yield from _read_fragment(source[start:], hidden)


def _read_fragment(source: str, hidden: HiddenText) -> list[Block]:
    if not source.strip():
        return []
    parser = build_deep_parser()
    fragment = fragment_fromstring(source.encode(), create_parent="div", parser=parser)
    check_whole(parser)
    hidden.characters += drop_hidden(fragment)
    limit_depth(fragment)
    return read_html_blocks(fragment)


def _render_inline(token: Token, hidden: HiddenText) -> str:
    """Plain text of an inline token. Struck-out text is left out: whoever struck it out takes it back."""
    parts: list[str] = []
    struck, tags = 0, HidingTags(hidden)
    for child in token.children or ():
        if child.type == "html_inline":
            tags.enter(child.content)
        if tags.is_hiding:
            tags.drop(child.content if child.type != "html_inline" else "")
        elif child.type in ("s_open", "s_close") or (
            child.type == "html_inline" and _is_strike(child.content)
        ):
            struck = max(0, struck + (-1 if child.type == "s_close" or child.content.startswith("</") else 1))
        elif not struck:
            parts.append(_render_child(child))
    text = _LIQUID_LINK.sub(r"\1", _LIQUID_LINK.sub(r"\1", "".join(parts)))  # twice: an image inside a link
    return _KRAMDOWN_ATTRIBUTES.sub("", text)


def _is_strike(tag: str) -> bool:
    return re.match(r"</?(?:s|del|strike)\b", tag, re.IGNORECASE) is not None


def _render_child(child: Token) -> str:
    if child.type == "softbreak":
        return " "
    if child.type == "hardbreak" or (child.type == "html_inline" and _BREAK.match(child.content)):
        return "\n"
    if child.type == "html_inline":
        return ""
    return child.content  # of text and code the text itself, of an image its alternative text
