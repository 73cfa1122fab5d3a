"""What of an answer may be posted in one place: classification, and the length of quotation there. Pure.

Called by answer_blocks.py when a message is built, that is right before each attempt to post it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.answer.evidence import reads_as_stored
from core.answers import Claim, Evidence

MAX_EVIDENCE = 3
# Three quotations of this length, their claim and the closing lines still fit into one message.
MAX_QUOTATION = 2000

LINK_ONLY = "may only be read at its source"
TOO_LONG = "too long to quote here; read it at its source"
NOT_QUOTED = "not quoted here; read it at its source"
_LINKED_WORDS = "There is an approved answer that may only be read at its source:"


@dataclass(frozen=True, slots=True)
class PostableEvidence:
    """A sentence that is quoted whole, or only linked: then `withheld` says why. A quotation is never cut."""

    found: Evidence
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class PostableClaim:
    """`is_open`: the claim's own words may be shown; else `words` only say that there is something to read."""

    words: str
    evidence: tuple[PostableEvidence, ...]
    is_open: bool
    is_quotation: bool = False
    """Several stored sentences in a row: shown as one, whole or not at all."""


def choose_claims(claims: Iterable[Claim], quote_characters: int) -> tuple[PostableClaim, ...]:
    """The claims that may be posted. One that rests on anything classified `never` is left out whole."""
    allowed = (claim for claim in claims if all(may_post(found) for found in claim.evidence))
    return tuple(_choose_claim(claim, quote_characters) for claim in allowed)


def may_post(found: Evidence) -> bool:
    """False when not even title and link may be posted."""
    return found.classification != "never"


def decide_quotation(found: Evidence, quote_characters: int) -> PostableEvidence:
    """Quoted, or linked and why. Characters are code points (`len`): an emoji of several parts counts as several."""
    length = len(found.sentence)
    if found.classification != "quote":
        return PostableEvidence(found, LINK_ONLY)
    if quote_characters == 0:
        return PostableEvidence(found, NOT_QUOTED)
    return PostableEvidence(found, TOO_LONG if length > min(quote_characters, MAX_QUOTATION) else "")


def _choose_claim(claim: Claim, quote_characters: int) -> PostableClaim:
    evidence = tuple(decide_quotation(found, quote_characters) for found in claim.evidence)
    if len(evidence) > 1 and reads_as_stored(claim.text, [found.sentence for found in claim.evidence]):
        return _choose_quotation(claim, quote_characters)
    # All of the evidence decides, also what is not listed: the claim's words may come from any of it.
    is_open = not any(one.withheld for one in evidence)
    # A sentence in our words about what may only be linked would give its content away.
    words = claim.text.strip() if is_open else _LINKED_WORDS
    return PostableClaim(words, evidence[:MAX_EVIDENCE], is_open)


def _choose_quotation(claim: Claim, quote_characters: int) -> PostableClaim:
    """Several sentences of one place: their length counts together, and none of them is ever left out."""
    whole = decide_quotation(replace(claim.evidence[0], sentence=claim.text), quote_characters)
    worst = next((one for one in claim.evidence if one.classification != "quote"), None)
    withheld = decide_quotation(worst, quote_characters).withheld if worst else whole.withheld
    evidence = tuple(PostableEvidence(found, withheld) for found in claim.evidence)
    return PostableClaim(_LINKED_WORDS if withheld else claim.text, evidence, not withheld, is_quotation=True)
