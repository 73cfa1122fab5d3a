"""Packs a parsed document into bytes for the ledger and back, so that an index can be rebuilt without its source."""

import json
import zlib
from dataclasses import replace
from hashlib import sha256

from core.documents import Block, ParsedDocument


def pack_document(document: ParsedDocument, *, own_title: str | None = None) -> bytes:
    """Title and blocks, compressed, with what the file says of itself: its title, metadata and hidden text."""
    blocks = [[block.kind, block.text, block.level, block.page] for block in document.blocks]
    own = {"title": own_title, "metadata": dict(document.metadata), "hidden": document.hidden}
    stored = {"title": document.title, "blocks": blocks, "own": own}
    return zlib.compress(json.dumps(stored, ensure_ascii=False, default=str).encode())


def unpack_document(packed: bytes) -> ParsedDocument:
    """The inverse of pack_document."""
    stored = json.loads(zlib.decompress(packed))
    blocks = tuple(Block(kind, text, level, page) for kind, text, level, page in stored["blocks"])
    return ParsedDocument(blocks=blocks, title=stored["title"])


def unpack_parsed(packed: bytes, *, part: str) -> ParsedDocument | None:
    """The document as its file was parsed, before anything beside it counted; None where that was not kept."""
    stored = json.loads(zlib.decompress(packed))
    own = stored.get("own")
    if own is None:
        return None
    parsed = replace(unpack_document(packed), title=own["title"], metadata=own["metadata"])
    return replace(parsed, part=part, hidden=own["hidden"])


def hash_text(document: ParsedDocument) -> str:
    """Identity of a revision: title and text. Metadata may change without a new revision."""
    parts = [
        document.title or "",
        *(f"{block.kind}\x1f{block.level}\x1f{block.text}" for block in document.blocks),
    ]
    return sha256("\x1e".join(parts).encode()).hexdigest()
