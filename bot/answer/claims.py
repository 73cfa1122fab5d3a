"""Reads the model's answer and checks each claim against the stored sentences. Pure; called by the pipeline."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answer.normalise import normalise_text
from bot.answer.prompt import MAX_CLAIMS
from bot.answer.tokens import find_tokens
from core.answers import Claim, Evidence, Ruling
from core.llm import ModelUnavailable, find_json_object

MAX_CLAIM_CHARACTERS = 600

_RULINGS: Mapping[str, Ruling] = {
    "allowed": "allowed",
    "not_allowed": "not_allowed",
    "conditional": "conditional",
}
_CONTROL = re.compile(r"<[!@#][^>]*>|<[^<>|\s]*[:/@][^<>]*>|[\x00-\x08\x0b-\x1f\x7f]")
_MARKDOWN_LINK = re.compile(r"!?\[([^\]]*)\]\s*(?:\([^)]*\)|\[[^\]]*\]|:\s*\S+)")
_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]*://\S+|\b(?:mailto|tel|javascript|data|slack):\S+|\bwww\.\S+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/\S*)?(?![\w@])",
    re.IGNORECASE,
)
_HAS_SCHEME = re.compile(r"://|^www\.|^(?:mailto|tel|javascript|data|slack):", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w.])@(?=\w)")
_ABBREVIATIONS = frozenset({"e.g", "i.e", "a.m", "p.m", "u.s", "d.c", "u.k", "e.u"})


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
    """The claims that hold, and for each one that does not, the names of the checks it failed."""

    kept: tuple[Claim, ...]
    failed: tuple[tuple[str, ...], ...]


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
    failed: list[tuple[str, ...]] = []
    for claim in claims:
        failures = list_failures(claim, sentences)
        if failures:
            failed.append(failures)
        else:
            evidence = tuple(sentences[one] for one in claim.ids)
            kept.append(Claim(text=sanitise_text(claim.text), evidence=evidence))
    return CheckedClaims(kept=tuple(kept), failed=tuple(failed))


def list_failures(claim: ClaimOfModel, sentences: Mapping[str, Evidence]) -> tuple[str, ...]:
    """Names of the checks that this claim fails; empty when it may be shown."""
    if not claim.ids or any(one not in sentences for one in claim.ids):
        return ("closed_set",)
    cited = [sentences[one].sentence for one in claim.ids]
    checks = {
        "empty": bool(normalise_text(sanitise_text(claim.text))),
        "length": len(claim.text) <= MAX_CLAIM_CHARACTERS,
        "quote": is_quote_exact(claim.quote, cited),
        "numbers": not find_unproved_tokens(claim.text, cited),
        "links": not find_foreign_addresses(claim.text, cited),
    }
    return tuple(name for name, holds in checks.items() if not holds)


def is_quote_exact(quote: str, cited: Sequence[str]) -> bool:
    """True when the quote, if there is one, stands letter for letter in a cited sentence (after normalising)."""
    wanted = normalise_text(quote).strip("\"'… ")
    return not wanted or any(wanted in normalise_text(sentence) for sentence in cited)


def find_unproved_tokens(text: str, cited: Sequence[str]) -> frozenset[str]:
    """Numbers, amounts, dates and codes of the claim that no cited sentence has."""
    proved = frozenset().union(*(find_tokens(sentence) for sentence in cited))
    unproved = find_tokens(text) - proved
    # "One" is often no number ("use this one"): it must be proved only where numbers are the subject.
    is_counted = "1" in re.findall(r"\d+", text) or bool(proved)
    return unproved if is_counted else unproved - {"1"}


def find_foreign_addresses(text: str, cited: Sequence[str]) -> frozenset[str]:
    """Web, mail and bare addresses of the claim that stand in no cited sentence."""
    known = {address for sentence in cited for address in _list_addresses(sentence)}
    return frozenset(_list_addresses(text)) - known


def sanitise_text(text: str) -> str:
    """The claim without links, Slack control sequences or mentions: only code builds those."""
    plain = _MARKDOWN_LINK.sub(r"\1", _CONTROL.sub(" ", text))
    plain = _ADDRESS.sub(lambda match: "" if _HAS_SCHEME.search(match[0]) else match[0], plain)
    plain = _MENTION.sub("", plain).replace("<", "‹").replace(">", "›")
    return " ".join(plain.split())


def _list_addresses(text: str) -> list[str]:
    found = (match[0].rstrip(".,;:!?)'\"”’>|").lower() for match in _ADDRESS.finditer(text))
    return [address for address in found if address not in _ABBREVIATIONS]


def _read_claim(value: Mapping[str, Any]) -> ClaimOfModel:
    ids = value.get("ids")
    names = tuple(dict.fromkeys(str(one).strip("[] ") for one in ids)) if isinstance(ids, list) else ()
    quote = value.get("quote")
    return ClaimOfModel(
        text=str(value.get("text") or ""), ids=names, quote=quote if isinstance(quote, str) else ""
    )
