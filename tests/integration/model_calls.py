"""How tests talk to an endpoint through the real client: connect to it, and get the reason of a failure."""

from typing import Any

import pytest

from core.llm import ChatModel, ModelUnavailable, Prompt
from core.model_gate import EndpointUse
from core.openai_model import OpenAiChatModel
from tests.fakes.llm_endpoint import LlmEndpoint

PROMPT = Prompt(system="You answer.", user="Question: ?")
SCHEMA = {"type": "object"}


def connect(
    endpoint: LlmEndpoint, *, timeout_seconds: float = 5.0, model: str | None = "m", **use: Any
) -> OpenAiChatModel:
    return OpenAiChatModel(
        url=endpoint.url,
        model=model,
        key=None,
        dialect=endpoint.dialect,
        timeout_seconds=timeout_seconds,
        use=EndpointUse(**use),
    )


def fail(model: ChatModel, **options: Any) -> str:
    with pytest.raises(ModelUnavailable) as caught:
        model.complete_json(PROMPT, schema=SCHEMA, **options)
    return str(caught.value)
