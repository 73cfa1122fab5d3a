"""From a question to its checked answer. Knows no Slack: used by the bot, the command line and evaluations alike."""

import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.answer.confirming import (
    drop_unconfirmed,
    list_confirmable,
    list_evidence_of,
    refresh_evidence,
    withdraw_answer,
)
from bot.answer.conflict import show_conflict
from bot.answer.follow_up import FollowUp, resolve_follow_up
from bot.answer.follow_up_prompt import build_rewrite_prompt, read_rewrite
from bot.answer.passages import MAX_SENTENCES, build_claims, pick_sentences
from bot.answer.pipeline_parts import AnswerSearch, Desks, KeepsReceipts, RecordsGaps
from bot.answer.refusal import has_evidence, is_near
from bot.answer.why import (
    MEANING_IS_DOWN,
    MODEL_FOUND_NOTHING,
    NO_RECEIPT,
    NOTHING_FOUND,
    NOTHING_PROVED,
    explain_absence,
    explain_lost_claims,
    explain_model_failure,
)
from bot.answer.writing import AnswerWriter, WritingRules, Written, build_cache_salt
from core.answers import UNTIMED, Answer, AnswerEvent, Milliseconds, Progress, Question, Trace, Turn
from core.clock import Stopwatch
from core.disk_space import DiskFull
from core.llm import ChatModel, ModelUnavailable
from core.turnstile import Turnstile
from index.embedder import Embedder
from index.passage_store import Scope
from index.search import Found, FoundPassage
from index.understanding import find_day

# Enough for the model's context after long passages; passages mode and the gate look at the first few.
FOUND_PASSAGES = 24
NEAREST_SENTENCES = 3
SENTENCES_BY_WISH = {"shorter": 2, "longer": 8}
_NOT_SEARCHED = Found((), ("dense", "bm25"))
# Computing threads share one interpreter: more at once only make all of them late.
_PLACES = 2

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Walk:
    """One question on its way: what is asked, what is searched for, the steps taken, and where the time has gone."""

    question: Question
    asked: FollowUp
    scope: Scope
    watch: Stopwatch = field(default_factory=Stopwatch)
    search: float = 0.0
    model: float = 0.0
    trace: Trace = field(default_factory=Trace)

    def end_search(self) -> None:
        self.search = round(self.watch.milliseconds() - self.model, 1)

    def read_times(self) -> Milliseconds:
        total = self.watch.milliseconds()
        verify = max(0.0, round(total - self.search - self.model, 1))
        return Milliseconds(search=self.search, model=self.model, verify=verify, total=total)

    def note(self, *steps: str) -> None:
        """Add to the way that is kept in the receipt. Never a word of the question: it must stay erasable."""
        self.trace = replace(self.trace, steps=(*self.trace.steps, *steps))

    @property
    def meant(self) -> Question:
        """The question as it is understood."""
        return replace(self.question, text=self.asked.question, on=self.scope.on or self.question.on)


class AnswerPipeline:
    """Answers questions. Without a model every answer is in passages mode. Thread-safe as its parts are."""

    def __init__(  # noqa: PLR0913 - the parts are told apart by their names
        self,
        *,
        search: AnswerSearch,
        model: ChatModel | None,
        embedder: Embedder,
        desks: Desks | None = None,
        gaps: RecordsGaps | None = None,
        receipts: KeepsReceipts | None = None,
        rules: WritingRules | None = None,
    ) -> None:
        self._desks = desks or Desks()
        self._gaps = gaps
        self._receipts = receipts
        self._search = search
        self._model = model
        self._rules = rules or WritingRules()
        self._embedder = embedder
        self._gate = Turnstile(_PLACES)

    def answer(self, question: Question) -> Iterator[AnswerEvent]:
        """Progress, then exactly one Answer, all of it confirmed at the very end. Raises what search raises."""
        walk = self._start(question)
        yield Progress("searching", "Looking through the approved documents")
        # Our own work goes in turns; nobody holds a place while the model writes or a status is posted.
        with self._gate.turn():
            draft, found = self._look(walk)
        if draft is None:
            draft = yield from self._choose(walk, found.passages)
        yield Progress("checking", "Checking every sentence once more")
        with self._gate.turn():
            answer = self._finish(walk, _note_missing_leg(draft, found))
        yield answer

    def _look(self, walk: _Walk) -> tuple[Answer | None, Found]:
        """What needs no choosing and no model: the proof asked for, official answers, lists, quotations, a refusal."""
        draft = self._show_source(walk) or self._find_official(walk) or self._find_listing(walk)
        if draft is not None:
            return draft, _NOT_SEARCHED
        found = self._search.find_by_any_leg(walk.asked.question, walk.scope, limit=FOUND_PASSAGES)
        walk.end_search()
        quoted = self._find_quotation(walk, found.passages)
        if quoted is None and not has_evidence(walk.asked.question, found.passages):
            return self._refuse(walk, found.passages), found
        return quoted, found

    def _choose(self, walk: _Walk, passages: tuple[FoundPassage, ...]) -> Generator[Progress, None, Answer]:
        if self._model is None or not walk.question.use_model:
            yield Progress("reading", "Choosing the closest passages")
            with self._gate.turn():
                return self._show_passages(walk, passages)
        yield Progress("writing", "Putting the passages into words")
        return self._write(walk, passages, AnswerWriter(self._model, self._rules))

    def _start(self, question: Question) -> _Walk:
        watch = Stopwatch()
        asked = self._resolve(question)
        walk = _Walk(question, asked, build_scope(replace(question, text=asked.question)), watch)
        if self._model is not None and question.use_model and asked.by != "itself":
            walk.model = round(watch.milliseconds(), 1)
        walk.trace = replace(walk.trace, understood_as=asked.question)
        if asked.by != "itself":
            walk.note(f"understood by {asked.by}")
        return walk

    def _resolve(self, question: Question) -> FollowUp:
        """The whole question that a follow-up stands for. Claims that may no longer be shown take no part in it."""
        earlier = [self._recheck_turn(question, turn) for turn in question.earlier]
        asked = resolve_follow_up(question.text, earlier)
        if self._model is None or not question.use_model or asked.by != "rules" or asked.wish != "answer":
            return asked
        built = build_rewrite_prompt(question.text, earlier)
        try:
            salt = build_cache_salt(question.asker)
            reply = self._model.complete_json(built.prompt, schema=built.schema, cache_salt=salt).text
        except ModelUnavailable as failure:
            _log.warning("a follow-up is resolved by rules: %s", failure)
            return asked
        return read_rewrite(reply, text=question.text, earlier=earlier) or asked

    def _recheck_turn(self, question: Question, turn: Turn) -> Turn:
        kept = self.recheck(question, Answer("answered", "passages", turn.claims, UNTIMED)).claims
        return Turn(turn.question, kept)

    def _show_source(self, walk: _Walk) -> Answer | None:
        """The question "who said that?" is answered by the proof of the turn before."""
        claims = walk.question.earlier[-1].claims if walk.question.earlier else ()
        if walk.asked.wish != "source" or not claims:
            return None
        walk.note("source of the last answer")
        evidence = dict.fromkeys(one for claim in claims for one in claim.evidence)
        return Answer("answered", "passages", build_claims(tuple(evidence)), UNTIMED)

    def _find_official(self, walk: _Walk) -> Answer | None:
        """The official answer, confirmed as every other; what does not stand any more goes the ordinary way."""
        desk = self._desks.official
        draft = desk.find(walk.asked.question, walk.scope) if desk else None
        if draft is None:
            return None
        walk.end_search()
        answer = self.recheck(walk.meant, draft)
        if answer.claims:
            walk.note("official answer")
        return answer if answer.claims else None

    def _find_listing(self, walk: _Walk) -> Answer | None:
        desk = self._desks.listings
        draft = desk.find(walk.asked.question, walk.scope) if desk else None
        if draft is not None:
            walk.end_search()
            walk.note("listing")
        return draft

    def _find_quotation(self, walk: _Walk, passages: Sequence[FoundPassage]) -> Answer | None:
        desk = self._desks.quotations
        draft = desk.find(walk.asked.question, passages, walk.scope) if desk else None
        if draft is not None:
            walk.note("quotation")
        return draft

    def _finish(self, walk: _Walk, draft: Answer) -> Answer:
        """Confirmed once more, kept in the gaps if it is one, and in its receipt."""
        answer = self.recheck(walk.meant, draft)
        answer = replace(answer, trace=_join_traces(walk.trace, draft.trace), milliseconds=walk.read_times())
        if self._gaps is not None:
            self._gaps.record(walk.meant, answer)
        if self._receipts is None:
            return answer
        try:
            receipt_id = self._receipts.keep(walk.question, answer)
        except DiskFull as failure:
            _log.warning("an answer left no receipt: %s", failure)
            return replace(answer, why=f"{answer.why} {NO_RECEIPT}".strip())
        return replace(answer, receipt_id=receipt_id, milliseconds=walk.read_times())

    def recheck(self, question: Question, answer: Answer) -> Answer:
        """The answer without what may not be shown any more to this asker. Called again right before posting."""
        documents = list_confirmable(answer)
        if not documents:
            return answer
        scope, official = build_scope(question), self._desks.official
        if answer.official and not (official and official.still_stands(answer, scope)):
            return withdraw_answer(answer)
        listings, quotations = self._desks.listings, self._desks.quotations
        confirmed = (
            listings.confirm(question.text, documents, scope)
            if listings
            else self._search.confirm(documents, scope)
        )
        unusable = quotations.list_unusable(list_evidence_of(answer), scope) if quotations else frozenset()
        kept = drop_unconfirmed(answer, confirmed.keys(), unusable=unusable)
        return refresh_evidence(kept, confirmed, on=scope.on or question.on)

    def _refuse(self, walk: _Walk, passages: tuple[FoundPassage, ...]) -> Answer:
        walk.note("too little evidence")
        meant = walk.meant
        hidden = self._search.find_hidden(meant.text, walk.scope, limit=FOUND_PASSAGES)
        # What does not answer even without the filters is no reason: it would hint at unrelated documents.
        telling = tuple(one for one in hidden[:NEAREST_SENTENCES] if has_evidence(meant.text, (one,)))
        near = passages if is_near(meant.text, passages) else ()
        nearest = pick_sentences(meant.text, near, self._embedder, limit=NEAREST_SENTENCES)
        why = explain_absence(meant, telling)
        return Answer("not_found", "passages", (), UNTIMED, why=why, nearest=nearest)

    def _show_passages(self, walk: _Walk, passages: Sequence[FoundPassage], *, why: str = "") -> Answer:
        limit = SENTENCES_BY_WISH.get(walk.asked.wish, MAX_SENTENCES)
        picked = pick_sentences(walk.asked.question, passages, self._embedder, limit=limit)
        walk.note("passages")
        conflict = show_conflict(picked)
        if conflict is not None:
            walk.note("conflict")
            return conflict
        if not picked:
            return Answer("not_found", "passages", (), UNTIMED, why=NOTHING_FOUND)
        return Answer("answered", "passages", build_claims(picked), UNTIMED, why=why)

    def _write(self, walk: _Walk, passages: tuple[FoundPassage, ...], writer: AnswerWriter) -> Answer:
        try:
            written = writer.write(walk.question, walk.asked.question, passages, wish=walk.asked.wish)
        except ModelUnavailable as failure:
            _log.warning("model unavailable: %s", failure)
            walk.note("model failed")
            return self._show_passages(walk, passages, why=explain_model_failure(str(failure)))
        finally:
            walk.model = round(walk.model + writer.milliseconds, 1)
        draft = self._build_written(walk, passages, written)
        return replace(draft, model=written.served_model, trace=written.trace)

    def _build_written(self, walk: _Walk, passages: tuple[FoundPassage, ...], written: Written) -> Answer:
        if not written.found:
            nearest = pick_sentences(walk.asked.question, passages, self._embedder, limit=NEAREST_SENTENCES)
            return Answer("not_found", "model", (), UNTIMED, why=MODEL_FOUND_NOTHING, nearest=nearest)
        if not written.kept:
            return self._show_passages(walk, passages, why=NOTHING_PROVED)
        conflict = show_conflict([one for claim in written.kept for one in claim.evidence])
        if conflict is not None:
            walk.note("conflict")
            return conflict
        draft = Answer("partial" if written.lost else "answered", "model", written.kept, UNTIMED)
        return replace(draft, ruling=written.ruling, why=explain_lost_claims(written.lost))


def build_scope(question: Question) -> Scope:
    """Whose eyes, which day and which brand: what every search for this question is filtered by."""
    day = find_day(question.text, today=question.on) or question.on
    return Scope(asker=question.asker, on=day, brand=question.brand)


def _note_missing_leg(answer: Answer, found: Found) -> Answer:
    if not found.is_without_meaning:
        return answer
    return replace(answer, why=f"{answer.why} {MEANING_IS_DOWN}".strip())


def _join_traces(walk: Trace, draft: Trace) -> Trace:
    return replace(draft, understood_as=walk.understood_as, steps=(*draft.steps, *walk.steps))
