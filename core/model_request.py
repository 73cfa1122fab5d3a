"""What is sent to an OpenAI-compatible endpoint. Pure; called by core/openai_model.py and core/model_preflight.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.llm import Dialect, FormatLevel, Prompt

MAX_ANSWER_TOKENS = 1_500
MAX_THINKING_TOKENS = 8_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one question wants of the model, in no dialect."""

    prompt: Prompt
    schema: Mapping[str, Any]
    thinking: bool = False
    cache_salt: str | None = None


def build_request(
    wanted: Wanted, *, model: str, dialect: Dialect, level: FormatLevel, extras: Mapping[str, Any]
) -> dict[str, Any]:
    """The whole body. Every toggle is sent: servers differ in their defaults."""
    toggle = build_toggle(dialect, thinking=wanted.thinking)
    return {
        "model": model,
        "messages": build_messages(wanted.prompt),
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": MAX_THINKING_TOKENS if wanted.thinking else MAX_ANSWER_TOKENS,
        "temperature": 1.0 if wanted.thinking else 0.0,
        "top_p": 1.0,
        "extra_body": {**toggle, **extras},
        **build_format(level, wanted.schema),
    }


def build_messages(prompt: Prompt) -> list[dict[str, str]]:
    """Both parts of the prompt, each in its role."""
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]


def build_format(level: FormatLevel, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the request that asks for JSON, from strict to nothing (the prompt describes it anyway)."""
    if level == "json_schema":
        wanted = {"name": "answer", "strict": True, "schema": dict(schema)}
        return {"response_format": {"type": "json_schema", "json_schema": wanted}}
    return {"response_format": {"type": "json_object"}} if level == "json_object" else {}


def build_extras(dialect: Dialect, *, priority: int | None, cache_salt: str | None) -> dict[str, Any]:
    """What only some servers know, and what an answer can do without: never sent to the others."""
    extras: dict[str, Any] = {}
    if priority is not None and dialect in ("vllm", "sglang"):
        extras["priority"] = priority
    if cache_salt and dialect == "vllm":
        extras["cache_salt"] = cache_salt
    return extras


def build_toggle(dialect: Dialect, *, thinking: bool) -> dict[str, Any]:
    """The fields that switch thinking on or off in this dialect."""
    if dialect == "openai":
        return {}
    effort = {"reasoning_effort": "high"} if thinking else {}
    if dialect == "deepseek":
        return {"thinking": {"type": "enabled" if thinking else "disabled"}, **effort}
    return {"chat_template_kwargs": {"thinking": thinking, **effort}}
