"""The process that parses: one request after the other over its pipes. Started by ingest/sandbox/running_child.py."""

import os
import signal
import sys
from dataclasses import replace
from io import FileIO
from pathlib import Path

from core.documents import ParsedDocument
from ingest.parsers.bounds import set_most_pages
from ingest.parsers.ocr import SHARE, set_ocr
from ingest.parsers.parser import FileSaysNothing, FileUnreadable, RowMapping
from ingest.parsers.registry import parse_file
from ingest.sandbox.limits import EXIT_OUT_OF_MEMORY, ParseLimits
from ingest.sandbox.walls import limit_processor, raise_walls
from ingest.sandbox.wire import Reply, pack_reply, read_frame, unpack_request, write_frame

MOST_FILES = 500
_ANY_LENGTH = 2**62
_NEARLY = 0.8
_STDIN, _STDOUT, _STDERR = 0, 1, 2


def main() -> None:
    """Serve until the other side closes the pipe, or until this process is worn."""
    limits = ParseLimits.unpack(sys.argv[1])
    # A service manager sends these to every process of a service: the one that asks decides when this one ends.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = _take_pipes()
    walls = raise_walls(memory_megabytes=limits.memory_megabytes)
    set_most_pages(limits.most_pages)
    set_ocr(limits.ocr_languages, seconds=limits.seconds * SHARE)
    write_frame(replies, ", ".join(walls).encode())
    _silence(_STDERR)
    try:
        _serve(requests, replies, limits)
    except MemoryError:
        sys.exit(EXIT_OUT_OF_MEMORY)


def _take_pipes() -> tuple[FileIO, FileIO]:
    """What a library prints must not get between the frames."""
    pipes = FileIO(os.dup(_STDIN), "rb"), FileIO(os.dup(_STDOUT), "wb")
    _silence(_STDIN)
    _silence(_STDOUT)
    return pipes


def _silence(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _serve(requests: FileIO, replies: FileIO, limits: ParseLimits) -> None:
    for count in range(1, MOST_FILES + 1):
        try:
            header = read_frame(requests, most_bytes=_ANY_LENGTH)
            limit_processor(limits.seconds)
            name, rows = unpack_request(header)
            reply = _parse(name, read_frame(requests, most_bytes=_ANY_LENGTH), rows, limits)
        except EOFError:
            return
        is_worn = reply.out_of_memory or count == MOST_FILES or _is_swollen(limits)
        write_frame(replies, _pack(reply, limits, is_worn=is_worn))
        if is_worn:
            return


def _parse(name: str, content: bytes, rows: RowMapping, limits: ParseLimits) -> Reply:
    try:
        documents = parse_file(name, content, rows=rows)
        _check_amount(documents, limits)
        return Reply(documents)
    except FileUnreadable as error:
        is_deep = _stems_from(error, RecursionError)
        reason = "is nested too deeply to be read" if is_deep else str(error)
        is_short = _stems_from(error, MemoryError) or _has_peaked(limits)
        says_nothing = isinstance(error, FileSaysNothing)
        return Reply(unreadable=reason, out_of_memory=is_short, says_nothing=says_nothing)
    except MemoryError:
        return Reply(out_of_memory=True)


def _check_amount(documents: tuple[ParsedDocument, ...], limits: ParseLimits) -> None:
    lengths = [len(block.text) for document in documents for block in document.blocks]
    if len(lengths) > limits.most_blocks:
        raise FileUnreadable(
            f"gives {len(lengths):,} paragraphs, rows and headings; the limit is {limits.most_blocks:,}: split it"
        )
    longest = max(lengths, default=0)
    if longest > limits.most_block_characters:
        raise FileUnreadable(
            f"has a paragraph or row of {longest:,} characters; the limit is {limits.most_block_characters:,}: "
            "break it up"
        )


def _stems_from(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Also when a library has wrapped the cause in an error of its own."""
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


def _pack(reply: Reply, limits: ParseLimits, *, is_worn: bool) -> bytes:
    packed = pack_reply(replace(reply, is_worn=is_worn))
    if len(packed) <= limits.most_output_megabytes * 2**20:
        return packed
    reason = f"gives more than {limits.most_output_megabytes} MB of text; split it"
    return pack_reply(Reply(unreadable=reason, is_worn=is_worn))


def _is_swollen(limits: ParseLimits) -> bool:
    """More than half of the memory is still in use, so that the next file would have less than its share."""
    return _read_memory("VmRSS:") > limits.memory_megabytes / 2


def _has_peaked(limits: ParseLimits) -> bool:
    """Nearly all memory was in use once: native code tells the want of it from damage badly, or not at all."""
    return _read_memory("VmHWM:") > limits.memory_megabytes * _NEARLY


def _read_memory(name: str) -> float:
    """Megabytes; 0 where the system does not tell. Not from `resource`: there the asker's own peak counts too."""
    try:
        words = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").split()
        return int(words[words.index(name) + 1]) / 1024
    except (OSError, ValueError):
        return 0.0


if __name__ == "__main__":
    main()
