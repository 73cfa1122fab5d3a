"""Books in the order of their spine, without the table of contents. Loaded by the registry."""

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element as XmlElement
from lxml.html import HtmlElement, HTMLParser, XHTMLParser, document_fromstring, xhtml_to_html

from core.documents import Block, ParsedDocument
from ingest.parsers.clean_text import build_document, decode_bytes, drop_invisible, find_first_heading
from ingest.parsers.hidden_text import count_in_source
from ingest.parsers.html_blocks import read_html_blocks
from ingest.parsers.html_hidden import drop_hidden
from ingest.parsers.parser import FileUnreadable, RowMapping
from ingest.parsers.safe_xml import get_name, get_value, parse_xml, read_part

_PAGE_TYPES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document")
_DECLARATION = re.compile(r"<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(\w+);")
_KEPT_ENTITIES = ("amp", "lt", "gt", "quot", "apos")
_TYPE = "{http://www.idpf.org/2007/ops}type"
_DRAWING = "{http://www.w3.org/2000/svg}svg"
_MOST_PAGES = 5_000


@dataclass(frozen=True, slots=True)
class _Book:
    """The package file. `pages`: paths inside the archive, in reading order."""

    title: str
    pages: tuple[str, ...]


def parse_epub(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document; its title is the book's."""
    blocks: list[Block] = []
    hidden = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = _read_package(archive)
        _check_protection(archive, book)
        for path in book.pages:
            page = read_part(archive, path)
            if page is not None:
                read, unseen = _read_page(page)
                blocks += read
                hidden += unseen
    title = book.title or find_first_heading(blocks)
    return (build_document(blocks, title=title, hidden=hidden),)


def _read_package(archive: zipfile.ZipFile) -> _Book:
    container = read_part(archive, "META-INF/container.xml")
    root = None if container is None else parse_xml(container)
    files = (
        []
        if root is None
        else [get_value(one, "full-path") for one in root.iter() if get_name(one) == "rootfile"]
    )
    package = read_part(archive, files[0]) if files else None
    if package is None:
        raise FileUnreadable("names no package file in META-INF/container.xml")
    tree = parse_xml(package)
    titles = (str(one.text or "") for one in tree.iter() if get_name(one) == "title")
    return _Book(next(titles, "").strip(), tuple(_list_pages(tree, posixpath.dirname(files[0]))))


def _list_pages(package: XmlElement, folder: str) -> Iterator[str]:
    items = {get_value(one, "id"): one for one in package.iter() if get_name(one) == "item"}
    guides = (
        one for one in package.iter() if get_name(one) == "reference" and get_value(one, "type") == "toc"
    )
    contents = {get_value(one, "href").partition("#")[0] for one in guides}
    spine = [get_value(one, "idref") for one in package.iter() if get_name(one) == "itemref"]
    for item in (items[name] for name in dict.fromkeys(spine[:_MOST_PAGES]) if name in items):
        is_nav = "nav" in get_value(item, "properties").split()
        href = get_value(item, "href")
        if not is_nav and href not in contents and get_value(item, "media-type") in _PAGE_TYPES:
            yield posixpath.normpath(posixpath.join(folder, unquote(href)))


def _check_protection(archive: zipfile.ZipFile, book: _Book) -> None:
    """Fonts may be scrambled; when a page is, nobody can read the book without its key."""
    listed = read_part(archive, "META-INF/encryption.xml")
    if listed is None:
        return
    locked = {
        unquote(get_value(one, "URI"))
        for one in parse_xml(listed).iter()
        if get_name(one) == "CipherReference"
    }
    if locked & set(book.pages):
        raise FileUnreadable("is protected against copying; it can only be read with its key")


def _read_page(content: bytes) -> tuple[list[Block], int]:
    """(blocks, characters of hidden text) of one page."""
    raw = decode_bytes(content)
    if "<!ENTITY" in raw:
        raise FileUnreadable("declares XML entities; it was not read")
    source = drop_invisible(_DECLARATION.sub("", raw)).strip()
    if not source:
        return [], 0
    page = _parse_page(source)
    hidden = drop_hidden(page) + count_in_source(raw)
    return read_html_blocks(page), hidden


def _parse_page(source: str) -> HtmlElement:
    """As XML, where `<title/>` is an empty title; as HTML when it is not well formed."""
    text = _ENTITY.sub(_resolve_entity, source).encode()
    try:
        parser = XHTMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        page: HtmlElement = etree.fromstring(text, parser=parser)
    except etree.XMLSyntaxError:
        return document_fromstring(
            source.encode(), parser=HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        )
    xhtml_to_html(page)
    for element in [one for one in page.iter("*") if one.tag == _DRAWING or _is_note_mark(one)]:
        element.drop_tree()
    return page


def _is_note_mark(element: HtmlElement) -> bool:
    """The raised number that leads to a note: between words it reads as one of them."""
    return element.get("role") == "doc-noteref" or "noteref" in (element.get(_TYPE) or "").split()


def _resolve_entity(found: re.Match[str]) -> str:
    if found[1] in _KEPT_ENTITIES:
        return found[0]
    sign = html5.get(f"{found[1]};")
    return found[0] if sign is None else html.escape(sign)
