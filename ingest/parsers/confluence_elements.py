"""What single elements of storage format show: links, mentions, images, emoji, dates, tasks. Table ELEMENTS."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from ingest.parsers.confluence_markup import find_child, list_children, name_of, read_attribute
from ingest.parsers.confluence_writer import Handler, TreeWriter, add_text, add_word, find_text_after, start

_LINK_BODIES = ("ac:link-body", "ac:plain-text-link-body", "ac:image")
_PHRASE_WORDS = "p span strong em b i u a h1 h2 h3 h4 h5 h6 ac:link ac:link-body ac:inline-comment-marker"
_PHRASES = frozenset(_PHRASE_WORDS.split())
# A tick or a cross in a table is the whole answer, so a sign that is stored by name is written out.
_EMOJI = {
    "tick": "✔",
    "cross": "✘",
    "plus": "➕",
    "minus": "➖",
    "warning": "⚠",
    "information": "ℹ",
    "question": "❓",
    "light-on": "💡",
    "light-off": "💡",
    "yellow-star": "⭐",
    "red-star": "⭐",
    "green-star": "⭐",
    "blue-star": "⭐",
    "thumbs-up": "👍",
    "thumbs-down": "👎",
    "smile": "🙂",
    "sad": "🙁",
    "cheeky": "😛",
    "laugh": "😃",
    "wink": "😉",
    "heart": "❤",
    "broken-heart": "💔",
}


def read_reference(element: Any, users: Mapping[str, str]) -> str:
    """What the first `ri:` inside names: a page's title, a file's name, an address, a person."""
    for child in element:
        name = name_of(child)
        if name in ("ri:page", "ri:blog-post"):
            return read_attribute(child, "ri:content-title")
        if name == "ri:user":
            return _read_person(child, users)
        if name in ("ri:attachment", "ri:url", "ri:space", "ri:shortcut"):
            names = ("ri:filename", "ri:value", "ri:space-key", "ri:parameter")
            return next(filter(None, (read_attribute(child, one) for one in names)), "")
    return ""


def is_in_phrase(source: Any) -> bool:
    """True where the element stands among the words of a paragraph or heading."""
    parent = source.getparent()
    return parent is not None and name_of(parent) in _PHRASES


def _read_person(user: Any, users: Mapping[str, str]) -> str:
    ids = [read_attribute(user, f"ri:{name}") for name in ("account-id", "userkey", "username")]
    return next((users[one] for one in ids if one in users), ids[-1])


def _write_link(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    body = find_child(source, *_LINK_BODIES)
    if body is not None and name_of(body) == "ac:image":
        _write_image(writer, body, target)
    elif body is not None and (body.text or len(body)):
        writer.write_children(body, start(target, "span"))
    elif find_child(source, "ri:user") is not None:
        add_word(target, read_reference(source, writer.source.users), source)
    else:
        add_text(target, read_reference(source, writer.source.users))


def _write_image(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    """Its alternative text; the file's name too where it stands alone, as people ask for files by name."""
    said = read_attribute(source, "ac:alt") or read_attribute(source, "ac:title")
    file = _read_file_name(source)
    if said and file and said != file and _stands_alone(source):
        said = f"{said} ({file})"
    if is_in_phrase(source):
        add_word(target, said or file, source)
    else:
        start(target, "p").text = said or file
    for caption in list_children(source, "ac:caption"):
        writer.write_children(caption, start(target, "div"))


def _read_file_name(image: Any) -> str:
    reference = read_reference(image, {})
    if find_child(image, "ri:url") is None:
        return reference
    return PurePosixPath(unquote(urlsplit(reference).path)).name


def _stands_alone(source: Any) -> bool:
    before = source.getprevious()
    parent = source.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else ""
    return not is_in_phrase(source) or not f"{text or ''}{find_text_after(source)}".strip()


def _write_emoji(_writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    fallback = read_attribute(source, "ac:emoji-fallback")
    name = read_attribute(source, "ac:name")
    sign = fallback if fallback and not fallback.isascii() else _EMOJI.get(name)
    add_word(target, sign or fallback or read_attribute(source, "ac:emoji-shortname"), source)


def _write_date(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    if source.text or len(source):
        writer.write_children(source, start(target, "span"))
    else:
        add_word(target, read_attribute(source, "datetime"), source)


def _write_task(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    item = start(target, "li")
    for body in list_children(source, "ac:task-body", "ac:task-list"):
        writer.write(body, item)
    status = find_child(source, "ac:task-status")
    is_done = status is not None and (status.text or "").strip() == "complete"
    if "".join(item.itertext()).strip():
        item.text = f"[{'done' if is_done else 'open'}] {item.text or ''}"


def _write_list(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    writer.write_children(source, start(target, "ul"))


def _write_box(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    writer.write_children(source, start(target, "div"))


def _write_either(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    """A newer editor's node stands beside the same content for older readers: one of both is written."""
    fallback = find_child(source, "ac:adf-fallback")
    is_said = fallback is not None and (len(fallback) or (fallback.text or "").strip())
    for child in source:
        if (child is fallback) == bool(is_said):
            writer.write(child, start(target, "div", {"class": "node"}))


def _copy_span(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    """Of a rendered page: a lozenge stays a word of its own."""
    if "status-macro" in source.get("class", "").split():
        text = " ".join("".join(source.itertext()).split())
        add_word(target, f"[{text}]" if text else "", source)
    else:
        writer.copy(source, target)


def _copy_box(writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    """Of a rendered page: its table of contents repeats what follows."""
    if not {"toc-macro", "plugin_pagetree"} & set(source.get("class", "").split()):
        writer.copy(source, target)


def _copy_picture(_writer: TreeWriter, source: Any, target: HtmlElement) -> None:
    said = source.get("alt") or source.get("data-linked-resource-default-alias") or ""
    add_word(target, said, source)


def drop(_writer: TreeWriter, _source: Any, _target: HtmlElement) -> None:
    """Nothing of it is for a reader."""


ELEMENTS: Mapping[str, Handler] = {
    "ac:link": _write_link,
    "ac:image": _write_image,
    "ac:emoticon": _write_emoji,
    "time": _write_date,
    "ac:task-list": _write_list,
    "ac:task": _write_task,
    "ac:layout": _write_box,
    "ac:layout-section": _write_box,
    "ac:layout-cell": _write_box,
    "ac:adf-extension": _write_either,
    "ac:adf-content": _write_box,
    "ac:adf-attribute": drop,
    "ac:adf-parameter": drop,
    "ac:parameter": drop,
    "ac:default-parameter": drop,
    "ac:placeholder": drop,
    "ac:task-id": drop,
    "ac:task-uuid": drop,
    "span": _copy_span,
    "div": _copy_box,
    "img": _copy_picture,
}
