"""Is one answer right? Judged against a question whose answer is known. Pure; called by score_answers.py."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from admin.evals.gold import cites_gold, holds_gold, read_plain
from admin.evals.questions import EvalQuestion, Gold
from core.answers import Answer, Claim, Evidence

Criterion = Literal["verdict", "gold", "words", "forbidden", "quotation", "ruling"]
CRITERIA: Final[tuple[Criterion, ...]] = ("verdict", "gold", "words", "forbidden", "quotation", "ruling")
QUOTE = "quote"
MOST_SHOWN = 5
"""In passages mode only so many sentences count as shown."""

_QUOTED = re.compile(r"[“\"«„]([^“”\"«»„]+)[”\"»“]")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|^[ \t]*>[ \t]?|[*_`]{1,3}(?=\W|$)|(?<!\w)[*_`]{1,3}", re.MULTILINE)
# Shorter spans in quotation marks are words under discussion, not what somebody said.
FEWEST_QUOTED_WORDS = 4


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was right and what was not; a criterion that does not apply to the question is not among them."""

    question: EvalQuestion
    answer: Answer
    right: tuple[Criterion, ...]
    wrong: tuple[Criterion, ...]

    @property
    def is_abstention(self) -> bool:
        """True when it was said that there is no answer."""
        return self.answer.verdict == "not_found"


def judge_answer(question: EvalQuestion, answer: Answer) -> Judgement:
    """Hold one answer against everything that its question says about it."""
    results = dict(_list_results(question, answer))
    return Judgement(
        question,
        answer,
        right=tuple(name for name in CRITERIA if results.get(name) is True),
        wrong=tuple(name for name in CRITERIA if results.get(name) is False),
    )


def has_words(alternatives: str, text: str) -> bool:
    """One of the alternatives (joined by `|`) begins as a word in the text; a number does not go on as another."""
    plain = read_plain(text)
    return any(_find_words(read_plain(one), plain) for one in alternatives.split("|") if one.strip())


def _list_results(question: EvalQuestion, answer: Answer) -> Iterator[tuple[Criterion, bool]]:
    said = "\n".join(claim.text for claim in answer.claims)
    yield "verdict", (answer.verdict == "not_found") != bool(question.gold)
    if question.must_not_contain:
        yield "forbidden", not any(has_words(words, said) for words in question.must_not_contain)
    if not question.gold:
        return
    yield "gold", _cites_any_gold(question, answer)
    if question.must_contain:
        proved = "\n".join(one.sentence for one in _list_evidence(answer.claims))
        yield "words", all(has_words(words, f"{said}\n{proved}") for words in question.must_contain)
    if question.type == QUOTE:
        yield "quotation", _quotes_exactly(question, answer)
    if question.ruling is not None:
        yield "ruling", answer.ruling == question.ruling


def _find_words(wanted: str, plain: str) -> bool:
    begins = r"(?<![a-z0-9])" if wanted[:1].isalnum() else ""
    ends = r"(?![.,]?\d)" if wanted[-1:].isdigit() else ""
    return bool(wanted) and re.search(f"{begins}{re.escape(wanted)}{ends}", plain) is not None


def _list_evidence(claims: Sequence[Claim]) -> list[Evidence]:
    return [evidence for claim in claims for evidence in claim.evidence]


def _cites_any_gold(question: EvalQuestion, answer: Answer) -> bool:
    claims = answer.claims[:MOST_SHOWN] if answer.mode == "passages" else answer.claims
    cited = _list_evidence(claims)
    if any(cites_gold(gold, one.path, one.sentence) for gold in question.gold for one in cited):
        return True
    # A snippet that spans two sentences, both of which are cited.
    return any(
        holds_gold(gold, path, "\n".join(one.sentence for one in cited if one.path == path))
        for gold in question.gold
        for path in gold.paths & {one.path for one in cited}
    )


def _quotes_exactly(question: EvalQuestion, answer: Answer) -> bool:
    return any(_quotes_gold(gold, answer.claims) for gold in question.gold) and all(
        map(_is_true, answer.claims)
    )


def _quotes_gold(gold: Gold, claims: Sequence[Claim]) -> bool:
    """The quoted words of the gold, byte for byte but for line breaks, under the name of who said them."""
    words = _read_quoted(gold.snippet)
    cited = [one for one in _list_evidence(claims) if one.path in gold.paths]
    is_exact = words in _unwrap(" ".join(one.sentence for one in cited))
    shown = [
        *(claim.text for claim in claims),
        *(f"{one.heading} {one.title} {one.sentence}" for one in cited),
    ]
    return is_exact and (gold.speaker is None or read_plain(gold.speaker) in read_plain("\n".join(shown)))


def _is_true(claim: Claim) -> bool:
    """What the claim itself puts into quotation marks stands so in its proof."""
    proof = _unwrap(" ".join(one.sentence for one in claim.evidence))
    spans = (_unwrap(span) for span in _QUOTED.findall(claim.text))
    return all(span in proof for span in spans if len(span.split()) >= FEWEST_QUOTED_WORDS)


def _read_quoted(snippet: str) -> str:
    """What stands in quotation marks; a snippet without any is a piece of the quotation, or names its speaker."""
    bare = _unwrap(_MARKUP.sub("", snippet))
    spans = [_unwrap(span) for span in _QUOTED.findall(bare)]
    return max(spans, key=len, default="") or bare.strip('“”"«»„ ')


def _unwrap(text: str) -> str:
    return " ".join(text.split())
