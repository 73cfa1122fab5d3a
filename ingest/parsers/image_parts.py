"""Where an image file keeps its size and its words, without a look at the picture itself. Used by image.py."""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ingest.parsers.parser import FileUnreadable

_MOST_CHUNKS, _MOST_TEXT_BYTES = 10_000, 1024 * 1024
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_PICTURE = (0xDA, 0xD9)  # the scan, the end
_EXIF_MARK, _XMP_MARK, _PHOTOSHOP_MARK = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"Photoshop 3.0\0"
_GIF_XMP = b"XMP DataXMP"
_IPTC_BLOCK = 0x0404


@dataclass(slots=True)
class ImageParts:
    """`size`: (width, height) in pixels. `texts`: (name, text) pairs; the others are blocks of bytes, not yet read."""

    format: str
    size: tuple[int, int] | None = None
    exif: bytes = b""
    iptc: bytes = b""
    xmp: bytes = b""
    texts: list[tuple[str, str]] = field(default_factory=list)


def read_parts(content: bytes) -> ImageParts:
    """The parts of a PNG, JPEG, GIF, WebP or TIFF file. Raises FileUnreadable for anything else."""
    for mark, read in _READERS:
        if content.startswith(mark):
            return read(content)
    raise FileUnreadable("is not an image of a kind that is read (PNG, JPEG, GIF, WebP, TIFF, SVG)")


def _read_png(content: bytes) -> ImageParts:
    parts = ImageParts("PNG")
    for name, data in _walk_png(content):
        if name == b"IHDR" and len(data) >= 8:  # noqa: PLR2004 - two numbers
            parts.size = struct.unpack(">II", data[:8])
        elif name == b"eXIf":
            parts.exif = data
        elif name in _PNG_TEXTS:
            key, text = _PNG_TEXTS[name](data)
            if key == "XML:com.adobe.xmp":
                parts.xmp = text.encode()
            elif text:
                parts.texts.append((key, text))
    return parts


def _walk_png(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8
    for _ in range(_MOST_CHUNKS):
        if place + 8 > len(content):
            return
        length, name = struct.unpack_from(">I4s", content, place)
        yield name, content[place + 8 : place + 8 + length]
        place += length + 12


def _read_plain_text(data: bytes) -> tuple[str, str]:
    key, _, text = data.partition(b"\0")
    return key.decode("latin-1"), text[:_MOST_TEXT_BYTES].decode("latin-1")


def _read_packed_text(data: bytes) -> tuple[str, str]:
    key, _, rest = data.partition(b"\0")
    return key.decode("latin-1"), _unpack(rest[1:]).decode("latin-1")


def _read_unicode_text(data: bytes) -> tuple[str, str]:
    key, _, rest = data.partition(b"\0")
    is_packed, rest = rest[:1] == b"\x01", rest[2:]
    text = rest.partition(b"\0")[2].partition(b"\0")[2]  # behind the language and the translated key
    plain = _unpack(text) if is_packed else text[:_MOST_TEXT_BYTES]
    return key.decode("latin-1"), plain.decode("utf-8", "replace")


def _unpack(data: bytes) -> bytes:
    """At most a megabyte, whatever it would unpack to."""
    try:
        return zlib.decompressobj().decompress(data, _MOST_TEXT_BYTES)
    except zlib.error:
        return b""


def _read_jpeg(content: bytes) -> ImageParts:
    parts = ImageParts("JPEG")
    for mark, data in _walk_jpeg(content):
        if mark in _FRAMES and len(data) >= 5:  # noqa: PLR2004 - depth and two numbers
            height, width = struct.unpack(">HH", data[1:5])
            parts.size = (width, height)
        elif data.startswith(_EXIF_MARK):
            parts.exif = data[len(_EXIF_MARK) :]
        elif data.startswith(_XMP_MARK):
            parts.xmp = data[len(_XMP_MARK) :]
        elif data.startswith(_PHOTOSHOP_MARK):
            parts.iptc += _find_iptc(data[len(_PHOTOSHOP_MARK) :])
        elif mark == 0xFE:  # noqa: PLR2004 - a comment
            parts.texts.append(("Comment", data.decode("utf-8", "replace")))
    return parts


def _walk_jpeg(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Segments up to where the picture begins."""
    place = 2
    for _ in range(_MOST_CHUNKS):
        while content[place : place + 2] == b"\xff\xff":
            place += 1
        if (
            place + 4 > len(content)
            or content[place : place + 1] != b"\xff"
            or content[place + 1] in _PICTURE
        ):
            return
        mark, length = content[place + 1], struct.unpack_from(">H", content, place + 2)[0]
        yield mark, content[place + 4 : place + 2 + length]
        place += 2 + max(2, length)


def _find_iptc(blocks: bytes) -> bytes:
    place, found = 0, b""
    while blocks[place : place + 4] == b"8BIM" and place + 7 < len(blocks):
        number, name_length = struct.unpack_from(">HB", blocks, place + 4)
        start = place + 6 + (name_length + 2) // 2 * 2
        if start + 4 > len(blocks):
            return found
        length = struct.unpack_from(">I", blocks, start)[0]
        if number == _IPTC_BLOCK:
            found += blocks[start + 4 : start + 4 + length]
        place = start + 4 + length + length % 2
    return found


def _read_gif(content: bytes) -> ImageParts:
    parts = ImageParts("GIF")
    if len(content) >= 13:  # noqa: PLR2004 - the header
        parts.size = struct.unpack_from("<HH", content, 6)
    start = content.find(_GIF_XMP)
    if start >= 0:  # stored as it is, and closed by a run of bytes that every reader can pass over
        end = content.find(b"\x01\xff\xfe", start)
        parts.xmp = content[start + len(_GIF_XMP) : end if end > 0 else None][:_MOST_TEXT_BYTES]
    comment = content.find(b"\x21\xfe")
    if comment >= 0:
        parts.texts.append(("Comment", _read_gif_blocks(content, comment + 2)))
    return parts


def _read_gif_blocks(content: bytes, place: int) -> str:
    text = b""
    while place < len(content) and content[place] and len(text) < _MOST_TEXT_BYTES:
        text += content[place + 1 : place + 1 + content[place]]
        place += content[place] + 1
    return text.decode("utf-8", "replace")


def _read_webp(content: bytes) -> ImageParts:
    parts = ImageParts("WebP")
    if content[8:12] != b"WEBP":
        raise FileUnreadable("is not an image of a kind that is read (PNG, JPEG, GIF, WebP, TIFF, SVG)")
    place = 12
    for _ in range(_MOST_CHUNKS):
        if place + 8 > len(content):
            break
        name, length = struct.unpack_from("<4sI", content, place)
        data = content[place + 8 : place + 8 + length]
        if name in _WEBP_SIZES:
            parts.size = parts.size or _WEBP_SIZES[name](data)
        elif name == b"EXIF":
            parts.exif = data.removeprefix(_EXIF_MARK)
        elif name == b"XMP ":
            parts.xmp = data
        place += 8 + length + length % 2
    return parts


def _measure_extended(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1


def _measure_lossy(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF


def _measure_lossless(data: bytes) -> tuple[int, int]:
    bits = int.from_bytes(data[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _read_tiff(content: bytes) -> ImageParts:
    return ImageParts("TIFF", exif=content)


_PNG_TEXTS = {b"tEXt": _read_plain_text, b"zTXt": _read_packed_text, b"iTXt": _read_unicode_text}
_WEBP_SIZES = {b"VP8X": _measure_extended, b"VP8 ": _measure_lossy, b"VP8L": _measure_lossless}
_READERS: tuple[tuple[bytes, Callable[[bytes], ImageParts]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _read_png),
    (b"\xff\xd8\xff", _read_jpeg),
    (b"GIF8", _read_gif),
    (b"RIFF", _read_webp),
    (b"II*\0", _read_tiff),
    (b"MM\0*", _read_tiff),
)
