"""The door to the language model: any OpenAI-compatible endpoint. Used by bot/answer and the doctor."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from core.errors import TransientError

Dialect = Literal["vllm", "sglang", "deepseek", "openai"]
LLM_DIALECTS: tuple[Dialect, ...] = ("vllm", "sglang", "deepseek", "openai")

_CODE_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)


class ModelUnavailable(TransientError):
    """The endpoint refused, timed out, broke off, or gave something that is not the JSON asked for.

    The text is a plain reason for people: no prompt, no document text, no key is ever in it.
    """


class PromptTooLong(ModelUnavailable):
    """The prompt does not fit the model's context; a shorter one may."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything that is sent: one value, so that it can be logged, hashed and tested."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Completion:
    """The model's text (expected to be JSON), the model id that the endpoint served, and token counts if given."""

    text: str
    served_model: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class ServedModel:
    """One model that an endpoint lists; `max_tokens` is its context in tokens where the endpoint says so."""

    model_id: str
    max_tokens: int | None = None


class ChatModel(Protocol):
    """One language model behind an endpoint."""

    def complete_json(
        self, prompt: Prompt, *, schema: Mapping[str, Any], thinking: bool = False
    ) -> Completion:
        """Ask for one JSON object of this JSON schema. Raises ModelUnavailable on any failure."""


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
