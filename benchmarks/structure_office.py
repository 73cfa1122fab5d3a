"""Office files as the zip of XML that they are, for counting what stands in them. Used by structure_truth.py."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Slide:
    """What one visible slide holds; `number` counts hidden ones too."""

    number: int
    titles: Sequence[str]
    rows: Sequence[tuple[str, ...]]
    text: str
    notes: Sequence[str]


def read_text(element: Any, tag: str) -> str:
    """The text of all such elements inside, paragraphs kept apart by nothing."""
    return "".join(one.text or "" for one in element.iter(tag))


class Package:
    """One office file."""

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._names = frozenset(self._zip.namelist())

    def has(self, part: str) -> bool:
        """True when the file holds the part."""
        return part in self._names

    def read(self, part: str) -> Any:
        """The part's root element."""
        return etree.fromstring(
            self._zip.read(part), etree.XMLParser(resolve_entities=False, no_network=True)
        )

    def list_slides(self) -> Iterator[Slide]:
        """Visible slides in the deck's order."""
        links = self._read_links("ppt/presentation.xml")
        ids = [one.get(_REL_ID) for one in self.read("ppt/presentation.xml").iter(f"{_P}sldId")]
        for number, link in enumerate(ids, 1):
            part = links[link]
            slide = self.read(part)
            if slide.get("show") not in ("0", "false"):
                yield self._read_slide(slide, number, part)

    def list_sheets(self) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
        """Name and rows of each visible sheet; of a row its cells of text."""
        links = self._read_links("xl/workbook.xml")
        shared = "xl/sharedStrings.xml"
        strings = [read_text(one, f"{_S}t") for one in self.read(shared)] if self.has(shared) else []
        for sheet in self.read("xl/workbook.xml").iter(f"{_S}sheet"):
            if sheet.get("state", "visible") == "visible":
                rows = self.read(links[sheet.get(_REL_ID)]).iter(f"{_S}row")
                texts = [tuple(_read_cell(cell, strings) for cell in row.iter(f"{_S}c")) for row in rows]
                yield sheet.get("name"), [row for row in texts if any(row)]

    def _read_slide(self, slide: Any, number: int, part: str) -> Slide:
        shapes = [(_read_role(shape), shape) for shape in slide.iter(f"{_P}sp")]
        rows = [
            tuple(read_text(cell, f"{_A}t") for cell in row.iter(f"{_A}tc")) for row in slide.iter(f"{_A}tr")
        ]
        noted = [target for target in self._read_links(part).values() if "/notesSlides/" in f"/{target}"]
        notes = [
            read_text(paragraph, f"{_A}t")
            for target in noted
            for shape in self.read(target).iter(f"{_P}sp")
            if _read_role(shape) == "body"
            for paragraph in shape.iter(f"{_A}p")
        ]
        titles = [read_text(shape, f"{_A}t") for role, shape in shapes if role in ("title", "ctrTitle")]
        return Slide(number, titles, rows, read_text(slide, f"{_A}t"), notes)

    def _read_links(self, part: str) -> dict[str, str]:
        """Id -> part that it names."""
        folder, name = posixpath.split(part)
        links = f"{folder}/_rels/{name}.rels"
        if not self.has(links):
            return {}
        return {
            one.get("Id"): re.sub("^/", "", posixpath.normpath(posixpath.join(folder, one.get("Target"))))
            for one in self.read(links)
            if one.get("TargetMode") != "External"
        }


def _read_role(shape: Any) -> str:
    mark = next(shape.iter(f"{_P}ph"), None)
    return "" if mark is None else str(mark.get("type", "obj"))


def _read_cell(cell: Any, strings: Sequence[str]) -> str:
    value = cell.findtext(f"{_S}v") or ""
    if cell.get("t") == "s":
        return strings[int(value)]
    if cell.get("t") == "inlineStr":
        return read_text(cell, f"{_S}t")
    return value if cell.get("t") == "str" else ""
