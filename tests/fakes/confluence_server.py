"""A stand-in for Confluence on loopback: one state, the face of Cloud or of Data Center, and faults by script.

Every request and every reply is checked against confluence_fields.py; what differs stands in `violations`.
"""

import base64
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from tests.fakes.confluence_checks import check_reply, check_request, find_call
from tests.fakes.confluence_cloud import CloudFace
from tests.fakes.confluence_data_center import CONTEXT, DataCenterFace
from tests.fakes.confluence_faults import Faults, Refused, Reply
from tests.fakes.confluence_fields import CLOUD_CALLS, DC_CALLS
from tests.fakes.confluence_state import ConfluenceState

Edition = Literal["cloud", "datacenter"]
USER, TOKEN = "crawler@example.com", "token-of-the-crawler"
GATEWAY = "/ex/confluence/11111111-2222-3333-4444-555555555555"
RPC = f"{CONTEXT}/rpc/json-rpc/confluenceservice-v2"


@dataclass
class FakeConfluence:
    """The state behind the server. `requests` lists method, path and query of all that came."""

    edition: Edition
    state: ConfluenceState = field(default_factory=ConfluenceState)
    faults: Faults = field(default_factory=Faults)
    requests: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    root: str = ""
    is_scoped: bool = False
    """The token is a scoped one: taken at the gateway only."""

    def __post_init__(self) -> None:
        self.cloud = CloudFace(self.state, self.faults)
        self.data_center = DataCenterFace(self.state, self.faults)
        self._one_at_a_time = threading.Lock()

    def take(self, state: ConfluenceState) -> None:
        """Serve another state from now on; what was asked before is forgotten."""
        self.state = self.cloud.state = self.data_center.state = state
        self.requests.clear()

    @property
    def url(self) -> str:
        """What an operator gives as the source's address."""
        if self.edition == "datacenter":
            return f"{self.root}{CONTEXT}"
        return f"{self.root}{GATEWAY}" if self.is_scoped else self.root

    @property
    def secrets(self) -> dict[str, str]:
        return {"token": TOKEN} if self.edition == "datacenter" else {"user": USER, "token": TOKEN}

    def count(self, matching: str) -> int:
        """How many requests held this text."""
        return sum(matching in one for one in self.requests)

    def answer(self, method: str, target: str, *, headers: Mapping[str, str], body: bytes) -> Reply:
        """One request."""
        with self._one_at_a_time:
            self.requests.append(f"{method} {target}")
            try:
                return self._answer(method, target, headers=headers, body=body)
            except Refused as error:
                return Reply({"message": str(error)}, error.status)

    def _answer(self, method: str, target: str, *, headers: Mapping[str, str], body: bytes) -> Reply:
        parts = urlsplit(target)
        failure = self.faults.find_failure(target)
        if failure is not None:
            return failure
        is_gateway = parts.path.startswith(GATEWAY)
        path = parts.path.removeprefix(GATEWAY) if self.edition == "cloud" else parts.path
        face = self.cloud if self.edition == "cloud" else self.data_center
        if not self._is_signed_in(headers, is_gateway=is_gateway) and not face.allows_anonymous(path):
            raise Refused(401, "sign in")
        query = parse_qs(parts.query, keep_blank_values=True)
        call = find_call(CLOUD_CALLS if self.edition == "cloud" else DC_CALLS, method, path)
        if call is None:
            raise Refused(404, f"{method} {path} is not here")
        self.violations += check_request(call, query)
        reply = self._route(method, path, query, body)
        if reply.status < 300:
            self.violations += check_reply(call, reply.body)
        return reply

    def _route(self, method: str, path: str, query: Mapping[str, list[str]], body: bytes) -> Reply:
        if method == "POST":
            return self.data_center.call_remotely(json.loads(body))
        face = self.cloud if self.edition == "cloud" else self.data_center
        for pattern, act in face.routes():
            found = re.fullmatch(pattern, path)
            if found:
                return act(query, *found.groups())
        raise Refused(404, f"{path} is not here")

    def _is_signed_in(self, headers: Mapping[str, str], *, is_gateway: bool) -> bool:
        if self.edition == "datacenter":
            return headers.get("Authorization") == f"Bearer {TOKEN}"
        wanted = base64.b64encode(f"{USER}:{TOKEN}".encode()).decode()
        return headers.get("Authorization") == f"Basic {wanted}" and is_gateway == self.is_scoped


class _Handler(BaseHTTPRequestHandler):
    fake: FakeConfluence
    protocol_version = "HTTP/1.1"
    # Head and body are two writes: the second must not wait for the first one's receipt.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Keep the test output clean."""

    def do_GET(self) -> None:
        self._send(self.fake.answer("GET", self.path, headers=dict(self.headers.items()), body=b""))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._send(self.fake.answer("POST", self.path, headers=dict(self.headers.items()), body=body))

    def _send(self, reply: Reply) -> None:
        content = reply.content
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.fake.faults.must_cut(self.path):
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
            self.connection.shutdown(2)
        else:
            self.wfile.write(content)


@contextmanager
def serve_confluence(edition: Edition) -> Iterator[FakeConfluence]:
    """Run the stand-in until the block ends."""
    fake = FakeConfluence(edition)
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    fake.root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
