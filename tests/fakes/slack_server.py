"""FakeSlack: a Slack workspace on loopback, with Web API, Socket Mode, faults and a ledger of every call.

Started by end-to-end tests; point the app at it with SLACK_API_URL=fake.url.
"""

import itertools
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from tests.fakes.slack_calls import Call, CallDesk, Fault
from tests.fakes.slack_delivery import SLACK_RETRY_SECONDS, Delivery, DisconnectReason, SocketHub
from tests.fakes.slack_events import APP_ID, BOT_USER_ID, Payload, build_body, sign_body
from tests.fakes.slack_methods import EVENT_SCOPES
from tests.fakes.slack_text import find_urls
from tests.fakes.slack_web import SlackWebServer, WebParts
from tests.fakes.slack_workspace import Channel, Crawl, User, Workspace

__all__ = ["Call", "Channel", "Delivery", "FakeSlack", "User"]


class FakeSlack:
    """One workspace with our app installed. Use it as a context manager or call start and stop."""

    def __init__(
        self,
        *,
        retry_seconds: tuple[float, ...] = SLACK_RETRY_SECONDS,
        enforce_rates: bool = False,
        granted_scopes: Iterable[str] | None = None,
        bot_token: str = "xoxb-fake-bot",
        app_token: str = "xapp-fake-app",
    ) -> None:
        self.bot_token = bot_token
        self.app_token = app_token
        self.workspace = Workspace()
        self.hub = SocketHub(retry_seconds)
        self.desk = CallDesk(self.workspace, bot_token, app_token, self._open_socket_url)
        self.desk.enforce_rates = enforce_rates
        self.desk.granted_scopes = None if granted_scopes is None else frozenset(granted_scopes)
        self._released = threading.Event()
        self._keys: set[str] = set()
        self._response_urls: dict[str, int] = {}
        self._numbers = itertools.count(1)
        self._server: SlackWebServer | None = None

    def start(self) -> Self:
        """Listen on a free loopback port in a background thread."""
        parts = WebParts(
            self.desk, self.hub.serve, self._use_ticket, self._use_response_url, self._released.wait
        )
        self._server = SlackWebServer(parts)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Drop all sockets, let hanging calls go and close the port."""
        self._released.set()
        self.hub.stop()
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- addresses and seeds

    @property
    def port(self) -> int:
        """Return the port; the fake must be started."""
        if self._server is None:
            raise RuntimeError("FakeSlack is not started: call start() or use `with FakeSlack() as slack`")
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Return the base address for SLACK_API_URL, ending in /api/."""
        return f"http://127.0.0.1:{self.port}/api/"

    def add(self, *items: User | Channel) -> None:
        """Add or replace people and channels. A channel without the bot as member refuses its posts."""
        self.workspace.add(items)

    def add_channel(self, identifier: str, *members: str, **fields: Any) -> Channel:
        """Add a channel that the bot is a member of."""
        channel = Channel(
            identifier, members=(*members, BOT_USER_ID), **{"name": identifier.lower(), **fields}
        )
        self.workspace.add([channel])
        return channel

    # --- sending to the app

    def deliver(
        self, payload: Mapping[str, Any], *, retry: int = 0, connection: int | None = None
    ) -> Delivery:
        """Send an event (or a body, interaction or command) over Socket Mode.

        The same event always carries the same event_id, so calling this again with `retry=n` is a redelivery.
        `connection`: index of the socket, else sockets take turns. Returns before the acknowledgement.
        """
        return self.hub.deliver(self._prepare(payload), retry=retry, connection=connection)

    def deliver_http(
        self,
        url: str,
        payload: Mapping[str, Any],
        signing_secret: str,
        *,
        retry: int = 0,
        age_seconds: int = 0,
    ) -> tuple[int, str]:
        """POST a signed event to the app; return its status and body. `age_seconds` backdates it."""
        body = json.dumps(self._prepare(payload)).encode()
        headers = {"Content-Type": "application/json"}
        headers |= sign_body(body, signing_secret, timestamp=int(time.time()) - age_seconds)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        request = urllib.request.Request(url, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def disconnect(self, reason: DisconnectReason, *, close: bool = True) -> None:
        """Ask every socket to reconnect; `close=False` leaves the old ones open beside the new ones."""
        self.hub.disconnect(reason, close=close)

    def cut_sockets(self) -> None:
        """Drop every socket abruptly."""
        self.hub.cut_all()

    def wait_for_connections(self, count: int = 1, *, opened: int = 0, timeout: float = 10.0) -> bool:
        """Wait until `count` sockets are open and `opened` were opened since the start."""
        return self.hub.wait_for(
            lambda hub: len(hub.list_connections()) >= count and hub.opened >= opened, timeout
        )

    # --- faults

    def fail_next(self, method: str, **fault: Any) -> None:
        """Script the next calls of a method; `fault` names fields of Fault: status, retry_after, error …"""
        self._script(Fault(method, **fault))

    def hang_next(self, method: str, *, after: bool = True, count: int = 1) -> None:
        """Never answer the next calls; with `after` they take effect all the same."""
        self._script(Fault(method, count=count, after=after, hang=True))

    def release_hung(self) -> None:
        """Close all connections that hang."""
        held, self._released = self._released, threading.Event()
        held.set()

    def _script(self, fault: Fault) -> None:
        with self.desk.changed:
            self.desk.faults.append(fault)

    # --- what happened

    @property
    def violations(self) -> list[str]:
        """Return every broken rule so far; a test's fixture asserts that it is empty."""
        return list(self.desk.violations)

    @property
    def crawls(self) -> list[Crawl]:
        """Return what Slack's servers would have fetched, per message."""
        return list(self.workspace.crawls)

    def calls(self, method: str | None = None) -> list[Call]:
        """Return the ledger, or the calls of one method, oldest first."""
        with self.desk.changed:
            return [call for call in self.desk.calls if method in (None, call.method)]

    def posts(self, channel: str | None = None, thread_ts: str | None = None) -> list[Payload]:
        """Return the messages that chat.postMessage really made, with their channel, oldest first."""
        made = [call for call in self.calls("chat.postMessage") if call.accepted]
        found = [{**call.arguments, "ts": call.response.get("ts", "")} for call in made]
        return [
            post
            for post in found
            if channel in (None, post["channel"]) and thread_ts in (None, post.get("thread_ts"))
        ]

    def wait_for_posts(self, count: int = 1, *, timeout: float = 10.0, **where: Any) -> list[Payload]:
        """Wait for at least `count` posts (see `posts` for `where`) and return those that came in time."""
        self.wait_until(lambda: len(self.posts(**where)) >= count, timeout=timeout)
        return self.posts(**where)

    def wait_until(self, is_reached: Callable[[], bool], *, timeout: float = 10.0) -> bool:
        """Wait until a condition on the ledger holds; looked at after each call."""
        with self.desk.changed:
            return self.desk.changed.wait_for(is_reached, timeout)

    def list_urls(self, *, bare: bool = True) -> tuple[str, ...]:
        """List every address in every payload sent so far; `bare` includes domains without a scheme."""
        return find_urls([dict(call.arguments) for call in self.calls()], bare=bare)

    def missing_scopes(self, manifest_scopes: Iterable[str]) -> frozenset[str]:
        """Return the bot scopes that the calls and events so far needed and the manifest lacks."""
        return frozenset(self.desk.used_scopes) - frozenset(manifest_scopes)

    def unused_scopes(self, manifest_scopes: Iterable[str]) -> frozenset[str]:
        """Return the bot scopes of the manifest that nothing so far needed."""
        return frozenset(manifest_scopes) - frozenset(self.desk.used_scopes)

    # --- inner parts

    def _prepare(self, payload: Mapping[str, Any]) -> Payload:
        """Wrap a bare event; make its message, trigger and response_url known to the workspace."""
        kind = str(payload.get("type", ""))
        if kind in ("event_callback", "url_verification") or "trigger_id" in payload:
            body = dict(payload)
        else:
            channel = self.workspace.channels.get(str(payload.get("channel")))
            body = build_body(payload, is_ext_shared=bool(channel and channel.is_ext_shared))
        if "event" in body:
            self._note_event(body["event"])
        if "trigger_id" in body:
            self._note_interaction(body)
        return body

    def _note_event(self, event: Mapping[str, Any]) -> None:
        self.workspace.remember_event(event)
        if scope := EVENT_SCOPES.get(str(event["type"])):
            self.desk.use_scopes((scope,), str(event.get("channel") or ""))

    def _note_interaction(self, body: Payload) -> None:
        self.workspace.open_trigger(str(body["trigger_id"]))
        self.workspace.actors.add(str(body.get("user_id") or body["user"]["id"]))
        if "command" in body or body.get("type") == "message_action":
            self.desk.used_scopes.add("commands")
        if not str(body.get("type", "")).startswith("view_") and "response_url" not in body:
            key = f"r{next(self._numbers)}"
            self._response_urls[key] = 5
            body["response_url"] = f"http://127.0.0.1:{self.port}/response/{key}"

    def _open_socket_url(self) -> str:
        ticket = f"ticket-{next(self._numbers)}"
        self._keys.add(ticket)
        return f"ws://127.0.0.1:{self.port}/socket?ticket={ticket}&app_id={APP_ID}"

    def _use_ticket(self, ticket: str) -> bool:
        known = ticket in self._keys
        self._keys.discard(ticket)
        return known

    def _use_response_url(self, key: str) -> bool:
        left = self._response_urls.get(key, 0)
        self._response_urls[key] = left - 1
        return left > 0
