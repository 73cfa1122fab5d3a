"""Other parsers than ours, each where its packages are installed. Read by structure.py and structure_formats.py.

They get more than the product would give them: a title is a heading even where its depth was only guessed.
"""

import importlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import PurePath
from typing import Any

from benchmarks.structure_candidates import Candidate
from core.documents import Block
from ingest.parsers.clean_text import build_block
from ingest.parsers.html_blocks import read_html_blocks
from ingest.parsers.unstructured_formats import build_element_blocks, load_partitioners

_Parse = Callable[[str, bytes], Sequence[Block]]
# The function of unstructured for each suffix, and what it needs beside it.
_PARTITIONERS = {
    ".docx": ("docx", ()),
    ".pptx": ("pptx", ()),
    ".xlsx": ("xlsx", ("pandas", "networkx", "msoffcrypto", "xlrd")),
    ".csv": ("csv", ("pandas",)),
    ".tsv": ("tsv", ("pandas",)),
    ".html": ("html", ()),
    ".md": ("md", ("markdown",)),
    ".txt": ("text", ()),
    ".eml": ("email", ()),
    ".msg": ("msg", ()),
    ".odt": ("odt", ("pypandoc",)),
    ".rtf": ("rtf", ("pypandoc",)),
    ".epub": ("epub", ("pypandoc",)),
    ".org": ("org", ("pypandoc",)),
    ".rst": ("rst", ("pypandoc",)),
}
_ORG_MARK = re.compile(r"^\s*[-+]\s+")


def list_others() -> list[Candidate]:
    """Those that can run here."""
    readable = frozenset(suffix for suffix, (_, needs) in _PARTITIONERS.items() if _has(*needs))
    others = [
        ("unstructured", readable, parse_with_unstructured, ("unstructured",)),
        ("docutils + our HTML", frozenset({".rst"}), parse_with_docutils, ("docutils",)),
        ("orgparse", frozenset({".org"}), parse_with_orgparse, ("orgparse",)),
        ("striprtf", frozenset({".rtf"}), parse_with_striprtf, ("striprtf",)),
        ("extract-msg", frozenset({".msg"}), parse_with_extract_msg, ("extract_msg",)),
    ]
    return [Candidate(name, suffixes, parse) for name, suffixes, parse, needs in others if _has(*needs)]


def parse_with_unstructured(name: str, content: bytes) -> Sequence[Block]:
    """As the package does it by itself, offline: its own way to the file, speaker's notes asked for."""
    load_partitioners()
    module = _PARTITIONERS[PurePath(name).suffix.lower()][0]
    partition: Callable[..., Sequence[Any]] = getattr(
        importlib.import_module(f"unstructured.partition.{module}"), f"partition_{module}"
    )
    extra = {"include_slide_notes": True} if module == "pptx" else {}
    elements = partition(file=io.BytesIO(content), languages=[""], **extra)
    return [block for element in elements for block in _place(element)]


def _place(element: Any) -> Iterator[Block]:
    if element.category == "Title" and element.metadata.category_depth is None:
        element.metadata.category_depth = 0
    for block in build_element_blocks([element]):
        yield replace(block, page=element.metadata.page_number)


def parse_with_docutils(name: str, content: bytes) -> Sequence[Block]:  # noqa: ARG001 - the shape of a candidate
    """Its HTML through our blocks; what it does not know it leaves out."""
    core: Any = importlib.import_module("docutils.core")
    settings = {
        "file_insertion_enabled": False,
        "raw_enabled": False,
        "report_level": 5,
        "embed_stylesheet": False,
        "stylesheet_path": None,
        "doctitle_xform": False,
        "initial_header_level": 1,
        "_disable_config": True,
    }
    page = core.publish_string(content, writer="html5", settings_overrides=settings)
    html: Any = importlib.import_module("lxml.html")
    return read_html_blocks(html.document_fromstring(page))


def parse_with_orgparse(name: str, content: bytes) -> Sequence[Block]:  # noqa: ARG001 - see above
    """Headings and, under each, its lines as they stand."""
    orgparse: Any = importlib.import_module("orgparse")
    blocks: list[Block] = []
    for node in orgparse.loads(content.decode())[1:]:
        blocks.append(build_block("heading", node.heading, level=min(6, node.level)))
        for line in node.body.split("\n"):
            kind: Any = "list_item" if _ORG_MARK.match(line) else "paragraph"
            blocks.append(build_block(kind, _ORG_MARK.sub("", line), level=1 if kind == "list_item" else 0))
    return blocks


def parse_with_striprtf(name: str, content: bytes) -> Sequence[Block]:  # noqa: ARG001 - see above
    """Lines of text; it knows no structure."""
    striprtf: Any = importlib.import_module("striprtf.striprtf")
    return _split_lines(striprtf.rtf_to_text(content.decode("latin-1")))


def parse_with_extract_msg(name: str, content: bytes) -> Sequence[Block]:  # noqa: ARG001 - see above
    """The plain body, which it makes of the HTML where the mail has none. Under the GPL: only measured."""
    extract_msg: Any = importlib.import_module("extract_msg")
    with extract_msg.openMsg(content) as mail:
        return _split_lines(str(mail.body or ""))


def _split_lines(text: str) -> Sequence[Block]:
    return [build_block("paragraph", line) for line in text.splitlines() if line.strip()]


def _has(*packages: str) -> bool:
    return all(find_spec(package) is not None for package in packages)
