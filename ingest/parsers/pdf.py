"""PDFs: the lines of every page with their place and size, then blocks by layout. Loaded by the registry."""

import ctypes
import re
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from core.documents import Block, ParsedDocument
from ingest.parsers.bounds import check_pages
from ingest.parsers.clean_text import build_document, clean_line, find_first_heading
from ingest.parsers.hidden_text import HiddenText, count_invisible
from ingest.parsers.parser import FileUnreadable, RowMapping
from ingest.parsers.pdf_hidden import GlyphLooks
from ingest.parsers.pdf_layout import SOFT_HYPHEN, PdfLine, build_blocks
from ingest.parsers.pdf_ocr import PictureReader

_LINE_END_HYPHENS = "\x02\ufffe"  # pdfium's mark for a hyphen that it found at the end of a line
_BOLD_WEIGHT = 600
_BOLD_NAME, _FONT_NAME_BYTES = re.compile(rb"bold|black|heavy", re.IGNORECASE), 128
_CELL_GAP_EM = 1.3
_FILE_NAME_TITLE = re.compile(r"^(?:microsoft|untitled)|\.(?:docx?|pptx?|xlsx?|indd|pdf|ai)$", re.IGNORECASE)


def parse_pdf(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document; blocks know their page. The title is the file's own if page 1 shows it, else a heading."""
    file = _open_pdf(content)
    try:
        hidden = HiddenText()
        pages = [_read_page(file, number, hidden) for number in range(len(file))]
        pictures = PictureReader()
        scanned = [
            block
            for index, lines in enumerate(pages)
            if not lines
            for block in _read_picture(file, index, pictures)
        ]
        stated = clean_line(file.get_metadata_value("Title"))
    finally:
        file.close()
    blocks = build_blocks(pages)
    if scanned:
        blocks = tuple(sorted((*blocks, *scanned), key=lambda block: block.page or 0))
    if not blocks:
        raise FileUnreadable(_explain_silence(pictures))
    title = _choose_title(stated, blocks)
    return (build_document(blocks, title=title, metadata=pictures.metadata, hidden=hidden.characters),)


def _explain_silence(pictures: PictureReader) -> str:
    if not pictures.has_pictures:
        return "holds no text"
    if pictures.program is None:
        return "holds no text, only images (a scan?); with tesseract installed they are read (ONBRAND_OCR_LANGUAGES)"
    return "holds no text, only images (a scan?), and tesseract found no words in them"


def _open_pdf(content: bytes) -> pdfium.PdfDocument:
    try:
        file = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise FileUnreadable("is password-protected; save it without a password") from error
        raise
    try:
        check_pages(len(file))
    except FileUnreadable:
        file.close()
        raise
    return file


def _choose_title(stated: str, blocks: Sequence[Block]) -> str | None:
    """A title property is often left over from a template: it counts when the first page shows it."""
    shown = " ".join(block.text for block in blocks if block.page == 1).casefold()
    if stated and stated.casefold() in shown and not _FILE_NAME_TITLE.search(stated):
        return stated
    return find_first_heading(blocks)


def _read_page(file: pdfium.PdfDocument, index: int, hidden: HiddenText) -> list[PdfLine]:
    page = file[index]
    text_page = page.get_textpage()
    try:
        reader = _LineReader(page, text_page.raw, number=index + 1)
        lines = list(reader.read())
        hidden.characters += reader.unseen
        return lines
    finally:
        text_page.close()
        page.close()


def _read_picture(file: pdfium.PdfDocument, index: int, pictures: PictureReader) -> list[Block]:
    page = file[index]
    try:
        return pictures.read(page, index + 1)
    finally:
        page.close()


class _LineReader:
    """Gathers pdfium's characters into lines: one ends where pdfium says so, or where the baseline jumps.

    `unseen` counts the characters that nobody can read on the page.
    """

    def __init__(self, page: pdfium.PdfPage, text_page: object, *, number: int) -> None:
        self._text_page, self._page, self._height = text_page, number, page.get_height()
        self._looks = GlyphLooks(page, text_page, self._find_size)
        self.unseen = 0
        self._box = [ctypes.c_double() for _ in range(4)]
        self._start_line()

    def _start_line(self) -> None:
        self._cells: list[list[str]] = [[]]
        self._starts: list[float] = []
        self._glyphs: list[int] = []
        self._left = self._right = self._base = self._em = 0.0

    def read(self) -> Iterator[PdfLine]:
        """The page's lines in the order of its content stream."""
        for index in range(pdfium_c.FPDFText_CountChars(self._text_page)):
            char = chr(pdfium_c.FPDFText_GetUnicode(self._text_page, index))
            if char in _LINE_END_HYPHENS:
                self._cells[-1].append(SOFT_HYPHEN)
                yield from self._end_line()
            elif char == "\n":
                yield from self._end_line()
            elif char.isspace() or char == "\x00":
                self._cells[-1].append(" ")
            else:
                yield from self._add_glyph(index, char)
        yield from self._end_line()

    def _add_glyph(self, index: int, char: str) -> Iterator[PdfLine]:
        left, right, base = self._measure(index)
        if self._looks.is_unseen(index, char, (left, right, base)):
            self.unseen += 1
            return
        if self._glyphs and abs(base - self._base) > self._em:
            yield from self._end_line()
        if not self._glyphs:
            self._left, self._base, self._em = left, base, max(self._find_size(index), 1.0)
            self._starts = [left]
        elif left - self._right > _CELL_GAP_EM * self._em:
            self._cells.append([])
            self._starts.append(left)
        self._cells[-1].append(char)
        self._glyphs.append(index)
        self._right = right

    def _measure(self, index: int) -> tuple[float, float, float]:
        """(left, right, baseline) of a character, in points."""
        left, right, bottom, top = self._box
        pdfium_c.FPDFText_GetCharBox(self._text_page, index, left, right, bottom, top)
        edges = left.value, right.value
        pdfium_c.FPDFText_GetCharOrigin(self._text_page, index, left, bottom)
        return *edges, bottom.value

    def _find_size(self, index: int) -> float:
        """The size as printed: many programs write size 1 and scale it by the text matrix."""
        matrix = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFText_GetMatrix(self._text_page, index, matrix)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        return float(pdfium_c.FPDFText_GetFontSize(self._text_page, index)) * (scale or 1.0)

    def _is_bold(self, index: int) -> bool:
        """By weight, or by name: fonts that are not embedded often state no weight."""
        if pdfium_c.FPDFText_GetFontWeight(self._text_page, index) >= _BOLD_WEIGHT:
            return True
        name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
        pdfium_c.FPDFText_GetFontInfo(self._text_page, index, name, _FONT_NAME_BYTES, None)
        return _BOLD_NAME.search(name.value) is not None

    def _end_line(self) -> Iterator[PdfLine]:
        self.unseen += count_invisible("".join(map("".join, self._cells)))
        cells = [clean_line("".join(cell).replace(SOFT_HYPHEN, "-")) for cell in self._cells]
        if self._glyphs and any(cells):
            middle = self._glyphs[len(self._glyphs) // 2]
            samples = (self._glyphs[0], middle, self._glyphs[-1])
            yield PdfLine(
                cells=tuple(zip(self._starts, cells, strict=True)),
                page=self._page,
                right=self._right,
                height=self._base / self._height if self._height else 0.0,
                base=self._base,
                size=round(sorted(map(self._find_size, samples))[1] * 2) / 2,
                is_bold=all(map(self._is_bold, samples)),
                is_broken=self._cells[-1][-1:] == [SOFT_HYPHEN],
            )
        self._start_line()
