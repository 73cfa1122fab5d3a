"""Storage format to a tree: entities without a DTD, `ac:` and `ri:` names, damaged markup mended."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from ingest.parsers.clean_text import drop_invisible
from ingest.parsers.hidden_text import count_in_source, count_invisible
from ingest.parsers.parser import FileUnreadable

_OPEN_CDATA, _CLOSE_CDATA = "<![CDATA[", "]]>"
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = ("amp", "lt", "gt", "quot", "apos")
_PREFIX = re.compile(r"[<\s/]([A-Za-z][\w.-]*):[\w.-]+")
_DECLARED = re.compile(r"""\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_EMPTY_TAG = re.compile(
    r"""<([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*/>""",
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Markup:
    """A body as a tree. `hidden` counts what only its source holds; `damage` says why it had to be mended."""

    root: Any
    hidden: int = 0
    damage: str = ""


def read_markup(source: str, *, is_view: bool = False) -> Markup:
    """Well-formed storage format is read as XML; all else as a browser would read it.

    Raises FileUnreadable where parts nest deeper than the XML library goes, as text would be lost.
    """
    text = drop_invisible(source)
    hidden = sum(
        count_invisible(piece) if is_data else count_in_source(piece)
        for piece, is_data in _split_data(source)
    )
    if is_view:
        return Markup(_read_html(text), hidden)
    try:
        return Markup(_read_xml(text), hidden)
    except etree.XMLSyntaxError as error:
        return Markup(_read_html(text), hidden, " ".join(str(error).split())[:120])


def name_of(element: Any) -> str:
    """The element's name with its prefix, "ac:link"; "" for a comment or instruction."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.removeprefix("{").replace("}", ":", 1).lower()


def read_attribute(element: Any, name: str) -> str:
    """The attribute "ac:name", however the tree was read; "" where it is missing."""
    prefix, _, local = name.rpartition(":")
    value = element.get(f"{{{prefix}}}{local}" if prefix else local)
    return str(value or element.get(name) or "").strip()


def list_children(element: Any, *names: str) -> Iterator[Any]:
    """Direct children with one of the names."""
    return (child for child in element if name_of(child) in names)


def find_child(element: Any, *names: str) -> Any:
    """The first such child, or None."""
    return next(list_children(element, *names), None)


def read_parameter(macro: Any, name: str) -> str:
    """The text of a macro's parameter; "" where it has none."""
    for parameter in list_children(macro, "ac:parameter", "ac:default-parameter"):
        if read_attribute(parameter, "ac:name") == name:
            return " ".join("".join(parameter.itertext()).split())
    return ""


def _split_data(text: str) -> Iterator[tuple[str, bool]]:
    """Markup and the insides of CDATA sections, in order; True for the latter."""
    start = 0
    while True:
        opened = text.find(_OPEN_CDATA, start)
        closed = text.find(_CLOSE_CDATA, opened) if opened >= 0 else -1
        if closed < 0:
            yield text[start:], False
            return
        yield text[start:opened], False
        yield text[opened + len(_OPEN_CDATA) : closed], True
        start = closed + len(_CLOSE_CDATA)


def _read_xml(text: str) -> Any:
    body = "".join(
        f"{_OPEN_CDATA}{piece}{_CLOSE_CDATA}" if is_data else _prepare_xml(piece)
        for piece, is_data in _split_data(text)
    )
    prefixes = {found[1] for found in _PREFIX.finditer(body) if not found[1].lower().startswith("xml")}
    declared = "".join(f' xmlns:{prefix}="{prefix}"' for prefix in sorted(prefixes))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(f"<page{declared}>{body}</page>".encode(), parser)


def _prepare_xml(text: str) -> str:
    """Entities of HTML become characters; declared names go, so that a prefix is its own name."""
    return _DECLARED.sub("", _ENTITY.sub(_replace_entity, text))


def _replace_entity(found: re.Match[str]) -> str:
    if found[1] in _XML_ENTITIES:
        return found[0]
    return html.escape(html5.get(f"{found[1]};", found[0]))


def _read_html(text: str) -> Any:
    plain = "".join(html.escape(piece) if is_data else piece for piece, is_data in _split_data(text))
    closed = _EMPTY_TAG.sub(_close_tag, plain)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    page = document_fromstring(f"<div>{closed}</div>".encode(), parser=parser)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise FileUnreadable("nests its parts more than 250 deep; it was not read, as text would be lost")
    return page


def _close_tag(found: re.Match[str]) -> str:
    """HTML knows no `<ri:page/>`: without an end of its own it would swallow what follows."""
    name, attributes = found[1], found[2]
    return f"<{name}{attributes}>" if name.lower() in _VOID else f"<{name}{attributes}></{name}>"
