"""Verbatim quotations: picks stored words for a wish, byte for byte, whole, with their speaker. Pure.

Called by bot/answer/quotation_desk.py.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answer.cells import find_cell, is_refused, meets, read_cells, read_days
from bot.answer.evidence import build_evidence
from bot.answer.holding import holds_word
from bot.answer.normalise import normalise_text
from bot.answer.quotation_wishes import QuotationWish, asks_for_quotation
from bot.answer.quoted_speech import QUOTE_HEADERS, Quotation, complete_name, list_quotations
from bot.answer.stored_lines import list_lines
from bot.answer.words import list_content_words
from core.answers import Claim
from core.documents import AnsweringDocument, Passage

__all__ = ["asks_for_quotation", "list_candidates", "pick_quotations"]

MOST_QUOTATIONS = 5
# Of the words of a topic so many must stand in the quotation or around it; one that has fewer than the best by
# more than a little is about something else.
ENOUGH_OF_TOPIC = 0.5
NEAR_BEST = 0.15
# Fewer letters stand in a sentence by chance.
SHORTEST_WITHDRAWN = 12
_EDGES = "\"'“”„«»‘’ .,!?"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may be given: where they stand, what they are about, and who said them. `rank` counts from 0."""

    document: AnsweringDocument
    passage: Passage
    quotation: Quotation
    rank: int

    @property
    def around(self) -> str:
        """What tells whose words these are and what they are about, the words themselves included."""
        return f"{self.where}\n{self.quotation.text}"

    @property
    def where(self) -> str:
        """Speaker, document and headings."""
        document = self.document
        name = document.path.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("-", " ")
        return "\n".join((self.quotation.speaker, document.title, *self.passage.heading_path, name))


def list_candidates(
    wish: QuotationWish, places: Iterable[tuple[AnsweringDocument, Passage]]
) -> tuple[Candidate, ...]:
    """Everything of the wished kind in these passages (best first), each passage looked at once."""
    distinct = {(document.document_id, passage.ordinal): (document, passage) for document, passage in places}
    texts: defaultdict[str, str] = defaultdict(str)
    for document, passage in distinct.values():
        texts[document.document_id] += f"{passage.text}\n"
    found = (
        Candidate(document, passage, quotation, rank)
        for rank, (document, passage) in enumerate(distinct.values())
        for quotation in (
            list_quotations(passage) if wish.kind == "quote" else list_lines(wish, document, passage)
        )
    )
    return tuple(_complete_speaker(one, texts[one.document.document_id]) for one in found)


def _complete_speaker(candidate: Candidate, text: str) -> Candidate:
    """A surname alone is completed from another passage of its document."""
    quotation = candidate.quotation
    speaker = complete_name(quotation.speaker, text)
    return (
        candidate
        if speaker == quotation.speaker
        else replace(candidate, quotation=replace(quotation, speaker=speaker))
    )


def pick_quotations(
    wish: QuotationWish,
    candidates: Sequence[Candidate],
    *,
    on: date,
    is_withdrawn: Callable[[Candidate], bool] = lambda _: False,
    limit: int = MOST_QUOTATIONS,
) -> tuple[Claim, ...]:
    """At most `limit` claims, each the stored words whole; none whose row refuses them or whose days are over.

    Empty when nothing fits: then the ordinary way goes on. `is_withdrawn` is asked for those that would be given.
    """
    usable = [one for one in candidates if is_usable(one, on=on) and _is_from(wish.source, one)]
    chosen = _drop_repetitions(_choose_by_topic(wish, usable))
    kept = (one for one in chosen if one.quotation.is_row or not is_withdrawn(one))
    return tuple(build_claim(one) for one, _ in zip(kept, range(limit), strict=False))


def is_usable(candidate: Candidate, *, on: date) -> bool:
    """False when the row itself says otherwise: consent only verbal, refused or over, status not approved."""
    cells = read_cells(candidate.quotation.text)
    return not is_refused(cells) and meets(read_days(cells), on, on)


def quotes_somebody(sentence: str) -> bool:
    """A row of a register, or a sentence with words in quotation marks: worth asking whether a consent stands."""
    return bool(find_cell(read_cells(sentence), QUOTE_HEADERS)) or any(mark in sentence for mark in '“„«"')


def is_refused_now(sentence: str, withdrawn: Collection[str], on: date) -> bool:
    """Does a sentence quote somebody whose consent does not stand? `withdrawn` are words as to_same_words has them."""
    cells = read_cells(sentence)
    if find_cell(cells, QUOTE_HEADERS):
        return is_refused(cells) or not meets(read_days(cells), on, on)
    said = normalise_text(sentence)
    return any(words in said for words in withdrawn if len(words) >= SHORTEST_WITHDRAWN)


def to_same_words(quotation: Quotation) -> str:
    """What was said, in one spelling: two places that quote the same words give the same."""
    return normalise_text(quotation.words).strip(_EDGES)


def build_claim(candidate: Candidate) -> Claim:
    """The stored slice, proved by all of its sentences in their order."""
    quotation = candidate.quotation
    evidence = tuple(
        build_evidence(candidate.document, candidate.passage, index)
        for index in range(quotation.first, quotation.last + 1)
    )
    days = read_days(read_cells(quotation.text))
    dated = tuple(
        replace(
            one,
            valid_from=max(filter(None, (one.valid_from, days.valid_from)), default=None),
            valid_until=min(filter(None, (one.valid_until, days.valid_until)), default=None),
        )
        for one in evidence
    )
    return Claim(quotation.text, dated, speaker=quotation.speaker)


def _is_from(source: Sequence[str], candidate: Candidate) -> bool:
    where = candidate.where
    stems = list_content_words(where)
    return all(holds_word(word, where, stems) for word in source)


def _choose_by_topic(wish: QuotationWish, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that have most of the topic's words; without a topic all of them, as they were found."""
    if not wish.topic and not wish.either:
        return list(candidates)
    scored = [(_measure_topic(wish, one), one) for one in candidates]
    best = max((score for score, _ in scored), default=0.0)
    if best < ENOUGH_OF_TOPIC:
        return []
    kept = [(score, one) for score, one in scored if score >= max(ENOUGH_OF_TOPIC, best - NEAR_BEST)]
    return [one for _, one in sorted(kept, key=lambda pair: (-pair[0], pair[1].rank))]


def _measure_topic(wish: QuotationWish, candidate: Candidate) -> float:
    """Share of the words that the candidate has; what may be a name ("Hallgrim quote") must be there whole."""
    around = candidate.around
    stems = list_content_words(around)
    if not all(holds_word(word, around, stems) for word in wish.either):
        return 0.0
    found = [holds_word(word, around, stems) for word in wish.topic]
    return sum(found) / len(found) if found else 1.0


def _drop_repetitions(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """The same words once: from a register, which has the consent beside them, rather than from a story."""
    listed = list(candidates)
    in_register = {to_same_words(one.quotation) for one in listed if one.quotation.is_row}
    seen: set[str] = set()
    for one in listed:
        words = to_same_words(one.quotation)
        if words not in seen and (one.quotation.is_row or words not in in_register):
            seen.add(words)
            yield one
