"""What attributes and inline style hide in HTML: found, counted, taken out. Used by html.py and markdown.py."""

from collections.abc import Mapping

from lxml.html import HtmlElement

from ingest.parsers.hidden_text import HiddenText
from ingest.parsers.html_blocks import is_unseen, read_visible_text
from ingest.parsers.html_style import PAGE_LOOK, Look, derive_look, is_hidden_box, read_style


def drop_hidden(tree: HtmlElement) -> int:
    """Take out of the tree whatever nobody sees; gives the number of characters of text that it held."""
    hidden = HiddenText()
    looks: dict[HtmlElement, Look] = {}
    for element in list(tree.iter("*")):
        parent = element.getparent()
        if element is not tree and parent is not None and parent not in looks:
            continue  # inside what is gone already, or is never text
        style = read_style(str(element.get("style") or ""))
        if element is not tree and (_is_hidden_whole(element, style) or is_unseen(element)):
            if not is_unseen(element):
                hidden.add(read_visible_text(element))
                element.drop_tree()
            continue
        looks[element] = derive_look(looks.get(parent, PAGE_LOOK), element, style)
    for element, look in looks.items():
        if look.hides_text:
            _drop_own_text(element, hidden)
    return hidden.characters


def is_hidden(element: HtmlElement) -> bool:
    """True when the element alone, wherever it stands, shows nothing of its text."""
    style = read_style(str(element.get("style") or ""))
    return _is_hidden_whole(element, style) or derive_look(PAGE_LOOK, element, style).hides_text


def _is_hidden_whole(element: HtmlElement, style: Mapping[str, str]) -> bool:
    return element.get("hidden") is not None or is_hidden_box(style)


def _drop_own_text(element: HtmlElement, hidden: HiddenText) -> None:
    """Only what has this very look: a child may be shown again."""
    hidden.add(element.text or "")
    element.text = None
    for child in element:
        hidden.add(child.tail or "")
        child.tail = None
