"""Writes a page of storage format as plain HTML, element by element, so that one reader serves both."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lxml.html import HtmlElement, html_parser

from ingest.parsers.confluence_markup import Markup, name_of, read_attribute, read_markup
from ingest.parsers.confluence_page import PageSource, PageText

_KEPT_ATTRIBUTES = (
    "style",
    "class",
    "hidden",
    "role",
    "open",
    "colspan",
    "rowspan",
    "color",
    "bgcolor",
    "alt",
)
_CLOSERS, _OPENERS = ".,;:!?)]}…", "([{"
# Includes may multiply: ten pages that each include the next one twice are a thousand bodies.
_MOST_INCLUDED_CHARACTERS, _LEAST_COST, _MOST_INCLUDES_DEEP = 1_000_000, 2_000, 5

Handler = Callable[["TreeWriter", Any, HtmlElement], None]


class TreeWriter:
    """Walks source trees and builds one of HTML. `hidden` and `damage` are of every body read on the way."""

    def __init__(self, source: PageSource, handlers: Mapping[str, Handler]) -> None:
        self.source = source
        self.space = source.page.space
        self.hidden = 0
        self.damage = ""
        self._handlers = handlers
        self._open: list[PageText] = []
        self._read: dict[PageText, Markup] = {}
        self._left = _MOST_INCLUDED_CHARACTERS

    def write_page(self) -> HtmlElement:
        """The whole page as one <div>."""
        root = html_parser.makeelement("div")
        with self.enter(self.source.page) as body:
            self.write_children(body, root)
        return root

    def write_children(self, source: Any, target: HtmlElement) -> None:
        """Text and elements inside `source`, in order."""
        add_text(target, source.text)
        for child in source:
            self.write(child, target)
            add_text(target, child.tail)

    def write(self, source: Any, target: HtmlElement) -> None:
        """One element without the text that follows it."""
        name = name_of(source)
        handler = self._handlers.get(name)
        if handler is not None:
            handler(self, source, target)
        elif name.startswith("ac:"):
            self.write_children(source, target)
        elif name and not name.startswith(("ri:", "at:")):
            self.copy(source, target)

    def may_enter(self, page: PageText) -> bool:
        """False in a circle of includes, too deep inside them, or once they have filled the page."""
        is_open = any(page is one for one in self._open)
        return not is_open and len(self._open) <= _MOST_INCLUDES_DEEP and self._left > 0

    @contextmanager
    def enter(self, page: PageText) -> Iterator[Any]:
        """The tree of a page's body, while names without a space mean the page's own space."""
        before = self.space
        self.space = page.space
        self._open.append(page)
        self._left -= max(_LEAST_COST, len(page.body)) if len(self._open) > 1 else 0
        try:
            yield self.read_body(page).root
        finally:
            self._open.pop()
            self.space = before

    def read_body(self, page: PageText) -> Markup:
        """The page's body as a tree, read once."""
        if page not in self._read:
            markup = read_markup(page.body, is_view=page.is_view)
            self._read[page] = markup
            self.hidden += markup.hidden
            self.damage = self.damage or markup.damage
        return self._read[page]

    def copy(self, source: Any, target: HtmlElement) -> None:
        """An element of HTML, with the attributes that decide how it looks."""
        name = name_of(source)
        style = read_attribute(source, "style")
        # Struck-out text is taken back by whoever struck it out; the editor writes it as a style too.
        tag = "s" if "line-through" in style.lower() else name.replace(":", "-")
        kept = {key: value for key in _KEPT_ATTRIBUTES if (value := source.get(key)) is not None}
        self.write_children(source, start(target, tag, kept))


def start(target: HtmlElement, tag: str, attributes: Mapping[str, str] | None = None) -> HtmlElement:
    """A new last child of `target`."""
    element = target.makeelement(tag, dict(attributes or {}))
    target.append(element)
    return element


def add_text(target: HtmlElement, text: str | None) -> None:
    """Text after what `target` holds so far."""
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def add_word(target: HtmlElement, word: str, source: Any) -> None:
    """A word that `source` shows as a thing of its own: never glued to its neighbours, but to a full stop."""
    if not word:
        return
    before = ((target[-1].tail if len(target) else target.text) or " ")[-1]
    after = (find_text_after(source) or " ")[0]
    left = "" if before in _OPENERS else " "
    add_text(target, f"{left}{word}{'' if after in _CLOSERS else ' '}")


def find_text_after(source: Any) -> str:
    """The text right behind an element, also where its parent ends with it."""
    parent = source.getparent()
    if source.tail or source.getnext() is not None or parent is None:
        return str(source.tail or "")
    return str(parent.tail or "")
