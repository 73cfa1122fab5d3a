"""Slack misbehaves while the bot runs: repeats, limits, lost replies, cut sockets, strangers."""

import threading
from itertools import pairwise
from typing import Any

import pytest

from bot.blocks.text import build_plain
from bot.people import REFUSAL
from tests.fakes import slack_events as events
from tests.fakes.bot_process import BotProcess
from tests.fakes.slack_server import FakeSlack, User
from tests.faults.conftest import ASKER, DIRECT, build_environment

QUIET_SECONDS = 0.6


def count_after_quiet(slack: FakeSlack, thread_ts: str) -> int:
    """Posts in a thread after a time in which a wrong second one would have come."""
    slack.wait_until(lambda: len(slack.posts(thread_ts=thread_ts)) > 1, timeout=QUIET_SECONDS)
    return len(slack.posts(thread_ts=thread_ts))


def ask(slack: FakeSlack, channel: str, text: str) -> dict[str, Any]:
    """Deliver a question and return its event."""
    build = events.build_message if channel == DIRECT else events.build_mention
    event = build(ASKER, channel, text)
    slack.deliver(event)
    return event


def test_event_delivered_four_times_is_answered_once(slack: FakeSlack, bot: BotProcess) -> None:
    event = events.build_mention(ASKER, "C1", "four times?")
    deliveries = [slack.deliver(event, retry=number) for number in range(4)]
    assert all(delivery.wait_for_ack() for delivery in deliveries)
    assert slack.wait_for_posts(1, thread_ts=event["ts"])
    assert count_after_quiet(slack, event["ts"]) == 1


def test_mention_that_also_comes_as_message_is_answered_once(slack: FakeSlack, bot: BotProcess) -> None:
    mention, message = events.build_mention_pair(ASKER, "C1", "twice?")
    assert slack.deliver(message).wait_for_ack()
    assert slack.deliver(mention).wait_for_ack()
    assert slack.wait_for_posts(1, thread_ts=mention["ts"])
    assert count_after_quiet(slack, mention["ts"]) == 1


def test_two_processes_that_get_the_same_event_give_one_answer(slack: FakeSlack, bot: BotProcess) -> None:
    second = BotProcess(bot.home, build_environment(slack)).start()
    try:
        assert slack.wait_for_connections(2, timeout=20), second.read_log()
        found = [events.build_message(ASKER, DIRECT, f"both at once {number}?") for number in range(5)]
        both = [
            threading.Thread(target=slack.deliver, args=(event,), kwargs={"connection": index})
            for event in found
            for index in (0, 1)
        ]
        for thread in both:
            thread.start()
        for event in found:
            assert slack.wait_for_posts(1, thread_ts=event["ts"])
        assert count_after_quiet(slack, found[-1]["ts"]) == 1
        assert [len(slack.posts(thread_ts=event["ts"])) for event in found] == [1] * 5
    finally:
        second.kill()


@pytest.mark.parametrize("empty_body", [False, True])
def test_retry_after_is_obeyed_and_the_answer_comes_once(
    slack: FakeSlack, bot: BotProcess, empty_body: bool
) -> None:
    slack.fail_next("chat.postMessage", status=429, retry_after=1, empty_body=empty_body)
    event = ask(slack, "C1", "busy?")
    assert slack.wait_for_posts(1, thread_ts=event["ts"])
    tries = [c for c in slack.calls("chat.postMessage") if c.arguments["thread_ts"] == event["ts"]]
    gaps = [after.at - before.at for before, after in pairwise(tries)]
    assert [call.status for call in tries] == [429, 200]
    assert min(gaps) >= 1.0


@pytest.mark.parametrize(
    "fault", [{"status": 503, "after": True}, {"error": "internal_error", "after": True}]
)
def test_direct_answer_whose_reply_was_an_error_is_found_and_not_repeated(
    slack: FakeSlack, bot: BotProcess, fault: dict[str, Any]
) -> None:
    slack.fail_next("chat.postMessage", **fault)
    event = ask(slack, DIRECT, "error after acceptance?")
    assert slack.wait_until(lambda: bool(find_lookups(slack, event)))
    assert count_after_quiet(slack, event["ts"]) == 1


def test_direct_answer_that_was_lost_is_posted_again(slack: FakeSlack, bot: BotProcess) -> None:
    slack.fail_next("chat.postMessage", status=500)
    event = ask(slack, DIRECT, "error before acceptance?")
    assert slack.wait_for_posts(1, thread_ts=event["ts"])
    assert len(find_lookups(slack, event)) == 1


def test_direct_answer_whose_reply_never_came_is_not_repeated(slack: FakeSlack, bot: BotProcess) -> None:
    slack.hang_next("chat.postMessage")
    event = ask(slack, DIRECT, "time-out after acceptance?")
    assert slack.wait_until(lambda: bool(find_lookups(slack, event)))
    slack.release_hung()
    assert count_after_quiet(slack, event["ts"]) == 1


def test_channel_answer_in_doubt_is_never_posted_again(slack: FakeSlack, bot: BotProcess) -> None:
    slack.fail_next("chat.postMessage", status=503, after=True)
    event = ask(slack, "C1", "in doubt?")
    assert slack.wait_for_posts(1, thread_ts=event["ts"])
    assert count_after_quiet(slack, event["ts"]) == 1
    assert f"{event['ts']} may be posted" in bot.read_log()


def find_lookups(slack: FakeSlack, event: dict[str, Any]) -> list[Any]:
    """The looks for our own answer in the thread of an event."""
    return [call for call in slack.calls("conversations.replies") if call.arguments["ts"] == event["ts"]]


def test_answer_is_posted_although_the_socket_is_cut_meanwhile(slack: FakeSlack, bot: BotProcess) -> None:
    opened = slack.hub.opened
    event = ask(slack, DIRECT, "hold while the socket is cut")
    assert bot.wait_for_asked("hold while")
    slack.cut_sockets()
    bot.let_go()
    assert slack.wait_for_posts(1, thread_ts=event["ts"])
    assert slack.wait_for_connections(1, opened=opened + 1)
    later = ask(slack, DIRECT, "after the cut?")
    assert slack.wait_for_posts(1, thread_ts=later["ts"])


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_bot_moves_to_a_new_socket_when_slack_asks_for_it(
    slack: FakeSlack, bot: BotProcess, reason: Any
) -> None:
    opened = slack.hub.opened
    slack.disconnect(reason)
    assert slack.wait_for_connections(1, opened=opened + 1)
    event = ask(slack, "C1", f"after {reason}?")
    assert slack.wait_for_posts(1, thread_ts=event["ts"])


@pytest.mark.parametrize("user", ["U2", "U3", "U4", "U5", "U6"])
def test_who_is_no_full_member_gets_one_refusal_and_nothing_is_looked_up(
    slack: FakeSlack, bot: BotProcess, user: str
) -> None:
    asked = bot.list_asked()
    slack.add_channel(f"C{user}", user)
    event = events.build_mention(user, f"C{user}", "what may I see?")
    slack.deliver(event)
    [post] = slack.wait_for_posts(1, thread_ts=event["ts"])
    assert post["text"] == build_plain(REFUSAL)
    assert bot.list_asked() == asked


def test_shared_channel_gets_one_refusal_and_nothing_is_looked_up(slack: FakeSlack, bot: BotProcess) -> None:
    asked = bot.list_asked()
    event = ask(slack, "C2", "what may we see?")
    [post] = slack.wait_for_posts(1, thread_ts=event["ts"])
    assert post["text"] == build_plain(REFUSAL)
    assert bot.list_asked() == asked


def test_sender_of_another_team_gets_one_refusal(slack: FakeSlack, bot: BotProcess) -> None:
    event = events.build_message(ASKER, DIRECT, "from elsewhere?", team="T0OTHER")
    slack.deliver(event)
    [post] = slack.wait_for_posts(1, thread_ts=event["ts"])
    assert post["text"] == build_plain(REFUSAL)


def test_other_bots_and_edits_are_acknowledged_and_left_alone(slack: FakeSlack, bot: BotProcess) -> None:
    message = events.build_message(ASKER, DIRECT, "first?")
    slack.deliver(message)
    assert slack.wait_for_posts(1, thread_ts=message["ts"])
    count = len(slack.posts())
    left_alone = (
        events.build_bot_message("C1", "<@U0ONBRAND> hello"),
        events.build_bot_message(DIRECT, "hello"),
        events.build_edit(message, "edited?"),
        events.build_deletion(message),
    )
    assert all(slack.deliver(event).wait_for_ack() for event in left_alone)
    assert slack.wait_until(lambda: len(slack.posts()) > count, timeout=QUIET_SECONDS) is False


def test_error_reaches_the_asker_as_one_sentence_and_the_log_without_the_question(
    slack: FakeSlack, bot: BotProcess
) -> None:
    event = ask(slack, "C1", "explode over canary-7317")
    [post] = slack.wait_for_posts(1, thread_ts=event["ts"])
    error_id = post["text"].rpartition(" ")[2]
    assert post["text"].startswith("Sorry, something went wrong on my side")
    assert f"error {error_id}" in bot.read_log()
    assert "canary-7317" not in bot.read_log()
    assert "RuntimeError" not in post["text"]
    slack.deliver(event, retry=1)
    assert count_after_quiet(slack, event["ts"]) == 1


def test_fifty_questions_at_once_are_acknowledged_in_time_and_each_answered_once(
    slack: FakeSlack, bot: BotProcess
) -> None:
    users = [f"U1{number:02}" for number in range(50)]
    slack.add(*(User(user, user, email=f"{user.lower()}@home.example") for user in users))
    found = [events.build_message(user, f"D{user}", "one of fifty?") for user in users]
    deliveries = [slack.deliver(event) for event in found]
    assert all(delivery.wait_for_ack() for delivery in deliveries)
    stamps = {event["ts"] for event in found}
    assert slack.wait_until(lambda: stamps <= {post["thread_ts"] for post in slack.posts()}, timeout=20)
    assert sum(post["thread_ts"] in stamps for post in slack.posts()) == len(stamps)
    statuses = {call.arguments["thread_ts"] for call in slack.calls("assistant.threads.setStatus")}
    assert stamps <= statuses
