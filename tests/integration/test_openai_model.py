"""Promises of core/openai_model.py, kept over a real socket by the real client against a scripted endpoint."""

import json
import logging
import socket
import threading
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest

from bot.answer.prompt import build_schema
from core.llm import (
    LLM_DIALECTS,
    ChatModel,
    Dialect,
    ModelUnavailable,
    Prompt,
    PromptTooLong,
    ServedModel,
)
from core.openai_model import OpenAiChatModel
from core.openai_wire import probe_endpoint
from tests.fakes.llm_endpoint import CANARY, EMPTY_ANSWER, LlmEndpoint, serve_llm

PROMPT = Prompt(system="You answer.", user="[S1] text of a document\n\nQuestion: ?")
SCHEMA = build_schema(["S1"])
KEY = "sk-canary-key"


@pytest.fixture
def endpoint() -> Iterator[LlmEndpoint]:
    with serve_llm(key=KEY) as running:
        yield running


def connect(endpoint: LlmEndpoint, *, timeout_seconds: float = 5.0, model: str | None = None) -> ChatModel:
    return OpenAiChatModel(
        url=endpoint.url, model=model, key=KEY, dialect=endpoint.dialect, timeout_seconds=timeout_seconds
    )


def fail(endpoint: LlmEndpoint, **options: Any) -> str:
    with pytest.raises(ModelUnavailable) as caught:
        connect(endpoint, **options).complete_json(PROMPT, schema=SCHEMA)
    return str(caught.value)


def test_answer_is_collected_with_served_model_and_token_counts(endpoint: LlmEndpoint) -> None:
    completion = connect(endpoint).complete_json(PROMPT, schema=SCHEMA)
    assert completion.text == EMPTY_ANSWER
    assert completion.served_model == "deepseek-v4-flash"
    assert (completion.prompt_tokens, completion.completion_tokens) == (11, 7)


def test_served_id_is_recorded_even_when_another_model_was_asked_for(endpoint: LlmEndpoint) -> None:
    completion = connect(endpoint, model="alias").complete_json(PROMPT, schema=SCHEMA)
    assert endpoint.requests[0]["model"] == "alias"
    assert completion.served_model == "deepseek-v4-flash"


def test_without_a_model_name_the_first_served_one_is_asked(endpoint: LlmEndpoint) -> None:
    connect(endpoint).complete_json(PROMPT, schema=SCHEMA)
    assert endpoint.requests[0]["model"] == "deepseek-v4-flash"


@pytest.mark.parametrize("dialect", LLM_DIALECTS)
@pytest.mark.parametrize("thinking", [False, True])
def test_every_dialect_gets_its_own_thinking_toggle_and_never_relies_on_a_default(
    dialect: Dialect, *, thinking: bool
) -> None:
    with serve_llm(dialect=dialect) as endpoint:
        connect(endpoint).complete_json(PROMPT, schema=SCHEMA, thinking=thinking)
        body = endpoint.requests[-1]
    template = {"thinking": True, "reasoning_effort": "high"} if thinking else {"thinking": False}
    expected = {
        "vllm": {"chat_template_kwargs": template},
        "sglang": {"chat_template_kwargs": template},
        "deepseek": {"thinking": {"type": "enabled" if thinking else "disabled"}}
        | ({"reasoning_effort": "high"} if thinking else {}),
        "openai": {},
    }[dialect]
    toggles = ("chat_template_kwargs", "thinking", "reasoning_effort")
    assert {name: body[name] for name in toggles if name in body} == expected


def test_strict_schema_with_the_closed_set_is_asked_for(endpoint: LlmEndpoint) -> None:
    connect(endpoint).complete_json(PROMPT, schema=SCHEMA)
    wanted = endpoint.requests[0]["response_format"]
    assert (wanted["type"], wanted["json_schema"]["strict"]) == ("json_schema", True)
    assert wanted["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize(
    ("fault", "formats"),
    [
        ("refuse_json_schema", ["json_schema", "json_object", "json_object"]),
        ("refuse_json", ["json_schema", "json_object", None, None]),
    ],
)
def test_refused_answer_format_falls_back_once_and_is_remembered(
    endpoint: LlmEndpoint, fault: Any, formats: list[str | None]
) -> None:
    endpoint.fault = fault
    model = connect(endpoint)
    for _ in range(2):
        assert model.complete_json(PROMPT, schema=SCHEMA).text == EMPTY_ANSWER
    assert [body.get("response_format", {}).get("type") for body in endpoint.requests] == formats


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("null_content", "it only thought and gave no answer"),
        ("empty_choices", "its answer was empty"),
        ("truncated", "its answer was cut off at the length limit"),
        ("not_json", "its answer was not in the form asked for"),
        ("endless", "its answer did not end"),
        ("error_body", "its answer was empty"),
        ("error_chunk", "it sent something that is not an answer"),
        ("garbage", "it sent something that is not an answer"),
        ("status_401", "it refused our key"),
        ("status_404", "there is no such model at its address"),
        ("status_429", "it is too busy"),
        ("status_503", "it failed with HTTP 503"),
        ("redirect", "it failed with HTTP 307"),
        ("cut_mid_stream", "the connection broke off"),
        ("context_too_long", "the question and its passages are too long for it"),
    ],
)
def test_every_failure_has_a_plain_reason_without_document_text_or_key(
    endpoint: LlmEndpoint, caplog: pytest.LogCaptureFixture, fault: Any, reason: str
) -> None:
    endpoint.fault = fault
    endpoint.write = lambda _body: json.dumps({"found": False, "ruling": "none", "claims": [], "x": "y" * 80})
    with caplog.at_level(logging.DEBUG):
        assert fail(endpoint, model="m") == reason
    assert CANARY not in caplog.text
    assert KEY not in caplog.text
    assert "text of a document" not in caplog.text


def test_chunk_of_a_wrong_shape_never_crashes(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "garbage_chunk"
    assert fail(endpoint) == "it sent something that is not an answer"


def test_too_long_prompt_is_told_apart(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "context_too_long"
    with pytest.raises(PromptTooLong):
        connect(endpoint).complete_json(PROMPT, schema=SCHEMA)
    assert len(endpoint.requests) == 1


def test_stream_that_breaks_once_is_asked_again_as_a_fresh_request(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "cut_once"
    assert connect(endpoint).complete_json(PROMPT, schema=SCHEMA).text == EMPTY_ANSWER
    assert len(endpoint.requests) == 2


def test_whole_answer_without_an_end_mark_is_accepted(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "no_done"
    assert connect(endpoint).complete_json(PROMPT, schema=SCHEMA).text == EMPTY_ANSWER


def test_slow_first_token_within_the_limit_is_waited_for(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "slow_first_token"
    assert connect(endpoint).complete_json(PROMPT, schema=SCHEMA).text == EMPTY_ANSWER


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_hung_or_dripping_stream_ends_at_the_deadline_and_the_request_is_closed(
    endpoint: LlmEndpoint, fault: Any
) -> None:
    endpoint.fault = fault
    started = monotonic()
    assert fail(endpoint, timeout_seconds=0.6) == "it took too long"
    assert monotonic() - started < 2.0
    assert endpoint.closed_early.wait(3.0)


def test_closed_port_is_known_at_once() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    model = OpenAiChatModel(
        url=f"http://127.0.0.1:{port}/v1", model="m", key=None, dialect="vllm", timeout_seconds=30
    )
    started = monotonic()
    with pytest.raises(ModelUnavailable, match="it cannot be reached"):
        model.complete_json(PROMPT, schema=SCHEMA)
    assert monotonic() - started < 5.0


def test_many_threads_share_one_model(endpoint: LlmEndpoint) -> None:
    model = connect(endpoint)
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda: texts.append(model.complete_json(PROMPT, schema=SCHEMA).text))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [EMPTY_ANSWER] * 8


def test_environment_of_other_tools_changes_neither_address_nor_key(
    endpoint: LlmEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    assert connect(endpoint).complete_json(PROMPT, schema=SCHEMA).text == EMPTY_ANSWER
    assert endpoint.keys == [f"Bearer {KEY}"]


def test_probe_names_the_served_models_and_their_context() -> None:
    with serve_llm() as endpoint:
        assert probe_endpoint(url=endpoint.url, key=None, timeout_seconds=2) == (
            ServedModel("deepseek-v4-flash", 131072),
        )
    with serve_llm(dialect="sglang") as endpoint:
        assert probe_endpoint(url=endpoint.url, key=None, timeout_seconds=2)[0].max_tokens is None


@pytest.mark.parametrize(("fault", "reason"), [("status_401", "key"), ("status_503", "503")])
def test_probe_of_a_failing_endpoint_gives_a_plain_reason(
    endpoint: LlmEndpoint, fault: Any, reason: str
) -> None:
    endpoint.fault = fault
    with pytest.raises(ModelUnavailable, match=reason):
        probe_endpoint(url=endpoint.url, key="x", timeout_seconds=2)


def test_endpoint_that_serves_nothing_is_unavailable(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "no_models"
    assert fail(endpoint) == "it serves no model"
