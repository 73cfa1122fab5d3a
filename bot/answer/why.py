"""Says why a question has no answer and what to do next, without naming what the asker may not see. Pure."""

from collections.abc import Sequence
from typing import Literal

from core.access import may_read
from core.answers import Question
from index.search import FoundPassage

Reason = Literal["not_approved", "out_of_date", "not_yet_valid", "other_audience"]

NOTHING_FOUND = (
    "I found no approved text that answers this. Try other words, or ask the brand team to add an answer."
)
MODEL_FOUND_NOTHING = (
    "The approved passages I found do not answer this. "
    "Please check the nearest ones, or ask the brand team to add an answer."
)
NO_LONGER_AVAILABLE = (
    "What would have answered this has just changed or is no longer open to you. Please ask again."
)
NOTHING_PROVED = "None of the model's sentences could be proved, so here are the closest approved passages."
CONFLICT_FOUND = (
    "Two approved documents say different things here. Both are shown, the newer one first; please ask their owners "
    "which one holds."
)
NO_RECEIPT = "The proof of this answer could not be kept, because the disk is full; please tell your admin."
MEANING_IS_DOWN = (
    "Searching by meaning does not work at the moment, so only passages with the words of the question were "
    "looked at; asking again later may find more."
)
_CLAUSES: dict[Reason, tuple[str, str]] = {
    "not_approved": ("is not approved", "to approve it"),
    "out_of_date": ("is out of date", "what replaces it"),
    "not_yet_valid": ("is not valid yet", "when it may be used"),
    "other_audience": ("is meant for another audience", "for access"),
}


def explain_model_failure(reason: str) -> str:
    """The sentence above passages that stand in for a model's answer. `reason` is ModelUnavailable's own text."""
    return f"The language model did not answer ({reason}), so here are the closest approved passages."


def explain_lost_claims(count: int) -> str:
    """Says what is missing of a model's answer; empty when nothing is."""
    if not count:
        return ""
    sentences = "1 sentence" if count == 1 else f"{count} sentences"
    return f"{sentences} of the model could not be proved and {'is' if count == 1 else 'are'} left out."


def explain_absence(question: Question, hidden: Sequence[FoundPassage]) -> str:
    """One or two sentences. `hidden` are passages that would answer, were they approved, in date and open."""
    reasons = list_reasons(question, hidden)
    if not reasons:
        return NOTHING_FOUND
    states = _join([_CLAUSES[reason][0] for reason in reasons])
    steps = _join([_CLAUSES[reason][1] for reason in reasons])
    return f"There is material on this, but it {states}. Please ask the brand team {steps}."


def list_reasons(question: Question, hidden: Sequence[FoundPassage]) -> tuple[Reason, ...]:
    """Every reason that keeps one of these passages from this asker on this day, in a fixed order."""
    held = {reason for found in hidden for reason in _list_reasons_of(question, found)}
    return tuple(reason for reason in _CLAUSES if reason in held)


def _list_reasons_of(question: Question, found: FoundPassage) -> list[Reason]:
    facts = found.document.facts
    validity = facts.validity
    reasons: dict[Reason, bool] = {
        "not_approved": facts.status != "approved",
        "out_of_date": validity.valid_until is not None and validity.valid_until < question.on,
        "not_yet_valid": validity.valid_from is not None and question.on < validity.valid_from,
        "other_audience": not may_read(question.asker, facts.access),
    }
    return [reason for reason, holds in reasons.items() if holds]


def _join(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"
