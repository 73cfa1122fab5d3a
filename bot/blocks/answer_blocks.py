"""Answers as Slack messages: verdict first, then the proof, each quotation whole. Pure; called by bot/delivery.py."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    MarkdownTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
)

from bot.blocks.text import build_link, build_plain, neutralise, shorten, split_text
from core.answers import Answer, Claim, Evidence

PASSAGES_HEADING = "Closest approved passages"
NEAREST_HEADING = "Nearest approved passages; they may not answer it"
MAX_BLOCKS = 50
# Slack refuses a message at about 13,200 characters; links and marks count too.
MAX_CHARACTERS = 12_400
SECTION_CHARACTERS = 2900
MAX_NEAREST = 3
MAX_EVIDENCE = 3
MAX_QUOTATION = 2000
MAX_WHY = 500
# Kept free for the closing lines, which come last and must always fit.
RESERVED_BLOCKS = 4
RESERVED_CHARACTERS = 1000

_RULINGS: dict[str, str] = {
    "allowed": "Yes, allowed.",
    "not_allowed": "No, not allowed.",
    "conditional": "Only under conditions.",
}
_VERDICTS = {
    "answered": "Answer",
    "partial": "Part of an answer",
    "conflict": "The approved sources disagree",
    "not_found": "No approved answer found",
}
_NOTHING_TO_SHOW = (
    "I have nothing approved on this that I may show here. Try other words, or ask your brand team."
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: `text` is all of it for notifications and screen readers, `blocks` is what is seen."""

    text: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Blocks that belong together and the same in plain words."""

    blocks: tuple[Block, ...]
    text: str

    @property
    def size(self) -> int:
        """Characters, whichever of the two forms is longer."""
        return max(len(self.text), sum(_count(block) for block in self.blocks))


def build_answer(answer: Answer, *, hint: str = "") -> Reply:
    """The message of an answer. `hint` is a closing line for the asker.

    What is classified `never` is left out with the claims that rest on it; of `link_only` only title and link show.
    """
    claims = tuple(_keep_sendable(claim) for claim in answer.claims if _may_post(claim))
    if not claims:
        return _build_not_found(answer, hint)
    numbers = _number_evidence(claims)
    head = _build_head(answer)
    shown = _take_claims(answer, claims, head, numbers)
    pieces = [*head, *_build_body(answer, shown, numbers)]
    left_out = len(claims) - len(shown)
    lines = [f"{left_out} more did not fit here; ask for one of them by name."] if left_out else []
    return _join([*pieces, *_build_notes([*lines, *_list_notes(answer, shown), hint])])


def build_notice(text: str) -> Reply:
    """A short message of our own words, such as a refusal or a hint. `text` may hold several lines."""
    return _join([_build_line(build_plain(text))])


def _build_not_found(answer: Answer, hint: str) -> Reply:
    why = shorten(answer.why, MAX_WHY) if answer.verdict == "not_found" else ""
    pieces = [_build_line(f"*{_VERDICTS['not_found']}*"), _build_line(build_plain(why or _NOTHING_TO_SHOW))]
    nearest = [_link_if_too_long(found) for found in answer.nearest if found.classification != "never"]
    if nearest:
        pieces.append(_build_line(f"*{NEAREST_HEADING}*"))
        pieces += [_build_evidence(group, {}) for group in _group_by_place(nearest[:MAX_NEAREST])]
    return _join([*_take_fitting(pieces), *_build_notes([hint])])


def _build_head(answer: Answer) -> list[Piece]:
    why = shorten(answer.why, MAX_WHY)
    return [_build_line(f"*{_name_verdict(answer)}*"), *([_build_line(build_plain(why))] if why else [])]


def _name_verdict(answer: Answer) -> str:
    if answer.mode == "passages":
        return PASSAGES_HEADING
    if answer.ruling and answer.verdict != "conflict":
        return _RULINGS[answer.ruling]
    return _VERDICTS[answer.verdict]


def _build_body(answer: Answer, claims: Sequence[Claim], numbers: dict[str, int]) -> list[Piece]:
    evidence = _list_evidence(claims)
    proof = [_build_evidence(group, numbers) for group in _group_by_place(evidence)]
    if answer.mode == "passages":
        return proof
    written = [_build_claim(claim, numbers) for claim in claims]
    return [*written, _build_line("*Proof: the approved sentences*"), *proof]


def _take_claims(
    answer: Answer, claims: tuple[Claim, ...], head: list[Piece], numbers: dict[str, int]
) -> tuple[Claim, ...]:
    """The longest beginning of the claims that fits together with all of its proof; one at least."""
    for count in range(len(claims), 1, -1):
        pieces = [*head, *_build_body(answer, claims[:count], numbers)]
        if _fits(pieces):
            return claims[:count]
    return claims[:1]


def _take_fitting(pieces: Sequence[Piece]) -> list[Piece]:
    taken: list[Piece] = []
    for piece in pieces:
        if not _fits([*taken, piece]):
            break
        taken.append(piece)
    return taken


def _fits(pieces: Iterable[Piece]) -> bool:
    listed = list(pieces)
    blocks = sum(len(piece.blocks) for piece in listed)
    characters = sum(piece.size for piece in listed)
    return blocks <= MAX_BLOCKS - RESERVED_BLOCKS and characters <= MAX_CHARACTERS - RESERVED_CHARACTERS


def _may_post(claim: Claim) -> bool:
    return all(found.classification != "never" for found in claim.evidence)


def _keep_sendable(claim: Claim) -> Claim:
    """A claim whose proof fits into one message: a quotation that is too long is linked, never cut."""
    return replace(claim, evidence=tuple(_link_if_too_long(found) for found in claim.evidence[:MAX_EVIDENCE]))


def _link_if_too_long(found: Evidence) -> Evidence:
    return found if len(found.sentence) <= MAX_QUOTATION else replace(found, classification="link_only")


def _list_evidence(claims: Iterable[Claim]) -> tuple[Evidence, ...]:
    found = {evidence.sentence_id: evidence for claim in claims for evidence in claim.evidence}
    return tuple(found.values())


def _number_evidence(claims: Iterable[Claim]) -> dict[str, int]:
    return {found.sentence_id: number for number, found in enumerate(_list_evidence(claims), start=1)}


def _build_claim(claim: Claim, numbers: dict[str, int]) -> Piece:
    marks = " ".join(f"[{numbers[found.sentence_id]}]" for found in claim.evidence)
    # A sentence in our words about a document that may only be linked would give its content away.
    is_open = all(found.classification == "quote" for found in claim.evidence)
    words = (
        claim.text.strip() if is_open else "There is an approved answer that may only be read at its source:"
    )
    return Piece(
        _build_rich(f"{neutralise(words)} {marks}", RichTextSectionElement), f"{build_plain(words)} {marks}"
    )


def _group_by_place(evidence: Iterable[Evidence]) -> list[list[Evidence]]:
    """Neighbours of one document, heading and page stand together over one line that says where."""
    return [list(group) for _, group in groupby(evidence, key=_place_of)]


def _place_of(found: Evidence) -> tuple[object, ...]:
    return found.document_id, found.revision, found.heading, found.page, found.classification


def _build_evidence(group: Sequence[Evidence], numbers: Mapping[str, int]) -> Piece:
    """Quotations of one place in their order, then their marks and the source."""
    marks = "".join(f"[{numbers[found.sentence_id]}] " for found in group if found.sentence_id in numbers)
    source = ContextBlock(elements=[_mrkdwn(f"{marks}{_describe_source(group[0], is_linked=True)}")])
    plain = f"{marks}{_describe_source(group[0], is_linked=False)}"
    if group[0].classification != "quote":
        return Piece((source,), plain)
    quotations = [block for found in group for block in _build_rich(found.sentence, RichTextQuoteElement)]
    quoted = " ".join(f"“{build_plain(found.sentence)}”" for found in group)
    return Piece((*quotations, source), f"{quoted} {plain}")


def _describe_source(found: Evidence, *, is_linked: bool) -> str:
    title = shorten(found.title, 150) or "Untitled"
    link = build_link(found.url, title) if is_linked else build_plain(title)
    details = [
        build_plain(shorten(found.heading, 150)),
        f"page {found.page}" if found.page is not None else "",
        found.status,
        f"owner {build_plain(shorten(found.owner, 80))}" if found.owner else "",
        f"last change {found.updated:%Y-%m-%d}" if found.updated else "",
        "newer draft waiting" if found.newer_draft else "",
        "may only be read at its source" if found.classification == "link_only" else "",
    ]
    return " · ".join([link, *(detail for detail in details if detail)])


def _list_notes(answer: Answer, claims: Sequence[Claim]) -> list[str]:
    if answer.mode == "passages" or not claims:
        return []
    words = f"Worded by {shorten(answer.model, 60)}. " if answer.model else ""
    return [f"{words}Each sentence was checked against the quotations under Proof."]


def _build_notes(lines: Iterable[str]) -> list[Piece]:
    wanted = [build_plain(line) for line in lines if line]
    return [Piece((ContextBlock(elements=[_mrkdwn(line)]),), line) for line in wanted]


def _build_line(mrkdwn: str) -> Piece:
    return Piece((SectionBlock(text=_mrkdwn(mrkdwn)),), mrkdwn.strip("*"))


def _build_rich(
    text: str, element: type[RichTextSectionElement] | type[RichTextQuoteElement]
) -> tuple[Block, ...]:
    # Rich text shows its characters as they are: no markup, no mention and no link can come out of them.
    return tuple(
        RichTextBlock(elements=[element(elements=[RichTextElementParts.Text(text=part)])])
        for part in split_text(text, SECTION_CHARACTERS)
    )


def _mrkdwn(text: str) -> MarkdownTextObject:
    # `verbatim` keeps Slack from turning bare names and addresses into links.
    return MarkdownTextObject(text=text, verbatim=True)


def _join(pieces: Sequence[Piece]) -> Reply:
    blocks = tuple(block for piece in pieces for block in piece.blocks)
    return Reply(text="\n".join(piece.text for piece in pieces), blocks=blocks)


def _count(value: object) -> int:
    if isinstance(value, Block):
        return _count(value.to_dict())
    if isinstance(value, dict):
        own = value.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(_count(item) for item in value.values())
    return sum(_count(item) for item in value) if isinstance(value, list) else 0
