"""A scripted OpenAI-compatible HTTP server on loopback: one personality per dialect, and knobs for faults.

For tests of core/openai_model.py and of anything that needs a model behind a real socket.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from core.llm import Dialect
from tests.fakes.endpoint_server import EndpointHandler, serve_endpoint

Fault = Literal[
    "none",
    "refuse_json_schema",
    "refuse_json",
    "context_too_long",
    "slow_first_token",
    "silent",
    "hang",
    "drip",
    "cut_mid_stream",
    "cut_once",
    "no_done",
    "garbage",
    "garbage_chunk",
    "not_json",
    "null_content",
    "json_in_reasoning",
    "thinks_to_the_limit",
    "empty_choices",
    "truncated",
    "endless",
    "error_body",
    "error_chunk",
    "status_401",
    "status_404",
    "status_429",
    "status_503",
    "redirect",
    "no_models",
]
Thinks = Literal["on_demand", "never", "always", "inside_the_answer"]
Writer = Callable[[Mapping[str, Any]], str]

EMPTY_ANSWER = json.dumps({"found": False, "ruling": "none", "claims": []})
# Stands for whatever an endpoint may echo in an error: it must never reach a person or a log.
CANARY = "canary-7c1d: text of a document"


@dataclass
class LlmEndpoint:
    """What the server does and what it has seen. Change `fault`, `write` and the knobs between requests.

    `refused_fields`: a request with one of them is answered with 400 and its name. `going_on`: no answer is sent
    until it is set. `has_open_door`: `/invocations` runs the model for whoever asks, with or without a key.
    """

    dialect: Dialect = "vllm"
    served_model: str = "deepseek-v4-flash"
    key: str | None = None
    fault: Fault = "none"
    thinks: Thinks = "on_demand"
    max_model_len: int | None = 131072
    refused_fields: tuple[str, ...] = ()
    has_open_door: bool = False
    write: Writer = lambda _body: EMPTY_ANSWER
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    listings: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    going_on: threading.Event = field(default_factory=threading.Event)
    closed_early: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.going_on.set()
        self.counting = threading.Lock()

    @property
    def reasoning_field(self) -> str:
        """Where this dialect puts its thinking."""
        return "reasoning" if self.dialect == "vllm" else "reasoning_content"

    def is_thinking(self, body: Mapping[str, Any]) -> bool:
        """Whether the request, read the way this dialect reads it, makes the model think."""
        if self.thinks != "on_demand":
            return self.thinks != "never"
        if self.dialect == "openai":
            return False
        if self.dialect == "deepseek":
            return bool(body.get("thinking", {}).get("type", "enabled") == "enabled")
        return bool(body.get("chat_template_kwargs", {}).get("thinking", False))


def serve_llm(**settings: Any) -> AbstractContextManager[LlmEndpoint]:
    """Run the endpoint on a free loopback port for the length of the block."""
    return serve_endpoint(LlmEndpoint(**settings), _Handler)


class _Handler(EndpointHandler):
    endpoint: LlmEndpoint

    def answer_get(self) -> None:
        end = self.endpoint
        end.listings += 1
        if end.fault == "silent":
            return self._wait_for_the_client_to_leave()
        if end.fault in _STATUSES:
            return self._send_error(_STATUSES[end.fault])
        listed = {"id": end.served_model, "object": "model", "created": 0, "owned_by": end.dialect}
        if end.dialect == "vllm" and end.max_model_len is not None:
            listed["max_model_len"] = end.max_model_len
        data = [] if end.fault == "no_models" else [listed]
        return self._send_json(200, {"object": "list", "data": data})

    def answer_post(self, body: dict[str, Any]) -> None:
        end = self.endpoint
        if self.path == "/invocations":
            return self._answer_at_the_open_door()
        authorization = self.headers.get("Authorization")
        end.keys.append(authorization)
        if end.key and authorization != f"Bearer {end.key}":
            return self._send_error(401)
        with end.counting:
            end.in_flight += 1
            end.most_in_flight = max(end.in_flight, end.most_in_flight)
        try:
            self._answer(body)
        except (BrokenPipeError, ConnectionResetError):
            end.closed_early.set()
        finally:
            with end.counting:
                end.in_flight -= 1

    def _answer_at_the_open_door(self) -> None:
        if not self.endpoint.has_open_door:
            return self._send_error(404)
        return self._send_json(200, {"choices": [{"message": {"role": "assistant", "content": "Hi"}}]})

    def _answer(self, body: Mapping[str, Any]) -> None:
        fault = self.endpoint.fault
        self.endpoint.going_on.wait(10)
        if fault == "silent":
            return self._wait_for_the_client_to_leave()
        if fault in _STATUSES:
            return self._send_error(_STATUSES[fault])
        if fault == "redirect":
            return self._send_json(307, {}, Location="http://127.0.0.1:9/v1/chat/completions")
        complaint = self._find_complaint(body)
        if complaint:
            return self._send_error(400, complaint)
        if fault in _BODIES:
            return self.send_text(200, _BODIES[fault].encode("latin-1"))
        return self._stream(body)

    def _find_complaint(self, body: Mapping[str, Any]) -> str:
        end, wanted = self.endpoint, body.get("response_format", {}).get("type")
        foreign = ("chat_template_kwargs", "thinking", "priority", "cache_salt")
        for name in (*end.refused_fields, *(foreign if end.dialect == "openai" else ())):
            if name in body:
                return f"Unrecognized request argument supplied: {name}. {CANARY}"
        if end.fault == "context_too_long":
            return "This model's maximum context length is 8192 tokens."
        is_refused = end.fault == "refuse_json" or (wanted == "json_schema" and self._knows_no_schema())
        return f"response_format is not supported. {CANARY}" if wanted and is_refused else ""

    def _knows_no_schema(self) -> bool:
        # DeepSeek's own API knows json_object only.
        return self.endpoint.fault == "refuse_json_schema" or self.endpoint.dialect == "deepseek"

    def _stream(self, body: Mapping[str, Any]) -> None:
        end, fault = self.endpoint, self.endpoint.fault
        if fault == "slow_first_token":
            end.stopping.wait(0.3)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if fault == "hang":
            self._wait_for_the_client_to_leave()
            return
        for chunk in self._list_chunks(body):
            self._send_event(json.dumps(chunk))
            if end.stopping.is_set():
                return
        self._end_stream(fault)

    def _list_chunks(self, body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        end, fault = self.endpoint, self.endpoint.fault
        is_lost = self._loses_its_answer(body)
        yield from self._list_thoughts(body)
        yield from self._list_faulty_chunks(fault)
        if fault not in ("null_content", "empty_choices") and not is_lost:
            yield from self._list_text_chunks("I am sorry, no." if fault == "not_json" else end.write(body))
        reason = {"no_done": None, "truncated": "length"}.get(fault, "stop")
        if is_lost and fault == "thinks_to_the_limit":
            reason = "length"
        yield self._chunk({}, finish_reason=reason)
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        if body.get("stream_options", {}).get("include_usage"):
            yield {**self._chunk({}), "choices": [], "usage": usage}

    def _list_thoughts(self, body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        end = self.endpoint
        if end.thinks == "inside_the_answer":
            yield self._chunk({"role": "assistant", "content": "<think>Let me think.</think>"})
        elif end.is_thinking(body) or end.fault == "null_content":
            is_shaped = end.fault == "json_in_reasoning" and self._loses_its_answer(body)
            thought = end.write(body) if is_shaped else "Let me think."
            yield self._chunk({"role": "assistant", "content": None, end.reasoning_field: thought})

    def _loses_its_answer(self, body: Mapping[str, Any]) -> bool:
        # vllm#41132: the grammar of the answer shapes the thoughts, and nothing is left for the answer.
        fault, has_format = self.endpoint.fault, "response_format" in body
        is_lost = fault == "thinks_to_the_limit" or (fault == "json_in_reasoning" and has_format)
        return is_lost and self.endpoint.is_thinking(body)

    def _list_faulty_chunks(self, fault: Fault) -> Iterator[dict[str, Any]]:
        if fault == "error_chunk":
            yield {"error": {"message": CANARY, "code": 500}}
        if fault == "garbage_chunk":
            yield {"choices": "none", "usage": 3, "model": ["x"]}
        if fault == "empty_choices":
            yield {**self._chunk({}), "choices": []}
        while fault in ("endless", "drip") and not self.endpoint.stopping.wait(
            0.05 if fault == "drip" else 0
        ):
            yield self._chunk({"content": "." if fault == "drip" else "x" * 50_000})

    def _list_text_chunks(self, text: str) -> Iterator[dict[str, Any]]:
        for start in range(0, len(text), 16):
            if start and self.endpoint.fault in ("cut_mid_stream", "cut_once"):
                if self.endpoint.fault == "cut_once":
                    self.endpoint.fault = "none"
                # Closing alone would wait for the reader and writer that share the socket.
                self.connection.shutdown(socket.SHUT_RDWR)
                raise ConnectionResetError
            yield self._chunk({"content": text[start : start + 16]})

    def _chunk(self, delta: Mapping[str, Any], *, finish_reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": dict(delta), "finish_reason": finish_reason}
        return {
            "id": "chunk",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": self.endpoint.served_model,
            "choices": [choice],
        }

    def _wait_for_the_client_to_leave(self) -> None:
        self.connection.settimeout(10)
        with suppress(OSError):
            if self.connection.recv(1) == b"":
                self.endpoint.closed_early.set()

    def _send_event(self, data: str) -> None:
        line = f"data: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
        self.wfile.flush()

    def _end_stream(self, fault: str) -> None:
        if fault != "no_done":
            self._send_event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _send_error(self, status: int, message: str = CANARY) -> None:
        self._send_json(status, {"error": {"message": message, "type": "error", "code": status}})

    def _send_json(self, status: int, value: Mapping[str, Any], **headers: str) -> None:
        self.send_text(status, json.dumps(value), headers)


_STATUSES: Mapping[str, int] = {"status_401": 401, "status_404": 404, "status_429": 429, "status_503": 503}
_BODIES: Mapping[str, str] = {
    "error_body": json.dumps({"error": {"message": CANARY}}),
    "garbage": "\x00\xff<html>" * 50,
}
