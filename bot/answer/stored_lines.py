"""Finds claim lines, disclaimers, boilerplate and taglines in a passage, by heading, column or label. Pure.

Called by bot/answer/quotations.py.
"""

import re
from collections.abc import Iterator

from bot.answer.cells import read_cells
from bot.answer.holding import holds_word
from bot.answer.quotation_wishes import QuotationWish, WishedKind
from bot.answer.quoted_speech import Quotation, slice_sentences
from bot.answer.words import list_content_words
from core.documents import AnsweringDocument, Passage

_NAMES: dict[WishedKind, str] = {
    "claim": r"claims?",
    "disclaimer": r"disclaimers?",
    "boilerplate": r"boiler ?-?plates?",
    "tagline": r"tag ?-?lines?|slogans?|straplines?",
}
_REJECTED = re.compile(
    r"\b(?:reject|not (?:approved|allowed)|never|don't|do not|avoid|must not|what we are not|how to)",
    re.IGNORECASE,
)
# Under the title "Boilerplate", a section that says how long it is or what it is for is a text to copy.
_LENGTH = re.compile(
    r"\b(?:\d+|fifty|hundred|twenty|one)[ -](?:words?|characters?|sentences?)\b|\b(?:short|medium|long|standard|full)\b"
    r"|\bone-liner\b",
    re.IGNORECASE,
)


def list_lines(wish: QuotationWish, document: AnsweringDocument, passage: Passage) -> tuple[Quotation, ...]:
    """What of a passage is of the wished kind, in order; what stands under "rejected" or "never" is not."""
    headings = " › ".join(passage.heading_path)
    if wish.kind == "quote" or not passage.sentences or _REJECTED.search(headings):
        return ()
    if wish.kind == "boilerplate":
        return _list_boilerplate(wish, document, passage)
    name = re.compile(rf"\b(?:{_NAMES[wish.kind]})\b", re.IGNORECASE)
    is_under = bool(name.search(passage.heading_path[-1] if passage.heading_path else document.title))
    rows = tuple(_list_rows(passage, name, is_under=is_under))
    if rows or not is_under:
        return rows or tuple(_list_labelled(passage, name))
    return (_take_whole(passage),) if wish.kind == "tagline" else tuple(_list_paragraphs(passage))


def _list_rows(passage: Passage, name: re.Pattern[str], *, is_under: bool) -> Iterator[Quotation]:
    """Rows with a column of that name; under a heading of that name every row."""
    for index, sentence in enumerate(passage.sentence_texts()):
        cells = read_cells(sentence)
        if cells and (is_under or any(name.fullmatch(header) for header in cells)):
            yield _take(passage, index, index)


def _list_labelled(passage: Passage, name: re.Pattern[str]) -> Iterator[Quotation]:
    """Paragraphs that begin with the name and a colon, or that say "the tagline is …"."""
    for first, last in _list_spans(passage):
        text = slice_sentences(passage, first, last)
        label = name.search(text[:60])
        if (
            label
            and re.match(r"(?: \w+){0,2}(?::| is [\"“«])", text[label.end() :])
            and not _REJECTED.search(text[:60])
        ):
            yield _take(passage, first, last)


def _list_paragraphs(passage: Passage) -> Iterator[Quotation]:
    for first, last in _list_spans(passage):
        # The words to copy stand in quotation marks, what they need to stand with follows in the same paragraph.
        if passage.sentence_texts()[first].lstrip()[:1] in '"“«„':
            yield _take(passage, first, last)


def _list_boilerplate(
    wish: QuotationWish, document: AnsweringDocument, passage: Passage
) -> tuple[Quotation, ...]:
    name = re.compile(rf"\b(?:{_NAMES['boilerplate']})\b", re.IGNORECASE)
    labelled = tuple(_list_labelled(passage, name))
    last = passage.heading_path[-1] if passage.heading_path else ""
    if labelled:
        return labelled
    if name.search(last):
        return (_take_whole(passage),)
    is_section = bool(name.search(document.title)) or any(name.search(one) for one in passage.heading_path)
    if is_section and last and (_LENGTH.search(last) or _is_wished(wish, last)):
        return (_take_whole(passage),)
    return ()


def _is_wished(wish: QuotationWish, heading: str) -> bool:
    words = (*wish.topic, *wish.either)
    stems = list_content_words(heading)
    return bool(words) and all(holds_word(word, heading, stems) for word in words)


def _list_spans(passage: Passage) -> Iterator[tuple[int, int]]:
    """First and last sentence of each paragraph: a line break stands between two of them."""
    first = 0
    for index in range(1, len(passage.sentences) + 1):
        is_end = index == len(passage.sentences)
        if is_end or "\n" in passage.text[passage.sentences[index - 1].end : passage.sentences[index].start]:
            yield first, index - 1
            first = index


def _take_whole(passage: Passage) -> Quotation:
    return _take(passage, 0, len(passage.sentences) - 1)


def _take(passage: Passage, first: int, last: int) -> Quotation:
    text = slice_sentences(passage, first, last)
    return Quotation(first, last, text, text, "")
