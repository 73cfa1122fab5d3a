"""The socket is healthy only while pings come back, and a silent one is replaced."""

import gc
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.connection import SocketConnection
from bot.slack_clients import Identity, SlackUnreachable
from core.clock import Clock, Stopwatch, pause
from tests.fakes import slack_events as events
from tests.fakes.slack_server import FakeSlack

# The library leaves the socket of a connection that died to the collector: its leak, and a short one.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
CLOCK = Clock(ZoneInfo("UTC"))


@pytest.fixture(scope="module", autouse=True)
def _sockets() -> Iterator[None]:
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


@pytest.fixture
def connection(slack: FakeSlack) -> Iterator[SocketConnection]:
    known = AuthorizeResult(enterprise_id=None, team_id=events.TEAM_ID)
    app = App(client=WebClient(base_url=slack.url), authorize=lambda: known, token_verification_enabled=False)
    opened = SocketConnection(app, slack.app_token, clock=CLOCK, ping_seconds=0.8)
    with ThreadPoolExecutor(1) as executor:
        running = executor.submit(opened.run)
        assert slack.wait_for_connections(1)
        yield opened
        opened.close()
        running.result(timeout=5)


def wait_until_healthy(connection: SocketConnection) -> bool:
    watch = Stopwatch()
    while not connection.is_healthy() and watch.milliseconds() < 3000:
        pause(0.02)
    return connection.is_healthy()


def test_open_socket_is_healthy_and_a_closed_one_is_not(connection: SocketConnection) -> None:
    assert wait_until_healthy(connection)
    connection.close()
    assert not connection.is_healthy()


def test_socket_that_answers_no_ping_is_replaced(
    slack: FakeSlack, connection: SocketConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    [silent] = slack.hub.list_connections()
    monkeypatch.setattr(silent, "_send", lambda *_: True)
    assert slack.wait_for_connections(1, opened=2, timeout=5)
    assert wait_until_healthy(connection)


def test_slack_that_is_down_at_first_is_tried_again(slack: FakeSlack) -> None:
    slack.fail_next("auth.test", error="internal_error")
    identity = Identity(WebClient(token=slack.bot_token, base_url=slack.url, retry_handlers=[]))
    with pytest.raises(SlackUnreachable, match="internal_error"):
        identity.authorize()
    assert identity.authorize().bot_user_id == events.BOT_USER_ID
    assert identity.authorize().team_id == events.TEAM_ID
    assert len(slack.calls("auth.test")) == 2
