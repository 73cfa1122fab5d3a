"""What the fake DAMs share: real HTTP on loopback, a log of requests, and faults in the order they were asked for.

Used by bynder_server.py and resourcespace_server.py.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

START = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Request:
    """One request as it came. `query` is raw: signatures are made over it."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def params(self) -> Mapping[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def form(self) -> Mapping[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """What is sent. A cut reply promises more bytes than it holds."""

    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    is_cut: bool = False


@dataclass
class _Fault:
    reply: Callable[[Reply], Reply]
    only: str
    times: int
    after: int = 0


@dataclass
class DamServer:
    """State, clock and faults of one fake. A subclass answers."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    """Lines in which our own replies differ from the field tables; a test asserts that there are none."""
    checked: set[str] = field(default_factory=set)
    minutes: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    _faults: list[_Fault] = field(default_factory=list)
    _actions: list[tuple[int, Callable[[], object]]] = field(default_factory=list)

    def answer(self, request: Request) -> Reply:
        """The reply of a server in good health."""
        raise NotImplementedError

    def tick(self) -> datetime:
        """The server's clock, a minute further."""
        self.minutes += 1
        return START + timedelta(minutes=self.minutes)

    def fail_next(
        self,
        times: int = 1,
        *,
        status: int = 429,
        headers: Mapping[str, str] | None = None,
        only: str = "",
        after: int = 0,
    ) -> None:
        """The next requests (whose address holds `only`, `after` so many good ones) get this status."""
        content = json.dumps({"message": "scripted failure", "statuscode": status}).encode()
        self._faults.append(_Fault(lambda _: Reply(status, content, headers or {}), only, times, after))

    def cut_next(self, times: int = 1, *, only: str = "", after: int = 0) -> None:
        """The next replies end in the middle."""
        self._faults.append(
            _Fault(
                lambda good: Reply(good.status, good.content, good.headers, is_cut=True), only, times, after
            )
        )

    def garble_next(self, times: int = 1, *, only: str = "", after: int = 0) -> None:
        """The next replies are a page for people, with status 200."""
        self._faults.append(
            _Fault(
                lambda _: Reply(200, b"<html>Maintenance</html>", {"Content-Type": "text/html"}),
                only,
                times,
                after,
            )
        )

    def mend(self) -> None:
        """No scripted fault any more."""
        with self.lock:
            self._faults.clear()
            self._actions.clear()

    def run_after(self, requests: int, action: Callable[[], object]) -> None:
        """Do something between two requests: after so many more of them."""
        self._actions.append((len(self.requests) + requests, action))

    def count(self, part: str) -> int:
        """Requests whose address holds this."""
        return sum(part in f"{one.path}?{one.query}" for one in self.requests)

    def handle(self, request: Request) -> Reply:
        """Log, act, answer, spoil."""
        with self.lock:
            due = [action for count, action in self._actions if count <= len(self.requests)]
            self._actions = [one for one in self._actions if one[0] > len(self.requests)]
            for action in due:
                action()
            self.requests.append(request)
            return self._spoil(request, self.answer(request))

    def _spoil(self, request: Request, good: Reply) -> Reply:
        where = f"{request.path}?{request.query}"
        for fault in self._faults:
            if fault.only not in where or not fault.times:
                continue
            if fault.after:
                fault.after -= 1
                continue
            fault.times -= 1
            return fault.reply(good)
        return good


def send_json(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON reply."""
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


def refuse(status: int, message: str) -> Reply:
    """A refusal as both APIs word it."""
    return send_json({"message": message, "statuscode": status}, status=status)


class _Handler(BaseHTTPRequestHandler):
    dam: DamServer
    protocol_version = "HTTP/1.1"
    # Head and body in one piece: sent as two, the second waits 40 ms for the first to be acknowledged.
    wbufsize = -1

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Keep the test output clean."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        request = Request(self.command, parts.path, parts.query, dict(self.headers.items()), body)
        reply = self.dam.handle(request)
        with suppress(ConnectionError):
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content[: len(reply.content) // 2] if reply.is_cut else reply.content)
        if reply.is_cut:
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle of a reply is none of ours to report."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


Served = TypeVar("Served", bound=DamServer)


@contextmanager
def serve_dam(dam: Served) -> Iterator[Served]:
    """Run the fake on a free loopback port for the length of the block."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"dam": dam}))
    dam.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield dam
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class FileServer(DamServer):
    """A download host beside a DAM: gives files by their path to whoever asks."""

    files: dict[str, bytes] = field(default_factory=dict)

    def answer(self, request: Request) -> Reply:
        content = self.files.get(request.path)
        return refuse(404, "no such file") if content is None else Reply(200, content)
