"""Pages without text, read from their picture by the program tesseract where it is installed. Used by pdf.py."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic

import pypdfium2 as pdfium

from core.documents import Block
from ingest.parsers.clean_text import build_block
from ingest.parsers.ocr import OCR_PAGES, UNREAD_PAGES, WISH

_PROGRAM = "tesseract"
_PAGE_SECONDS = 20.0
_DOTS_PER_INCH, _POINTS_PER_INCH, _MOST_PIXELS = 300, 72, 16_000_000
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")


def find_program() -> str | None:
    """Where tesseract is; None when it is not installed or not wanted."""
    return shutil.which(_PROGRAM) if WISH.languages else None


@dataclass(slots=True)
class PictureReader:
    """Reads the pages of one file, up to a time for all of them.

    `pages` were read, `unread` could not be; `has_pictures`: some page shows what is no text.
    """

    program: str | None = field(default_factory=find_program)
    pages: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    has_pictures: bool = False
    _ends: float = field(default_factory=lambda: monotonic() + WISH.seconds)

    @property
    def metadata(self) -> Mapping[str, object]:
        """What the document says of its pages."""
        facts: dict[str, object] = {OCR_PAGES: self.pages, UNREAD_PAGES: self.unread}
        return {key: pages for key, pages in facts.items() if pages}

    def read(self, page: pdfium.PdfPage, number: int) -> list[Block]:
        """Paragraphs of a page that holds no text; none of a page that is empty."""
        if next(page.get_objects(max_depth=1), None) is None:
            return []
        self.has_pictures = True
        text = self._read_picture(page, number)
        paragraphs = re.split(r"\n\s*\n", _BROKEN_WORD.sub("", text))
        joined = (" ".join(paragraph.split()) for paragraph in paragraphs)
        blocks = [
            build_block("paragraph", line, page=number) for line in joined if any(map(str.isalnum, line))
        ]
        if blocks:
            self.pages.append(number)
        return blocks

    def _read_picture(self, page: pdfium.PdfPage, number: int) -> str:
        if self.program is None:
            return ""
        left = max(0.01, min(_PAGE_SECONDS, self._ends - monotonic()))
        command = (self.program, "stdin", "stdout", "-l", WISH.languages)
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program; the languages are checked
                command, input=_draw(page), capture_output=True, check=True, timeout=left
            )
        except (subprocess.SubprocessError, OSError):
            self.unread.append(number)
            return ""
        return done.stdout.decode("utf-8", "replace").replace("\f", "")


def _draw(page: pdfium.PdfPage) -> bytes:
    """The page in grey as a PGM file: no compression, no temporary file."""
    width, height = page.get_size()
    scale = _DOTS_PER_INCH / _POINTS_PER_INCH
    scale = min(scale, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        rows = bytes(bitmap.buffer)
        if bitmap.stride != bitmap.width:
            starts = range(0, bitmap.stride * bitmap.height, bitmap.stride)
            rows = b"".join(rows[start : start + bitmap.width] for start in starts)
        return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + rows
    finally:
        bitmap.close()
