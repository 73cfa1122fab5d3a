"""Which parser reads which file, and whether the content is what the name says. Used by ingest_batch."""

import io
import re
import zipfile
from importlib import import_module
from pathlib import PurePath
from typing import IO

from core.documents import ParsedDocument
from ingest.parsers.parser import FileUnreadable, Parser, RowMapping

_MARKDOWN = ("markdown", "parse_markdown")
_HTML = ("html", "parse_html")
_IMAGE = ("image", "parse_image")
# Named, not imported: the office libraries cost 0.1–0.3 s each, which only a file of their kind should pay.
_PARSERS = {
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".html": _HTML,
    ".htm": _HTML,
    ".txt": ("plain_text", "parse_plain_text"),
    ".pdf": ("pdf", "parse_pdf"),
    ".docx": ("word", "parse_word"),
    ".pptx": ("slides", "parse_slides"),
    ".xlsx": ("sheets", "parse_workbook"),
    ".csv": ("sheets", "parse_csv"),
    ".tsv": ("sheets", "parse_csv"),
    ".eml": ("email_message", "parse_mail"),
    ".rtf": ("rich_text", "parse_rich_text"),
    ".odt": ("open_document", "parse_open_document"),
    ".epub": ("epub", "parse_epub"),
    # What docs/formats.md shows nothing better for:
    ".msg": ("unstructured_formats", "parse_outlook"),
    ".org": ("unstructured_formats", "parse_org"),
    ".rst": ("unstructured_formats", "parse_structured_text"),
    ".png": _IMAGE,
    ".jpg": _IMAGE,
    ".jpeg": _IMAGE,
    ".gif": _IMAGE,
    ".webp": _IMAGE,
    ".tif": _IMAGE,
    ".tiff": _IMAGE,
    ".svg": _IMAGE,
    # What connectors write of a page and of an asset:
    ".confluence": ("confluence_storage", "parse_confluence"),
    ".asset": ("asset", "parse_asset"),
}
_CARRIES_FILE = ".asset"
READABLE_SUFFIXES: frozenset[str] = frozenset(_PARSERS)
_CONTENT = {
    ".pdf": "a PDF",
    ".docx": "a Word document",
    ".pptx": "a PowerPoint deck",
    ".xlsx": "an Excel workbook",
    ".rtf": "an RTF document",
    ".odt": "an OpenDocument text",
    ".epub": "an EPUB book",
    ".msg": "an Outlook message",
    ".png": "a PNG image",
    ".jpg": "a JPEG image",
    ".jpeg": "a JPEG image",
    ".gif": "a GIF image",
    ".webp": "a WebP image",
    ".tif": "a TIFF image",
    ".tiff": "a TIFF image",
}
_IN_OLE = frozenset(("a Word document", "a PowerPoint deck", "an Excel workbook", "an Outlook message"))
_OFFICE_MAIN = {
    "word/document": "a Word document",
    "ppt/presentation": "a PowerPoint deck",
    "xl/workbook": "an Excel workbook",
}
_MEDIA_TYPES = {
    b"application/epub+zip": "an EPUB book",
    b"application/vnd.oasis.opendocument.text": "an OpenDocument text",
    b"application/vnd.oasis.opendocument.text-template": "an OpenDocument text",
    b"application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument spreadsheet",
    b"application/vnd.oasis.opendocument.presentation": "an OpenDocument presentation",
}
_MOST_TYPE_BYTES = 200
_MAGIC = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an OLE container"),
)
_WEBP = re.compile(rb"RIFF.{4}WEBP", re.DOTALL)
_OUTLOOK_STREAM = "__properties_version1.0"
_LEGACY_STREAMS = ("WordDocument", "PowerPoint Document", "Workbook")
_TEXT, _NO_ROWS = "text", RowMapping()
_UNPACKED_LIMIT_BYTES, _CHUNK_BYTES = 400 * 1024 * 1024, 1024 * 1024


def parse_file(name: str, content: bytes, *, rows: RowMapping = _NO_ROWS) -> tuple[ParsedDocument, ...]:
    """One document, or one per data row when `rows` maps columns. Raises nothing but FileUnreadable."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in _PARSERS:
        raise FileUnreadable(f"has the suffix {suffix!r}; read are {', '.join(sorted(_PARSERS))}")
    if not content:
        raise FileUnreadable("is empty (0 bytes)")
    try:
        _check_content(suffix, content)
        return _load_parser(suffix)(content, rows=rows)
    except FileUnreadable:
        raise
    except Exception as error:  # a library may raise anything on damaged bytes
        reason = " ".join(str(error).split())[:160]
        raise FileUnreadable(
            f"is damaged or not readable as {suffix} ({type(error).__name__}: {reason})"
        ) from error


def _load_parser(suffix: str) -> Parser:
    if suffix == _CARRIES_FILE:
        return _parse_asset
    module, function = _PARSERS[suffix]
    parser: Parser = getattr(import_module(f"ingest.parsers.{module}"), function)
    return parser


def _parse_asset(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """The facts of an asset and the text of the file that it may carry, which has a suffix of its own."""
    from ingest.parsers.asset import parse_with_original

    return parse_with_original(content, parse_file)


def _check_content(suffix: str, content: bytes) -> None:
    """Raises FileUnreadable when the bytes are not what the suffix promises, saying what they look like."""
    expected, found = _CONTENT.get(suffix, _TEXT), _describe_content(content)
    if found == "an OLE container" and expected in _IN_OLE:
        found = _describe_ole(content)
    if found != expected:
        raise FileUnreadable(f"named {suffix}, but the content is {found}")


def _describe_content(content: bytes) -> str:
    # A PDF header may follow some bytes of junk; a text about PDFs does not start with one.
    if content.startswith(b"%PDF-") or re.match(rb"[\s\x00-\x1f\xef\xbb\xbf]{0,64}%PDF-", content):
        return "a PDF"
    if content.startswith(b"PK\x03\x04"):
        return _describe_zip(content)
    for magic, words in _MAGIC:
        if content.startswith(magic):
            return words
    if _WEBP.match(content):
        return "a WebP image"
    head = content[:4096]
    has_order_mark = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "binary data" if not has_order_mark and head.count(0) * 20 > len(head) else _TEXT


def _describe_ole(content: bytes) -> str:
    if _OUTLOOK_STREAM.encode("utf-16-le") in content:
        return "an Outlook message"
    if any(stream.encode("utf-16-le") in content for stream in _LEGACY_STREAMS):
        return "an Office file of the older kind (.doc, .ppt, .xls)"
    raise FileUnreadable("is password-protected; save it without a password")


def _describe_zip(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        kind = next((words for part, words in _OFFICE_MAIN.items() if f"{part}.xml" in names), None)
        if kind is None:
            return _describe_package(archive)
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            return f"{kind} with macros"
        _check_archive(archive)
    return kind


def _describe_package(archive: zipfile.ZipFile) -> str:
    """Books and OpenDocument files say what they are in a part of its own; their parsers refuse entities."""
    if "mimetype" not in archive.namelist() or archive.getinfo("mimetype").file_size > _MOST_TYPE_BYTES:
        return "an archive (zip) that is not an Office file"
    kind = _MEDIA_TYPES.get(archive.read("mimetype").strip(), "an archive (zip) of another kind")
    _check_size(archive)
    return kind


def _check_archive(archive: zipfile.ZipFile) -> None:
    """Raises FileUnreadable on a zip bomb, or on XML that declares entities (Office never writes them)."""
    _check_size(archive)
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                _check_xml(stream)


def _check_size(archive: zipfile.ZipFile) -> None:
    unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > _UNPACKED_LIMIT_BYTES:
        limit = _UNPACKED_LIMIT_BYTES // 2**20
        raise FileUnreadable(f"unpacks to {unpacked // 2**20} MB; the limit is {limit} MB")


def _check_xml(stream: IO[bytes]) -> None:
    seen = b""
    while chunk := stream.read(_CHUNK_BYTES):
        seen = seen[-32:] + chunk.replace(b"\x00", b"")  # UTF-16 reads the same without its zeros
        if b"<!DOCTYPE" in seen:
            raise FileUnreadable("declares XML entities, which Office files never do; it was not read")
