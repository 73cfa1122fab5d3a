"""Images by the words that are kept beside the picture, which is not looked at. Loaded by the registry."""

from collections.abc import Iterator

from core.documents import Block, ParsedDocument
from ingest.parsers.clean_text import build_block, build_document, clean_line
from ingest.parsers.image_parts import ImageParts, read_parts
from ingest.parsers.image_words import ImageWords, read_svg, read_words
from ingest.parsers.parser import FileSaysNothing, RowMapping

_SAYS_SOMETHING = ("title", "headline", "description", "alternative", "keywords")
_LABELS = {"keywords": "Keywords", "copyright": "Rights", "terms": "Terms of use"}


def parse_image(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document of the image's title, description, keywords and rights, its format and its size."""
    parts, words = _read(content)
    if not any(words.get(name) for name in _SAYS_SOMETHING):
        raise FileSaysNothing(
            f"is an image ({_describe(parts)}) without a title or description: write one into the file to find it"
        )
    title = next(iter(words.get("title") + words.get("headline")), None)
    blocks = _build_blocks(parts, words, title)
    return (build_document(blocks, title=title, hidden=words.hidden.characters),)


def _read(content: bytes) -> tuple[ImageParts, ImageWords]:
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_svg(content)
    parts = read_parts(content)
    return parts, read_words(parts)


def _build_blocks(parts: ImageParts, words: ImageWords, title: str | None) -> Iterator[Block]:
    if title:
        yield build_block("heading", title, level=1)
    for name in ("headline", "description", "alternative"):
        for text in words.get(name):
            if text != title:
                yield build_block("paragraph", text)
    for name, label in _LABELS.items():
        values = words.get(name)
        if values:
            yield build_block("paragraph", f"{label}: {', '.join(map(clean_line, values))}")
    yield build_block("paragraph", f"Image: {_describe(parts)}")


def _describe(parts: ImageParts) -> str:
    return parts.format if parts.size is None else f"{parts.format}, {parts.size[0]} × {parts.size[1]} pixels"
