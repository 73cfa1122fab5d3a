"""Hands events to open sockets as Slack does: one of N, acknowledged by envelope, retried when they are not.

Held by FakeSlack; slack_web.py attaches each new socket.
"""

import itertools
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from tests.fakes.slack_events import APP_ID, Payload, name_envelope
from tests.fakes.slack_socket import SocketConnection

DisconnectReason = Literal["warning", "refresh_requested", "too_many_websockets"]
# Slack's documented schedule: without an acknowledgement after 3 s at once again, then after 1 and 5 minutes.
SLACK_RETRY_SECONDS: Final = (3.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One envelope sent; `connection` is None when no socket was open."""

    at: float
    envelope_id: str
    retry: int
    connection: int | None


@dataclass
class Delivery:
    """One payload on its way; `ack_payload` is what the app sent along with its acknowledgement."""

    payload: Payload
    attempts: list[Attempt] = field(default_factory=list)
    acked: threading.Event = field(default_factory=threading.Event)
    ack_seconds: float | None = None
    ack_payload: Any = None

    @property
    def event_id(self) -> str:
        """Return the event_id, empty for interactions."""
        return str(self.payload.get("event_id", ""))

    def wait_for_ack(self, timeout: float = 3.0) -> bool:
        """Wait until an attempt is acknowledged; False after `timeout` seconds."""
        return self.acked.wait(timeout)


class SocketHub:
    """All open sockets and all deliveries of one fake."""

    def __init__(self, retry_seconds: tuple[float, ...]) -> None:
        self.retry_seconds = retry_seconds
        self.deliveries: list[Delivery] = []
        self.opened = 0
        self._connections: list[SocketConnection] = []
        self._waiting: dict[str, tuple[Delivery, float]] = {}
        self._timers: list[threading.Timer] = []
        self._turn = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False

    def serve(self, connection: SocketConnection) -> None:
        """Greet a new socket and read its acknowledgements until it ends."""
        with self._changed:
            self._connections.append(connection)
            self.opened += 1
            count = len(self._connections)
            connection.send_json(_build_hello(count))
            self._changed.notify_all()
        try:
            connection.read_messages(self._take_ack)
        finally:
            with self._changed:
                self._connections.remove(connection)
                self._changed.notify_all()

    def deliver(self, payload: Payload, *, retry: int = 0, connection: int | None = None) -> Delivery:
        """Send a payload to one socket (the next in turn, or by index) and return at once."""
        delivery = Delivery(payload)
        with self._changed:
            self.deliveries.append(delivery)
        self._attempt(delivery, retry, connection)
        return delivery

    def disconnect(self, reason: DisconnectReason, *, close: bool = True) -> None:
        """Tell every socket to reconnect; Slack closes it itself unless the reason is a mere warning."""
        message = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-0"}}
        for connection in self.list_connections():
            connection.send_json(message)
            if close and reason != "warning":
                connection.close()

    def cut_all(self) -> None:
        """Drop every socket without a word."""
        for connection in self.list_connections():
            connection.cut()

    def list_connections(self) -> list[SocketConnection]:
        """List the sockets that are open now, oldest first."""
        with self._changed:
            return list(self._connections)

    def wait_for(self, is_reached: Callable[["SocketHub"], bool], timeout: float) -> bool:
        """Wait until a condition about the sockets holds."""
        with self._changed:
            return self._changed.wait_for(lambda: is_reached(self), timeout)

    def stop(self) -> None:
        """Cancel all retries and drop all sockets."""
        with self._changed:
            self._stopped = True
            timers, self._timers = self._timers, []
        for timer in timers:
            timer.cancel()
        self.cut_all()

    def _attempt(self, delivery: Delivery, retry: int, index: int | None = None) -> None:
        envelope_id = str(uuid.uuid4())
        now = time.monotonic()
        with self._changed:
            if self._stopped or delivery.acked.is_set():
                return
            connection = self._choose(index)
            self._waiting[envelope_id] = (delivery, now)
            number = connection.number if connection else None
            delivery.attempts.append(Attempt(now, envelope_id, retry, number))
            self._plan_retry(delivery, retry)
        if connection:
            connection.send_json(_build_envelope(delivery.payload, envelope_id, retry))

    def _choose(self, index: int | None) -> SocketConnection | None:
        usable = [connection for connection in self._connections if connection.is_open]
        if not usable:
            return None
        return usable[index if index is not None else next(self._turn) % len(usable)]

    def _plan_retry(self, delivery: Delivery, retry: int) -> None:
        if not delivery.event_id or retry >= len(self.retry_seconds):
            return
        timer = threading.Timer(self.retry_seconds[retry], self._attempt, (delivery, retry + 1))
        timer.daemon = True
        timer.start()
        self._timers = [*(item for item in self._timers if item.is_alive()), timer]

    def _take_ack(self, message: Mapping[str, Any]) -> None:
        delivery, sent_at = self._waiting.get(str(message.get("envelope_id")), (None, 0.0))
        if delivery and not delivery.acked.is_set():
            delivery.ack_seconds = time.monotonic() - sent_at
            delivery.ack_payload = message.get("payload")
            delivery.acked.set()


def _build_hello(count: int) -> Payload:
    debug = {"host": "applink-0", "build_number": 1, "approximate_connection_time": 18_060}
    return {
        "type": "hello",
        "num_connections": count,
        "connection_info": {"app_id": APP_ID},
        "debug_info": debug,
    }


def _build_envelope(payload: Payload, envelope_id: str, retry: int) -> Payload:
    kind = name_envelope(payload)
    envelope: Payload = {"envelope_id": envelope_id, "type": kind, "payload": payload}
    envelope["accepts_response_payload"] = kind != "events_api"
    if kind == "events_api":
        envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
    return envelope
