"""Joins answering to real parts, by the settings. Used by every process that answers."""

from bot.answer.pipeline import AnswerPipeline
from core.llm import ChatModel
from core.settings import Settings
from index.assembly import Index


def open_pipeline(settings: Settings, index: Index) -> AnswerPipeline:
    """The answer walk; without ONBRAND_LLM_URL every answer is in passages mode."""
    return AnswerPipeline(search=index.search, model=open_model(settings), embedder=index.embedder)


def open_model(settings: Settings) -> ChatModel | None:
    """The language model that the settings name, if any. No connection is made yet."""
    if settings.llm_url is None:
        return None
    # The openai package takes most of a second to import: `ask` without an endpoint must not pay it.
    from core.openai_model import OpenAiChatModel

    return OpenAiChatModel(
        url=settings.llm_url,
        model=settings.llm_model,
        key=settings.llm_key.get_secret_value() if settings.llm_key else None,
        dialect=settings.llm_dialect,
        timeout_seconds=settings.llm_timeout_seconds,
    )
