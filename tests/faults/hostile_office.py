"""Office files that are made to hurt whoever reads them. For tests/faults/hostile_files.py."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from docx import Document
from openpyxl import Workbook
from pptx import Presentation

WORDS = "Harmless words about teal."
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LAUGHS = "".join(
    f'<!ENTITY l{level} "{f"&l{level - 1};" * 10 if level else "laugh"}">' for level in range(12)
)
BILLION_LAUGHS = f"<!DOCTYPE any [{_LAUGHS}]>"
PARAGRAPH = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"


def read_outside(place: str) -> str:
    """A declaration that puts what stands there into the text."""
    return f'<!DOCTYPE any [<!ENTITY outside SYSTEM "{place}">]>'


def pack_docx(body: str = PARAGRAPH, *, head: str = "", parts: Mapping[str, bytes] | None = None) -> bytes:
    """A Word document with this body; `head` stands before its root, `parts` replace its own or come beside."""
    xml = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    plain = io.BytesIO()
    Document().save(plain)
    return replace_parts(plain.getvalue(), {"word/document.xml": xml.encode(), **(parts or {})})


def pack_xlsx(sheet: str, *, head: str = "", strings: str = "") -> bytes:
    """A workbook of one sheet; `sheet` and `strings` are the insides of the XML parts."""
    plain = io.BytesIO()
    Workbook().save(plain)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(plain) as archive:
        types, rels = archive.read("[Content_Types].xml"), archive.read("xl/_rels/workbook.xml.rels")
    typed = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    related = f'<Relationship Id="rId99" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    parts = {
        "[Content_Types].xml": types.replace(b"</Types>", typed.encode()),
        "xl/_rels/workbook.xml.rels": rels.replace(b"</Relationships>", related.encode()),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}">{sheet}</worksheet>'.encode(),
        "xl/sharedStrings.xml": f'{head}<sst xmlns="{_SHEET}">{strings}</sst>'.encode(),
    }
    return replace_parts(plain.getvalue(), parts)


def pack_pptx(*, parts: Mapping[str, bytes] | None = None) -> bytes:
    """A deck of one slide."""
    deck, plain = Presentation(), io.BytesIO()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = WORDS
    deck.save(plain)
    return replace_parts(plain.getvalue(), parts or {})


def replace_parts(archive: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The archive with these parts in place of its own, or beside them."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return result.getvalue()


def nest_zips() -> bytes:
    """Five layers of ten archives each: ten gigabytes, were anybody to unpack them all."""
    inner = b"\0" * 100_000
    for _ in range(5):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}.zip", inner)
        inner = packed.getvalue()
    return inner


def add_blanks(archive: bytes, name: str, *, megabytes: int) -> bytes:
    """A part that is a thousandth of its size while it is packed."""
    packed = io.BytesIO(archive)
    with (
        zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as opened,
        opened.open(name, "w") as part,
    ):
        for _ in range(megabytes):
            part.write(b" " * 2**20)
    return packed.getvalue()


def state_size(archive: bytes, name: str, size: int) -> bytes:
    """The archive's list of parts then says that one holds so many bytes, whatever it holds."""
    result = bytearray(archive)
    struct.pack_into("<I", result, result.rindex(name.encode()) - 46 + 24, size)
    return bytes(result)


def pack_macros() -> bytes:
    """A document with macros under the name of one without."""
    return pack_docx(parts={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0 Auto_Open"})


def pack_slips() -> bytes:
    """Parts that would be written beside, above and over other files, were they ever unpacked to disk."""
    names = (
        "../../onbrand-slipped",
        "/tmp/onbrand-slipped",
        "..\\..\\onbrand-slipped",
        "C:\\onbrand-slipped",
    )
    return pack_docx(parts=dict.fromkeys(names, b"out of the box"))


def pack_outside_links() -> bytes:
    """A template, a picture and a part on somebody's server."""
    relation = '<Relationship Id="{id}" Type="{office}/{kind}" Target="http://192.0.2.1/{kind}" TargetMode="External"/>'
    links = "".join(
        relation.format(id=f"rId9{number}", office=_OFFICE, kind=kind)
        for number, kind in enumerate(("attachedTemplate", "image", "aFChunk"))
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = f'<Relationships xmlns="{package}">{links}</Relationships>'.encode()
    return pack_docx(parts={"word/_rels/document.xml.rels": rels})


def pack_hidden_declarations() -> bytes:
    """The text stands in a part whose name says nothing of XML, and that part declares entities."""
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    xml = (
        f'<?xml version="1.0"?>{read_outside("file:///etc/passwd")}<w:document xmlns:w="{_WORD}"><w:body>'
        f"{PARAGRAPH}<w:p><w:r><w:t>&outside;</w:t></w:r></w:p></w:body></w:document>"
    )
    plain = pack_docx(parts={"word/text.bin": xml.encode()})
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        types, rels = archive.read("[Content_Types].xml"), archive.read("_rels/.rels")
    override = f'<Override PartName="/word/text.bin" ContentType="{office}.document.main+xml"/></Types>'
    return replace_parts(
        plain,
        {
            "[Content_Types].xml": types.replace(b"</Types>", override.encode()),
            "_rels/.rels": rels.replace(b"word/document.xml", b"word/text.bin"),
        },
    )


def claim_picture(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pieces = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in pieces
    )


def repeat_string(*, kilobytes: int, cells: int) -> bytes:
    """One long text, stored once and shown in every cell."""
    string = "<si><t>" + "teal " * (kilobytes * 1024 // 5) + "</t></si>"
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, cells + 1))
    return pack_xlsx(f"<sheetData>{rows}</sheetData>", strings=string)


def claim_cells(last: str = "XFD1048576", row: int = 1_048_576) -> bytes:
    """Three cells, the last of them in the last corner that a sheet has."""
    cells = "".join(
        f'<row r="{number}"><c r="{place}" t="inlineStr"><is><t>{WORDS}</t></is></c></row>'
        for number, place in ((1, "A1"), (2, "A2"), (row, last))
    )
    return pack_xlsx(f'<dimension ref="A1:{last}"/><sheetData>{cells}</sheetData>')


def pack_open_document(body: str = f"<text:p>{WORDS}</text:p>", *, head: str = "") -> bytes:
    """An OpenDocument text with this body; `head` stands before its root."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text")
    )
    xml = (
        f'<?xml version="1.0"?>{head}<office:document-content{names}><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", xml)
    return packed.getvalue()


def pack_book(*, head: str = "") -> bytes:
    """An EPUB of one chapter, with a list of chapters that names it and files outside of the book."""
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    listed = "".join(
        f'<item id="i{number}" href="{place}" media-type="application/xhtml+xml"/>'
        for number, place in enumerate(("one.xhtml", "../../../etc/passwd", "file:///etc/passwd"))
    )
    read = "".join(f'<itemref idref="i{number}"/>' for number in range(3))
    book = (
        f'{head}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/>'
        f"<manifest>{listed}</manifest><spine>{read}</spine></package>"
    )
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{WORDS}</p></body></html>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        for name, content in (
            ("META-INF/container.xml", container),
            ("book.opf", book),
            ("one.xhtml", page),
        ):
            archive.writestr(name, content)
    return packed.getvalue()
