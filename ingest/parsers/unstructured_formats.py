"""Outlook mails, Org and reStructuredText by the package unstructured, offline and silent. Loaded by the registry."""

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml.html import HtmlElement, HTMLParser, document_fromstring, fragment_fromstring, tostring

from core.documents import Block, ParsedDocument
from core.egress import silence_libraries
from ingest.parsers.clean_text import (
    CELL_JOIN,
    build_block,
    build_document,
    clean_line,
    decode_bytes,
    drop_invisible,
    find_first_heading,
    join_cells,
)
from ingest.parsers.hidden_text import count_in_source
from ingest.parsers.html_blocks import is_unseen, read_html_blocks
from ingest.parsers.html_hidden import drop_hidden
from ingest.parsers.parser import FileUnreadable, RowMapping

_PACKAGES = "the packages unstructured and pypandoc-binary"
_PANDOC_SECONDS = 50
_SEALED = ("IPM.Note.SMIME", "IPM.Note.Secure")
_ORG_TITLE = "#+title:"


@dataclass(frozen=True, slots=True)
class _Partitioners:
    """What is used of unstructured: each takes `text=` and gives elements."""

    html: Callable[..., Sequence[Any]]
    text: Callable[..., Sequence[Any]]


def parse_outlook(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document of an Outlook message; its title is the subject."""
    partition = load_partitioners()
    mail = _open_outlook(content)
    page, hidden = _clean_page(str(mail.html_body or ""))
    elements = (
        partition.html(text=page, languages=[""]) if page else _read_plain(partition, str(mail.body or ""))
    )
    body = list(build_element_blocks(elements))
    if not any(block.text for block in body):
        raise FileUnreadable("is a mail without text")
    blocks = [_read_headers(mail), *body, *_name_attachments(mail)]
    return (build_document(blocks, title=clean_line(mail.subject or ""), hidden=hidden),)


def parse_org(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document; its title is the one stated at the top, else the first heading."""
    lines = decode_bytes(content).splitlines()
    stated = next((line[len(_ORG_TITLE) :] for line in lines if line.lower().startswith(_ORG_TITLE)), "")
    return (_parse_markup(content, "org", title=stated),)


def parse_structured_text(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document of reStructuredText; its title is the first heading."""
    return (_parse_markup(content, "rst"),)


def _parse_markup(content: bytes, markup: str, *, title: str = "") -> ParsedDocument:
    source = drop_invisible(decode_bytes(content))
    if not any(map(str.isalnum, source)):
        raise FileUnreadable("holds no text")
    partition = load_partitioners()
    page, hidden = _clean_page(_convert(source, markup))
    if not page:
        raise FileUnreadable("holds no text")
    blocks = list(build_element_blocks(partition.html(text=page, languages=[""])))
    return build_document(blocks, title=title or find_first_heading(blocks), hidden=hidden)


@cache
def load_partitioners() -> _Partitioners:
    """Imports 2 to 3 seconds' worth of packages. Raises FileUnreadable when one is missing or has changed."""
    silence_libraries()
    try:
        with _name_folder():
            import spacy
            from unstructured.nlp import tokenize
            from unstructured.partition.html import partition_html
            from unstructured.partition.text import partition_text
    except ImportError as error:
        raise FileUnreadable(f"needs {_PACKAGES}; {error.name} is not installed") from error
    if not hasattr(tokenize, "_load_spacy_model"):
        raise FileUnreadable(
            "needs another version of unstructured: this one may fetch a model; see docs/formats.md"
        )
    # Its own way to a language model is a download. Sentences are found by their signs; nothing else is asked of it.
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    tokenize._load_spacy_model = lambda: pipeline  # noqa: SLF001 - there is no public door
    return _Partitioners(partition_html, partition_text)


@contextmanager
def _name_folder() -> Iterator[None]:
    """Unstructured asks for the folder of temporary files, and finding one writes to it, which may be refused here."""
    before, tempfile.tempdir = tempfile.tempdir, tempfile.tempdir or str(Path.cwd())
    try:
        yield
    finally:
        tempfile.tempdir = before


def _convert(source: str, markup: str) -> str:
    """HTML by pandoc through pipes: it reads no other file, writes none, and has its own limits."""
    limits = ("+RTS", "-M512m", "-RTS")
    command = (_find_pandoc(), "--from", markup, "--to", "html", "--sandbox", "--wrap=none", *limits)
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program with fixed words
            command, input=source.encode(), capture_output=True, check=True, timeout=_PANDOC_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise FileUnreadable(f"takes longer than {_PANDOC_SECONDS} seconds to convert") from error
    except subprocess.CalledProcessError as error:
        said = clean_line(error.stderr.decode(errors="replace"))[:160]
        raise FileUnreadable(f"is not readable as .{markup}: {said}") from error
    return done.stdout.decode()


@cache
def _find_pandoc() -> str:
    """The program that pypandoc-binary ships, else one of the system."""
    try:
        import pypandoc  # type: ignore[import-untyped,unused-ignore]
    except ImportError:
        found = shutil.which("pandoc")
    else:
        shipped = Path(pypandoc.__file__).parent / "files" / "pandoc"
        found = str(shipped) if shipped.is_file() else shutil.which("pandoc")
    if found is None:
        raise FileUnreadable(f"needs {_PACKAGES}; pandoc is not installed")
    return found


def _clean_page(raw: str) -> tuple[str, int]:
    """(HTML of what a reader sees, characters that nobody sees); nothing when no text is left."""
    source = drop_invisible(raw).encode()
    if not source.strip():
        return "", 0
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    page: Any = document_fromstring(source, parser=parser)
    hidden = drop_hidden(page) + count_in_source(raw)
    for element in list(page.iterdescendants()):
        if is_unseen(element):
            element.drop_tree()
    for paragraph in page.xpath("//li/p[not(preceding-sibling::*)]"):
        paragraph.drop_tag()  # or unstructured takes the item for a paragraph
    return (
        (str(tostring(page, encoding="unicode")), hidden)
        if str(page.text_content()).strip()
        else ("", hidden)
    )


def _read_plain(partition: _Partitioners, text: str) -> Sequence[Any]:
    visible = drop_invisible(text)
    return partition.text(text=visible, languages=[""]) if visible.strip() else ()


def build_element_blocks(elements: Sequence[Any]) -> Iterator[Block]:
    """Of elements by their category. A title without a depth was only guessed from its looks."""
    for element in elements:
        depth, text = element.metadata.category_depth, str(element.text)
        if element.category == "Title" and depth is not None:
            yield build_block("heading", text, level=min(6, depth + 1))
        elif element.category == "ListItem":
            yield build_block("list_item", text, level=max(1, depth or 1))
        elif element.category == "Table" and element.metadata.text_as_html:
            yield from read_html_blocks(_parse_table(element.metadata.text_as_html))
        elif element.category == "CodeSnippet":
            yield build_block("code", text)
        else:
            yield build_block("paragraph", text)


def _parse_table(source: str) -> HtmlElement:
    return fragment_fromstring(source, create_parent="div")


def _open_outlook(content: bytes) -> Any:
    from oxmsg import Message  # python-oxmsg comes with unstructured

    mail = Message.load(io.BytesIO(content))
    if str(mail.message_class or "").startswith(_SEALED):
        raise FileUnreadable("is an encrypted or sealed mail; save its text instead")
    return mail


def _read_headers(mail: Any) -> Block:
    day = mail.sent_date.date().isoformat() if mail.sent_date else ""
    return build_block("table_row", join_cells(("From", "Date"), (clean_line(mail.sender or ""), day)))


def _name_attachments(mail: Any) -> Iterator[Block]:
    names = [clean_line(attachment.file_name or "") for attachment in mail.attachments]
    kept = [name for name in names if name]
    if kept:
        yield build_block("paragraph", f"Attached: {CELL_JOIN.join(kept)}")
