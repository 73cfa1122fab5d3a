"""Splits a block's text into sentences, as offsets. Pure; used by ingest/chunk.py."""

from sentencex import segment

from core.documents import Block, Sentence

_WINDOW = 20_000
"""Characters that are split at once: the segmenter's time grows with the square of its text."""
OPENING_QUOTES = "\"“„«‘'("


def split_block(block: Block) -> tuple[Sentence, ...]:
    """Sentences of one block. A table row is one sentence, and so is each line of code."""
    if block.kind == "table_row":
        return _trim(block.text, [(0, len(block.text))])
    if block.kind == "code":
        return _trim(block.text, _line_spans(block.text))
    return split_sentences(block.text)


def split_sentences(text: str, language: str = "en") -> tuple[Sentence, ...]:
    """Sentences of running text. Nothing but the white space between them is left out."""
    found: list[Sentence] = []
    start = 0
    while start < len(text):
        end = start + _WINDOW
        if end < len(text):
            end = text.rfind(" ", start, end) + 1 or end
        found += [
            Sentence(one.start + start, one.end + start) for one in _split_window(text[start:end], language)
        ]
        start = end
    return tuple(found)


def _split_window(text: str, language: str) -> tuple[Sentence, ...]:
    pieces: list[str] = []
    for piece in segment(language, text):
        if pieces:
            # An opening quotation mark belongs to the sentence that it opens.
            head, mark = _cut_opening_quote(pieces[-1])
            pieces[-1], piece = head, mark + piece  # noqa: PLW2901
        pieces.append(piece)
    spans, start = [], 0
    for piece in pieces:
        spans.append((start, start + len(piece)))
        start += len(piece)
    return _trim(text, spans if start == len(text) else [(0, len(text))])


def _cut_opening_quote(piece: str) -> tuple[str, str]:
    stripped = piece.rstrip()
    if len(stripped) > 1 and stripped[-1] in OPENING_QUOTES and stripped[-2].isspace():
        cut = len(stripped) - 1
        return piece[:cut], piece[cut:]
    return piece, ""


def _line_spans(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        spans.append((start, start + len(line)))
        start += len(line)
    return spans


def _trim(text: str, spans: list[tuple[int, int]]) -> tuple[Sentence, ...]:
    trimmed = []
    for start, end in spans:
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            trimmed.append(Sentence(left, right))
    return tuple(trimmed)
