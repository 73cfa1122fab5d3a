"""From a question to its checked answer. Knows no Slack: used by the bot, the command line and evaluations alike."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from bot.answer.claims import CheckedClaims, check_claims, parse_answer
from bot.answer.passages import build_claims, pick_sentences
from bot.answer.prompt import PromptWithSentences, build_answer_prompt
from bot.answer.refusal import has_evidence, is_near
from bot.answer.why import (
    MEANING_IS_DOWN,
    MODEL_FOUND_NOTHING,
    NO_LONGER_AVAILABLE,
    NOTHING_FOUND,
    NOTHING_PROVED,
    explain_absence,
    explain_model_failure,
)
from core.access import OWNER_ACCESS
from core.answers import Answer, AnswerEvent, Evidence, Milliseconds, Progress, Question, Ruling, Verdict
from core.clock import Stopwatch
from core.documents import AnsweringDocument, Facts
from core.llm import ChatModel, Completion, ModelUnavailable, PromptTooLong
from index.embedder import Embedder
from index.passage_store import Scope
from index.search import Found, FoundPassage
from index.understanding import find_day

# Enough for the model's context after long passages; passages mode and the gate look at the first few.
FOUND_PASSAGES = 24
NEAREST_SENTENCES = 3
# A draft carries no times: they are read once, when the answer leaves.
_UNTIMED = Milliseconds(search=0.0, model=0.0, verify=0.0, total=0.0)

_log = logging.getLogger(__name__)


class AnswerSearch(Protocol):
    """What the walk needs of index.search.PassageSearch."""

    def find_by_any_leg(self, text: str, scope: Scope, *, limit: int = 10) -> Found:
        """Best passages first, all readable by the asker, and which legs looked for them."""

    def find_hidden(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """The same without status, dates and access; only to say why nothing was found."""

    def confirm(
        self, documents: Iterable[AnsweringDocument], scope: Scope
    ) -> Mapping[str, AnsweringDocument]:
        """Those documents that still answer for this scope, by id, as they are now."""


class FindsOfficial(Protocol):
    """What the walk needs of bot.answer.official_serving.OfficialDesk."""

    def find(self, text: str, scope: Scope) -> Answer | None:
        """The official answer to this question for this asker, or None."""

    def still_stands(self, shown: Answer, scope: Scope) -> bool:
        """Is this official answer still served?"""


class RecordsGaps(Protocol):
    """What the walk needs of bot.answer.gap_joining.GapRecorder."""

    def record(self, question: Question, answer: Answer) -> None:
        """Keep the question if it is a gap; returns at once and never raises."""


@dataclass(slots=True)
class _Walk:
    """One question on its way: what is asked, and where the time has gone (in milliseconds)."""

    question: Question
    scope: Scope
    watch: Stopwatch = field(default_factory=Stopwatch)
    search: float = 0.0
    model: float = 0.0

    def read_times(self) -> Milliseconds:
        total = self.watch.milliseconds()
        verify = max(0.0, round(total - self.search - self.model, 1))
        return Milliseconds(search=self.search, model=self.model, verify=verify, total=total)


class AnswerPipeline:
    """Answers questions. Without a model every answer is in passages mode. Thread-safe as its parts are."""

    def __init__(
        self,
        *,
        search: AnswerSearch,
        model: ChatModel | None,
        embedder: Embedder,
        official: FindsOfficial | None = None,
        gaps: RecordsGaps | None = None,
    ) -> None:
        self._official = official
        self._gaps = gaps
        self._search = search
        self._model = model
        self._embedder = embedder

    def answer(self, question: Question) -> Iterator[AnswerEvent]:
        """Progress, then exactly one Answer, all of it confirmed at the very end. Raises what search raises."""
        walk = _Walk(question, build_scope(question))
        yield Progress("searching", "Looking through the approved documents")
        official = self._find_official(walk)
        if official is not None:
            yield official
            return
        found = self._search.find_by_any_leg(question.text, walk.scope, limit=FOUND_PASSAGES)
        passages = found.passages
        walk.search = walk.watch.milliseconds()
        if not has_evidence(question.text, passages):
            draft = self._refuse(walk, passages)
        elif self._model is None or not question.use_model:
            yield Progress("reading", "Choosing the closest passages")
            draft = self._show_passages(walk, passages)
        else:
            yield Progress("writing", "Putting the passages into words")
            draft = self._write(walk, passages, self._model)
        yield Progress("checking", "Checking every sentence once more")
        answer = _note_missing_leg(self.recheck(question, draft), found)
        if self._gaps is not None:
            self._gaps.record(question, answer)
        yield replace(answer, milliseconds=walk.read_times())

    def _find_official(self, walk: _Walk) -> Answer | None:
        """The official answer, confirmed as every other; what does not stand any more goes the ordinary way."""
        draft = self._official.find(walk.question.text, walk.scope) if self._official else None
        if draft is None:
            return None
        walk.search = walk.watch.milliseconds()
        answer = self.recheck(walk.question, draft)
        return replace(answer, milliseconds=walk.read_times()) if answer.claims else None

    def recheck(self, question: Question, answer: Answer) -> Answer:
        """The answer without what may not be shown any more to this asker. Called again right before posting."""
        shown = [*answer.nearest, *(evidence for claim in answer.claims for evidence in claim.evidence)]
        if not shown:
            return answer
        scope = build_scope(question)
        if answer.official and not (self._official and self._official.still_stands(answer, scope)):
            return _withdraw(answer)
        documents = {(one.document_id, one.revision): _build_confirmable(one) for one in shown}
        confirmed = self._search.confirm(documents.values(), scope)
        return refresh_evidence(
            drop_unconfirmed(answer, confirmed.keys()), confirmed, on=scope.on or question.on
        )

    def _refuse(self, walk: _Walk, passages: tuple[FoundPassage, ...]) -> Answer:
        question = walk.question
        hidden = self._search.find_hidden(question.text, walk.scope, limit=FOUND_PASSAGES)
        # What does not answer even without the filters is no reason: it would hint at unrelated documents.
        telling = tuple(one for one in hidden[:NEAREST_SENTENCES] if has_evidence(question.text, (one,)))
        near = passages if is_near(question.text, passages) else ()
        nearest = pick_sentences(question.text, near, self._embedder, limit=NEAREST_SENTENCES)
        why = explain_absence(replace(question, on=walk.scope.on or question.on), telling)
        return Answer("not_found", "passages", (), _UNTIMED, why=why, nearest=nearest)

    def _show_passages(self, walk: _Walk, passages: tuple[FoundPassage, ...], *, why: str = "") -> Answer:
        claims = build_claims(pick_sentences(walk.question.text, passages, self._embedder))
        if not claims:
            return Answer("not_found", "passages", (), _UNTIMED, why=NOTHING_FOUND)
        return Answer("answered", "passages", claims, _UNTIMED, why=why)

    def _write(self, walk: _Walk, passages: tuple[FoundPassage, ...], model: ChatModel) -> Answer:
        started = walk.watch.milliseconds()
        try:
            built, completion = _complete(model, walk.question, passages)
            written = parse_answer(completion.text)
        except ModelUnavailable as failure:
            _log.warning("model unavailable: %s", failure)
            return self._show_passages(walk, passages, why=explain_model_failure(str(failure)))
        finally:
            walk.model = round(walk.watch.milliseconds() - started, 1)
        checked = check_claims(written.claims, built.sentences)
        if written.found and checked.kept:
            return _build_written(checked, written.ruling, completion)
        if written.found:
            return self._show_passages(walk, passages, why=NOTHING_PROVED)
        nearest = pick_sentences(walk.question.text, passages, self._embedder, limit=NEAREST_SENTENCES)
        refusal = Answer("not_found", "model", (), _UNTIMED, why=MODEL_FOUND_NOTHING, nearest=nearest)
        return replace(refusal, model=completion.served_model)


def build_scope(question: Question) -> Scope:
    """Whose eyes, which day and which brand: what every search for this question is filtered by."""
    day = find_day(question.text, today=question.on) or question.on
    return Scope(asker=question.asker, on=day, brand=question.brand)


def _note_missing_leg(answer: Answer, found: Found) -> Answer:
    if not found.is_without_meaning:
        return answer
    return replace(answer, why=f"{answer.why} {MEANING_IS_DOWN}".strip())


def refresh_evidence(answer: Answer, now: Mapping[str, AnsweringDocument], *, on: date) -> Answer:
    """What a citation shows of its document, as the ledger has it now: what may be posted may just have changed."""
    claims = tuple(
        replace(claim, evidence=tuple(_refresh(one, now[one.document_id], on) for one in claim.evidence))
        for claim in answer.claims
    )
    nearest = tuple(_refresh(one, now[one.document_id], on) for one in answer.nearest)
    return replace(answer, claims=claims, nearest=nearest)


def _refresh(evidence: Evidence, document: AnsweringDocument, on: date) -> Evidence:
    return replace(
        evidence,
        title=document.title,
        url=document.url,
        owner=document.owner,
        classification=document.classification,
        newer_draft=document.newer_draft,
        is_overdue=document.is_overdue(on),
    )


def drop_unconfirmed(answer: Answer, confirmed: Collection[str]) -> Answer:
    """Keep a claim only when every document behind it is confirmed: half a proof is none. Pure."""
    claims = tuple(
        claim for claim in answer.claims if all(one.document_id in confirmed for one in claim.evidence)
    )
    nearest = tuple(one for one in answer.nearest if one.document_id in confirmed)
    if claims == answer.claims:
        return replace(answer, nearest=nearest)
    if not claims:
        return _withdraw(replace(answer, nearest=nearest))
    verdict: Verdict = "partial" if answer.mode == "model" else answer.verdict
    return replace(answer, verdict=verdict, ruling=None, claims=claims, nearest=nearest)


def _withdraw(answer: Answer) -> Answer:
    """What is left when nothing of it may be shown any more."""
    return replace(
        answer, verdict="not_found", ruling=None, claims=(), why=NO_LONGER_AVAILABLE, official=None
    )


def _complete(
    model: ChatModel, question: Question, passages: tuple[FoundPassage, ...]
) -> tuple[PromptWithSentences, Completion]:
    """Ask the model; a prompt that is too long for it is tried once more with half of the passages."""
    built = build_answer_prompt(question.text, passages)
    try:
        return built, model.complete_json(built.prompt, schema=built.schema, thinking=question.thinking)
    except PromptTooLong:
        shorter = build_answer_prompt(question.text, passages[: max(1, len(passages) // 4)])
        return shorter, model.complete_json(shorter.prompt, schema=shorter.schema, thinking=question.thinking)


def _build_written(checked: CheckedClaims, ruling: Ruling | None, completion: Completion) -> Answer:
    is_whole = not checked.failed
    # A ruling may rest on the very claim that did not hold: it is given with a whole answer only.
    answer = Answer("answered" if is_whole else "partial", "model", checked.kept, _UNTIMED)
    why = (
        ""
        if is_whole
        else f"{len(checked.failed)} sentence(s) of the model could not be proved and are left out."
    )
    return replace(answer, ruling=ruling if is_whole else None, why=why, model=completion.served_model)


def _build_confirmable(evidence: Evidence) -> AnsweringDocument:
    """What `confirm` compares: the document and the revision that was cited. Its facts come from the ledger."""
    return AnsweringDocument(
        document_id=evidence.document_id,
        revision=evidence.revision,
        source=evidence.source,
        path=evidence.path,
        title=evidence.title,
        facts=Facts(status=evidence.status, access=OWNER_ACCESS),
    )
