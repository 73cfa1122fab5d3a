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

from bot.blocks.postable import (
    MAX_QUOTATION,
    PostableClaim,
    PostableEvidence,
    choose_claims,
    decide_quotation,
    may_post,
)
from bot.blocks.text import build_link, build_plain, neutralise, shorten, split_text
from core.answers import Answer

OFFICIAL_HEADING = "Official answer"
PASSAGES_HEADING = "Closest approved passages"
NEAREST_HEADING = "Nearest approved passages; they may not answer it"
MAX_BLOCKS = 50
# Slack refuses a message at about 13,200 characters; links and marks count too.
MAX_CHARACTERS = 12_400
SECTION_CHARACTERS = 2900
MAX_NEAREST = 3
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


def build_answer(answer: Answer, *, quote_characters: int = MAX_QUOTATION, hint: str = "") -> Reply:
    """The message of an answer. `hint` is a closing line for the asker; `quote_characters` holds where it is posted.

    What is classified `never` is left out with the claims that rest on it. Of `link_only`, and of a sentence
    longer than `quote_characters`, only title and link show, with the reason; a claim that rests on such a
    sentence loses its own words too, and the ruling shows only where nothing is left out or withheld: both
    would tell what may only be read at its source. Blocks and text are made of the same pieces.
    """
    claims = choose_claims(answer.claims, quote_characters)
    if not claims:
        return _build_not_found(answer, hint, quote_characters)
    is_whole = len(claims) == len(answer.claims) and all(claim.is_open for claim in claims)
    numbers = _number_evidence(claims, is_quoted=answer.mode == "passages")
    head = _build_head(answer, has_ruling=is_whole)
    shown = _take_claims(answer, claims, head, numbers)
    pieces = [*head, *_build_body(answer, shown, numbers)]
    left_out = len(claims) - len(shown)
    lines = [f"{left_out} more did not fit here; ask for one of them by name."] if left_out else []
    return _join([*pieces, *_build_notes([*lines, *_list_notes(answer, shown), *answer.stale, hint])])


def build_notice(text: str) -> Reply:
    """A short message of our own words, such as a refusal or a hint. `text` may hold several lines."""
    return _join([_build_line(build_plain(text))])


def _build_not_found(answer: Answer, hint: str, quote_characters: int) -> Reply:
    why = shorten(answer.why, MAX_WHY) if answer.verdict == "not_found" else ""
    pieces = [_build_line(f"*{_VERDICTS['not_found']}*"), _build_line(build_plain(why or _NOTHING_TO_SHOW))]
    nearest = [decide_quotation(found, quote_characters) for found in answer.nearest if may_post(found)]
    if nearest:
        pieces.append(_build_line(f"*{NEAREST_HEADING}*"))
        pieces += [_build_evidence(group, {}) for group in _group_by_place(nearest[:MAX_NEAREST])]
    return _join([*_take_fitting(pieces), *_build_notes([*answer.stale, hint])])


def _build_head(answer: Answer, *, has_ruling: bool) -> list[Piece]:
    why = shorten(answer.why, MAX_WHY)
    heading = _build_line(f"*{_name_verdict(answer, has_ruling=has_ruling)}*")
    return [heading, *([_build_line(build_plain(why))] if why else [])]


def _name_verdict(answer: Answer, *, has_ruling: bool) -> str:
    if answer.official:
        return OFFICIAL_HEADING
    if answer.verdict == "conflict":
        return _VERDICTS["conflict"]
    if answer.mode == "passages":
        return PASSAGES_HEADING
    if answer.ruling and has_ruling:
        return _RULINGS[answer.ruling]
    return _VERDICTS[answer.verdict]


def _build_body(answer: Answer, claims: Sequence[PostableClaim], numbers: dict[str, int]) -> list[Piece]:
    if answer.mode == "passages" and not answer.official:
        return [piece for _, group in groupby(claims, _is_whole) for piece in _build_quoted(group, numbers)]
    evidence = _list_evidence(claims)
    proof = [_build_evidence(group, numbers) for group in _group_by_place(evidence)]
    written = [_build_claim(claim, numbers) for claim in claims]
    named = "sentences" if any(not one.withheld for one in evidence) else "sources"
    return [*written, _build_line(f"*Proof: the approved {named}*"), *proof]


def _is_whole(claim: PostableClaim) -> bool:
    return claim.is_quotation and claim.is_open


def _build_quoted(claims: Iterable[PostableClaim], numbers: dict[str, int]) -> list[Piece]:
    """Stored sentences by their places; a quotation of several sentences is one, not cut into pieces."""
    listed = list(claims)
    if _is_whole(listed[0]):
        return [_build_quotation(claim, numbers) for claim in listed]
    return [_build_evidence(group, numbers) for group in _group_by_place(_list_evidence(listed))]


def _build_quotation(claim: PostableClaim, numbers: dict[str, int]) -> Piece:
    first = claim.evidence[0]
    return _build_evidence([replace(first, found=replace(first.found, sentence=claim.words))], numbers)


def _take_claims(
    answer: Answer, claims: tuple[PostableClaim, ...], head: list[Piece], numbers: dict[str, int]
) -> tuple[PostableClaim, ...]:
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


def _list_evidence(claims: Iterable[PostableClaim]) -> tuple[PostableEvidence, ...]:
    listed = {one.found.sentence_id: one for claim in claims for one in claim.evidence}
    return tuple(listed.values())


def _number_evidence(claims: Iterable[PostableClaim], *, is_quoted: bool) -> dict[str, int]:
    """By sentence id, from 1. Where a quotation is shown in one piece, it has one number."""
    trimmed = (
        replace(claim, evidence=claim.evidence[:1]) if is_quoted and _is_whole(claim) else claim
        for claim in claims
    )
    return {one.found.sentence_id: number for number, one in enumerate(_list_evidence(trimmed), start=1)}


def _build_claim(claim: PostableClaim, numbers: dict[str, int]) -> Piece:
    marks = " ".join(f"[{numbers[one.found.sentence_id]}]" for one in claim.evidence)
    blocks = _build_rich(f"{neutralise(claim.words)} {marks}", RichTextSectionElement)
    return Piece(blocks, f"{build_plain(claim.words)} {marks}")


def _group_by_place(evidence: Iterable[PostableEvidence]) -> list[list[PostableEvidence]]:
    """Neighbours of one document, heading and page stand together over one line that says where."""
    return [list(group) for _, group in groupby(evidence, key=_place_of)]


def _place_of(one: PostableEvidence) -> tuple[object, ...]:
    found = one.found
    return found.document_id, found.revision, found.heading, found.page, one.withheld


def _build_evidence(group: Sequence[PostableEvidence], numbers: Mapping[str, int]) -> Piece:
    """Quotations of one place in their order, then their marks and the source."""
    ids = [one.found.sentence_id for one in group]
    marks = "".join(f"[{numbers[sentence_id]}] " for sentence_id in ids if sentence_id in numbers)
    source = ContextBlock(elements=[_mrkdwn(f"{marks}{_describe_source(group[0], is_linked=True)}")])
    plain = f"{marks}{_describe_source(group[0], is_linked=False)}"
    if group[0].withheld:
        return Piece((source,), plain)
    sentences = [one.found.sentence for one in group]
    quotations = [block for sentence in sentences for block in _build_rich(sentence, RichTextQuoteElement)]
    quoted = " ".join(f"“{build_plain(sentence)}”" for sentence in sentences)
    return Piece((*quotations, source), f"{quoted} {plain}")


def _describe_source(one: PostableEvidence, *, is_linked: bool) -> str:
    found = one.found
    title = shorten(found.title, 150) or "Untitled"
    link = build_link(found.url, title) if is_linked else build_plain(title)
    details = [
        build_plain(shorten(found.heading, 150)),
        f"page {found.page}" if found.page is not None else "",
        found.status,
        f"owner {build_plain(shorten(found.owner, 80))}" if found.owner else "",
        f"last change {found.updated:%Y-%m-%d}" if found.updated else "",
        f"valid until {found.valid_until:%Y-%m-%d}" if found.valid_until else "",
        "newer draft waiting" if found.newer_draft else "",
        "review overdue" if found.is_overdue else "",
        one.withheld,
    ]
    return " · ".join([link, *(detail for detail in details if detail)])


def _list_notes(answer: Answer, claims: Sequence[PostableClaim]) -> list[str]:
    # Where no claim is shown in words there is nothing to vouch for.
    if answer.mode == "passages" or not any(claim.is_open for claim in claims):
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
