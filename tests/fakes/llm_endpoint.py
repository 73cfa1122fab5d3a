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
    "hang",
    "drip",
    "cut_mid_stream",
    "cut_once",
    "no_done",
    "garbage",
    "garbage_chunk",
    "not_json",
    "null_content",
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
Writer = Callable[[Mapping[str, Any]], str]

EMPTY_ANSWER = json.dumps({"found": False, "ruling": "none", "claims": []})
# Stands for whatever an endpoint may echo in an error: it must never reach a person or a log.
CANARY = "canary-7c1d: text of a document"


@dataclass
class LlmEndpoint:
    """What the server does and what it has seen. Change `fault` and `write` between requests."""

    dialect: Dialect = "vllm"
    served_model: str = "deepseek-v4-flash"
    key: str | None = None
    fault: Fault = "none"
    write: Writer = lambda _body: EMPTY_ANSWER
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    closed_early: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def reasoning_field(self) -> str:
        """Where this dialect puts its thinking."""
        return "reasoning" if self.dialect == "vllm" else "reasoning_content"

    def is_thinking(self, body: Mapping[str, Any]) -> bool:
        """Whether the request, read the way this dialect reads it, asks for thinking."""
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
        if end.fault in _STATUSES:
            return self._send_error(_STATUSES[end.fault])
        listed = {"id": end.served_model, "object": "model", "created": 0, "owned_by": end.dialect}
        if end.dialect == "vllm":
            listed["max_model_len"] = 131072
        data = [] if end.fault == "no_models" else [listed]
        return self._send_json(200, {"object": "list", "data": data})

    def answer_post(self, body: dict[str, Any]) -> None:
        end = self.endpoint
        authorization = self.headers.get("Authorization")
        end.keys.append(authorization)
        if end.key and authorization != f"Bearer {end.key}":
            return self._send_error(401)
        with suppress(BrokenPipeError, ConnectionResetError):
            return self._answer(body)
        end.closed_early.set()
        return None

    def _answer(self, body: Mapping[str, Any]) -> None:
        fault, wanted = self.endpoint.fault, body.get("response_format", {}).get("type")
        if fault in _STATUSES:
            return self._send_error(_STATUSES[fault])
        if fault == "redirect":
            return self._send_json(307, {}, Location="http://127.0.0.1:9/v1/chat/completions")
        if fault == "context_too_long":
            return self._send_error(400, "This model's maximum context length is 8192 tokens.")
        is_refused = fault == "refuse_json" or (wanted == "json_schema" and self._knows_no_schema())
        if wanted and is_refused:
            return self._send_error(400, f"response_format is not supported. {CANARY}")
        if fault in ("error_body", "garbage"):
            error = (
                json.dumps({"error": {"message": CANARY}}) if fault == "error_body" else "\x00\xff<html>" * 50
            )
            return self.send_text(200, error.encode("latin-1"))
        return self._stream(body)

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
        if end.is_thinking(body) or fault == "null_content":
            yield self._chunk({"role": "assistant", "content": None, end.reasoning_field: "Let me think."})
        yield from self._list_faulty_chunks(fault)
        if fault not in ("null_content", "empty_choices"):
            yield from self._list_text_chunks("I am sorry, no." if fault == "not_json" else end.write(body))
        reason = {"no_done": None, "truncated": "length"}.get(fault, "stop")
        yield self._chunk({}, finish_reason=reason)
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        if body.get("stream_options", {}).get("include_usage"):
            yield {**self._chunk({}), "choices": [], "usage": usage}

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
