"""Packs a parsed document into bytes for the ledger and back, so that an index can be rebuilt without its source."""

import json
import zlib
from hashlib import sha256

from core.documents import Block, ParsedDocument


def pack_document(document: ParsedDocument) -> bytes:
    """Title and blocks, compressed; metadata is kept by the ledger in columns of its own."""
    blocks = [[block.kind, block.text, block.level, block.page] for block in document.blocks]
    return zlib.compress(json.dumps({"title": document.title, "blocks": blocks}, ensure_ascii=False).encode())


def unpack_document(packed: bytes) -> ParsedDocument:
    """The inverse of pack_document."""
    stored = json.loads(zlib.decompress(packed))
    blocks = tuple(Block(kind, text, level, page) for kind, text, level, page in stored["blocks"])
    return ParsedDocument(blocks=blocks, title=stored["title"])


def hash_text(document: ParsedDocument) -> str:
    """Identity of a revision: title and text. Metadata may change without a new revision."""
    parts = [
        document.title or "",
        *(f"{block.kind}\x1f{block.level}\x1f{block.text}" for block in document.blocks),
    ]
    return sha256("\x1e".join(parts).encode()).hexdigest()
