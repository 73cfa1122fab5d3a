"""One Web API call from arrival to answer: checks, scripted faults, token, rate tiers, scopes, ledger.

Used by slack_web.py for each HTTP request; FakeSlack reads the ledger.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.slack_answers import ANSWERS, fail
from tests.fakes.slack_events import Payload
from tests.fakes.slack_limits import check_call, find_error
from tests.fakes.slack_methods import RESPONSE_URL, find_method, list_scopes
from tests.fakes.slack_workspace import Workspace

POSTS_PER_SECOND: Final = 1.0
POST_BURST: Final = 3


@dataclass(frozen=True, slots=True)
class Call:
    """One row of the ledger; `at` is monotonic seconds, `accepted` means it took effect."""

    at: float
    method: str
    arguments: Mapping[str, Any]
    status: int
    response: Mapping[str, Any]
    accepted: bool


@dataclass(slots=True)
class Fault:
    """A scripted fault for the next `count` calls of a method; `after` strikes once the call took effect."""

    method: str
    status: int = 429
    retry_after: int = 1
    count: int = 1
    empty_body: bool = False
    error: str = ""
    after: bool = False
    hang: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over HTTP; `hang` means nothing does. A body of None is an empty one."""

    status: int
    body: Payload | None
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False


@dataclass
class Bucket:
    """A token bucket: `burst` at once, then `per_second`."""

    per_second: float
    burst: float
    filled_at: float
    tokens: float

    def take(self, now: float) -> bool:
        """Take one token if there is one."""
        self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.per_second)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass
class CallDesk:
    """Answers calls; everything a test may want to know about them is public here."""

    workspace: Workspace
    bot_token: str
    app_token: str
    open_socket_url: Callable[[], str]
    granted_scopes: frozenset[str] | None = None
    enforce_rates: bool = False
    calls: list[Call] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    used_scopes: set[str] = field(default_factory=set)
    changed: threading.Condition = field(default_factory=threading.Condition)
    _buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def answer_call(self, method: str, arguments: Payload, token: str) -> Reply:
        """Answer one call and write it to the ledger."""
        with self.changed:
            self.violations += self._check(method, arguments)
            fault = self._take_fault(method)
        if fault and not fault.after:
            return self._record(method, arguments, _build_fault(fault), accepted=False)
        reply = self._refuse(method, arguments, token)
        if reply is None:
            body = self._run(method, arguments)
            reply = Reply(200, body)
        accepted = reply.status == 200 and bool(reply.body and reply.body.get("ok"))
        if fault and accepted:
            reply = Reply(0, reply.body, hang=True) if fault.hang else _build_fault(fault)
        return self._record(method, arguments, reply, accepted=accepted)

    def use_scopes(self, scopes: tuple[str, ...], channel: str) -> frozenset[str]:
        """Note that scopes were needed for a channel id and return them spelled out."""
        found = self.workspace.find_channel(channel) if channel else None
        needed = list_scopes(scopes, found.kind if found else "channel")
        self.used_scopes |= needed
        return needed

    def _check(self, method: str, arguments: Payload) -> list[str]:
        channel = str(arguments.get("channel") or arguments.get("channel_id") or "")
        askers = self.workspace.list_askers(channel, arguments.get("thread_ts"))
        return check_call(method, arguments, askers=askers)

    def _take_fault(self, method: str) -> Fault | None:
        fault = next((item for item in self.faults if item.method == method), None)
        if fault:
            fault.count -= 1
            if fault.count <= 0:
                self.faults.remove(fault)
        return fault

    def _refuse(self, method: str, arguments: Payload, token: str) -> Reply | None:
        expected = self.app_token if method == "apps.connections.open" else self.bot_token
        if method != RESPONSE_URL and token != expected:
            return Reply(200, fail("invalid_auth" if token else "not_authed"))
        entry = find_method(method)
        if entry is None:
            return Reply(200, fail("unknown_method", req_method=method))
        if self.enforce_rates and not self._may_pass(method, arguments, entry.per_minute):
            return _build_fault(Fault(method))
        needed = self.use_scopes(entry.scopes, str(arguments.get("channel") or ""))
        if self.granted_scopes is not None and (
            missing := needed - self.granted_scopes - {"users:read.email"}
        ):
            return Reply(200, fail("missing_scope", needed=",".join(sorted(missing))))
        error = find_error(method, arguments)
        return Reply(200, fail(error)) if error else None

    def _run(self, method: str, arguments: Payload) -> Payload:
        if method == "apps.connections.open":
            return {"ok": True, "url": self.open_socket_url()}
        body = ANSWERS[method](self.workspace, arguments)
        if self.granted_scopes is not None and "users:read.email" not in self.granted_scopes:
            body.get("user", {}).get("profile", {}).pop("email", None)
        return body

    def _may_pass(self, method: str, arguments: Payload, per_minute: int) -> bool:
        now = time.monotonic()
        posts = method == "chat.postMessage"
        key = (method, str(arguments.get("channel")) if posts else "")
        with self.changed:
            if key not in self._buckets:
                burst = POST_BURST if posts else per_minute
                rate = POSTS_PER_SECOND if posts else per_minute / 60
                self._buckets[key] = Bucket(rate, burst, filled_at=now, tokens=burst)
            return self._buckets[key].take(now)

    def _record(self, method: str, arguments: Payload, reply: Reply, *, accepted: bool) -> Reply:
        row = Call(time.monotonic(), method, arguments, reply.status, reply.body or {}, accepted)
        with self.changed:
            self.calls.append(row)
            self.changed.notify_all()
        return reply


def _build_fault(fault: Fault) -> Reply:
    if fault.hang:
        return Reply(0, {}, hang=True)
    if fault.error:
        return Reply(200, fail(fault.error))
    error = "ratelimited" if fault.status == 429 else "internal_error"
    headers = {"Retry-After": str(fault.retry_after)} if fault.status == 429 else {}
    return Reply(fault.status, None if fault.empty_body else fail(error), headers)
