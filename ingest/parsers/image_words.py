"""The words kept beside a picture (EXIF, IPTC, XMP, text chunks, SVG) under one set of names. Used by image.py."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as XmlElement

from ingest.parsers.clean_text import clean_text
from ingest.parsers.hidden_text import HiddenText
from ingest.parsers.image_parts import ImageParts
from ingest.parsers.parser import FileUnreadable
from ingest.parsers.safe_xml import get_name, parse_xml

_MOST_ENTRIES, _MOST_VALUE_BYTES = 500, 64 * 1024
# TIFF tags; the ones of Windows are UTF-16.
_EXIF_NAMES = {
    0x010E: "description",
    0x8298: "copyright",
    0x9C9B: "title",
    0x9C9C: "description",
    0x9C9E: "keywords",
}
_WINDOWS_TAGS = (0x9C9B, 0x9C9C, 0x9C9E)
_TIFF_WIDTH, _TIFF_HEIGHT, _TIFF_XMP, _TIFF_IPTC = 0x0100, 0x0101, 0x02BC, 0x83BB
_IPTC_NAMES = {5: "title", 25: "keywords", 40: "terms", 105: "headline", 116: "copyright", 120: "description"}
_XMP_NAMES = {
    "title": "title",
    "Headline": "headline",
    "description": "description",
    "AltTextAccessibility": "alternative",
    "ExtDescrAccessibility": "description",
    "subject": "keywords",
    "rights": "copyright",
    "UsageTerms": "terms",
    "Instructions": "terms",
}
_TEXT_NAMES = {
    "title": "title",
    "description": "description",
    "comment": "description",
    "copyright": "copyright",
    "disclaimer": "terms",
    "keywords": "keywords",
}
# What cameras and programs write without being asked.
_EMPTY_PHRASES = (
    "digital camera",
    "sony dsc",
    "created with",
    "charset=",
    "screenshot",
    "default description",
)


@dataclass(slots=True)
class ImageWords:
    """Values by name, each once: title, headline, description, alternative, keywords, copyright, terms."""

    values: dict[str, list[str]] = field(default_factory=dict)
    hidden: HiddenText = field(default_factory=HiddenText)

    def add(self, name: str, text: str) -> None:
        """Takes the value when it says something."""
        value = clean_text(text.replace("\0", ""))
        kept = self.values.setdefault(name, [])
        if any(map(str.isalpha, value)) and value not in kept and not _is_empty_phrase(value):
            kept.append(value)
            self.hidden.add_invisible(text)

    def get(self, name: str) -> list[str]:
        """The values of that name, the strongest place first."""
        return self.values.get(name, [])


def read_words(parts: ImageParts) -> ImageWords:
    """From the place that people fill in last to the one that a camera fills: XMP, IPTC, text chunks, EXIF."""
    words = ImageWords()
    entries = list(_walk_exif(parts.exif))
    _take_size(parts, entries)
    known = dict(entries)
    for name, text in _read_xmp(parts.xmp or known.get(_TIFF_XMP, b"")):
        words.add(name, text)
    for name, text in _read_iptc(parts.iptc or known.get(_TIFF_IPTC, b"")):
        words.add(name, text)
    for key, text in parts.texts:
        if key.lower() in _TEXT_NAMES:
            words.add(_TEXT_NAMES[key.lower()], text)
    for tag, value in entries:
        if tag in _EXIF_NAMES:
            words.add(_EXIF_NAMES[tag], _decode_exif(tag, value))
    return words


def read_svg(content: bytes) -> tuple[ImageParts, ImageWords]:
    """The same of a drawing in XML: its own `title` and `desc`, and the metadata inside."""
    try:
        root = parse_xml(content)
    except etree.XMLSyntaxError as error:
        raise FileUnreadable("is not well-formed XML") from error
    if get_name(root) != "svg":
        raise FileUnreadable(f"is not a drawing: its root element is {get_name(root)[:40]!r}")
    words = ImageWords()
    for child in root:
        if get_name(child) in ("title", "desc"):
            words.add(
                "title" if get_name(child) == "title" else "description", "".join(map(str, child.itertext()))
            )
        elif get_name(child) == "metadata":
            for name, text in _walk_xmp(child):
                words.add(name, text)
    return ImageParts("SVG"), words


def _take_size(parts: ImageParts, entries: Sequence[tuple[int, bytes]]) -> None:
    numbers = {
        tag: int.from_bytes(value[:4], "big") for tag, value in entries if tag in (_TIFF_WIDTH, _TIFF_HEIGHT)
    }
    if parts.format == "TIFF" and len(numbers) == 2:  # noqa: PLR2004 - both are there
        parts.size = (numbers[_TIFF_WIDTH], numbers[_TIFF_HEIGHT])


def _walk_exif(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(tag, value) of the first directory; numbers come as bytes, the highest first."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:  # noqa: PLR2004 - the header
        return
    start = struct.unpack_from(f"{order}I", data, 4)[0]
    if start + 2 > len(data):
        return
    count = min(_MOST_ENTRIES, struct.unpack_from(f"{order}H", data, start)[0])
    for place in range(start + 2, start + 2 + count * 12, 12):
        if place + 12 > len(data):
            return
        tag, kind, length = struct.unpack_from(f"{order}HHI", data, place)
        yield tag, _read_exif_value(data, place + 8, kind=kind, length=length, order=order)


def _read_exif_value(data: bytes, place: int, *, kind: int, length: int, order: str) -> bytes:
    if kind in (3, 4) and length == 1:  # a number of two or four bytes
        number = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", data, place)[0]  # noqa: PLR2004
        return int(number).to_bytes(4, "big")
    size = min(_MOST_VALUE_BYTES * 16, length * (2 if kind == 3 else 4 if kind == 4 else 1))  # noqa: PLR2004
    start = place if size <= 4 else struct.unpack_from(f"{order}I", data, place)[0]  # noqa: PLR2004
    return data[start : start + size]


def _decode_exif(tag: int, value: bytes) -> str:
    kept = value[:_MOST_VALUE_BYTES]
    if tag in _WINDOWS_TAGS:
        return kept.decode("utf-16-le", "ignore").rstrip("\0")
    try:
        return kept.decode("utf-8").partition("\0")[0]
    except UnicodeDecodeError:
        return kept.decode("cp1252", "replace").partition("\0")[0]


def _read_iptc(data: bytes) -> Iterator[tuple[str, str]]:
    """(name, text) of the records that people write."""
    encoding, place = "utf-8" if b"\x1b%G" in data[:64] else "cp1252", 0
    while place + 5 <= len(data) and data[place] == 0x1C:  # noqa: PLR2004 - begins every record
        record, number, length = struct.unpack_from(">BBH", data, place + 1)
        value = data[place + 5 : place + 5 + length]
        if record == 2 and number in _IPTC_NAMES:  # noqa: PLR2004 - the record of the application
            yield _IPTC_NAMES[number], _decode(value, encoding)
        place += 5 + length


def _decode(value: bytes, encoding: str) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode(encoding, "replace")


def _read_xmp(data: bytes) -> Iterator[tuple[str, str]]:
    start = data.find(b"<x:xmpmeta")
    start = data.find(b"<rdf:RDF") if start < 0 else start
    end = max(data.rfind(b"</x:xmpmeta>") + 12, data.rfind(b"</rdf:RDF>") + 10)
    if start < 0 or end <= start:
        return
    try:
        root = parse_xml(data[start:end])
    except (etree.XMLSyntaxError, FileUnreadable):
        return  # damaged metadata is none
    yield from _walk_xmp(root)


def _walk_xmp(root: XmlElement) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        name = _XMP_NAMES.get(get_name(element))
        if name is not None:
            yield from ((name, text) for text in _read_values(element))
        for key, value in element.attrib.items():
            space, _, short = str(key).rpartition("}")
            if space and short in _XMP_NAMES:
                yield _XMP_NAMES[short], str(value)


def _read_values(element: XmlElement) -> list[str]:
    """Each item of a list by itself; of alternatives in several languages the default one, else the first."""
    items = [one for one in element.iter() if get_name(one) == "li"]
    texts = ["".join(map(str, one.itertext())) for one in items] or ["".join(map(str, element.itertext()))]
    is_alternative = any(get_name(one) == "Alt" for one in element.iter())
    if not is_alternative or not items:
        return texts
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    default = [text for one, text in zip(items, texts, strict=True) if one.get(language) == "x-default"]
    return (default or texts)[:1]


def _is_empty_phrase(value: str) -> bool:
    return any(phrase in value.lower() for phrase in _EMPTY_PHRASES) and len(value) < 60  # noqa: PLR2004
