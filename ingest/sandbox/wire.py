"""Frames and messages between the process that parses and the one that asked. JSON: the reader saw hostile bytes.

A frame is its length (8 bytes, big-endian) and its bytes. A request is two frames: who asks for what, and the file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import FileIO
from typing import Any, TypeVar, get_args

from core.documents import Block, BlockKind, ParsedDocument
from ingest.parsers.parser import RowMapping

_Kind = TypeVar("_Kind")
_LENGTH_BYTES = 8
_KINDS = frozenset(get_args(BlockKind))
_MOST_DEPTH = 20
_REASON_LENGTH = 400


class ReplyInvalid(Exception):
    """What came back is no reply: the process that parses is not to be believed any more."""


class FrameTooLong(Exception):
    """The other side announces more bytes than are taken."""


@dataclass(frozen=True, slots=True)
class Reply:
    """`unreadable`: why the file gives nothing. `out_of_memory`: it needed too much. `is_worn`: no further request.

    `says_nothing`: the file is whole and keeps no words.
    """

    documents: tuple[ParsedDocument, ...] = ()
    unreadable: str = ""
    out_of_memory: bool = False
    is_worn: bool = False
    says_nothing: bool = False


def write_frame(pipe: FileIO, content: bytes) -> None:
    """The pipe is unbuffered: what is written twice after a fork would mix two requests."""
    for part in (len(content).to_bytes(_LENGTH_BYTES, "big"), content):
        rest = memoryview(part)
        while rest:
            rest = rest[pipe.write(rest) or 0 :]


def read_frame(pipe: FileIO, *, most_bytes: int) -> bytes:
    """Raises EOFError when the other side has ended, FrameTooLong before a long frame is read."""
    length = int.from_bytes(_read_exactly(pipe, _LENGTH_BYTES), "big")
    if length > most_bytes:
        raise FrameTooLong
    return bytes(_read_exactly(pipe, length))


def _read_exactly(pipe: FileIO, count: int) -> bytearray:
    content = bytearray(count)
    rest = memoryview(content)
    while rest:
        got = pipe.readinto(rest)
        if not got:
            raise EOFError
        rest = rest[got:]
    return content


def pack_request(name: str, rows: RowMapping) -> bytes:
    """The first frame of a request."""
    return _dump({"name": name, "columns": dict(rows.columns)})


def unpack_request(packed: bytes) -> tuple[str, RowMapping]:
    """The inverse of pack_request; the asker is trusted."""
    request = json.loads(packed.decode("utf-8", "surrogatepass"))
    return request["name"], RowMapping(request["columns"])


def pack_reply(reply: Reply) -> bytes:
    """The only frame of a reply."""
    return _dump(
        {
            "documents": [_pack_document(document) for document in reply.documents],
            "unreadable": reply.unreadable,
            "out_of_memory": reply.out_of_memory,
            "is_worn": reply.is_worn,
            "says_nothing": reply.says_nothing,
        }
    )


def unpack_reply(packed: bytes) -> Reply:
    """The inverse of pack_reply; nothing in it is taken on trust. Raises ReplyInvalid."""
    try:
        raw = json.loads(packed.decode("utf-8", "surrogatepass"))
        return Reply(
            documents=tuple(_read_document(one) for one in _expect(list, raw["documents"])),
            unreadable=_read_text(raw["unreadable"])[:_REASON_LENGTH],
            out_of_memory=_expect(bool, raw["out_of_memory"]),
            is_worn=_expect(bool, raw["is_worn"]),
            says_nothing=_expect(bool, raw.get("says_nothing", False)),
        )
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError) as error:
        raise ReplyInvalid(f"{type(error).__name__}") from error


def _dump(message: Mapping[str, object]) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _pack_document(document: ParsedDocument) -> Mapping[str, object]:
    return {
        "blocks": [[block.kind, block.text, block.level, block.page] for block in document.blocks],
        "title": document.title,
        "metadata": _pack_value(document.metadata, 0),
        "part": document.part,
        "hidden": document.hidden,
    }


def _read_document(raw: Any) -> ParsedDocument:
    title, metadata = raw["title"], _read_value(raw["metadata"])
    if not isinstance(metadata, Mapping) or not all(isinstance(name, str) for name in metadata):
        raise TypeError("metadata")
    return ParsedDocument(
        blocks=tuple(_read_block(*_expect(list, block)) for block in _expect(list, raw["blocks"])),
        title=None if title is None else _read_text(title),
        metadata=metadata,
        part=_read_text(raw["part"]),
        hidden=_read_count(raw["hidden"]),
    )


def _read_block(kind: Any, text: Any, level: Any, page: Any) -> Block:
    if kind not in _KINDS:
        raise ValueError("kind")
    return Block(kind, _read_text(text), _read_count(level), None if page is None else _read_count(page))


def _expect(kind: type[_Kind], value: Any) -> _Kind:
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value


def _read_text(value: Any) -> str:
    text = _expect(str, value)
    # A lone surrogate, which no database takes, ends here.
    return text if text.isascii() else text.encode().decode()


def _read_count(value: Any) -> int:
    if _expect(int, value) < 0:
        raise ValueError("count")
    return int(value)


def _pack_value(value: object, depth: int) -> object:
    """A value of front matter or of a cell: what JSON lacks travels as [its kind, its form]."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, date):
        return ["datetime" if isinstance(value, datetime) else "date", value.isoformat()]
    if depth < _MOST_DEPTH and isinstance(value, list | tuple):
        return ["list", [_pack_value(one, depth + 1) for one in value]]
    if depth < _MOST_DEPTH and isinstance(value, Mapping):
        pairs = [[_pack_value(one, depth + 1) for one in pair] for pair in value.items()]
        return ["map", pairs]
    return str(value).encode("utf-8", "replace").decode()


def _read_value(raw: Any) -> object:
    if raw is None or isinstance(raw, bool | int | float):
        return raw
    if isinstance(raw, str):
        return _read_text(raw)
    kind, form = _expect(list, raw)
    if kind == "list":
        return [_read_value(one) for one in _expect(list, form)]
    if kind == "map":
        return {_read_value(name): _read_value(one) for name, one in _expect(list, form)}
    readers: Mapping[str, Any] = {"date": date.fromisoformat, "datetime": datetime.fromisoformat}
    return readers[kind](form)
