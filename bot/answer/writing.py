"""Has the model word an answer, checks it, and has it repaired once. Called by bot/answer/pipeline.py."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from bot.answer.claims import CheckedClaims, check_claims, parse_answer
from bot.answer.prompt import PromptWithSentences, build_answer_prompt
from bot.answer.ruling import asks_for_ruling, bind_ruling
from bot.answer.second_prompts import build_repair_prompt, build_veto_prompt, read_veto
from core.access import Person
from core.answers import Claim, Question, RejectedClaim, Ruling, Trace
from core.clock import Stopwatch
from core.llm import ChatModel, Completion, ModelUnavailable, Prompt, PromptTooLong
from index.search import FoundPassage

Thinking = Literal["never", "asked", "hard"]
CONTEXT_TOKENS = 6_000
# The answer, the rules of the prompt and the marks of each line need room too.
RESERVED_TOKENS = 3_000
FEWEST_CONTEXT_TOKENS = 800
CHARACTERS_PER_TOKEN = 4
HARD_WORDS = 22

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WritingRules:
    """How the model is asked. `context_tokens` of passages at most; `veto` asks it once more, to reject only."""

    thinking: Thinking = "asked"
    context_tokens: int = CONTEXT_TOKENS
    veto: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What the model gave and what of it holds. `found` is its own word that the passages answer the question."""

    found: bool
    kept: tuple[Claim, ...]
    rejected: tuple[RejectedClaim, ...]
    lost: int
    ruling: Ruling | None
    served_model: str
    trace: Trace


class AnswerWriter:
    """One answer in the making; `milliseconds` is what the model has taken of it so far."""

    def __init__(self, model: ChatModel, rules: WritingRules) -> None:
        self._model = model
        self._rules = rules
        self.milliseconds = 0.0

    def write(
        self, question: Question, asked: str, passages: Sequence[FoundPassage], *, wish: str = "answer"
    ) -> Written:
        """Ask about `asked`. Raises ModelUnavailable; what was kept before a later call failed is kept."""
        thinking = self._wants_thinking(question, asked)
        salt = build_cache_salt(question.asker)
        built, completion = self._complete(asked, passages, thinking=thinking, salt=salt, wish=wish)
        answer = parse_answer(completion.text)
        checked = check_claims(answer.claims, built.sentences) if answer.found else CheckedClaims((), ())
        steps = ["model"]
        if checked.rejected:
            checked = self._repair(built, checked, salt)
            steps.append("repair")
        if self._rules.veto and checked.kept:
            checked = self._veto(checked, salt)
            steps.append("veto")
        return Written(
            found=answer.found,
            kept=checked.kept,
            rejected=checked.rejected,
            lost=checked.lost,
            # A ruling may rest on the very claim that did not hold: it is given with a whole answer only.
            ruling=None if checked.lost else bind_ruling(asked, answer.ruling, checked.kept),
            served_model=completion.served_model,
            trace=_build_trace(built, completion, checked, steps),
        )

    def _wants_thinking(self, question: Question, asked: str) -> bool:
        if self._rules.thinking == "never":
            return False
        return question.thinking or (self._rules.thinking == "hard" and is_hard(asked))

    def _complete(
        self, asked: str, passages: Sequence[FoundPassage], *, thinking: bool, salt: str, wish: str
    ) -> tuple[PromptWithSentences, Completion]:
        """Ask the model; a prompt that is too long for it is tried once more with a quarter of the passages."""
        room = self._count_characters()
        built = build_answer_prompt(asked, passages, characters=room, wish=wish)
        try:
            return built, self._call(built.prompt, built.schema, thinking=thinking, salt=salt)
        except PromptTooLong:
            few = passages[: max(1, len(passages) // 4)]
            shorter = build_answer_prompt(asked, few, characters=room, wish=wish)
            return shorter, self._call(shorter.prompt, shorter.schema, thinking=thinking, salt=salt)

    def _call(self, prompt: Prompt, schema: Mapping[str, Any], *, thinking: bool, salt: str) -> Completion:
        watch = Stopwatch()
        try:
            return self._model.complete_json(prompt, schema=schema, thinking=thinking, cache_salt=salt)
        finally:
            self.milliseconds += watch.milliseconds()

    def _count_characters(self) -> int:
        tokens = self._rules.context_tokens
        known = self._model.context_tokens
        if known is not None:
            tokens = max(FEWEST_CONTEXT_TOKENS, min(tokens, known - RESERVED_TOKENS))
        return tokens * CHARACTERS_PER_TOKEN

    def _repair(self, built: PromptWithSentences, checked: CheckedClaims, salt: str) -> CheckedClaims:
        """One more call that says what did not hold; what it gives is checked like the first, and only adds."""
        repair = build_repair_prompt(built, checked.rejected)
        try:
            completion = self._call(repair, built.schema, thinking=False, salt=salt)
            again = check_claims(parse_answer(completion.text).claims, built.sentences)
        except ModelUnavailable as failure:
            _log.warning("repair of an answer failed: %s", failure)
            return checked
        shown = {claim.evidence for claim in checked.kept}
        added = tuple(claim for claim in again.kept if claim.evidence not in shown)
        # As many as were lost may come back: a repair is no second answer.
        added = added[: len(checked.rejected)]
        return CheckedClaims((*checked.kept, *added), checked.rejected, repaired=len(added))

    def _veto(self, checked: CheckedClaims, salt: str) -> CheckedClaims:
        """The model may take claims back that passed; it can rescue none. No answer to it rejects nothing."""
        prompt, schema = build_veto_prompt(checked.kept)
        try:
            reply = self._call(prompt, schema, thinking=False, salt=salt).text
        except ModelUnavailable as failure:
            _log.warning("veto was not asked: %s", failure)
            return checked
        refused = read_veto(reply, count=len(checked.kept))
        kept = tuple(claim for place, claim in enumerate(checked.kept) if place not in refused)
        vetoed = tuple(_reject(claim) for place, claim in enumerate(checked.kept) if place in refused)
        return CheckedClaims(kept, (*checked.rejected, *vetoed), repaired=checked.repaired)


def is_hard(question: str) -> bool:
    """Worth thinking about: a ruling, a comparison, or a long question of several parts."""
    words = question.lower().split()
    compares = {"versus", "vs", "compare", "compared", "difference", "unlike", "both"} & set(words)
    return bool(compares) or asks_for_ruling(question) or len(words) > HARD_WORDS or question.count("?") > 1


def build_cache_salt(asker: Person) -> str:
    """The same for askers of the same groups: their prompts may share a cache of the model's server."""
    groups = (
        ["owner"]
        if asker.is_owner
        else sorted(one for one in asker.principals if not one.startswith("user:"))
    )
    return sha256("\x1f".join(groups).encode()).hexdigest()[:32]


def _reject(claim: Claim) -> RejectedClaim:
    return RejectedClaim(claim.text, tuple(one.sentence_id for one in claim.evidence), ("veto",))


def _build_trace(
    built: PromptWithSentences, completion: Completion, checked: CheckedClaims, steps: Sequence[str]
) -> Trace:
    text = f"{built.prompt.system}\x1f{built.prompt.user}"
    values = {
        "thinking": completion.thinking,
        "format": completion.format_level,
        "prompt_tokens": completion.prompt_tokens,
        "completion_tokens": completion.completion_tokens,
    }
    return Trace(
        steps=tuple(steps),
        prompt_hash=sha256(text.encode("utf-8", "replace")).hexdigest(),
        offered=tuple(one.sentence_id for one in built.sentences.values()),
        rejected=checked.rejected,
        parameters=tuple((name, str(value)) for name, value in values.items() if value is not None),
    )
