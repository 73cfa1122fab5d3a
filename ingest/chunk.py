"""Cuts a parsed document into passages along its structure, never through a sentence. Called by ingest_batch.py."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import PurePosixPath

from core.documents import Block, ParsedDocument, Passage, Sentence
from ingest.sentences import split_block, split_sentences

# MiniLM reads 256 tokens, title and heading path included; English runs to about 1.35 tokens a word.
PASSAGE_WORDS = 150
# A line of a glossary, a price or a rule is an answer by itself: many of them in one passage hide each other.
LINE_WORDS = 35
MOST_PATH_WORDS = 24
LONGEST_LEAD_IN = 120


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block at its place: under which headings, in which section, after which lead-in."""

    block: Block
    heading_path: tuple[str, ...]
    section: int
    lead_in: str = ""


def split_into_passages(document: ParsedDocument) -> tuple[Passage, ...]:
    """Passages in reading order. Sections stay apart; a long section is cut between blocks or sentences."""
    pieces = [short for piece in _place_blocks(document) for short in _shorten(piece)]
    return tuple(_build_passage(number, group) for number, group in enumerate(_group_pieces(pieces)))


def embedded_text(title: str, passage: Passage, *, path: str) -> str:
    """What is embedded and searched: the words of the path, title and heading path belong to it."""
    folders = " ".join(re.findall(r"\w+", PurePosixPath(path).with_suffix("").as_posix())[-MOST_PATH_WORDS:])
    headings = " › ".join(dict.fromkeys((title, *passage.heading_path)))
    return f"{folders}\n{headings}\n{passage.text}"


def _place_blocks(document: ParsedDocument) -> Iterator[_Piece]:
    path: list[Block] = []
    section, lead_in, has_body = 0, "", True
    for block in document.blocks:
        if block.kind == "heading":
            if not has_body and path and block.level <= path[-1].level:
                yield _heading_as_body(path, section, document.title)
            path = [*(above for above in path if above.level < block.level), block]
            section, lead_in, has_body = section + 1, "", False
            continue
        if block.kind != "list_item":
            lead_in = _as_lead_in(block)
        yield _Piece(
            block, _path_texts(path, document.title), section, lead_in if block.kind == "list_item" else ""
        )
        has_body = True
    if not has_body and path:
        yield _heading_as_body(path, section, document.title)


def _heading_as_body(path: Sequence[Block], section: int, title: str | None) -> _Piece:
    # A heading with nothing under it (a title slide, say) is itself what the document says there.
    return _Piece(replace(path[-1], kind="paragraph", level=0), _path_texts(path[:-1], title), section)


def _path_texts(path: Sequence[Block], title: str | None) -> tuple[str, ...]:
    return tuple(heading.text for heading in path if heading.text != title)


def _as_lead_in(block: Block) -> str:
    text = block.text.rstrip()
    return text if block.kind == "paragraph" and text.endswith(":") and len(text) <= LONGEST_LEAD_IN else ""


def _shorten(piece: _Piece) -> Iterator[_Piece]:
    if count_words(piece.block.text) <= PASSAGE_WORDS or piece.block.kind == "table_row":
        yield piece
        return
    for text in _long_text_splitter()(piece.block.text):
        yield replace(piece, block=replace(piece.block, text=text))


def _group_pieces(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    group: list[_Piece] = []
    words = 0
    for piece in pieces:
        size = count_words(piece.block.text)
        if group and (_must_break(group[-1], piece) or words + size > _room_for(piece)):
            # A lead-in is not left behind at the end of a passage: it goes with its list.
            carried = group[-1:] if len(group) > 1 and group[-1].block.text == piece.lead_in else []
            yield group[: len(group) - len(carried)]
            group, words = list(carried), sum(count_words(one.block.text) for one in carried)
        group.append(piece)
        words += size
    if group:
        yield group


def _room_for(piece: _Piece) -> int:
    return LINE_WORDS if piece.block.kind in ("list_item", "table_row") else PASSAGE_WORDS


def _must_break(before: _Piece, after: _Piece) -> bool:
    return before.section != after.section or before.block.page != after.block.page


def _build_passage(number: int, group: Sequence[_Piece]) -> Passage:
    first = group[0]
    sentences: list[Sentence] = []
    texts: list[str] = []
    start = 0
    for piece in group:
        sentences += [Sentence(one.start + start, one.end + start) for one in split_block(piece.block)]
        texts.append(piece.block.text)
        start += len(piece.block.text) + 1
    continued = (first.lead_in,) if first.lead_in else ()
    return Passage(
        ordinal=number,
        text="\n".join(texts),
        sentences=tuple(sentences),
        heading_path=first.heading_path + continued,
        page=first.block.page,
        section=first.section,
    )


def count_words(text: str) -> int:
    """Words between white space."""
    return len(text.split())


@cache
def _long_text_splitter() -> Callable[[str], list[str]]:
    # Imported when the first block of this length comes: it costs two seconds and 90 MB.
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter(
        chunk_size=PASSAGE_WORDS,
        chunk_overlap=0,
        tokenizer=_list_words,
        chunking_tokenizer_fn=_sentences_with_space,
        paragraph_separator="\n",
    )
    return splitter.split_text


def _list_words(text: str) -> list[str]:
    # A sentence longer than a passage counts as one that just fits, or the splitter would cut through it.
    words = text.split()
    is_one_sentence = len(words) > PASSAGE_WORDS and len(split_sentences(text)) == 1
    return words[:PASSAGE_WORDS] if is_one_sentence else words


def _sentences_with_space(text: str) -> list[str]:
    starts = [sentence.start for sentence in split_sentences(text)]
    starts = [0, *starts[1:], len(text)]
    return [text[start:end] for start, end in pairwise(starts)]
