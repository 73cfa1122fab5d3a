"""The client of sources against a real server on this machine that answers by script, badly where told to."""

import gzip
import json
import logging
import struct
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from ssl import SSLCertVerificationError
from typing import Any

import httpx
import pytest

from core.errors import UsageError
from ingest.connectors import web_client
from ingest.connectors.connector import CredentialsRefused, FileGone, SourceUnreadable
from ingest.connectors.web_client import RequestRefused, SourceBusy, WebClient
from ingest.connectors.web_retry import RetryPolicy

QUICK = RetryPolicy(attempts=3, most_seconds=20.0, first_seconds=0.002, silent_seconds=10.0)
IMPATIENT = RetryPolicy(
    attempts=9, most_seconds=20.0, first_seconds=0.002, silent_seconds=0.15, body_seconds=0.1
)
TOKEN = "tok-3f9c1d77aa"


class Handler(BaseHTTPRequestHandler):
    """Answers with the script's next step; the last one answers for ever."""

    protocol_version = "HTTP/1.1"
    site: "Site"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keep the test output clean."""

    def do_GET(self) -> None:
        site = self.site
        site.requests.append((self.command, self.path, dict(self.headers.items())))
        step = site.steps.pop(0) if len(site.steps) > 1 else site.steps[0]
        step(self)

    def do_POST(self) -> None:
        self.site.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def give(
        self,
        status: int,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        length: int | None = None,
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        if length is not None:
            self.close_connection = True


Step = Callable[[Handler], None]


@dataclass
class Site:
    steps: list[Step] = field(default_factory=list)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def script(self, *steps: Step) -> None:
        self.steps[:] = steps

    def open(self, **options: object) -> WebClient:
        given: dict[str, object] = {"name": "wiki", "policy": QUICK, **options}
        return WebClient(self.url, **given)  # type: ignore[arg-type]


def serve() -> Iterator[Site]:
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"site": site}))
    server.daemon_threads = True
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serve()


@pytest.fixture
def other() -> Iterator[Site]:
    yield from serve()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the client meant to wait; it does not."""
    meant: list[float] = []
    monkeypatch.setattr(web_client, "pause", meant.append)
    return meant


def say(status: int = 200, body: object = None, headers: Mapping[str, str] | None = None) -> Step:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda handler: handler.give(status, content, headers)


def cut(body: bytes, length: int) -> Step:
    return lambda handler: handler.give(200, body, length=length)


def reset(handler: Handler) -> None:
    # Closing with zero linger sends a reset instead of an end.
    handler.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()
    handler.wfile = handler.rfile = open("/dev/null", "w+b", buffering=0)  # type: ignore[assignment]  # noqa: PTH123, SIM115


def drip(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    wait = threading.Event()
    try:
        for _ in range(7):
            handler.wfile.write(b" ")
            wait.wait(0.03)
    except OSError:
        handler.close_connection = True


def hang(handler: Handler) -> None:
    threading.Event().wait(0.25)
    handler.close_connection = True


OK: Step = say(200, {"fine": True})


# --- what is asked for again -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_busy_answer_is_asked_for_again(site: Site, status: int, waits: list[float]) -> None:
    site.script(say(status), say(status), OK)
    assert site.open().get_json("things") == {"fine": True}
    assert len(site.requests) == 3
    assert len(waits) == 2
    assert all(wait <= 0.01 for wait in waits)


@pytest.mark.parametrize(
    "step", [reset, cut(b'{"fine": tr', 40), cut(b"", 40)], ids=["reset", "cut", "empty"]
)
def test_answer_that_breaks_off_is_asked_for_again(site: Site, step: Step) -> None:
    site.script(step, OK)
    assert site.open().get_json("things") == {"fine": True}
    assert len(site.requests) == 2


@pytest.mark.parametrize("step", [hang, drip], ids=["hang", "drip"])
def test_answer_that_takes_for_ever_is_asked_for_again(site: Site, step: Step) -> None:
    site.script(step, OK)
    assert site.open(policy=IMPATIENT).get_json("things") == {"fine": True}
    assert len(site.requests) >= 2


@pytest.mark.parametrize("step", [reset, cut(b"abc", 40)], ids=["reset", "cut"])
def test_file_that_breaks_off_every_time_ends_as_busy_and_never_as_a_shorter_file(
    site: Site, step: Step
) -> None:
    site.script(step)
    with pytest.raises(
        SourceBusy, match=r"wiki: GET 127\.0\.0\.1/api/file: the answer broke off \(3 attempts\)"
    ):
        site.open().get_bytes("file", max_bytes=1000)
    assert len(site.requests) == 3


def test_server_that_is_not_there_ends_as_busy(site: Site) -> None:
    with pytest.raises(SourceBusy, match="cannot be reached") as caught:
        WebClient("http://127.0.0.1:9/api", name="wiki", policy=QUICK).get_json("things")
    assert caught.value.status is None


@pytest.mark.parametrize(
    "body", [b"<html>Sign in</html>", b"", b'{"half": ', b"[" * 100_000, b"\xff\xfe\x00"]
)
def test_page_that_is_not_json_ends_as_busy_after_all_attempts(site: Site, body: bytes) -> None:
    site.script(say(200, body))
    with pytest.raises(SourceBusy, match="the answer is not JSON") as caught:
        site.open().get_json("things")
    assert (len(site.requests), caught.value.status) == (3, 200)


def test_part_of_a_file_is_no_file(site: Site) -> None:
    site.script(say(206, b"half"), say(200, b"whole"))
    assert site.open().get_bytes("file", max_bytes=100) == b"whole"


def test_wait_that_the_server_asks_for_in_seconds_is_kept(site: Site, waits: list[float]) -> None:
    site.script(say(429, headers={"Retry-After": "1"}), OK)
    site.open().get_json("things")
    assert 1.0 <= waits[0] <= 1.1


def test_wait_that_the_server_asks_for_by_a_date_is_kept_by_the_servers_own_clock(
    site: Site, waits: list[float]
) -> None:
    # http.server sends its Date itself, so the date asked for is built on the same clock, wherever ours is.
    def answer(handler: Handler) -> None:
        handler.date_time_string = lambda timestamp=None: format_datetime(past, usegmt=True)  # type: ignore[method-assign]
        handler.give(503, b"", {"Retry-After": format_datetime(past + timedelta(seconds=1), usegmt=True)})

    past = datetime(2020, 1, 1, tzinfo=UTC)
    site.script(answer, OK)
    site.open().get_json("things")
    assert 1.0 <= waits[0] <= 1.1


def test_wait_that_does_not_fit_is_not_cut_short_but_given_up(site: Site, waits: list[float]) -> None:
    site.script(say(429, headers={"Retry-After": "3600"}))
    with pytest.raises(SourceBusy, match="asks us to wait 3600 s") as caught:
        site.open().get_json("things")
    assert (len(site.requests), waits) == (1, [])
    assert (caught.value.status, caught.value.retry_after) == (429, 3600.0)


def test_turn_is_taken_before_every_attempt(site: Site) -> None:
    turns: list[int] = []
    site.script(say(500), OK)
    site.open(take_turn=lambda: turns.append(len(site.requests))).get_json("things")
    assert turns == [0, 1]


class Failing(httpx.Auth):
    """Fails where the connection would."""

    def __init__(self, error: Exception | None, cause: Exception | None = None) -> None:
        self.error, self.cause = error, cause

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        if self.error is not None:
            raise self.error from self.cause
        yield request


def test_certificate_that_is_not_trusted_is_named_and_not_tried_again(site: Site) -> None:
    turns: list[int] = []
    auth = Failing(httpx.ConnectError("tls"), SSLCertVerificationError("self-signed"))
    with pytest.raises(SourceUnreadable, match=r"certificate of 127\.0\.0\.1 is not trusted.*SSL_CERT_FILE"):
        site.open(auth=auth, take_turn=lambda: turns.append(1)).get_json("things")
    assert turns == [1]


def test_connection_that_is_out_of_step_is_no_bad_credential(site: Site) -> None:
    with pytest.raises(SourceBusy, match="broke off"):
        site.open(auth=Failing(httpx.LocalProtocolError("cannot send in this state"))).get_json("things")


# --- refusals ----------------------------------------------------------------------------------------------------


def is_rate(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and "rateLimitExceeded" in answer.text


def test_rate_limit_that_looks_like_a_refusal_is_waited_out_and_a_real_one_is_not(site: Site) -> None:
    rate = {"error": {"errors": [{"reason": "rateLimitExceeded"}], "message": "slow down"}}
    site.script(say(403, rate), say(403, {"error": {"message": "not yours", "code": 403}}))
    with pytest.raises(RequestRefused, match="HTTP 403: not yours") as caught:
        site.open(is_rate_limited=is_rate).get_json("things")
    assert len(site.requests) == 2
    assert (caught.value.status, caught.value.reason) == (403, "not yours")
    assert caught.value.body == {"error": {"message": "not yours", "code": 403}}


def test_rate_limit_in_a_packed_body_is_seen(site: Site) -> None:
    packed = gzip.compress(b'{"error": "rateLimitExceeded"}')
    site.script(say(403, packed, {"Content-Encoding": "gzip"}), OK)
    assert site.open(is_rate_limited=is_rate).get_json("things") == {"fine": True}


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 422, 304])
def test_refusal_is_not_asked_for_again(site: Site, status: int) -> None:
    site.script(lambda handler: handler.give(status))
    with pytest.raises(RequestRefused) as caught:
        site.open().get_json("things")
    assert (caught.value.status, len(site.requests)) == (status, 1)


def test_expired_credential_is_named_as_such_and_not_tried_again(site: Site) -> None:
    site.script(say(401, {"message": "expired"}))
    with pytest.raises(CredentialsRefused, match=r"wiki.*HTTP 401.*set it and sync again"):
        site.open().get_json("things")
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"errors": [{"title": "No page\x1b[2J", "status": 404}]}, "No page[2J"),
        ({"message": "x" * 999}, "x" * 200),
        ({"error": {"error": {"error": {"message": "deep"}}}}, ""),
        ([], ""),
        (b"<html>no</html>", ""),
    ],
)
def test_reason_of_a_refusal_is_short_and_harmless(site: Site, body: object, reason: str) -> None:
    site.script(say(404, body))
    with pytest.raises(RequestRefused) as caught:
        site.open().get_json("things")
    assert caught.value.reason == reason


# --- what is never told ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 200])
def test_no_error_and_no_log_repeats_credential_or_query_even_if_the_server_does(
    site: Site, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.NOTSET)

    def echo(handler: Handler) -> None:
        told = f"{handler.path} {handler.headers['Authorization']} {handler.headers['X-Key']} hunter2-hunter2"
        handler.give(status, json.dumps({"message": told}).encode() if status != 200 else told.encode())

    site.script(echo)
    client = site.open(
        auth=httpx.BasicAuth("ann@example.com", "hunter2-hunter2"), headers={"X-Key": f"Key {TOKEN}"}
    )
    with pytest.raises(Exception, match=r"HTTP|JSON") as caught:
        client.get_json("things", {"sign": "0123456789abcdef", "user": "ann"})
    reason = getattr(caught.value, "reason", "")
    told = f"{caught.value} {caught.value!r} {reason} {caplog.text} {client!r} {caught.value.__cause__!r}"
    assert "things" in told
    for secret in (TOKEN, "hunter2", "0123456789abcdef", "sign=", "YW5uQG"):
        assert secret not in told
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_credential_that_no_header_can_hold_is_refused_without_being_told(site: Site) -> None:
    for bad in ("ab\ncd-secret", "ä-secret"):
        with pytest.raises(CredentialsRefused, match="set it again") as caught:
            site.open(headers={"Authorization": bad}).get_json("things")
        assert "secret" not in f"{caught.value!r}{caught.value.__cause__!r}"


# --- where it goes -----------------------------------------------------------------------------------------------


def has_credentials(request: tuple[str, str, dict[str, str]]) -> bool:
    return bool({"Authorization", "X-Key"} & set(request[2]))


def open_with_credentials(site: Site, **options: object) -> WebClient:
    return site.open(auth=httpx.BasicAuth("a", "b"), headers={"X-Key": TOKEN}, **options)


def test_redirect_inside_the_host_keeps_the_credentials(site: Site) -> None:
    site.script(say(302, b"", {"Location": "/api/there?x=1"}), OK)
    assert open_with_credentials(site).get_json("things") == {"fine": True}
    assert site.requests[1][1] == "/api/there?x=1"
    assert all(has_credentials(request) for request in site.requests)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_redirect_to_another_host_is_not_followed(site: Site, other: Site, host: str) -> None:
    other.script(OK)
    site.script(say(302, b"", {"Location": f"http://{host}:{other.port}/api/there?key=1"}))
    with pytest.raises(SourceUnreadable, match="no host of this source") as caught:
        open_with_credentials(site).get_json("things")
    assert other.requests == []
    assert "key=1" not in str(caught.value)


def test_redirect_to_a_download_host_is_followed_without_credentials(site: Site, other: Site) -> None:
    other.script(say(200, b"bytes"))
    site.script(say(302, b"", {"Location": f"http://ann:pw@127.0.0.1:{other.port}/file?sig=1"}))
    client = open_with_credentials(site, plain_hosts=[f"127.0.0.1:{other.port}"])
    assert client.get_bytes("file", max_bytes=100, headers={"X-More": "1"}) == b"bytes"
    assert has_credentials(site.requests[0])
    assert not has_credentials(other.requests[0])
    assert "X-More" not in other.requests[0][2]


def test_extra_host_gets_the_credentials_and_any_other_gets_nothing(site: Site, other: Site) -> None:
    other.script(OK)
    url = f"http://127.0.0.1:{other.port}/api/there"
    assert open_with_credentials(site, extra_hosts=[f"127.0.0.1:{other.port}"]).get_json(url) == {
        "fine": True
    }
    assert has_credentials(other.requests[0])
    with pytest.raises(SourceUnreadable, match="no host of this source"):
        open_with_credentials(site).get_json(url)
    assert len(other.requests) == 1


def test_redirects_in_a_circle_end(site: Site) -> None:
    site.script(say(302, b"", {"Location": "/api/things"}))
    with pytest.raises(SourceUnreadable, match="redirects without end"):
        site.open().get_json("things")
    assert len(site.requests) == 6


def test_posted_question_is_not_carried_on_by_a_redirect(site: Site) -> None:
    site.script(say(307, b"", {"Location": "/api/there"}))
    with pytest.raises(RequestRefused, match="HTTP 307"):
        site.open().post_json("things", {"q": 1})
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "address",
    [
        *("http://wiki.example.com", "ftp://127.0.0.1/", "wiki.example.com", "https://", "https://a\nb/"),
        *(
            "https://ann:pw@wiki.example.com/",
            "https://wiki.example.com/?key=1",
            "http://127.0.0.1.example.com/",
        ),
    ],
)
def test_address_without_encryption_or_with_secrets_in_it_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="https://HOST/PATH"):
        WebClient(address, name="wiki")


def test_encrypted_source_never_falls_back_to_plain_http() -> None:
    client = WebClient("https://wiki.example.com/wiki", name="wiki", extra_hosts=["wiki.example.com:80"])
    with pytest.raises(SourceUnreadable, match="without encryption"):
        client.get_json("http://wiki.example.com/wiki/things")


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("things", "/api/things"),
        ("/things", "/api/things"),
        ("//evil.example/x", "/api/evil.example/x"),
        ("things?a=1&b=2", "/api/things?a=1&b=2&limit=5&all=true&x=1&x=2"),
        ("", "/api"),
        ("?a=1", "/api?a=1"),
    ],
)
def test_path_is_below_the_base_and_keeps_its_query(site: Site, path: str, asked: str) -> None:
    site.script(OK)
    params: dict[str, Any] | None = {"limit": 5, "all": True, "x": ["1", "2"]} if "b=2" in path else None
    site.open().get_json(path, params)
    assert site.requests[0][1] == asked


def test_proxy_password_file_and_cookies_of_this_machine_are_not_used(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ann password pw\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    site.script(say(200, {}, {"Set-Cookie": "session=1; Path=/"}), OK)
    client = site.open()
    client.get_json("things")
    client.get_json("things")
    assert not any({"Authorization", "Cookie"} & set(headers) for _, _, headers in site.requests)


# --- how much is taken -------------------------------------------------------------------------------------------


def test_file_above_the_limit_is_gone_before_it_is_read_where_its_length_is_told(site: Site) -> None:
    site.script(lambda handler: handler.give(200, b"", length=10_000_000_000))
    with pytest.raises(FileGone, match=r"above the limit of 1 MB \(ONBRAND_MAX_FILE_MEGABYTES\)"):
        site.open().get_bytes("file", max_bytes=1_000_000)
    assert len(site.requests) == 1


def test_file_that_unpacks_above_the_limit_is_gone(site: Site) -> None:
    site.script(say(200, gzip.compress(bytes(2_000_000)), {"Content-Encoding": "gzip"}))
    with pytest.raises(FileGone, match="above the limit"):
        site.open().get_bytes("file", max_bytes=1_000_000)


def test_file_of_exactly_the_limit_comes_whole(site: Site) -> None:
    site.script(say(200, b"x" * 1000))
    assert site.open().get_bytes("file", max_bytes=1000) == b"x" * 1000


def test_page_of_json_has_a_limit_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_client, "MOST_JSON_BYTES", 1000)
    site.script(say(200, ["x" * 2000]))
    with pytest.raises(SourceUnreadable, match="one page of the answer is above"):
        site.open().get_json("things")


def test_answer_shorter_than_its_body_does_not_spoil_the_next_answer(site: Site) -> None:
    site.script(lambda handler: handler.give(200, b'{"a": 1}HTTP/1.1 200 OK\r\n', length=8), OK)
    client = site.open()
    assert client.get_json("things") == {"a": 1}
    assert client.get_json("things") == {"fine": True}


# --- the rest ----------------------------------------------------------------------------------------------------


def test_answer_tells_status_and_headers_in_any_case(site: Site) -> None:
    site.script(say(200, [1], {"Link": '</api/next?cursor=2>; rel="next"'}))
    answer = site.open().get_response("things")
    assert (answer.status, answer.json) == (200, [1])
    assert answer.headers["link"].startswith("</api/next")


def test_posted_question_is_sent_again_whole(site: Site) -> None:
    site.script(say(502), OK)
    assert site.open().post_json("search", {"q": "ä"}, params={"limit": 1}) == {"fine": True}
    assert [json.loads(body) for body in site.bodies] == [{"q": "ä"}, {"q": "ä"}]
    assert [path for _, path, _ in site.requests] == ["/api/search?limit=1"] * 2


def test_several_threads_may_ask_at_once(site: Site) -> None:
    site.script(lambda handler: handler.give(200, json.dumps(handler.path).encode()))
    client, got = site.open(), []

    def ask(number: int) -> None:
        got.extend([client.get_json(f"t{number}") == f"/api/t{number}" for _ in range(10)])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [True] * 80


def test_waits_grow_with_jitter_and_end_with_attempts_or_time() -> None:
    policy = RetryPolicy(attempts=4, most_seconds=10, first_seconds=1)
    low = [policy.choose_wait(n, spent=0, asked=None, jitter=0) for n in (1, 2, 3, 4)]
    high = [policy.choose_wait(n, spent=0, asked=None, jitter=1) for n in (1, 2, 3, 4)]
    assert (low, high) == ([0.5, 1.0, 2.0, None], [1.0, 2.0, 4.0, None])
    assert policy.choose_wait(1, spent=9.5, asked=None, jitter=1) is None
    assert policy.choose_wait(1, spent=0, asked=0.0, jitter=0) == 0.0
