"""What macros of storage format show on the page. The table MACROS; a macro unknown to it shows title and body."""

import re
from collections.abc import Mapping
from typing import Any

from lxml.html import HtmlElement

from ingest.parsers.confluence_elements import is_in_phrase, read_reference
from ingest.parsers.confluence_markup import (
    find_child,
    list_children,
    name_of,
    read_attribute,
    read_markup,
    read_parameter,
)
from ingest.parsers.confluence_page import PageText
from ingest.parsers.confluence_writer import Handler, TreeWriter, add_text, add_word, start

_MACRO = ("ac:structured-macro", "ac:macro")
# What these show is made anew whenever somebody looks: lists of other pages, searches, reports, anchors.
_DYNAMIC_WORDS = (
    "anchor attachments blog-posts bookmarks change-history children content-by-label content-by-user"
    " content-report-table contentbylabel contributors contributors-summary create-from-template"
    " create-space-button detailssummary favpages gallery global-reports iframe im index jira jirachart"
    " jiraissues jiraroadmap labels-list listlabels livesearch navmap network pagetree pagetreesearch"
    " popular-labels profile profile-picture recently-updated recently-updated-dashboard recently-used-labels"
    " related-labels roadmap rss search space-attachments space-details spaces spaces-list status-list style"
    " spacejump task-report tasks-report-macro toc userlister user-profile widget"
)
_DYNAMIC = frozenset(_DYNAMIC_WORDS.split())
# A warning without a title shows that it is one by its sign, and says the opposite without it.
_KINDS = {"info": "Info", "note": "Note", "tip": "Tip", "warning": "Warning"}


def write_macro(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    """One macro as plain HTML; nothing of a dynamic one."""
    name = read_attribute(source, "ac:name").lower()
    if name not in _DYNAMIC:
        MACROS.get(name, _write_box)(writer, source, target)


def _write_box(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    """Panel, expand, section, tab and every macro that is not known: its title as a line of its own, its body."""
    rich, plain = find_child(source, "ac:rich-text-body"), find_child(source, "ac:plain-text-body")
    if rich is None and plain is not None:
        _write_code(writer, source, target)
    elif rich is not None:
        box = _start_box(source, target)
        title = read_parameter(source, "title") or _KINDS.get(read_attribute(source, "ac:name").lower(), "")
        if title:
            start(box, "p").text = title
        writer.write_children(rich, box)


def _start_box(source: Any, target: HtmlElement) -> HtmlElement:
    # A class says that a box may be painted: white letters on a dark panel are no hidden text.
    box = start(target, "div", {"class": "macro"})
    if read_parameter(source, "hidden").lower() == "true":
        box.set("hidden", "hidden")
    return box


def _write_code(_writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    title = read_parameter(source, "title")
    if title:
        start(target, "p").text = title
    start(target, "pre").text = "".join(
        text for body in list_children(source, "ac:plain-text-body") for text in body.itertext()
    )


def _write_status(_writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    title = read_parameter(source, "title")
    add_word(target, f"[{title}]" if title else "", source)


def _write_prose(_writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    """Text in another markup: its paragraphs, marks included, as nobody here knows how its site reads them."""
    text = "".join(text for body in list_children(source, "ac:plain-text-body") for text in body.itertext())
    for paragraph in re.split(r"\n\s*\n", text):
        start(target, "p").text = paragraph


def _write_html(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    text = "".join(text for body in list_children(source, "ac:plain-text-body") for text in body.itertext())
    if text.strip():
        markup = read_markup(text, is_view=True)
        writer.hidden += markup.hidden
        writer.write_children(markup.root, _start_box(source, target))


def _write_file(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    """A file shown within the page: its name."""
    for parameter in list_children(source, "ac:parameter"):
        if read_attribute(parameter, "ac:name") == "name":
            name = read_reference(parameter, writer.source.users) or (parameter.text or "")
            start(target, "p").text = name


def _write_excerpt(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    body = find_child(source, "ac:rich-text-body")
    if body is None:
        return
    is_inline = read_parameter(source, "atlassian-macro-output-type").upper() == "INLINE"
    if is_inline and is_in_phrase(source) and read_parameter(source, "hidden").lower() != "true":
        _write_inline(writer, body, target)
    else:
        writer.write_children(body, _start_box(source, target))


def _write_inline(writer: TreeWriter, body: Any, target: HtmlElement) -> None:
    """A body of one paragraph goes on with the words around it."""
    only = body[0] if len(body) == 1 and name_of(body[0]) == "p" else body
    writer.write_children(only, start(target, "span"))


def _write_include(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    space, title = _read_target(source)
    page = writer.source.find_include(space or writer.space, title)
    if page is None or not writer.may_enter(page):
        _write_link_to(title, source, target)
        return
    with writer.enter(page) as body:
        writer.write_children(body, start(target, "div"))


def _write_excerpt_include(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    space, title = _read_target(source)
    page = writer.source.find_include(space or writer.space, title)
    excerpt = None if page is None else _find_excerpt(writer, page, read_parameter(source, "name"))
    if page is None or excerpt is None or not writer.may_enter(page):
        _write_link_to(title, source, target)
        return
    with writer.enter(page):
        if is_in_phrase(source):
            _write_inline(writer, excerpt, target)
        else:
            box = start(target, "div", {"class": "macro"})
            if read_parameter(source, "nopanel").lower() != "true":
                start(box, "p").text = title
            writer.write_children(excerpt, box)


def _find_excerpt(writer: TreeWriter, page: PageText, name: str) -> Any:
    """The body of the page's excerpt of that name, of its first one where none is asked for; None without one."""
    for macro in writer.read_body(page).root.iter():
        is_excerpt = name_of(macro) in _MACRO and read_attribute(macro, "ac:name").lower() == "excerpt"
        if is_excerpt and (not name or read_parameter(macro, "name") == name):
            return find_child(macro, "ac:rich-text-body")
    return None


def _read_target(source: Any) -> tuple[str, str]:
    """Space ("" for the page's own) and title of what is included; older pages say `SPACE:Title` in words."""
    for parameter in list_children(source, "ac:parameter", "ac:default-parameter"):
        if read_attribute(parameter, "ac:name") not in ("", "default-parameter", "pageTitle"):
            continue
        for link in (parameter, *list_children(parameter, "ac:link")):
            page = find_child(link, "ri:page", "ri:blog-post")
            if page is not None:
                return read_attribute(page, "ri:space-key"), read_attribute(page, "ri:content-title")
        said = " ".join((parameter.text or "").split())
        space, mark, title = said.partition(":")
        return (space, title.strip()) if mark and " " not in space else ("", said)
    return "", ""


def _write_link_to(title: str, source: Any, target: HtmlElement) -> None:
    if is_in_phrase(source):
        add_word(target, title, source)
    else:
        add_text(start(target, "p"), title)


MACROS: Mapping[str, Handler] = {
    "code": _write_code,
    "noformat": _write_code,
    "status": _write_status,
    "include": _write_include,
    "excerpt": _write_excerpt,
    "excerpt-include": _write_excerpt_include,
    "html": _write_html,
    "markdown": _write_prose,
    "unmigrated-wiki-markup": _write_prose,
    "unmigrated-inline-wiki-markup": _write_prose,
    "multimedia": _write_file,
    "view-file": _write_file,
    "viewdoc": _write_file,
    "viewpdf": _write_file,
    "viewppt": _write_file,
    "viewxls": _write_file,
}
