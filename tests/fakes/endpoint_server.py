"""What the scripted HTTP endpoints share: a free loopback port for the length of a block, and a quiet handler."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypeVar


class Endpoint(Protocol):
    """What a fake does and has seen; `stopping` ends whatever it still waits for."""

    url: str
    requests: list[dict[str, Any]]
    stopping: threading.Event


Served = TypeVar("Served", bound=Endpoint)


class EndpointHandler(BaseHTTPRequestHandler):
    """Reads and sends whole bodies; a subclass says what is answered."""

    endpoint: Endpoint
    protocol_version = "HTTP/1.1"
    # Head and body are two writes: the second must not wait 40 ms for the first one's receipt.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Keep the test output clean."""

    def do_GET(self) -> None:
        self.answer_get()

    def do_POST(self) -> None:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.endpoint.requests.append(body)
        self.answer_post(body)

    def answer_get(self) -> None:
        """Nothing is to be had by GET unless a subclass says so."""
        self.send_error(HTTPStatus.NOT_IMPLEMENTED)

    def answer_post(self, body: dict[str, Any]) -> None:
        """Answer one JSON object."""
        raise NotImplementedError

    def send_text(self, status: int, text: str | bytes, headers: Mapping[str, str] | None = None) -> None:
        """Answer with one body and its length."""
        content = text.encode() if isinstance(text, str) else text
        self.send_response(status)
        sizes = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        for name, value in {**sizes, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serve_endpoint(endpoint: Served, handler: type[EndpointHandler]) -> Iterator[Served]:
    """Run `handler` for the endpoint until the block ends; the handler finds it as `self.endpoint`."""
    bound = type("Handler", (handler,), {"endpoint": endpoint})
    server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
    server.daemon_threads = True
    endpoint.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
