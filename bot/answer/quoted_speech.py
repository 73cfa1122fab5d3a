"""Finds quotations in a passage and who said them, by rule. Pure; called by bot/answer/quotations.py."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answer.cells import find_cell, read_cells
from bot.answer.word_lists import SMALL_WORDS
from core.documents import Passage

QUOTE_HEADERS = ("quote", "quotation", "testimonial", "customer quote", "zitat")
SPEAKER_HEADERS = ("speaker", "name", "said by", "attribution", "person", "customer contact")
ROLE_HEADERS = ("role", "title", "job title", "position")
COMPANY_HEADERS = ("company", "customer", "organisation", "organization", "account")
MOST_SENTENCES = 8
MOST_WORDS_OF_SPEAKER = 16
MOST_WORDS_OF_NAME = 6

_OPENING, _CLOSING = '“«„"', '”»“"'
_NAME = r"[^\W\d_a-zà-ÿ][\w’'.-]*"
_NAMES = rf"{_NAME}(?:,?\s+(?:(?:of|and|at|de|van|von|der|la|&)\s+)*{_NAME})*"
_SAID = r"(?:said|says|explains|explained|adds|added|notes|noted|recalls|recalled|told us|put it|comments|commented)"
_DASHED = re.compile(r"^[–—-]{1,2}\s*(?P<speaker>\S.*)$", re.DOTALL)
_FOOTER = re.compile(rf"^(?P<speaker>{_NAME}(?:\s+{_NAME})+,\s+[^.!?]+)$")
_DASHED_AFTER = re.compile(rf"[”»\"]\s*[–—-]{{1,2}}\s*(?P<speaker>{_NAME}[^.!?]*)$")
_SAID_AFTER = re.compile(rf"[”»\"],?\s+{_SAID}\s+(?P<speaker>(?:our |the |its )?{_NAMES})")
_SPEAKER_SAID_AFTER = re.compile(rf"[”»\"],?\s+(?P<speaker>{_NAMES}),?\s+{_SAID}\b")
_PUT_IT = re.compile(rf"\bAs (?P<speaker>{_NAMES}) put it\b")
_SAID_BEFORE = re.compile(rf"(?P<speaker>{_NAMES}),?(?:\s+of [^,“]+,)?\s+{_SAID}[:,]?\s+[“«\"]")
_PRONOUNS = frozenset({"he", "she", "they", "it", "we", "i", "as", "this", "that"})


@dataclass(frozen=True, slots=True)
class Quotation:
    """Sentences `first` to `last` (from 0, inclusive) of a passage; `text` is the stored slice that they span.

    `words` is what was said, for comparing; `speaker` is name, role and company as the source has them.
    """

    first: int
    last: int
    text: str
    words: str
    speaker: str
    is_row: bool = False


def list_quotations(passage: Passage) -> tuple[Quotation, ...]:
    """Every quotation of a passage whose speaker is named, in order; the line that names them belongs to it."""
    sentences = passage.sentence_texts()
    return tuple(_read_quotations(passage, sentences))


def slice_sentences(passage: Passage, first: int, last: int) -> str:
    """The stored text from the first letter of one sentence to the last letter of another."""
    return passage.text[passage.sentences[first].start : passage.sentences[last].end]


def read_row_quotation(passage: Passage, index: int, sentence: str) -> Quotation | None:
    """A row of a table with a column of quotations; speaker, role and company are its other columns."""
    cells = read_cells(sentence)
    words = find_cell(cells, QUOTE_HEADERS)
    if not words:
        return None
    who = [find_cell(cells, headers) for headers in (SPEAKER_HEADERS, ROLE_HEADERS, COMPANY_HEADERS)]
    speaker = ", ".join(part for part in who if part)
    return Quotation(index, index, slice_sentences(passage, index, index), words, speaker, is_row=True)


def _read_quotations(passage: Passage, sentences: Sequence[str]) -> Iterator[Quotation]:
    place = 0
    while place < len(sentences):
        found = read_row_quotation(passage, place, sentences[place]) or _read_spoken(
            passage, sentences, place
        )
        if found is not None:
            yield found
        place = found.last + 1 if found is not None else place + 1


def _read_spoken(passage: Passage, sentences: Sequence[str], first: int) -> Quotation | None:
    if not any(mark in sentences[first] for mark in _OPENING) or read_cells(sentences[first]):
        return None
    last = _find_end(sentences, first)
    if last is None:
        return None
    said = slice_sentences(passage, first, last)
    speaker = _find_speaker_inside(said)
    if not speaker and said[0] in _OPENING and _ends_with_quotation(said):
        speaker, last = _read_attribution(sentences, last)
    speaker = complete_name(speaker, passage.text)
    if not speaker:
        return None
    return Quotation(first, last, slice_sentences(passage, first, last), _pick_words(said), speaker)


def _find_end(sentences: Sequence[str], first: int) -> int | None:
    """The sentence in which the quotation closes that opens in the first; None when it closes nowhere near."""
    if not re.search(r"[“«„\"]\S", sentences[first]):
        return None
    for last in range(first, min(first + MOST_SENTENCES, len(sentences))):
        text = " ".join(sentences[first : last + 1])
        if re.search(r"[“«„\"].+[”»\"]", text, re.DOTALL) and text.count("“") <= text.count("”") + text.count(
            '"'
        ):
            return last
    return None


def _find_speaker_inside(said: str) -> str:
    for pattern in (_PUT_IT, _DASHED_AFTER, _SAID_AFTER, _SPEAKER_SAID_AFTER, _SAID_BEFORE):
        found = pattern.search(said)
        if found is not None and found["speaker"].split()[0].lower() not in _PRONOUNS:
            return found["speaker"].strip(" ,.")
    return ""


def _read_attribution(sentences: Sequence[str], last: int) -> tuple[str, int]:
    """Who said what ends in sentence `last`, and the last sentence with the line that names them."""
    line = sentences[last + 1] if last + 1 < len(sentences) else ""
    found = _DASHED.match(line) or _FOOTER.match(line)
    if found is None or len(line.split()) > MOST_WORDS_OF_SPEAKER:
        return "", last
    speaker, end = found["speaker"].strip(), last + 1
    # A line of a PDF may break after a comma: the company then stands in the next one.
    if (
        speaker.endswith(",")
        and end + 1 < len(sentences)
        and len(sentences[end + 1].split()) <= MOST_WORDS_OF_NAME
    ):
        speaker, end = f"{speaker} {sentences[end + 1]}", end + 1
    return speaker.rstrip(" ,"), end


def _ends_with_quotation(said: str) -> bool:
    return said.rstrip(" .,")[-1:] in _CLOSING


def complete_name(speaker: str, text: str) -> str:
    """A surname alone is completed from a text, where the name stands with first name or title."""
    if not speaker or " " in speaker:
        return speaker
    pattern = rf"(?<!\w)({_NAME}(?: {_NAME})* {re.escape(speaker)})\b"
    fuller = (_drop_lead(found[1].split()) for found in re.finditer(pattern, text))
    return max((" ".join(words) for words in fuller), key=len, default=speaker)


def _drop_lead(words: list[str]) -> list[str]:
    """Capitals before a name that do not belong to it: the first word of a sentence, an owner ("EPA's")."""
    owners = [place for place, word in enumerate(words) if word.endswith(("’s", "'s"))]
    rest = words[owners[-1] + 1 :] if owners else words
    return rest[1:] if rest[0].lower() in SMALL_WORDS else rest


def _pick_words(said: str) -> str:
    found = re.search(r"[“«„\"](.+)[”»\"]", said, re.DOTALL)
    return found[1] if found else said
