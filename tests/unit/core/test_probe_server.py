"""The server of probes on a real socket: what it answers, what it refuses, and whom it does not wait for."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse

import pytest

from core.clock import Stopwatch, pause
from core.probe_server import MOST_AT_ONCE, Page, ProbeServer

SECONDS = 0.4


def fail() -> Page:
    raise RuntimeError("a defect that quotes the question")


@pytest.fixture
def server() -> Iterator[ProbeServer]:
    pages = {
        "/healthz": lambda: Page(HTTPStatus.OK, b'{"alive": true}'),
        "/readyz": lambda: Page(HTTPStatus.SERVICE_UNAVAILABLE, b"{}"),
        "/defect": fail,
    }
    made = ProbeServer("127.0.0.1", 0, pages, request_seconds=SECONDS)
    with made.serve():
        yield made


def ask(server: ProbeServer, method: str, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def send(server: ProbeServer, content: bytes) -> bytes:
    """Send bytes as they are; whatever comes back until the connection ends."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(content)
        received = b""
        with suppress(ConnectionError):
            while part := connection.recv(4096):
                received += part
        return received


def test_page_is_sent_with_its_status_and_a_query_changes_nothing(server: ProbeServer) -> None:
    response, body = ask(server, "GET", "/healthz?verbose=1")
    assert (response.status, body) == (200, b'{"alive": true}')
    assert response.headers["Content-Type"] == "application/json"
    assert ask(server, "GET", "/readyz")[0].status == 503


def test_head_gives_the_headers_of_get_and_no_body(server: ProbeServer) -> None:
    response, body = ask(server, "HEAD", "/readyz")
    assert (response.status, body, response.headers["Content-Length"]) == (503, b"", "2")


@pytest.mark.parametrize("path", ["/", "/metrics", "/healthz/", "/../healthz", "/healthz%00", "/%2e"])
def test_other_paths_are_not_found(server: ProbeServer, path: str) -> None:
    assert ask(server, "GET", path)[0].status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"])
def test_other_methods_are_not_allowed(server: ProbeServer, method: str) -> None:
    response, _ = ask(server, method, "/healthz")
    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")


def test_nothing_says_what_serves_here(server: ProbeServer) -> None:
    for method, path in (("GET", "/healthz"), ("GET", "/nowhere"), ("POST", "/healthz")):
        response, body = ask(server, method, path)
        assert "Server" not in response.headers
        assert b"Python" not in body
    assert b"Server:" not in send(server, b"nonsense\r\n\r\n")


def test_request_with_a_body_is_refused(server: ProbeServer) -> None:
    assert ask(server, "GET", "/healthz", Content_Length="5")[0].status == 413
    assert ask(server, "GET", "/healthz", Transfer_Encoding="chunked")[0].status == 413
    assert ask(server, "GET", "/healthz", Content_Length="0")[0].status == 200


@pytest.mark.parametrize(
    "content",
    [
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/9.9\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n" + b"X-A: 1\r\n" * 200 + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nX-A: " + b"y" * 70_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"<script>alert(1)</script> /healthz HTTP/1.1\r\n\r\n",
    ],
    ids=["long-line", "version", "many-headers", "long-header", "tls", "markup"],
)
def test_nonsense_is_refused_without_being_quoted(server: ProbeServer, content: bytes) -> None:
    received = send(server, content)
    assert b" 200 " not in received
    assert b"script" not in received
    assert len(received) < 400
    assert ask(server, "GET", "/healthz")[0].status == 200


def test_defect_of_a_page_ends_its_request_alone_and_is_not_told(server: ProbeServer) -> None:
    assert send(server, b"GET /defect HTTP/1.0\r\n\r\n") == b""
    assert ask(server, "GET", "/healthz")[0].status == 200


def test_client_that_says_nothing_or_drips_is_cut_off(server: ProbeServer) -> None:
    watch = Stopwatch()
    assert send(server, b"") == b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as dripping:
        with suppress(OSError):
            for _ in range(100):
                dripping.sendall(b"G")
                pause(SECONDS / 10)
        with suppress(OSError):
            assert dripping.recv(100) == b""
    assert watch.milliseconds() < SECONDS * 1000 * 5


def test_many_idle_clients_are_turned_away_and_the_next_probe_is_answered_when_they_are_gone(
    server: ProbeServer,
) -> None:
    idle = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(MOST_AT_ONCE)]
    try:
        watch = Stopwatch()
        while server._places._value and watch.milliseconds() < SECONDS * 900:
            pause(0.005)
        assert send(server, b"GET /healthz HTTP/1.0\r\n\r\n") == b""
        while not server._places._value and watch.milliseconds() < 5_000:
            pause(0.02)
        assert ask(server, "GET", "/healthz")[0].status == 200
    finally:
        for one in idle:
            one.close()


def test_port_is_free_again_when_serving_has_ended_and_taken_before(server: ProbeServer) -> None:
    with pytest.raises(OSError, match="in use"):
        ProbeServer("127.0.0.1", server.port, {})
    port = server.port
    server.shutdown()
    server.server_close()
    again = ProbeServer("127.0.0.1", port, {"/healthz": lambda: Page(HTTPStatus.OK, b"again")})
    with again.serve():
        assert ask(again, "GET", "/healthz")[1] == b"again"
