"""Image files without a picture in them: headers and metadata only. For the tests of images."""

import struct
import zlib
from collections.abc import Mapping

XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"><rdf:Description photoshop:Headline="Harbour at dawn">{}'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)
XMP_FIELDS = (
    '<dc:title><rdf:Alt><rdf:li xml:lang="de">Hafen</rdf:li><rdf:li xml:lang="x-default">Harbour</rdf:li></rdf:Alt>'
    "</dc:title><dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>boats</rdf:li></rdf:Bag></dc:subject>"
    '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">Print until 2027</rdf:li></rdf:Alt></dc:rights>'
)


def build_png(chunks: list[tuple[bytes, bytes]], size: tuple[int, int] = (1200, 800)) -> bytes:
    """A PNG of these chunks behind its header."""
    head = struct.pack(">IIBBBBB", *size, 8, 6, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IEND", b"")]
    written = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def build_jpeg(segments: list[tuple[int, bytes]], size: tuple[int, int] = (640, 480)) -> bytes:
    """A JPEG of these segments and its frame, without the scan."""
    frame = (0xC2, struct.pack(">BHHB", 8, size[1], size[0], 1) + b"\x01\x11\x00")
    written = (
        bytes((0xFF, mark)) + struct.pack(">H", len(data) + 2) + data for mark, data in (*segments, frame)
    )
    return b"\xff\xd8" + b"".join(written) + b"\xff\xda\x00\x02\xff\xd9"


def build_exif(tags: Mapping[int, bytes | int], order: str = "<") -> bytes:
    """A TIFF directory of texts and numbers."""
    count, values = len(tags), b""
    start = 8 + 2 + count * 12 + 4
    entries = b""
    for tag, value in sorted(tags.items()):
        if isinstance(value, int):
            entries += struct.pack(f"{order}HHII", tag, 4, 1, value)
        elif len(value) <= 4:
            entries += struct.pack(f"{order}HHI4s", tag, 2, len(value), value)
        else:
            entries += struct.pack(f"{order}HHII", tag, 2, len(value), start + len(values))
            values += value
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(f"{order}IH", 8, count) + entries + bytes(4) + values


def build_iptc(records: list[tuple[int, str]]) -> bytes:
    """A Photoshop segment with these records."""
    data = b"".join(
        b"\x1c\x02" + struct.pack(">BH", number, len(text.encode())) + text.encode()
        for number, text in records
    )
    padded = data + b"\0" * (len(data) % 2)
    return b"Photoshop 3.0\0" + b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(data)) + padded
