"""Lists ALL of a kind that run in a span of days, and nothing that is over or has not begun. Pure.

Called by bot/answer/listing_desk.py, which reads the documents.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answer.cells import find_cell, is_refused, meets, read_cells, read_days
from bot.answer.evidence import build_evidence
from bot.answer.holding import holds_word
from bot.answer.listing_wishes import ListedKind, ListingWish, asks_for_listing
from bot.answer.normalise import normalise_text
from bot.answer.quoted_speech import QUOTE_HEADERS, read_row_quotation
from bot.answer.words import list_content_words
from core.answers import Claim
from core.documents import AnsweringDocument, Kind, Passage, Validity
from core.running_documents import Span

__all__ = ["asks_for_listing", "explain_listing", "list_running"]

MOST_LISTED = 25
FEWEST_WORDS_OF_LINE = 5
# "Web only, no print" is not about print.
_DENIED = re.compile(r"\b(?:no|not|never|without|except|excluding)\s+(?:for |in |on )?\w+", re.IGNORECASE)
KINDS: dict[ListedKind, tuple[Kind, ...]] = {
    "cta": ("campaign_brief",),
    "campaign": ("campaign_brief",),
    "quote": ("case_study",),
    "claim": ("messaging", "brand_guide"),
    "case_study": ("case_study",),
    "battlecard": ("battlecard",),
    "asset": ("asset",),
}
"""Where each sort is looked for. Of ROW_KINDS only rows of sheets are read: all else would be everything."""

ROW_KINDS: tuple[Kind, ...] = ("messaging", "other")

HEADERS: dict[ListedKind, tuple[str, ...]] = {
    "cta": ("cta", "call to action", "button", "button text", "cta text"),
    "campaign": ("campaign", "campaign name"),
    "quote": QUOTE_HEADERS,
    "claim": ("claim", "approved claim", "claim line"),
    "case_study": (),
    "battlecard": (),
    "asset": ("asset", "asset name"),
}
# A document of these sorts is one of them; the others are only rows.
WHOLE_DOCUMENTS: tuple[ListedKind, ...] = ("campaign", "case_study", "battlecard")
# "Campaign" is also a column of sheets that list something else, so there it must be the first one.
FIRST_COLUMN_ONLY: tuple[ListedKind, ...] = ("campaign",)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that runs: where its sentence stands, its own days, and texts that a condition may be met by."""

    document: AnsweringDocument
    passage: Passage
    index: int
    days: Validity
    name: str
    texts: tuple[str, ...]
    is_row: bool


Place = tuple[AnsweringDocument, Passage]


def list_running(
    wish: ListingWish, rows: Iterable[Place], wholes: Iterable[Place], *, on: date
) -> tuple[Claim, ...]:
    """Every item of the wished kind that runs and meets the conditions, by its last day; those without one last.

    `rows` are rows of sheets, `wholes` all passages of the other documents in reading order.
    """
    span = wish.span or Span(on, on)
    read = [*_read_rows(wish.kind, rows), *_read_wholes(wish.kind, wholes)]
    running = [one for one in read if meets(one.days, span.first, span.last) and _has_begun(one.days, on)]
    fitting = _drop_repetitions(one for one in running if _meets_conditions(wish.conditions, one))
    ordered = sorted(
        fitting, key=lambda one: (one.days.valid_until or date.max, one.document.title, one.name)
    )
    return tuple(_build_claim(wish.kind, one) for one in ordered)


def explain_listing(wish: ListingWish, *, count: int, on: date) -> str:
    """The line over a list: that it is whole, and for which day; or how many more there are."""
    span = wish.span or Span(on, on)
    when = f"on {span.first}" if span.first == span.last else f"between {span.first} and {span.last}"
    verb = "may be used" if wish.kind in ("quote", "claim", "asset") else "run"
    if span.last < on:
        verb = "could be used" if verb != "run" else "ran"
    which = "The only one" if count == 1 else f"All {count}"
    verb = "runs" if verb == "run" and count == 1 else verb
    if count > MOST_LISTED:
        which = f"The first {MOST_LISTED} of {count}"
    more = ", by last day; ask for one page or topic to see the others" if count > MOST_LISTED else ""
    return f"{which} that {verb} {when}{more}."


def _read_rows(kind: ListedKind, places: Iterable[Place]) -> Iterator[Item]:
    for document, passage in places:
        yield from _read_passage_rows(kind, document, passage)


def _read_wholes(kind: ListedKind, places: Iterable[Place]) -> Iterator[Item]:
    """Rows of tables inside documents; and the document itself, where it is one of the kind."""
    by_document: dict[str, list[Place]] = {}
    for document, passage in places:
        by_document.setdefault(document.document_id, []).append((document, passage))
    for listed in by_document.values():
        if kind in WHOLE_DOCUMENTS and not _is_sheet(listed):
            yield _read_document([passage for _, passage in listed], listed[0][0])
        else:
            yield from _read_rows(kind, listed)


def _is_sheet(places: Sequence[Place]) -> bool:
    return all(read_cells(sentence) for _, passage in places for sentence in passage.sentence_texts())


def _read_passage_rows(kind: ListedKind, document: AnsweringDocument, passage: Passage) -> Iterator[Item]:
    for index, sentence in enumerate(passage.sentence_texts()):
        cells = read_cells(sentence)
        headers = list(cells)[:1] if kind in FIRST_COLUMN_ONLY else list(cells)
        name = find_cell({header: cells[header] for header in headers}, HEADERS[kind])
        if name and not is_refused(cells):
            texts = tuple(f"{header}: {value}" for header, value in cells.items())
            days = _narrow(document.facts.validity, read_days(cells))
            yield Item(document, passage, index, days, name, (document.title, *texts), is_row=True)


def _read_document(passages: Sequence[Passage], document: AnsweringDocument) -> Item:
    """A document stands for itself by its first sentence that is more than a few words."""
    lengths = [len(sentence.split()) for sentence in passages[0].sentence_texts()]
    index = next((place for place, length in enumerate(lengths) if length >= FEWEST_WORDS_OF_LINE), 0)
    texts = (f"{document.title}\n{'›'.join(one.heading_path)}\n{one.text}" for one in passages)
    return Item(
        document, passages[0], index, document.facts.validity, document.title, tuple(texts), is_row=False
    )


def _narrow(whole: Validity, part: Validity) -> Validity:
    return Validity(
        max(filter(None, (whole.valid_from, part.valid_from)), default=None),
        min(filter(None, (whole.valid_until, part.valid_until)), default=None),
    )


def _has_begun(days: Validity, on: date) -> bool:
    # Words of a question open no embargo: what starts after the day on which is asked is not told.
    return days.valid_from is None or days.valid_from <= on


def _meets_conditions(conditions: Sequence[Collection[str]], item: Item) -> bool:
    """Each phrase must stand in one cell of a row (or in one passage of a document) with all of its words."""
    return all(any(_holds(phrase, text) for text in item.texts) for phrase in conditions)


def _holds(phrase: Collection[str], text: str) -> bool:
    said = _DENIED.sub("", text)
    stems = list_content_words(said)
    return all(holds_word(word, said, stems) for word in phrase)


def _drop_repetitions(items: Iterable[Item]) -> Iterator[Item]:
    """The same name once: the row that has days of its own rather than the brief that mentions it."""
    seen: set[str] = set()
    for item in sorted(items, key=lambda one: (not one.is_row, one.days.valid_from is None)):
        key = normalise_text(item.name if item.is_row else item.document.document_id)
        if key not in seen:
            seen.add(key)
            yield item


def _build_claim(kind: ListedKind, item: Item) -> Claim:
    evidence = replace(
        build_evidence(item.document, item.passage, item.index),
        valid_from=item.days.valid_from,
        valid_until=item.days.valid_until,
    )
    quotation = read_row_quotation(item.passage, item.index, evidence.sentence) if kind == "quote" else None
    return Claim(evidence.sentence, (evidence,), speaker=quotation.speaker if quotation else "")
