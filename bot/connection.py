"""The two ways events come in: a Socket Mode connection that is watched, or an HTTP server. Run by bot/app.py."""

import logging
import threading
from typing import Any, Protocol

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from waitress.server import create_server
from waitress.wasyncore import close_all

from core.clock import Clock
from core.settings import Settings

LONGEST_PAUSE_SECONDS = 30.0
# So many pings without a pong, and the connection counts as dead although the socket is open.
PINGS_UNANSWERED = 3
HTTP_THREADS = 8

logger = logging.getLogger(__name__)


class Connection(Protocol):
    """One way to hear from Slack."""

    def run(self) -> None:
        """Listen until `close` is called from another thread."""

    def is_healthy(self) -> bool:
        """True while events can arrive."""

    def close(self) -> None:
        """Take no more events."""


class AlertClient(SocketModeClient):
    """The library's client, which by itself notices neither a missing pong nor, for ten seconds, its own closing."""

    def _run_current_session(self) -> None:
        session = self.current_session
        if session is not None:
            session.run_forever(ping_interval=self.ping_interval, ping_timeout=self.ping_interval / 2)

    def _monitor_current_session(self) -> None:
        """Nothing: the library's monitor replaces a session that is just being opened. SocketConnection watches."""


class AlertHandler(SocketModeHandler):
    """The library's handler with that client."""

    def __init__(self, app: App, app_token: str, *, ping_seconds: float) -> None:
        self.app = app
        self.app_token = app_token
        self.client = AlertClient(
            app_token=app_token, logger=app.logger, web_client=app.client, ping_interval=ping_seconds
        )
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]


class SocketConnection:
    """Socket Mode. The library reconnects by itself; this watches over it, for its threads can get stuck."""

    def __init__(self, app: App, app_token: str, *, clock: Clock, ping_seconds: float) -> None:
        self._clock = clock
        self._ping_seconds = ping_seconds
        self._opened_at = 0.0
        self._bad_looks = 0
        self._closing = threading.Event()
        self._client = AlertHandler(app, app_token, ping_seconds=ping_seconds).client
        self._client.on_open_listeners.append(self._note_opening)

    def run(self) -> None:
        """Connect, however long it takes, then check every ping interval."""
        pause = 1.0
        is_started = False
        while not self._closing.is_set():
            is_started, has_failed = self._look_after(is_started=is_started)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS) if has_failed else 1.0
            self._closing.wait(pause if has_failed else self._ping_seconds)

    def is_healthy(self) -> bool:
        """True when the socket is open and pings come back."""
        session = self._client.current_session
        return self._client.is_connected() and session is not None and not self._is_silent(session)

    def close(self) -> None:
        """Close the socket for good."""
        self._closing.set()
        self._client.close()

    def _look_after(self, *, is_started: bool) -> tuple[bool, bool]:
        try:
            if not is_started:
                self._client.connect()
            elif self._is_lost():
                logger.warning("Slack's socket is gone or silent; connecting anew")
                self._client.connect_to_new_endpoint(force=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may succeed
            logger.warning("connecting to Slack failed: %s", type(error).__name__)
            return is_started, True
        return True, False

    def _is_lost(self) -> bool:
        """True when the socket was bad at this look and at the one before: it has had its time to come back."""
        self._bad_looks = 0 if self.is_healthy() else self._bad_looks + 1
        return self._bad_looks > 1

    def _is_silent(self, session: Any) -> bool:
        heard_at = max(session.last_pong_tm, self._opened_at)
        return bool(session.last_ping_tm - heard_at > PINGS_UNANSWERED * self._ping_seconds)

    def _note_opening(self, _session: object) -> None:
        self._opened_at = self._clock.now().timestamp()
        logger.info("connected to Slack")


class HttpConnection:
    """HTTP mode under waitress. Bolt checks each signature."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._server = create_server(
            SlackRequestHandler(app), host=settings.http_host, port=settings.http_port, threads=HTTP_THREADS
        )
        self._is_running = False
        self._is_closed = False
        self._state = threading.Lock()

    @property
    def port(self) -> int:
        """The port that was really opened, for `ONBRAND_HTTP_PORT=0`."""
        return int(self._server.effective_port)

    def run(self) -> None:
        """Serve `/slack/events`."""
        with self._state:
            if self._is_closed:
                return
            self._is_running = True
        logger.info("listening for Slack on port %d", self.port)
        try:
            self._server.run()
        finally:
            self._is_running = False

    def is_healthy(self) -> bool:
        """True while the server runs."""
        return self._is_running

    def close(self) -> None:
        """Stop serving."""
        with self._state:
            if self._is_closed:
                return
            self._is_closed = True
        self._server.task_dispatcher.shutdown()
        # A socket closed under the loop's own select fails that loop, so the loop closes its sockets itself.
        if self._is_running:
            self._server.trigger.pull_trigger(self._close_sockets)
        else:
            self._close_sockets()

    def _close_sockets(self) -> None:
        close_all(self._server._map)  # noqa: SLF001 - the loop ends when its map is empty
