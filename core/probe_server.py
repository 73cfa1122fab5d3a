"""A small HTTP server for probes: GET and HEAD of a few paths, on threads of its own. Opened by admin/probes.py."""

import logging
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import BoundedSemaphore, Thread, Timer
from typing import Any

# Whoever asks is a machine nearby: a request that takes longer to arrive is a broken one, or worse.
REQUEST_SECONDS = 5.0
MOST_AT_ONCE = 16

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """What is sent."""

    status: HTTPStatus
    body: bytes
    content_type: str = "application/json"


Pages = Mapping[str, Callable[[], Page]]
"""By path, such as `/healthz`."""


class ProbeServer(ThreadingMixIn, TCPServer):
    """Listens from the start; `serve` answers. Raises OSError when the address is not to be had."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 2 * MOST_AT_ONCE

    def __init__(
        self, host: str, port: int, pages: Pages, *, request_seconds: float = REQUEST_SECONDS
    ) -> None:
        self.pages = pages
        self.request_seconds = request_seconds
        self._places = BoundedSemaphore(MOST_AT_ONCE)
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    @property
    def port(self) -> int:
        """The port that was really opened, for port 0."""
        return int(self.server_address[1])

    @contextmanager
    def serve(self) -> Iterator[None]:
        """Answer until the block ends."""
        thread = Thread(target=self.serve_forever, args=(0.1,), name="probes", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            self.server_close()
            thread.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        """One more thread, unless there are enough: then the connection is closed without a word."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """On that thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the library's signature
        """A client that goes away in the middle is nothing to report."""
        _log.debug("a probe was not answered", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.0: one request, one answer, and the connection ends. Nothing says what serves here."""

    server: ProbeServer

    def setup(self) -> None:
        """A client that sends a byte now and then would hold us for ever, were it not cut off."""
        super().setup()
        self.connection.settimeout(self.server.request_seconds)
        self._patience = Timer(self.server.request_seconds, _cut, (self.connection,))
        self._patience.daemon = True
        self._patience.start()

    def finish(self) -> None:
        """Called by the library at the end."""
        self._patience.cancel()
        super().finish()

    def do_GET(self) -> None:
        self._answer(has_body=True)

    def do_HEAD(self) -> None:
        self._answer(has_body=False)

    def send_error(self, code: int, *_texts: str | None) -> None:
        """Called by the library for what it cannot read, and for methods that do not exist here."""
        status = HTTPStatus(code)
        if status is HTTPStatus.NOT_IMPLEMENTED:
            status = HTTPStatus.METHOD_NOT_ALLOWED
        self._send(Page(status, status.phrase.encode() + b"\n", "text/plain"), has_body=True)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Nothing: probes come every few seconds."""

    def _answer(self, *, has_body: bool) -> None:
        # It has said what it wants; how long the page takes is ours.
        self._patience.cancel()
        if self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        build_page = self.server.pages.get(self.path.partition("?")[0])
        if build_page is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self._send(build_page(), has_body=has_body)

    def _send(self, page: Page, *, has_body: bool) -> None:
        self.send_response_only(page.status)
        if page.status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if has_body and self.command != "HEAD":
            self.wfile.write(page.body)


def _cut(connection: socket.socket) -> None:
    # Closing would not wake the thread that reads; shutting down does.
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
