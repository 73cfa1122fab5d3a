"""The one HTTP client of sources that are asked over the web: patient, bounded, silent about what it carries.

Used by the connectors of such sources.
"""

import json
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import KW_ONLY, dataclass, field
from secrets import SystemRandom
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from core.clock import Clock, Stopwatch, pause
from core.errors import PermanentError, TransientError
from ingest.connectors.connector import CredentialsRefused, FileGone, SourceUnreadable
from ingest.connectors.web_address import AddressBook, open_address_book
from ingest.connectors.web_retry import (
    RetryPolicy,
    describe_refusal,
    is_worth_repeating,
    list_secrets,
    read_json,
    read_retry_after,
)
from ingest.connectors.web_wire import (
    Setback,
    TooLarge,
    copy_answer,
    is_distrusted,
    is_unsendable,
    open_client,
    read_body,
)

MOST_JSON_BYTES, MOST_REFUSAL_BYTES = 64_000_000, 1_000_000
MOST_REDIRECTS = 5
UNAUTHORIZED, PARTIAL = 401, 206

Params = Mapping[str, str | int | bool | Sequence[str]]


class SourceBusy(TransientError):
    """No usable answer after all attempts. `status` is the last one (None: none came), `retry_after` in seconds."""

    def __init__(self, text: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.status, self.retry_after = status, retry_after


class RequestRefused(PermanentError):
    """A 4xx that says the same when asked again. `reason` is the source's own short text, `body` its JSON or None."""

    def __init__(self, text: str, *, status: int, reason: str, body: Any = None) -> None:
        super().__init__(text)
        self.status, self.reason, self.body = status, reason, body


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. `headers` find their names in any case; `json` is None where bytes were asked for."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    json: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    url: httpx.URL
    headers: Mapping[str, str]
    most_bytes: int
    content: bytes | None = None
    is_json: bool = True


@dataclass(eq=False, repr=False)
class WebClient:
    """Asks one web API; may be used by several threads at once. `name` is the source's, for error texts.

    `auth` and `headers` go to the base's host and `extra_hosts` only; `plain_hosts` are asked without them (download
    hosts behind redirects); hosts are written HOST or HOST:PORT. `take_turn` is called before every attempt.
    `is_rate_limited` says of an answer from 400 on whether it only asks for patience.
    """

    base_url: str
    _: KW_ONLY
    name: str
    auth: httpx.Auth | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    take_turn: Callable[[], None] = lambda: None
    extra_hosts: Collection[str] = ()
    plain_hosts: Collection[str] = ()
    is_rate_limited: Callable[[httpx.Response], bool] = lambda _: False
    policy: RetryPolicy = field(default_factory=RetryPolicy)

    def __post_init__(self) -> None:
        self._book: AddressBook = open_address_book(
            self.name, self.base_url, extra_hosts=self.extra_hosts, plain_hosts=self.plain_hosts
        )
        self._client = open_client(self.policy, is_encrypted=self._book.base.scheme == "https")
        # A connector has no end of its own: its connections end with the last reference to it.
        self.close = weakref.finalize(self, self._client.close)

    def get_json(
        self, path: str, params: Params | None = None, *, headers: Mapping[str, str] | None = None
    ) -> Any:
        """The answer's JSON. `path` is below the base, or an absolute address of a host that is allowed.

        Raises SourceBusy, RequestRefused, CredentialsRefused and SourceUnreadable.
        """
        return self.get_response(path, params, headers=headers).json

    def get_response(
        self, path: str, params: Params | None = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """As get_json, with status and headers."""
        return self._ask(_Call("GET", self._place(path, params), dict(headers or {}), MOST_JSON_BYTES))

    def post_json(self, path: str, body: Any, *, params: Params | None = None) -> Any:
        """As get_json, for questions that are posted: they may be sent several times."""
        content = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        return self._ask(_Call("POST", self._place(path, params), headers, MOST_JSON_BYTES, content)).json

    def get_bytes(
        self,
        path: str,
        params: Params | None = None,
        *,
        max_bytes: int,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """A file, whole. Raises FileGone above `max_bytes`, else as get_json."""
        call = _Call("GET", self._place(path, params), dict(headers or {}), max_bytes, is_json=False)
        return self._ask(call).content

    def __repr__(self) -> str:
        return f"WebClient({self.name!r}, {self._book.base.host!r})"

    def _place(self, path: str, params: Params | None) -> httpx.URL:
        url = self._book.place(path)
        return url.copy_merge_params(params) if params else url

    def _ask(self, call: _Call) -> Answer:
        spent = 0.0
        attempt = 0
        while True:
            attempt += 1
            self.take_turn()
            watch = Stopwatch()
            try:
                return self._attempt(call)
            except Setback as setback:
                failed = setback
            spent += watch.milliseconds() / 1000
            wait = self.policy.choose_wait(
                attempt, spent=spent, asked=failed.asked, jitter=SystemRandom().random()
            )
            if wait is None:
                raise self._give_up(call, attempt, failed)
            pause(wait)
            spent += wait

    def _give_up(self, call: _Call, attempts: int, failed: Setback) -> SourceBusy:
        asked = f"; it asks us to wait {failed.asked:.0f} s" if failed.asked else ""
        return SourceBusy(
            f"{self._describe(call.method, call.url)}: {failed} ({attempts} attempts{asked}); it is tried again later",
            status=failed.status,
            retry_after=failed.asked,
        )

    def _attempt(self, call: _Call) -> Answer:
        """One attempt, over redirects. Raises Setback where another one may help."""
        try:
            return self._exchange(call)
        except httpx.TimeoutException:
            raise Setback("no answer in time") from None
        except (httpx.HTTPError, UnicodeEncodeError) as error:
            if is_unsendable(error):
                # Its own text quotes the header.
                raise CredentialsRefused(
                    f"{self.name}: its credential holds a sign that no header may hold (a line break, a letter beyond "
                    "ASCII); set it again"
                ) from None
            if is_distrusted(error):
                raise SourceUnreadable(
                    f"{self.name}: the certificate of {call.url.host} is not trusted here; where it is the company's "
                    "own, name the file of its authority in SSL_CERT_FILE"
                ) from None
            is_absent = isinstance(error, httpx.ConnectError | httpx.ProxyError)
            raise Setback("cannot be reached" if is_absent else "the answer broke off") from None

    def _exchange(self, call: _Call) -> Answer:
        url = call.url
        for _ in range(MOST_REDIRECTS + 1):
            with self._open(call, url) as response:
                location = _find_redirect(call, response)
                if location is None:
                    return self._take(call, response)
            url = self._book.follow(url, location)
        raise SourceUnreadable(f"{self._describe(call.method, call.url)}: redirects without end")

    @contextmanager
    def _open(self, call: _Call, url: httpx.URL) -> Iterator[httpx.Response]:
        is_trusted = self._book.is_trusted(url)
        headers = {**self.headers, **call.headers} if is_trusted else {}
        request = self._client.build_request(call.method, url, headers=headers, content=call.content)
        response = self._client.send(request, stream=True, auth=self.auth if is_trusted else None)
        try:
            yield response
        finally:
            response.close()

    def _take(self, call: _Call, response: httpx.Response) -> Answer:
        if not response.is_success:
            raise self._judge(call, response)
        if response.status_code == PARTIAL:
            raise Setback("sent a part only", PARTIAL)
        try:
            content = read_body(response, call.most_bytes, seconds=self.policy.body_seconds)
        except TooLarge:
            raise self._refuse_size(call) from None
        if not call.is_json:
            return Answer(response.status_code, response.headers, content)
        try:
            return Answer(response.status_code, response.headers, content, read_json(content))
        except ValueError:
            raise Setback("the answer is not JSON", response.status_code) from None

    def _refuse_size(self, call: _Call) -> PermanentError:
        if call.is_json:
            return SourceUnreadable(
                f"{self._describe(call.method, call.url)}: one page of the answer is above "
                f"{call.most_bytes / 1e6:.0f} MB"
            )
        return FileGone(
            f"it is above the limit of {call.most_bytes / 1e6:.0f} MB (ONBRAND_MAX_FILE_MEGABYTES)"
        )

    def _judge(self, call: _Call, response: httpx.Response) -> Exception:
        """What an answer that is none means: another attempt, other credentials, or no."""
        content = b""
        with suppress(TooLarge):
            content = read_body(response, MOST_REFUSAL_BYTES, seconds=self.policy.silent_seconds)
        status, where = response.status_code, self._describe(call.method, response.request.url)
        if is_worth_repeating(status) or self.is_rate_limited(copy_answer(response, content)):
            asked = read_retry_after(response.headers, now=Clock(ZoneInfo("UTC")).now())
            return Setback(f"answered with HTTP {status}", status, asked)
        if status == UNAUTHORIZED:
            return CredentialsRefused(
                f"{where}: the credential was refused (HTTP 401); it has expired, was revoked or belongs to "
                "another site. Make a new one, set it and sync again"
            )
        sent = response.request
        secrets = list_secrets(sent.headers.items(), sent.url.params.multi_items())
        reason, body = describe_refusal(content, secrets=secrets)
        text = f"{where}: answered with HTTP {status}" + (f": {reason}" if reason else "")
        return RequestRefused(text, status=status, reason=reason, body=body)

    def _describe(self, method: str, url: httpx.URL) -> str:
        # Never the query: signatures and keys travel there.
        return f"{self.name}: {method} {url.host}{url.path}"


def _find_redirect(call: _Call, response: httpx.Response) -> str | None:
    # A posted question, and what it carries, goes nowhere else.
    if not response.has_redirect_location or call.method != "GET":
        return None
    return response.headers["Location"]
