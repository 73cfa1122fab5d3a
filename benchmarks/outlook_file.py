"""Writes an Outlook message: a compound file with the few properties that a reader asks for. For structure_files.py."""

import re
import struct
from collections.abc import Sequence

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_ROOT, _STREAM = 5, 2
# Property ids of the subject, the sender's address, the class, the plain body; 001F marks text, 0102 bytes.
_TEXTS = {"0037": 0, "0C1F": 1, "001A": 2, "1000": 3}
_TAG = re.compile(r"<[^<>]*>")
_MESSAGE_CLASS = "IPM.Note"


def write_outlook_file(subject: str, sender: str, html: str) -> bytes:
    """The bytes of a .msg file with this subject, sender and body."""
    texts = (subject, sender, _MESSAGE_CLASS, _TAG.sub("\n", html))
    streams = {f"__substg1.0_{tag}001F": texts[place].encode("utf-16-le") for tag, place in _TEXTS.items()}
    streams["__substg1.0_10130102"] = html.encode()
    streams["__properties_version1.0"] = _write_properties(texts, len(html.encode()))
    return _write_compound(streams)


def _write_properties(texts: Sequence[str], html_bytes: int) -> bytes:
    sizes = {int(tag, 16): len(texts[place]) * 2 + 2 for tag, place in _TEXTS.items()}
    entries = [struct.pack("<HHIII", 0x001F, tag, 6, size, 0) for tag, size in sizes.items()]
    entries.append(struct.pack("<HHIII", 0x0102, 0x1013, 6, html_bytes, 0))
    entries.append(struct.pack("<HHIII", 0x0003, 0x3FDE, 6, 65001, 0))  # the body is UTF-8
    return bytes(32) + b"".join(entries)


def _write_compound(streams: dict[str, bytes]) -> bytes:
    """Version 3: header, sectors of the large streams, the small ones together, their table, directory, table."""
    sectors: list[bytes] = []
    table: list[int] = []
    small, small_table = bytearray(), list[int]()
    places: dict[str, tuple[int, int]] = {}
    for name, content in streams.items():
        if len(content) >= _CUTOFF:
            places[name] = (_append(sectors, table, content), len(content))
        else:
            places[name] = (_append_small(small, small_table, content), len(content))
    root = (_append(sectors, table, bytes(small)) if small else _END, len(small))
    mini = struct.pack(f"<{len(small_table)}I", *small_table)
    mini_count = -(-len(mini) // _SECTOR)
    mini_start = _append(sectors, table, mini.ljust(mini_count * _SECTOR, b"\xff")) if mini else _END
    directory_start = _append(sectors, table, _write_directory(places, root))
    table_count = 1
    while (len(table) + table_count) * 4 > table_count * _SECTOR:
        table_count += 1
    first = len(table)
    table += [_FAT] * table_count
    packed = struct.pack(f"<{len(table)}I", *table).ljust(table_count * _SECTOR, b"\xff")
    header = struct.pack(
        "<8s16x5H6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, table_count, directory_start, 0, _CUTOFF, mini_start, mini_count, _END, 0),
    )
    table_places = [first + number for number in range(table_count)] + [_FREE] * (109 - table_count)
    return header + struct.pack("<109I", *table_places) + b"".join(sectors) + packed


def _append(sectors: list[bytes], table: list[int], content: bytes) -> int:
    start, count = len(sectors), max(1, -(-len(content) // _SECTOR))
    padded = content.ljust(count * _SECTOR, b"\0")
    sectors += [padded[place * _SECTOR : (place + 1) * _SECTOR] for place in range(count)]
    table += [*range(start + 1, start + count), _END]
    return start


def _append_small(small: bytearray, table: list[int], content: bytes) -> int:
    start, count = len(table), max(1, -(-len(content) // _MINI))
    small += content.ljust(count * _MINI, b"\0")
    table += [*range(start + 1, start + count), _END]
    return start


def _write_directory(places: dict[str, tuple[int, int]], root: tuple[int, int]) -> bytes:
    """The entries form a chain to the right, sorted as the format sorts: by length, then letter."""
    names = sorted(places, key=lambda name: (len(name), name.upper()))
    entries = [_write_entry("Root Entry", _ROOT, root, child=1)]
    for number, name in enumerate(names, 1):
        right = number + 1 if number < len(names) else _FREE
        entries.append(_write_entry(name, _STREAM, places[name], right=right))
    while len(entries) % 4:
        entries.append(_write_entry("", 0, (0, 0)))
    return b"".join(entries)


def _write_entry(
    name: str, kind: int, place: tuple[int, int], *, right: int = _FREE, child: int = _FREE
) -> bytes:
    label = name.encode("utf-16-le") + b"\0\0" if name else b""
    return struct.pack("<64sHBB3I36xIQ", label, len(label), kind, 1, _FREE, right, child, place[0], place[1])
