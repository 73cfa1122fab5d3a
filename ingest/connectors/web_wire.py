"""How an HTTP client is opened and how much of a body is taken. Used by web_client.py."""

import logging
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import PROTOCOL_TLS_CLIENT, SSLCertVerificationError, SSLContext

import httpx

from core.clock import Stopwatch
from ingest.connectors.web_retry import RetryPolicy


class Setback(Exception):
    """One attempt brought nothing; another may."""

    def __init__(self, reason: str, status: int | None = None, asked: float | None = None) -> None:
        super().__init__(reason)
        self.status, self.asked = status, asked


class TooLarge(Exception):
    """The body is larger than its limit."""


def open_client(policy: RetryPolicy, *, is_encrypted: bool) -> httpx.Client:
    """A client that logs no address, keeps no cookie and follows nothing by itself."""
    for noisy in ("httpx", "httpcore"):
        # They log whole addresses at INFO and headers at DEBUG.
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return httpx.Client(
        headers={"User-Agent": "onbrand"},
        timeout=policy.silent_seconds,
        follow_redirects=False,
        # The environment's proxies and authorities are the company's; http, for this machine alone, needs neither.
        # Loading the authorities takes longer than many a request.
        trust_env=is_encrypted,
        verify=True if is_encrypted else SSLContext(PROTOCOL_TLS_CLIENT),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


def read_body(response: httpx.Response, most_bytes: int, *, seconds: float) -> bytes:
    """The decoded body; raises TooLarge and Setback."""
    promised = response.headers.get("Content-Length", "")
    is_counted = promised.isdigit() and "Transfer-Encoding" not in response.headers
    if is_counted and int(promised) > most_bytes:
        raise TooLarge
    watch, content = Stopwatch(), bytearray()
    for part in response.iter_bytes(65_536):
        content += part
        if len(content) > most_bytes:
            raise TooLarge
        if watch.milliseconds() > seconds * 1000:
            raise Setback("the answer takes too long")
    if is_counted and response.num_bytes_downloaded != int(promised):
        raise Setback("the answer broke off")
    return bytes(content)


def copy_answer(response: httpx.Response, content: bytes) -> httpx.Response:
    """The answer with its body read, for whoever judges it."""
    left_out = {"content-encoding", "content-length", "transfer-encoding"}
    headers = [(name, value) for name, value in response.headers.items() if name.lower() not in left_out]
    return httpx.Response(response.status_code, headers=headers, content=content, request=response.request)


def is_distrusted(error: BaseException | None) -> bool:
    """True where the other side's certificate is what went wrong."""
    while error is not None:
        if isinstance(error, SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_unsendable(error: Exception) -> bool:
    """True where a header of ours is what went wrong."""
    is_refused = isinstance(error, httpx.LocalProtocolError) and "Illegal header" in str(error)
    return is_refused or isinstance(error, UnicodeEncodeError)
