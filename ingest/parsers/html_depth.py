"""Trees of absurd depth, made shallow without losing a word. Used by the HTML and the Markdown parser."""

from collections.abc import Iterable

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

from ingest.parsers.html_blocks import is_unseen
from ingest.parsers.parser import FileUnreadable

# Pages that people read stay far below; the walk that reads a page goes three calls deeper with each element.
_MOST_DEPTH = 150
_TABLE_PARTS = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")


def build_deep_parser() -> HTMLParser:
    """Eight times as deep as the library goes by itself; beyond a depth it leaves out the rest without a word."""
    return HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)


def check_whole(parser: HTMLParser) -> None:
    """Raises FileUnreadable when the last page that it read was deeper than it goes."""
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise FileUnreadable("is nested too deeply to be read")


def limit_depth(tree: HtmlElement) -> None:
    """Dissolve what lies deeper, from the inside out: its text stays with the last element that is kept."""
    for element in reversed(_list_deep(tree)):
        if is_unseen(element):
            element.drop_tree()
        else:
            element.text, element.tail = f" {element.text or ''}", f" {element.tail or ''}"
            element.drop_tag()


def _list_deep(tree: HtmlElement) -> list[HtmlElement]:
    deep: list[HtmlElement] = []
    above: list[HtmlElement] = []
    for event, element in list(etree.iterwalk(tree, events=("start", "end"))):
        if event == "end":
            above.pop()
            continue
        if len(above) >= _MOST_DEPTH:
            deep.append(element)
        if len(above) == _MOST_DEPTH:
            _open_tables(above)
        above.append(element)
    return deep


def _open_tables(elements: Iterable[HtmlElement]) -> None:
    """Of a table only cells are read: text that comes to stand between them would be lost."""
    for element in elements:
        if element.tag in _TABLE_PARTS:
            element.tag = "div"
