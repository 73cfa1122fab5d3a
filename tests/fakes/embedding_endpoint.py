"""A scripted HTTP server on loopback with `/v1/embeddings` and `/v1/rerank`, and knobs for faults.

For tests of the embedders, the rerankers and syncs whose endpoint fails.
"""

import json
import re
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.endpoint_server import EndpointHandler, serve_endpoint
from tests.fakes.hash_embedder import HashEmbedder

Fault = Literal[
    "none",
    "reset",
    "hang",
    "drip",
    "cut_body",
    "garbage",
    "no_list",
    "nan",
    "infinite",
    "zeros",
    "words",
    "half",
    "one_twice",
    "no_index",
    "wrong_size",
    "ragged",
    "redirect",
    "status_400",
    "status_401",
    "status_404",
    "status_408",
    "status_413",
    "status_429",
    "status_500",
    "status_503",
]
# Stands for whatever an endpoint may echo in an error: it must never reach a person or a log.
CANARY = "canary-4e02: text of a document"
DIMENSION = 64
LONGEST_HOLD_SECONDS = 60


@dataclass
class EmbeddingEndpoint:
    """What the server does and what it has seen. `script` is used up request by request, then `fault` holds."""

    fault: Fault = "none"
    script: list[Fault] = field(default_factory=list)
    dimension: int = DIMENSION
    key: str | None = None
    retry_after: str | None = None
    poison: str | None = None
    """A request with this word in a text gets NaN for that text."""
    delay_seconds: float = 0.0
    """Each answer takes so long, as that of a busy machine does."""
    may_answer: threading.Event = field(default_factory=threading.Event)
    """Requests wait for it; it is set unless a test clears it."""
    score: Callable[[str, str], float] = lambda question, text: len(words(question) & words(text))
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    @property
    def texts(self) -> list[list[str]]:
        """The texts of each embedding request."""
        return [request["input"] for request in self.requests if "input" in request]


def words(text: str) -> set[str]:
    """Words in lower case."""
    return set(re.findall(r"\w+", text.lower()))


def serve_embeddings(**settings: Any) -> AbstractContextManager[EmbeddingEndpoint]:
    """Run the endpoint on a free loopback port for the length of the block."""
    return serve_endpoint(EmbeddingEndpoint(**settings), _Handler)


class _Handler(EndpointHandler):
    endpoint: EmbeddingEndpoint

    def answer_post(self, body: dict[str, Any]) -> None:
        end = self.endpoint
        fault = end.script.pop(0) if end.script else end.fault
        if end.key and self.headers.get("Authorization") != f"Bearer {end.key}":
            fault = "status_401"
        end.stopping.wait(end.delay_seconds)
        end.may_answer.wait(LONGEST_HOLD_SECONDS)
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer(body, fault)

    def _answer(self, body: Mapping[str, Any], fault: Fault) -> None:
        if fault.startswith("status_"):
            more = {"Retry-After": self.endpoint.retry_after} if self.endpoint.retry_after else {}
            return self.send_text(int(fault[-3:]), json.dumps({"error": {"message": CANARY}}), more)
        if fault == "redirect":
            return self.send_text(307, "{}", {"Location": "http://127.0.0.1:9/v1/embeddings"})
        if fault == "reset":
            self.connection.shutdown(socket.SHUT_RDWR)
            return None
        if fault == "hang":
            self.endpoint.stopping.wait(10)
            return None
        is_rerank = self.path.endswith("/rerank")
        text = json.dumps(self._rerank(body, fault) if is_rerank else self._embed(body, fault))
        if fault in ("cut_body", "drip"):
            return self._send_slowly(text, fault)
        return self.send_text(200, "<html>" if fault == "garbage" else text)

    def _embed(self, body: Mapping[str, Any], fault: Fault) -> dict[str, Any]:
        if fault == "no_list":
            return {"object": "list", "data": None}
        embedder = HashEmbedder(self.endpoint.dimension)
        data = []
        for index, text in enumerate(body["input"]):
            vector: list[Any] = (embedder.embed_question(text) * 3).tolist()
            if self.endpoint.poison and self.endpoint.poison in text:
                vector[0] = float("nan")
            data.append({"object": "embedding", "index": index, "embedding": _spoil(vector, index, fault)})
        # Servers promise no order: what belongs to which text is said by `index` alone.
        return {"object": "list", "model": body["model"], "data": _spoil_list(data[::-1], fault)}

    def _rerank(self, body: Mapping[str, Any], fault: Fault) -> dict[str, Any]:
        scores = [self.endpoint.score(body["query"], text) for text in body["documents"]]
        bad = {"nan": float("nan"), "words": "high"}
        results = [
            {"index": index, "relevance_score": bad.get(fault, score)} for index, score in enumerate(scores)
        ]
        order = sorted(range(len(scores)), key=lambda index: -scores[index])
        ranked = [results[index] for index in order][: body["top_n"]]
        return {"id": "rerank", "results": None if fault == "no_list" else _spoil_list(ranked, fault)}

    def _send_slowly(self, text: str, fault: Fault) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        for byte in text.encode()[: 20 if fault == "cut_body" else None]:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if fault == "drip" and self.endpoint.stopping.wait(0.02):
                return
        self.connection.shutdown(socket.SHUT_RDWR)


def _spoil(vector: list[Any], index: int, fault: Fault) -> Any:
    if index:
        return vector
    spoiled: Mapping[str, Any] = {
        "nan": [float("nan"), *vector[1:]],
        "infinite": [float("inf"), *vector[1:]],
        "zeros": [0.0] * len(vector),
        "words": "AAAA",
        "wrong_size": vector[:-1],
        "ragged": [vector, vector[1:]],
    }
    return spoiled.get(fault, vector)


def _spoil_list(items: list[dict[str, Any]], fault: Fault) -> list[dict[str, Any]]:
    if fault == "half":
        return items[: len(items) // 2]
    if fault == "one_twice":
        return [*items[1:], items[-1]]
    if fault == "no_index":
        return [{name: value for name, value in item.items() if name != "index"} for item in items]
    return items
