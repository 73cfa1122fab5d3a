"""The checks of a claim against the sentences that it cites: all must pass. Pure.

Used by the answer walk, by `onbrand verify` and by the replay of receipts.
"""

import re
from collections.abc import Mapping, Sequence

from bot.answer.checks.binding import are_facts_exchanged, do_names_belong, is_bound, is_bridged
from bot.answer.checks.copies import find_copies, find_repeats, list_names
from bot.answer.checks.copying import are_copies_changed
from bot.answer.checks.language import Language
from bot.answer.checks.languages import find_language
from bot.answer.checks.names import list_unknown_colours, list_unknown_names
from bot.answer.checks.order import even_order
from bot.answer.checks.quantities import find_unproved_numbers
from bot.answer.checks.quotations import (
    are_quotations_exact,
    are_terms_denied_alike,
    is_quote_exact,
    is_stitched,
)
from bot.answer.checks.reading import join_readings, read_text
from bot.answer.checks.rows import are_fields_kept
from bot.answer.checks.scope import list_scope_failures
from bot.answer.checks.speech import is_said_so
from bot.answer.checks.spelling import drop_answer
from bot.answer.checks.stance import list_stance_failures
from bot.answer.checks.support import list_support_failures
from bot.answer.normalise import normalise_text
from bot.answer.tokens import drop_day_stops

CHECKS = (
    "empty",
    "language",
    "quote",
    "numbers",
    "binding",
    "belonging",
    "rows",
    "bridge",
    "substitution",
    "names",
    "rivals",
    "polarity",
    "modality",
    "scope",
    "condition",
    "stitched",
    "overlap",
)
"""All checks, in the order in which they are named."""

_MARKS = re.compile(r"[\"“”„«»]")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)\s+(?=[\"“‘(]?[^\W\d_a-z])")


def list_failed_checks(
    claim: str, sentences: Sequence[str], *, quote: str = "", context: Sequence[str] = ()
) -> tuple[str, ...]:
    """Names of the checks that fail, in the order of CHECKS; empty when the sentences prove the claim.

    `context` is what stands above the sentences (title, headings): names may come from there, nothing else may.
    A claim that is one of the sentences, letter for letter, proves itself; one of several sentences must hold as
    a whole and sentence by sentence, so that nothing rides on what is proved beside it.
    """
    if not normalise_text(claim) or not sentences:
        return ("empty",)
    if not is_quote_exact(quote, sentences):
        return ("quote",)
    if _is_stored(claim, sentences):
        return ()
    language = find_language([claim, *sentences])
    if language is None:
        return ("language",)
    cited = _Cited(sentences, context, language)
    claim = even_order(drop_answer(claim) or claim, sentences, language)
    parts = [claim, *(part for part in split_claim(claim) if not _is_stored(part, sentences))]
    failed = frozenset(name for part in parts for name in _check_part(part, cited))
    return tuple(name for name in CHECKS if name in failed)


def split_claim(claim: str) -> list[str]:
    """The sentences of a claim, where it has more than one."""
    parts: list[str] = []
    for part in _SENTENCE_ENDS.split(drop_day_stops(claim.strip())):
        # A stop between quotation marks ends nothing: what is quoted stays whole.
        is_open = bool(parts) and len(_MARKS.findall(parts[-1])) % 2 == 1
        parts = [*parts[:-1], f"{parts[-1]} {part}"] if is_open else [*parts, part]
    return parts if len(parts) > 1 else []


class _Cited:
    """The sentences, read once for all parts of a claim, and what stands above them."""

    def __init__(self, sentences: Sequence[str], context: Sequence[str], language: Language) -> None:
        self.sentences, self.context, self.language = sentences, context, language
        self.readings = join_readings([read_text(one, language) for one in sentences], language)


def _is_stored(text: str, sentences: Sequence[str]) -> bool:
    return any(normalise_text(text) == normalise_text(one) for one in sentences)


def _check_part(part: str, cited: _Cited) -> frozenset[str]:
    sentences, language, stored = cited.sentences, cited.language, cited.readings
    read = read_text(part, language)
    copies = find_copies(part, sentences, language)
    repeats = find_repeats(copies)
    simple: Mapping[str, bool] = {
        "quote": are_quotations_exact(part, sentences),
        "numbers": not find_unproved_numbers(part, sentences),
        "binding": is_bound(part, sentences, language),
        "belonging": do_names_belong(part, sentences)
        and is_said_so(part, sentences, language)
        and not are_facts_exchanged(part, sentences, language),
        "rows": are_fields_kept(part, sentences),
        "bridge": not repeats.alike
        or is_bridged(read, stored, language.pointing, names=list_names(part, language)),
        "substitution": not are_copies_changed(copies),
        "stitched": not is_stitched(part, sentences),
        "names": not list_unknown_names(part, sentences, language, context=cited.context)
        and not list_unknown_colours(part, sentences, context=cited.context),
    }
    return (
        frozenset(name for name, holds in simple.items() if not holds)
        | list_support_failures(read, stored, language)
        | (frozenset() if are_terms_denied_alike(part, sentences) else {"polarity"})
        | list_stance_failures(read, stored, language, repeats)
        | list_scope_failures(read, stored, repeats)
    )
