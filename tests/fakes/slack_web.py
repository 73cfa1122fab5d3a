"""The HTTP side of the fake: parses Web API requests and turns /socket into a WebSocket.

Started by FakeSlack; one thread per connection.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.slack_calls import CallDesk, Reply
from tests.fakes.slack_events import Payload
from tests.fakes.slack_methods import RESPONSE_URL
from tests.fakes.slack_socket import SocketConnection, build_accept

_JSON_ARGUMENTS: Final = ("blocks", "attachments", "metadata", "view", "prompts", "loading_messages")
_FLAGS: Final = (
    "unfurl_links",
    "unfurl_media",
    "link_names",
    "include_all_metadata",
    "include_num_members",
    "replace_original",
    "delete_original",
)


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the handler needs from FakeSlack."""

    desk: CallDesk
    serve_socket: Callable[[SocketConnection], None]
    use_ticket: Callable[[str], bool]
    use_response_url: Callable[[str], bool]
    wait_for_release: Callable[[], object]


class SlackWebServer(ThreadingHTTPServer):
    """A loopback server on a free port."""

    daemon_threads = True
    # Fifty questions at once must not be refused by the listening queue.
    request_queue_size = 128

    def __init__(self, parts: WebParts) -> None:
        super().__init__(("127.0.0.1", 0), SlackWebHandler)
        self.parts = parts

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: clients of fault tests go away in mid-answer."""


class SlackWebHandler(BaseHTTPRequestHandler):
    """Routes /api/METHOD, /response/ID and /socket."""

    protocol_version = "HTTP/1.1"
    server: SlackWebServer

    def do_GET(self) -> None:
        """Handle a read method or a WebSocket upgrade."""
        if urlsplit(self.path).path == "/socket":
            self._upgrade()
        else:
            self._answer()

    def do_POST(self) -> None:
        """Handle a Web API method or a response_url."""
        self._answer()

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def _answer(self) -> None:
        arguments = self._read_arguments()
        token = str(arguments.pop("token", "") or "")
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or token
        room, _, name = urlsplit(self.path).path.strip("/").partition("/")
        desk = self.server.parts.desk
        if room == "response" and not self.server.parts.use_response_url(name):
            self._send(Reply(404, {"ok": False, "error": "used_url"}))
        elif room in ("api", "response"):
            self._send(desk.answer_call(name if room == "api" else RESPONSE_URL, arguments, token))
        else:
            desk.violations.append(f"unknown path {self.path!r}")
            self._send(Reply(404, None))

    def _read_arguments(self) -> Payload:
        size = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(size)
        if len(sent) < size:
            # kill -9 between the headers and the body: Slack never sees a call, and neither do we.
            raise ConnectionAbortedError("the client went away inside its request")
        body = sent.decode()
        arguments: Payload = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if self.headers.get("Content-Type", "").startswith("application/json"):
            arguments |= json.loads(body or "{}")
        else:
            arguments |= dict(parse_qsl(body, keep_blank_values=True))
        return {key: _decode(key, value) for key, value in arguments.items()}

    def _send(self, reply: Reply) -> None:
        self.close_connection = True
        if reply.hang:
            self.server.parts.wait_for_release()
            return
        body = b"" if reply.body is None else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if body:
            self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def _upgrade(self) -> None:
        self.close_connection = True
        ticket = dict(parse_qsl(urlsplit(self.path).query)).get("ticket", "")
        if not self.server.parts.use_ticket(ticket):
            self._send(Reply(403, None))
            return
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", build_accept(self.headers.get("Sec-WebSocket-Key", "")))
        self.end_headers()
        self.server.parts.serve_socket(SocketConnection(self.connection, self.rfile))


def _decode(key: str, value: Any) -> Any:
    """Undo the form encoding of one argument; JSON bodies pass unchanged except nested JSON in text."""
    if not isinstance(value, str):
        return value
    if key in _JSON_ARGUMENTS and value:
        return json.loads(value)
    if key in _FLAGS and value.lower() in ("1", "0", "true", "false"):
        return value.lower() in ("1", "true")
    return value
