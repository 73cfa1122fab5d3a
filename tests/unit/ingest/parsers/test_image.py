"""Images are found by the words kept beside the picture; the picture itself is not opened."""

import struct
import time
import zlib

import pytest

from core.documents import ParsedDocument
from ingest.parsers.parser import FileSaysNothing, FileUnreadable
from ingest.parsers.registry import parse_file
from tests.unit.ingest.parsers.image_files import (
    XMP,
    XMP_FIELDS,
    build_exif,
    build_iptc,
    build_jpeg,
    build_png,
)

_XMP = XMP.format(XMP_FIELDS).encode()
_EXPECTED = [
    "Harbour",
    "Harbour at dawn",
    "Keywords: sea, boats",
    "Rights: Print until 2027",
]


def _parse(name: str, content: bytes) -> ParsedDocument:
    (document,) = parse_file(name, content)
    return document


def _read(name: str, content: bytes) -> list[str]:
    return [block.text for block in _parse(name, content).blocks]


def _webp(chunks: list[tuple[bytes, bytes]]) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _vp8x(width: int, height: int) -> bytes:
    return bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.png", build_png([(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _XMP)]), "PNG, 1200 × 800 pixels"),
        ("a.jpg", build_jpeg([(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _XMP)]), "JPEG, 640 × 480 pixels"),
        ("a.webp", _webp([(b"VP8X", _vp8x(300, 200)), (b"XMP ", _XMP)]), "WebP, 300 × 200 pixels"),
        (
            "a.gif",
            b"GIF89a"
            + struct.pack("<HH", 20, 10)
            + bytes(3)
            + b"!\xff\x0bXMP DataXMP"
            + _XMP
            + b"\x01\xff\xfe",
            "GIF, 20 × 10 pixels",
        ),
        ("a.tif", build_exif({0x100: 90, 0x101: 60, 0x2BC: _XMP}), "TIFF, 90 × 60 pixels"),
    ],
)
def test_xmp_is_read_from_every_kind_of_image(name: str, content: bytes, told: str) -> None:
    assert _read(name, content) == [*_EXPECTED, f"Image: {told}"]
    assert _parse(name, content).title == "Harbour"


def test_text_chunks_of_a_png_are_read_packed_or_not() -> None:
    chunks = [
        (b"tEXt", b"Title\0Harbour mark"),
        (b"zTXt", b"Description\0\0" + zlib.compress(b"The mark in blue.")),
        (b"iTXt", b"Copyright\0\x01\0en\0\0" + zlib.compress("© Harbour".encode())),
        (b"tEXt", b"Software\0Some program"),
    ]
    assert _read("a.png", build_png(chunks)) == [
        "Harbour mark",
        "The mark in blue.",
        "Rights: © Harbour",
        "Image: PNG, 1200 × 800 pixels",
    ]


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_is_read_in_both_byte_orders(order: str) -> None:
    exif = build_exif(
        {
            0x010E: "Für dunkle Flächen".encode() + b"\0",
            0x9C9B: "Mark".encode("utf-16-le") + b"\0\0",
            0x8298: b"us\0",
        },
        order,
    )
    document = _parse("a.jpeg", build_jpeg([(0xE1, b"Exif\0\0" + exif)]))
    assert document.title == "Mark"
    assert [block.text for block in document.blocks][1:3] == ["Für dunkle Flächen", "Rights: us"]


def test_iptc_of_a_photo_says_caption_keywords_and_terms() -> None:
    records = [
        (5, "Pier"),
        (120, "A pier in fog."),
        (25, "fog"),
        (25, "pier"),
        (40, "Web only"),
        (80, "Ada Byrne"),
    ]
    assert _read("a.jpg", build_jpeg([(0xED, build_iptc(records))])) == [
        "Pier",
        "A pier in fog.",
        "Keywords: fog, pier",
        "Terms of use: Web only",
        "Image: JPEG, 640 × 480 pixels",
    ]


def test_drawing_says_its_own_title_and_description_and_not_those_of_its_parts() -> None:
    svg = (
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><title>Mark</title><desc>For dark grounds.</desc>'
        "<g><title>Layer 1</title><text>drawn</text></g></svg>"
    )
    assert _read("a.svg", svg.encode()) == ["Mark", "For dark grounds.", "Image: SVG"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", build_png([(b"tEXt", b"Software\0Some program")])),
        (
            "a.jpg",
            build_jpeg(
                [
                    (
                        0xE1,
                        b"Exif\0\0" + build_exif({0x010E: b"OLYMPUS DIGITAL CAMERA\0", 0x8298: b"us only\0"}),
                    )
                ]
            ),
        ),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("a.gif", b"GIF89a" + struct.pack("<HH", 20, 10) + bytes(3)),
        ("a.webp", _webp([(b"VP8 ", bytes(6) + struct.pack("<HH", 20, 10))])),
    ],
)
def test_image_without_words_is_skipped_and_told_how_to_be_found(name: str, content: bytes) -> None:
    with pytest.raises(FileSaysNothing, match="without a title or description: write one into the file"):
        parse_file(name, content)


def test_invisible_characters_in_a_title_are_dropped_and_counted() -> None:
    spelled = "".join(chr(0xE0000 + ord(letter)) for letter in "read me first")
    document = _parse("a.png", build_png([(b"iTXt", b"Title\0\0\0\0\0" + f"Mark{spelled}".encode())]))
    assert (document.title, document.hidden) == ("Mark", len("read me first"))


def test_packed_text_that_would_grow_without_end_is_cut_off() -> None:
    bomb = zlib.compress(b"word " * 20_000_000)
    started = time.monotonic()
    document = _parse("a.png", build_png([(b"zTXt", b"Description\0\0" + bomb)]))
    assert sum(len(block.text) for block in document.blocks) < 1_100_000
    assert time.monotonic() - started < 5


def test_image_that_claims_to_be_huge_costs_nothing() -> None:
    content = build_png([(b"tEXt", b"Title\0Poster")], size=(2**31 - 1, 2**31 - 1))
    assert _read("a.png", content)[-1] == "Image: PNG, 2147483647 × 2147483647 pixels"


@pytest.mark.parametrize(
    "xmp",
    [b"<x:xmpmeta><broken</x:xmpmeta>", b'<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>', b"<rdf:RDF"],
)
def test_damaged_metadata_is_passed_over(xmp: bytes) -> None:
    chunks = [(b"tEXt", b"Title\0Poster"), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)]
    assert _read("a.png", build_png(chunks))[0] == "Poster"


@pytest.mark.parametrize("cut", range(8, 42, 7))
def test_file_that_was_cut_off_raises_nothing_but_file_unreadable(cut: int) -> None:
    exif = build_exif({0x010E: b"A longer description\0", 0x9C9B: b"M\0a\0r\0k\0"})
    for name, content in (("a.jpg", build_jpeg([(0xE1, b"Exif\0\0" + exif)])), ("a.tif", exif)):
        with pytest.raises(FileUnreadable):
            parse_file(name, content[:cut])


@pytest.mark.parametrize(
    "content",
    [b"<html><p>words</p></html>", b"words only", b"<svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>'],
)
def test_file_that_is_no_drawing_is_refused(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        parse_file("a.svg", content)
