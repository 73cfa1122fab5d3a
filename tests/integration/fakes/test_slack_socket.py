"""Socket Mode of the fake: a real Bolt handler and plain WebSockets meet what Slack would do to them."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import websocket
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode.interval_runner import IntervalRunner

from core.clock import pause
from tests.fakes import slack_events as events
from tests.fakes.slack_server import FakeSlack

ASKER = "U1"


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(retry_seconds=(0.1, 0.1, 0.1)) as fake:
        fake.add_channel("C1", ASKER)
        yield fake


class Listener:
    """A real Bolt app on a real socket; keeps what reached it."""

    def __init__(self, slack: FakeSlack) -> None:
        self.seen: list[tuple[str, str]] = []
        self.actions: list[str] = []
        client = WebClient(token=slack.bot_token, base_url=slack.url)
        self.app = App(client=client, token_verification_enabled=False)
        self.app.event("app_mention")(self.keep_event)
        self.app.action("proof")(self.keep_action)
        self.app.command("/onbrand")(self.answer_command)
        self.client = SocketModeHandler(self.app, slack.app_token).client
        self._hasten()

    def connect(self) -> "Listener":
        self.client.connect()
        return self

    def close(self) -> None:
        self.client.auto_reconnect_enabled = False
        # Closing waits for the client's own polling threads, a second or more: nothing a test needs to see.
        threading.Thread(target=self.client.close, daemon=True).start()

    def _hasten(self) -> None:
        """Poll for a new session every 10 ms instead of 500; only a closed socket makes it reconnect."""
        self.client.current_session_runner.event.set()
        runner = IntervalRunner(self.client._run_current_session, 0.01)
        self.client.current_session_runner = runner.start()
        self.client.current_app_monitor_started = True

    def keep_event(self, body: dict[str, Any], request: BoltRequest) -> None:
        self.seen.append((body["event_id"], request.headers.get("x-slack-retry-num", [""])[0]))

    def keep_action(self, ack: Any, body: dict[str, Any], respond: Any) -> None:
        ack()
        self.actions.append(body["actions"][0]["value"])
        respond(text="Proof")

    def answer_command(self, ack: Any) -> None:
        ack("understood")


@pytest.fixture
def listener(slack: FakeSlack) -> Iterator[Listener]:
    made = Listener(slack).connect()
    assert slack.wait_for_connections()
    yield made
    made.close()


def open_socket(slack: FakeSlack) -> websocket.WebSocket:
    """Open a plain WebSocket and take its greeting."""
    client = WebClient(base_url=slack.url)
    count = len(slack.hub.list_connections())
    socket = websocket.create_connection(
        client.apps_connections_open(app_token=slack.app_token)["url"], timeout=2
    )
    hello = json.loads(socket.recv())
    assert (hello["type"], hello["num_connections"]) == ("hello", count + 1)
    assert hello["debug_info"]["approximate_connection_time"] > 0
    return socket


def drop_socket(socket: websocket.WebSocket) -> None:
    """Free a plain WebSocket; its own close() leaves the file open once the peer has closed."""
    socket.shutdown()  # type: ignore[no-untyped-call]


def wait_for(reached: Any, timeout: float = 2.0) -> None:
    end = time.monotonic() + timeout
    while not reached() and time.monotonic() < end:
        pause(0.005)
    assert reached()


def test_event_reaches_bolt_and_is_acknowledged(slack: FakeSlack, listener: Listener) -> None:
    delivery = slack.deliver(events.build_mention(ASKER, "C1", "hello"))
    assert delivery.wait_for_ack()
    wait_for(lambda: listener.seen == [(delivery.event_id, "0")])
    assert delivery.ack_seconds is not None and delivery.ack_seconds < 1


def test_redelivery_on_demand_keeps_the_event_id(slack: FakeSlack, listener: Listener) -> None:
    event = events.build_mention(ASKER, "C1", "hello")
    first = slack.deliver(event)
    second = slack.deliver(event, retry=2)
    assert first.wait_for_ack() and second.wait_for_ack()
    wait_for(lambda: len(listener.seen) == 2)
    assert sorted(listener.seen) == [(first.event_id, "0"), (first.event_id, "2")]


def test_event_without_acknowledgement_is_sent_again_until_a_socket_answers(slack: FakeSlack) -> None:
    delivery = slack.deliver(events.build_mention(ASKER, "C1", "hello"))
    wait_for(lambda: len(delivery.attempts) == 2)
    listener = Listener(slack).connect()
    assert delivery.wait_for_ack()
    wait_for(lambda: bool(listener.seen))
    listener.close()
    assert listener.seen[0] == (delivery.event_id, str(delivery.attempts[-1].retry))
    assert delivery.attempts[0].connection is None


def test_unanswered_event_is_sent_four_times_and_no_more(slack: FakeSlack) -> None:
    delivery = slack.deliver(events.build_mention(ASKER, "C1", "hello"))
    assert not delivery.wait_for_ack(0.5)
    assert [attempt.retry for attempt in delivery.attempts] == [0, 1, 2, 3]


def test_each_event_goes_to_one_of_two_sockets_in_turn(slack: FakeSlack, listener: Listener) -> None:
    second = Listener(slack).connect()
    assert slack.wait_for_connections(2)
    deliveries = [slack.deliver(events.build_mention(ASKER, "C1", str(n))) for n in range(4)]
    assert all(delivery.wait_for_ack() for delivery in deliveries)
    wait_for(lambda: len(listener.seen) == len(second.seen) == 2)
    second.close()
    assert len({event_id for event_id, _ in listener.seen + second.seen}) == 4


def test_cut_sockets_come_back_and_the_event_arrives(slack: FakeSlack, listener: Listener) -> None:
    slack.cut_sockets()
    assert slack.wait_for_connections(opened=2, timeout=3)
    delivery = slack.deliver(events.build_mention(ASKER, "C1", "hello"))
    assert delivery.wait_for_ack()
    assert len(slack.calls("apps.connections.open")) == 2


def test_each_disconnect_reason_is_told_before_the_socket_closes(slack: FakeSlack) -> None:
    socket = open_socket(slack)
    slack.disconnect("warning")
    assert json.loads(socket.recv())["reason"] == "warning"
    assert slack.deliver(events.build_mention(ASKER, "C1", "still open")).attempts[0].connection is not None
    assert json.loads(socket.recv())["type"] == "events_api"
    slack.disconnect("too_many_websockets", close=False)
    assert json.loads(socket.recv())["reason"] == "too_many_websockets"
    slack.disconnect("refresh_requested")
    assert json.loads(socket.recv()) == {
        "type": "disconnect",
        "reason": "refresh_requested",
        "debug_info": {"host": "applink-0"},
    }
    assert socket.recv() == ""
    drop_socket(socket)


def test_handler_that_is_told_to_disconnect_opens_a_new_socket(slack: FakeSlack, listener: Listener) -> None:
    slack.disconnect("warning")
    assert slack.wait_until(lambda: len(slack.desk.calls) == 2, timeout=2)
    assert slack.calls()[-1].method == "apps.connections.open"


def test_hello_counts_the_overlapping_sockets(slack: FakeSlack) -> None:
    first, second = open_socket(slack), open_socket(slack)
    assert slack.wait_for_connections(2)
    event = events.build_mention(ASKER, "C1", "hello")
    slack.deliver(event, connection=0)
    slack.deliver(event, connection=1, retry=1)
    received = [json.loads(socket.recv()) for socket in (first, second)]
    assert [envelope["retry_attempt"] for envelope in received] == [0, 1]
    assert len({envelope["payload"]["event_id"] for envelope in received}) == 1
    drop_socket(first)
    drop_socket(second)


def test_ping_is_answered_and_long_frames_arrive_whole(slack: FakeSlack) -> None:
    socket = open_socket(slack)
    socket.ping(b"still there")
    opcode, frame = socket.recv_data_frame(control_frame=True)
    assert (opcode, frame.data) == (websocket.ABNF.OPCODE_PONG, b"still there")
    slack.deliver(events.build_mention(ASKER, "C1", "x" * 70_000))
    assert len(json.loads(socket.recv())["payload"]["event"]["text"]) > 70_000
    drop_socket(socket)


def test_socket_address_works_once(slack: FakeSlack) -> None:
    client = WebClient(base_url=slack.url)
    address = client.apps_connections_open(app_token=slack.app_token)["url"]
    drop_socket(websocket.create_connection(address, timeout=2))
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        websocket.create_connection(address, timeout=2)


def test_button_press_and_its_response_url_work(slack: FakeSlack, listener: Listener) -> None:
    event = events.build_message(ASKER, "C1", "hello")
    pressed = events.build_block_action(ASKER, "C1", action_id="proof", value="r1", message=event)
    assert slack.deliver(pressed).wait_for_ack()
    assert slack.wait_until(
        lambda: bool([c for c in slack.desk.calls if c.method == "response_url"]), timeout=2
    )
    assert listener.actions == ["r1"]
    assert slack.calls("response_url")[0].arguments["text"] == "Proof"


def test_command_is_acknowledged_with_its_text(slack: FakeSlack, listener: Listener) -> None:
    delivery = slack.deliver(events.build_command(ASKER, "C1", "/onbrand", "gaps"))
    assert delivery.wait_for_ack()
    assert delivery.ack_payload == {"text": "understood"}
    assert slack.missing_scopes([]) == {"commands"}
