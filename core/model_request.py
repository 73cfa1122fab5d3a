"""What is sent to an OpenAI-compatible endpoint. Pure; called by core/openai_model.py."""

from collections.abc import Mapping
from typing import Any, Literal

from core.llm import Dialect, Prompt

MAX_ANSWER_TOKENS = 1_500
MAX_THINKING_TOKENS = 8_000

FormatLevel = Literal["json_schema", "json_object", "prompt"]
FORMAT_LEVELS: tuple[FormatLevel, ...] = ("json_schema", "json_object", "prompt")


def build_request(prompt: Prompt, *, model: str, dialect: Dialect, thinking: bool) -> dict[str, Any]:
    """The body of the request but for the answer format. Every toggle is sent: servers differ in their defaults."""
    return {
        "model": model,
        "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": MAX_THINKING_TOKENS if thinking else MAX_ANSWER_TOKENS,
        "temperature": 1.0 if thinking else 0.0,
        "top_p": 1.0,
        **_build_thinking(dialect, thinking=thinking),
    }


def build_format(level: FormatLevel, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the request that asks for JSON, from strict to nothing (the prompt describes it anyway)."""
    if level == "json_schema":
        wanted = {"name": "answer", "strict": True, "schema": dict(schema)}
        return {"response_format": {"type": "json_schema", "json_schema": wanted}}
    return {"response_format": {"type": "json_object"}} if level == "json_object" else {}


def _build_thinking(dialect: Dialect, *, thinking: bool) -> dict[str, Any]:
    if dialect == "openai":
        return {}
    if dialect == "deepseek":
        toggle = {"extra_body": {"thinking": {"type": "enabled" if thinking else "disabled"}}}
        return {**toggle, "reasoning_effort": "high"} if thinking else toggle
    effort = {"reasoning_effort": "high"} if thinking else {}
    return {"extra_body": {"chat_template_kwargs": {"thinking": thinking, **effort}}}
