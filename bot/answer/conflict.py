"""Two approved documents that say different things of the same: both are shown, and nobody is judged. Pure."""

import re
from collections.abc import Sequence
from itertools import combinations

from bot.answer.checks.language import Language
from bot.answer.checks.languages import find_language
from bot.answer.checks.names import find_names
from bot.answer.checks.quantities import find_measures
from bot.answer.checks.reading import Reading, read_text
from bot.answer.checks.stance import list_stance_failures
from bot.answer.passages import build_claims
from bot.answer.tokens import find_tokens
from bot.answer.why import CONFLICT_FOUND
from core.answers import UNTIMED, Answer, Evidence

ALIKE = 0.6
"""Share of the shorter sentence's meanings by which two sentences speak of the same."""
FEWEST_SHARED = 3


def find_conflict(evidence: Sequence[Evidence]) -> tuple[Evidence, Evidence] | None:
    """The first two sentences of different documents that contradict each other, newest first."""
    pairs = combinations(dict.fromkeys(evidence), 2)
    found = next((pair for pair in pairs if _contradict(*pair)), None)
    if found is None:
        return None
    one, other = found
    # What has no date is older than what has one.
    newer = (one.updated is not None, str(one.updated)) >= (other.updated is not None, str(other.updated))
    return (one, other) if newer else (other, one)


def show_conflict(evidence: Sequence[Evidence]) -> Answer | None:
    """Both sentences, newest first, each its own claim and its own proof; no word of ours decides between them."""
    pair = find_conflict(evidence)
    if pair is None:
        return None
    return Answer("conflict", "passages", build_claims(pair), UNTIMED, why=CONFLICT_FOUND)


def _contradict(one: Evidence, other: Evidence) -> bool:
    # Rows of a table are alike by nature and differ in their values: that is no contradiction.
    if one.document_id == other.document_id or "·" in one.sentence or "·" in other.sentence:
        return False
    language = find_language([one.sentence, other.sentence])
    if language is None:
        return False
    readings = read_text(one.sentence, language), read_text(other.sentence, language)
    if not _speak_of_the_same(readings, one.sentence, other.sentence):
        return False
    return _differ_in_number(one.sentence, other.sentence) or _differ_in_stance(readings, language)


def _speak_of_the_same(readings: tuple[Reading, Reading], one: str, other: str) -> bool:
    first, second = ({word for word in reading.words if not word[0].isdigit()} for reading in readings)
    names = [{name.lower() for name, is_first in find_names(text) if not is_first} for text in (one, other)]
    shared = len(first & second)
    if first - second and second - first:
        return False  # each has a word of its own: printed logos and woven ones, one customer and another
    if _list_years(one) != _list_years(other):
        return False
    return names[0] == names[1] and shared >= FEWEST_SHARED and shared >= ALIKE * max(len(first), len(second))


def _list_years(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b(?:19|20)\d\d\b", text))


def _differ_in_number(one: str, other: str) -> bool:
    measures = [frozenset(find_measures(text)) for text in (one, other)]
    if all(measures) and {unit for _, unit in measures[0]} == {unit for _, unit in measures[1]}:
        return not measures[0] & measures[1]
    # A bare number may be a name ("product 123"): amounts, shares and colour codes are values.
    values = [
        frozenset(token for token in find_tokens(text) if token[0] in "$€£#" or token[-1] == "%")
        for text in (one, other)
    ]
    return all(values) and len(values[0]) == len(values[1]) and not values[0] & values[1]


def _differ_in_stance(readings: tuple[Reading, Reading], language: Language) -> bool:
    one, other = readings
    return all("polarity" in list_stance_failures(a, [b], language) for a, b in ((one, other), (other, one)))
