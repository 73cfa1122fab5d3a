"""The door to the language model: any OpenAI-compatible endpoint. Used by bot/answer and the doctor."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from core.errors import TransientError
from core.withdrawal import Withdrawal

Dialect = Literal["vllm", "sglang", "deepseek", "openai"]
LLM_DIALECTS: tuple[Dialect, ...] = ("vllm", "sglang", "deepseek", "openai")
FormatLevel = Literal["json_schema", "json_object", "prompt"]
FORMAT_LEVELS: tuple[FormatLevel, ...] = ("json_schema", "json_object", "prompt")
"""How an answer in JSON is asked for, from a grammar that the server keeps to words in the prompt alone."""

_CODE_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)


class ModelUnavailable(TransientError):
    """The endpoint refused, timed out, broke off, or gave something that is not the JSON asked for.

    The text is a plain reason for people: no prompt, no document text, no key is ever in it.
    """


class ModelDown(ModelUnavailable):
    """Nothing came in time: not reachable, broken off, too slow, or the server itself has failed."""


class PromptTooLong(ModelUnavailable):
    """The prompt does not fit the model's context; a shorter one may."""


class QuestionWithdrawn(ModelUnavailable):
    """Nobody wants the answer any more: `Withdrawal.withdraw` was called."""

    def __init__(self) -> None:
        super().__init__("the question was withdrawn")


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything that is sent: one value, so that it can be logged, hashed and tested."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Completion:
    """The model's text (expected to be JSON), the model id that the endpoint served, and token counts if given.

    `thinking`: whether it thought, as far as can be told. `format_level`: how JSON was asked for; None if unknown.
    """

    text: str
    served_model: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    thinking: bool = False
    format_level: FormatLevel | None = None


@dataclass(frozen=True, slots=True)
class ServedModel:
    """One model that an endpoint lists; `max_tokens` is its context in tokens where the endpoint says so."""

    model_id: str
    max_tokens: int | None = None


class ChatModel(Protocol):
    """One language model behind an endpoint."""

    @property
    def context_tokens(self) -> int | None:
        """Tokens that prompt and answer may have together; None when unknown. Reading it may ask the endpoint once."""

    def complete_json(
        self,
        prompt: Prompt,
        *,
        schema: Mapping[str, Any],
        thinking: bool = False,
        cache_salt: str | None = None,
        withdrawal: Withdrawal | None = None,
    ) -> Completion:
        """Ask for one JSON object of this JSON schema. Raises ModelUnavailable on any failure.

        `cache_salt`: only requests with the same salt share what the server keeps of their prompts.
        """


def find_json_object(text: str) -> dict[str, Any] | None:
    """The JSON object that `text` is, alone or inside a code fence or other words; None when there is none."""
    fenced = _CODE_FENCE.search(text)
    for candidate in (text, fenced.group(1) if fenced else "", text[text.find("{") : text.rfind("}") + 1]):
        try:
            value = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return None
