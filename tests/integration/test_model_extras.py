"""What an endpoint is told beside the question, only where its dialect knows it, and what it tells about itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.assembly import open_model
from core.llm import LLM_DIALECTS, Dialect, ModelUnavailable
from core.model_gate import Patience
from core.openai_model import OpenAiChatModel
from core.settings import Settings
from tests.fakes.llm_endpoint import EMPTY_ANSWER, LlmEndpoint, serve_llm
from tests.integration.model_calls import PROMPT, SCHEMA, connect, fail


@pytest.fixture
def endpoint() -> Iterator[LlmEndpoint]:
    with serve_llm() as running:
        yield running


# --- What only some servers know ---


@pytest.mark.parametrize("dialect", LLM_DIALECTS)
@pytest.mark.parametrize("thinking", [False, True])
def test_priority_and_cache_salt_are_sent_only_where_the_dialect_knows_them(
    dialect: Dialect, *, thinking: bool
) -> None:
    with serve_llm(dialect=dialect) as endpoint:
        model = connect(endpoint, priority=-5)
        model.complete_json(PROMPT, schema=SCHEMA, thinking=thinking, cache_salt="group-hash")
        sent = [
            {name: body[name] for name in ("priority", "cache_salt") if name in body}
            for body in endpoint.requests
        ]
    expected: dict[str, dict[str, object]] = {
        "vllm": {"priority": -5, "cache_salt": "group-hash"},
        "sglang": {"priority": -5},
    }
    assert all(one == expected.get(dialect, {}) for one in sent)
    assert sent


def test_neither_priority_nor_salt_is_sent_unless_given(endpoint: LlmEndpoint) -> None:
    connect(endpoint).complete_json(PROMPT, schema=SCHEMA)
    assert not {"priority", "cache_salt"} & endpoint.requests[0].keys()


def test_priority_of_zero_is_sent(endpoint: LlmEndpoint) -> None:
    connect(endpoint, priority=0).complete_json(PROMPT, schema=SCHEMA)
    assert endpoint.requests[0]["priority"] == 0


@pytest.mark.parametrize("refused", ["priority", "cache_salt"])
def test_extra_that_the_server_refuses_is_left_out_from_then_on_and_the_format_stays_strict(
    endpoint: LlmEndpoint, refused: str
) -> None:
    endpoint.refused_fields = (refused,)
    model = connect(endpoint, priority=1)
    for _ in range(2):
        completion = model.complete_json(PROMPT, schema=SCHEMA, cache_salt="group-hash")
        assert completion.format_level == "json_schema"
    assert [refused in body for body in endpoint.requests] == [True, False, False]
    kept = {"priority": "cache_salt", "cache_salt": "priority"}[refused]
    assert all(kept in body for body in endpoint.requests)


def test_settings_reach_the_endpoint(
    endpoint: LlmEndpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment(
        ONBRAND_LLM_URL=endpoint.url, ONBRAND_LLM_PRIORITY="-2", ONBRAND_LLM_IN_FLIGHT="1"
    )
    model = open_model(settings)
    assert isinstance(model, OpenAiChatModel)
    with model._gate.take_place(Patience(1)), pytest.raises(ModelUnavailable, match=r"^it is too busy$"):
        model._gate.take_place(Patience(0.05)).__enter__()
    model.complete_json(PROMPT, schema=SCHEMA)
    assert endpoint.requests[0]["priority"] == -2


# --- What it tells about itself ---


@pytest.mark.parametrize("model_id", [None, "deepseek-v4-flash"])
def test_context_of_the_model_is_read_once(endpoint: LlmEndpoint, model_id: str | None) -> None:
    model = connect(endpoint, model=model_id)
    assert [model.context_tokens for _ in range(3)] == [131072] * 3
    model.complete_json(PROMPT, schema=SCHEMA)
    assert (endpoint.listings, endpoint.requests[0]["model"]) == (1, "deepseek-v4-flash")


@pytest.mark.parametrize(("model_id", "size"), [("another", 4096), (None, None)])
def test_context_is_none_when_the_endpoint_does_not_say(
    endpoint: LlmEndpoint, model_id: str | None, size: int | None
) -> None:
    endpoint.max_model_len = size
    model = connect(endpoint, model=model_id)
    assert [model.context_tokens for _ in range(2)] == [None, None]
    assert endpoint.listings == 1


def test_endpoint_that_refuses_to_list_its_models_is_asked_for_its_context_only_once(
    endpoint: LlmEndpoint,
) -> None:
    endpoint.fault = "status_404"
    model = connect(endpoint)
    assert [model.context_tokens for _ in range(3)] == [None] * 3
    assert endpoint.listings == 1
    endpoint.fault = "none"
    assert model.complete_json(PROMPT, schema=SCHEMA).text == EMPTY_ANSWER


def test_context_is_read_later_from_an_endpoint_that_was_down(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "silent"
    model = connect(endpoint, timeout_seconds=0.2, model=None)
    assert model.context_tokens is None
    endpoint.fault = "none"
    assert model.context_tokens == 131072


def test_model_that_was_exchanged_is_found_by_the_second_question(endpoint: LlmEndpoint) -> None:
    model = connect(endpoint, model=None)
    assert model.context_tokens == 131072
    endpoint.served_model, endpoint.max_model_len, endpoint.fault = "next-model", 4096, "status_404"
    assert fail(model) == "there is no such model at its address"
    endpoint.fault = "none"
    assert model.complete_json(PROMPT, schema=SCHEMA).served_model == "next-model"
    assert (endpoint.requests[-1]["model"], model.context_tokens) == ("next-model", 4096)
