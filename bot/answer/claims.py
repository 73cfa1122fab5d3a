"""Reads the model's answer and checks each claim against the stored sentences. Pure; called by writing.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answer.addresses import find_foreign_addresses, is_harmless, sanitise_text
from bot.answer.claim_checks import list_failed_checks
from bot.answer.prompt import MAX_CLAIMS
from core.answers import Claim, Evidence, RejectedClaim, Ruling
from core.llm import ModelUnavailable, find_json_object

MAX_CLAIM_CHARACTERS = 600

_RULINGS: Mapping[str, Ruling] = {
    "allowed": "allowed",
    "not_allowed": "not_allowed",
    "conditional": "conditional",
}


@dataclass(frozen=True, slots=True)
class ClaimOfModel:
    """One claim as the model wrote it: nothing in it is believed yet."""

    text: str
    ids: tuple[str, ...]
    quote: str = ""


@dataclass(frozen=True, slots=True)
class AnswerOfModel:
    """The model's whole answer, read but not checked."""

    found: bool
    ruling: Ruling | None
    claims: tuple[ClaimOfModel, ...]


@dataclass(frozen=True, slots=True)
class CheckedClaims:
    """The claims that hold, and those that do not, each with the names of the checks it failed."""

    kept: tuple[Claim, ...]
    rejected: tuple[RejectedClaim, ...]
    repaired: int = 0
    """How many of the rejected ones were written anew and hold now: they are among the kept."""

    @property
    def lost(self) -> int:
        """Claims that are missing in what is shown."""
        return len(self.rejected) - self.repaired


def parse_answer(text: str) -> AnswerOfModel:
    """Read the model's JSON, tolerant of code fences. Raises ModelUnavailable when it is not the object asked for."""
    value = find_json_object(text)
    if value is None or not isinstance(value.get("claims", []), list):
        raise ModelUnavailable("its answer was not in the form asked for")
    claims = tuple(_read_claim(one) for one in value.get("claims", [])[:MAX_CLAIMS] if isinstance(one, dict))
    found = value.get("found", bool(claims))
    return AnswerOfModel(found=found is True, ruling=_RULINGS.get(str(value.get("ruling"))), claims=claims)


def check_claims(claims: Sequence[ClaimOfModel], sentences: Mapping[str, Evidence]) -> CheckedClaims:
    """Keep each claim that the stored sentences prove; `sentences` is the closed set of the prompt."""
    kept: list[Claim] = []
    rejected: list[RejectedClaim] = []
    for claim in claims:
        failed = list_failures(claim, sentences)
        cited = tuple(sentences[one] for one in claim.ids if one in sentences)
        if failed:
            ids = tuple(one.sentence_id for one in cited)
            rejected.append(RejectedClaim(claim.text[:MAX_CLAIM_CHARACTERS], ids, failed))
        else:
            kept.append(Claim(text=sanitise_text(claim.text), evidence=cited))
    return CheckedClaims(kept=tuple(kept), rejected=tuple(rejected))


def list_failures(claim: ClaimOfModel, sentences: Mapping[str, Evidence]) -> tuple[str, ...]:
    """Names of the checks that this claim fails; empty when it may be shown."""
    if not claim.ids or any(one not in sentences for one in claim.ids):
        return ("closed_set",)
    cited = [sentences[one] for one in claim.ids]
    texts = [one.sentence for one in cited]
    shown = sanitise_text(claim.text)
    checks = {
        "length": len(claim.text) <= MAX_CLAIM_CHARACTERS,
        "links": is_harmless(shown) and not find_foreign_addresses(claim.text, texts),
    }
    failed = tuple(name for name, holds in checks.items() if not holds)
    # What is shown is what must be proved: the words without their links.
    return failed or list_failed_checks(shown, texts, quote=claim.quote, context=list_context(cited))


def list_context(cited: Sequence[Evidence]) -> tuple[str, ...]:
    """What stands above the cited sentences: names in a claim may come from there."""
    return tuple(dict.fromkeys(part for one in cited for part in (one.title, one.heading) if part))


def _read_claim(value: Mapping[str, Any]) -> ClaimOfModel:
    ids, text, quote = value.get("ids"), value.get("text"), value.get("quote")
    names = tuple(dict.fromkeys(str(one).strip("[] ") for one in ids)) if isinstance(ids, list) else ()
    return ClaimOfModel(
        text=text if isinstance(text, str) else "", ids=names, quote=quote if isinstance(quote, str) else ""
    )
