"""HTTP mode: the same bot behind a signed address instead of a socket."""

import threading
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import SlackService
from bot.connection import HttpConnection
from core.clock import Clock, Stopwatch, pause
from core.database import open_database
from core.people import People
from core.settings import Settings
from tests.fakes import slack_events as events
from tests.fakes.bot_process import TIMINGS, ScriptedPipeline
from tests.fakes.slack_server import FakeSlack, User

SECRET = "signing-secret"


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        fake.add(User("U1", "Ada", email="ada@home.example"))
        fake.add_channel("C1", "U1")
        yield fake
        assert fake.violations == []


@pytest.fixture
def service(slack: FakeSlack, tmp_path: Path) -> Iterator[SlackService]:
    settings = Settings.from_environment(
        ONBRAND_HOME=tmp_path,
        SLACK_BOT_TOKEN=slack.bot_token,
        SLACK_SIGNING_SECRET=SECRET,
        SLACK_API_URL=slack.url,
        ONBRAND_SLACK_MODE="http",
        ONBRAND_HTTP_PORT=0,
        ONBRAND_ALERTS_CHANNEL="C1",
    )
    clock = Clock(ZoneInfo("UTC"))
    database = open_database(None, home=tmp_path, clock=clock)
    service = SlackService(
        settings=settings,
        pipeline=ScriptedPipeline(tmp_path),
        people=People(database),
        database=database,
        clock=clock,
        worker_name="test",
        timings=TIMINGS,
    )
    service.start()
    watch = Stopwatch()
    while not service.is_healthy() and watch.milliseconds() < 5000:
        pause(0.02)
    yield service
    service.stop()
    database.close()
    assert not service.is_healthy()


def find_address(service: SlackService) -> str:
    return f"http://127.0.0.1:{service.http_port}/slack/events"


def test_signed_event_is_acknowledged_and_answered_once(slack: FakeSlack, service: SlackService) -> None:
    event = events.build_mention("U1", "C1", "over http?")
    answers = [slack.deliver_http(find_address(service), event, SECRET, retry=number) for number in range(4)]
    assert [status for status, _ in answers] == [200] * 4
    assert slack.wait_for_posts(1, thread_ts=event["ts"])
    slack.wait_until(lambda: len(slack.posts()) > 1, timeout=0.5)
    assert len(slack.posts()) == 1


@pytest.mark.parametrize(("secret", "age_seconds"), [("wrong", 0), (SECRET, 400)])
def test_forged_or_stale_event_is_turned_away(
    slack: FakeSlack, service: SlackService, secret: str, age_seconds: int
) -> None:
    event = events.build_mention("U1", "C1", "forged?")
    status, _ = slack.deliver_http(find_address(service), event, secret, age_seconds=age_seconds)
    assert status == 401
    assert slack.calls("assistant.threads.setStatus") == [] == slack.posts()


def test_closing_from_another_thread_ends_the_server_cleanly(service: SlackService) -> None:
    """Sixty servers, each closed as its loop begins to wait; pytest fails on an error in a thread."""
    for _ in range(60):
        connection = HttpConnection(service.app, Settings.from_environment(ONBRAND_HTTP_PORT=0))
        thread = threading.Thread(target=connection.run)
        thread.start()
        while not connection.is_healthy():
            pause(0)
        connection.close()
        thread.join(timeout=5)
        assert not thread.is_alive()
        assert not connection.is_healthy()


def test_server_that_was_closed_before_it_ran_does_not_start(service: SlackService) -> None:
    connection = HttpConnection(service.app, Settings.from_environment(ONBRAND_HTTP_PORT=0))
    connection.close()
    connection.run()
    assert not connection.is_healthy()


def test_alert_reaches_the_channel_for_alerts_as_it_was_written(
    slack: FakeSlack, service: SlackService
) -> None:
    service.tell_admins("The sync of brand failed: <!channel> & *more*.")
    (post,) = slack.posts()
    assert (post["channel"], post.get("thread_ts")) == ("C1", None)
    assert "<!channel>" not in str(post)
