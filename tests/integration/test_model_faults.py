"""Every dialect, with and without thinking, meets every fault: each ends as said, over a real socket."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import get_args

import pytest

from core.llm import LLM_DIALECTS, Dialect, FormatLevel, ModelDown, ModelUnavailable, Prompt
from core.openai_model import OpenAiChatModel
from tests.fakes.llm_endpoint import CANARY, EMPTY_ANSWER, Fault, LlmEndpoint, serve_llm

PROMPT = Prompt(system="You answer.", user="[S1] text of a document\n\nQuestion: ?")
SCHEMA = {"type": "object"}
LONG_ANSWER = '{"found": false, "claims": [], "x": "' + "y" * 80 + '"}'

WAITED_FOR = ("hang", "drip", "silent")
ANSWERED = ("none", "slow_first_token", "cut_once", "no_done", "refuse_json_schema", "refuse_json")
# The first request is lost, the second is made without thinking.
LOST_WHEN_THINKING = ("json_in_reasoning", "thinks_to_the_limit")
REASONS: Mapping[str, str] = {
    "null_content": "it only thought and gave no answer",
    "empty_choices": "its answer was empty",
    "truncated": "its answer was cut off at the length limit",
    "not_json": "its answer was not in the form asked for",
    "endless": "its answer did not end",
    "error_body": "its answer was empty",
    "error_chunk": "it sent something that is not an answer",
    "garbage": "it sent something that is not an answer",
    "garbage_chunk": "it sent something that is not an answer",
    "status_401": "it refused our key",
    "status_404": "there is no such model at its address",
    "status_429": "it is too busy",
    "status_503": "it failed with HTTP 503",
    "redirect": "it failed with HTTP 307",
    "cut_mid_stream": "the connection broke off",
    "context_too_long": "the question and its passages are too long for it",
    "no_models": "it serves no model",
    **dict.fromkeys(WAITED_FOR, "it took too long"),
}
DOWN = (*WAITED_FOR, "status_503", "cut_mid_stream")


@pytest.fixture(scope="module")
def endpoints() -> Iterator[Mapping[Dialect, LlmEndpoint]]:
    with ExitStack() as stack:
        yield {dialect: stack.enter_context(serve_llm(dialect=dialect)) for dialect in LLM_DIALECTS}


@pytest.fixture(params=LLM_DIALECTS)
def endpoint(request: pytest.FixtureRequest, endpoints: Mapping[Dialect, LlmEndpoint]) -> LlmEndpoint:
    served = endpoints[request.param]
    served.requests.clear()
    served.write = lambda _body: LONG_ANSWER
    return served


def connect(endpoint: LlmEndpoint) -> OpenAiChatModel:
    timeout = 0.25 if endpoint.fault in WAITED_FOR else 10.0
    return OpenAiChatModel(
        url=endpoint.url, model=None, key=None, dialect=endpoint.dialect, timeout_seconds=timeout
    )


def test_every_fault_has_its_ending_in_this_file() -> None:
    assert {*ANSWERED, *LOST_WHEN_THINKING, *REASONS} == set(get_args(Fault))


@pytest.mark.parametrize("thinking", [False, True])
@pytest.mark.parametrize("fault", [*ANSWERED, *LOST_WHEN_THINKING])
def test_answer_comes_in_spite_of_the_fault_and_says_whether_it_was_thought_over(
    endpoint: LlmEndpoint, fault: Fault, *, thinking: bool
) -> None:
    endpoint.fault = fault
    completion = connect(endpoint).complete_json(PROMPT, schema=SCHEMA, thinking=thinking)
    assert completion.text == LONG_ANSWER
    assert completion.served_model == "deepseek-v4-flash"
    can_think = endpoint.dialect != "openai" and fault not in LOST_WHEN_THINKING
    assert completion.thinking is (thinking and can_think)
    levels: dict[str, FormatLevel] = {"refuse_json": "prompt", "refuse_json_schema": "json_object"}
    strictest: FormatLevel = "json_object" if endpoint.dialect == "deepseek" else "json_schema"
    assert completion.format_level == levels.get(fault, strictest)


@pytest.mark.parametrize("thinking", [False, True])
@pytest.mark.parametrize("fault", REASONS)
def test_failure_ends_with_its_plain_reason_and_no_word_of_document_or_server(
    endpoint: LlmEndpoint, fault: Fault, caplog: pytest.LogCaptureFixture, *, thinking: bool
) -> None:
    endpoint.fault = fault
    with caplog.at_level(logging.DEBUG), pytest.raises(ModelUnavailable) as caught:
        connect(endpoint).complete_json(PROMPT, schema=SCHEMA, thinking=thinking)
    assert (str(caught.value), isinstance(caught.value, ModelDown)) == (REASONS[fault], fault in DOWN)
    assert CANARY not in caplog.text
    assert "text of a document" not in caplog.text


@pytest.mark.parametrize("dialect", ["vllm", "sglang", "deepseek"])
def test_answer_among_the_thoughts_is_asked_again_without_thinking_and_never_read_there(
    endpoints: Mapping[Dialect, LlmEndpoint], dialect: Dialect
) -> None:
    endpoint = endpoints[dialect]
    endpoint.requests.clear()
    endpoint.fault, endpoint.write = "json_in_reasoning", lambda _body: EMPTY_ANSWER
    model = connect(endpoint)
    first = model.complete_json(PROMPT, schema=SCHEMA, thinking=True)
    asked = [endpoint.is_thinking(body) for body in endpoint.requests if _is_accepted(endpoint, body)]
    assert (first.text, first.thinking, asked) == (EMPTY_ANSWER, False, [True, False])
    # From then on thinking is asked for without a format, which is what loses the answer: it works at once.
    endpoint.requests.clear()
    second = model.complete_json(PROMPT, schema=SCHEMA, thinking=True)
    assert (second.text, second.thinking, second.format_level) == (EMPTY_ANSWER, True, "prompt")
    assert len(endpoint.requests) == 1
    assert model.complete_json(PROMPT, schema=SCHEMA).format_level == first.format_level


def test_thoughts_that_use_all_tokens_up_do_not_loosen_the_format(
    endpoints: Mapping[Dialect, LlmEndpoint],
) -> None:
    endpoint = endpoints["vllm"]
    endpoint.fault, endpoint.write = "thinks_to_the_limit", lambda _body: EMPTY_ANSWER
    model = connect(endpoint)
    assert not model.complete_json(PROMPT, schema=SCHEMA, thinking=True).thinking
    endpoint.fault = "none"
    completion = model.complete_json(PROMPT, schema=SCHEMA, thinking=True)
    assert (completion.thinking, completion.format_level) == (True, "json_schema")


def _is_accepted(endpoint: LlmEndpoint, body: Mapping[str, Mapping[str, str]]) -> bool:
    return endpoint.dialect != "deepseek" or body.get("response_format", {}).get("type") != "json_schema"
