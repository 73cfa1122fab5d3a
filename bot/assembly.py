"""Joins answering to real parts, by the settings. Used by every process that answers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answer.freshness import FreshWalk
from bot.answer.gap_joining import GapRecorder
from bot.answer.listing_desk import ListingDesk
from bot.answer.official_serving import OfficialDesk
from bot.answer.pipeline import AnswerPipeline
from bot.answer.pipeline_parts import Desks
from bot.answer.quotation_desk import QuotationDesk
from bot.answer.receipt_keeping import ReceiptKeeper
from bot.answer.register import Register
from bot.answer.writing import WritingRules
from bot.watched import WatchedModel, WatchedPipeline, WatchedSearch
from core.clock import Clock
from core.database import Database
from core.gaps import Gaps
from core.official_answers import OfficialAnswers
from core.receipts import Receipts
from core.running_documents import RunningDocuments
from core.schedules import Schedules
from core.settings import Settings
from index.assembly import Index
from index.embedders import name_index
from index.remembering_embedder import RememberingEmbedder

if TYPE_CHECKING:
    from core.openai_model import OpenAiChatModel


@dataclass(frozen=True, slots=True)
class Answering:
    """The answer walk with what it reads and writes beside documents."""

    pipeline: WatchedPipeline
    official_answers: OfficialAnswers
    official_desk: OfficialDesk
    desks: Desks
    gaps: Gaps
    gap_recorder: GapRecorder
    receipts: Receipts
    receipt_keeper: ReceiptKeeper

    def close(self) -> None:
        """Wait until the gaps of the last answers are kept."""
        self.gap_recorder.close()


def open_answering(settings: Settings, index: Index, database: Database, clock: Clock) -> Answering:
    """The answer walk; without ONBRAND_LLM_URL every answer is in passages mode. Close it at the end."""
    search, gaps, official_answers = index.search, Gaps(database, clock), OfficialAnswers(database)
    desk = OfficialDesk(
        official_answers, search=search, ledger=index.ledger, store=index.store, embedder=search.embedder
    )
    recorder, receipts = GapRecorder(gaps, search.embedder), Receipts(database, clock)
    # Asked for each receipt: a re-index may exchange the embedder while we answer.
    keeper = ReceiptKeeper(receipts, name_index=lambda: name_index(index.embedder))
    register = Register(RunningDocuments(database), index.store)
    desks = Desks(desk, ListingDesk(register, search), QuotationDesk(register))
    watched, model = WatchedSearch(search), _watch_model(open_model(settings))
    pipeline = AnswerPipeline(
        search=watched,
        model=model,
        embedder=RememberingEmbedder(search.embedder),
        desks=desks,
        gaps=recorder,
        receipts=keeper,
        rules=read_rules(settings),
    )
    fresh = FreshWalk(pipeline, Schedules(database, clock).list_stale)
    answers = WatchedPipeline(fresh, search=watched, model=model)
    return Answering(answers, official_answers, desk, desks, gaps, recorder, receipts, keeper)


def read_rules(settings: Settings) -> WritingRules:
    """How the model is asked."""
    return WritingRules(
        thinking=settings.llm_thinking, context_tokens=settings.llm_context_tokens, veto=settings.llm_veto
    )


def open_model(settings: Settings) -> "OpenAiChatModel | None":
    """The language model that the settings name, if any. No connection is made yet."""
    if settings.llm_url is None:
        return None
    # The openai package takes most of a second to import: `ask` without an endpoint must not pay it.
    from core.model_gate import EndpointUse
    from core.openai_model import OpenAiChatModel

    return OpenAiChatModel(
        url=settings.llm_url,
        model=settings.llm_model,
        key=settings.llm_key.get_secret_value() if settings.llm_key else None,
        dialect=settings.llm_dialect,
        timeout_seconds=settings.llm_timeout_seconds,
        use=EndpointUse(priority=settings.llm_priority, in_flight=settings.llm_in_flight),
    )


def _watch_model(model: "OpenAiChatModel | None") -> WatchedModel | None:
    return WatchedModel(model, lambda: model.is_resting) if model is not None else None
