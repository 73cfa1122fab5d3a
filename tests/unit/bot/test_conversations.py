"""Which conversations a Slack message goes on with: its thread, and in a direct conversation what was just asked."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.claim_event import MOST_EARLIER, EventClaims, SlackMessage
from core.clock import Clock
from core.database import open_database

CLOCK = Clock(ZoneInfo("UTC"))
NOON = 1_790_000_000


@pytest.fixture
def claims(tmp_path: Path) -> Iterator[EventClaims]:
    database = open_database(None, home=tmp_path, clock=CLOCK)
    yield EventClaims(database, CLOCK, worker="one")
    database.close()


def build(
    minute: float, *, channel: str = "DU1", thread: str | None = None, user: str = "U1", team: str = "T1"
) -> SlackMessage:
    ts = f"{NOON + 60 * minute:.6f}"
    return SlackMessage(
        event_key=f"{team}:{channel}:{ts}",
        team_id=team,
        channel_id=channel,
        message_ts=ts,
        thread_ts=thread or ts,
        user_id=user,
        is_direct=channel.startswith("D"),
        question="may we?",
    )


def claim(claims: EventClaims, *messages: SlackMessage) -> None:
    for message in messages:
        assert claims.claim(message) == message


def test_conversation_is_named_by_team_channel_and_thread() -> None:
    message = build(0, channel="C1", thread="1790000000.000001")
    assert message.conversation == "slack T1/C1/1790000000.000001"


def test_direct_message_goes_on_with_what_the_person_asked_there_just_before(claims: EventClaims) -> None:
    first, second, third = build(0), build(20), build(45)
    claim(claims, first, second, third)
    assert claims.list_conversations(first) == (first.conversation,)
    assert claims.list_conversations(second) == (first.conversation, second.conversation)
    assert claims.list_conversations(third) == (second.conversation, third.conversation)


def test_direct_message_in_a_thread_goes_on_with_that_thread_alone(claims: EventClaims) -> None:
    first, other = build(0), build(1)
    reply = build(2, thread=first.thread_ts)
    claim(claims, first, other, reply)
    assert claims.list_conversations(reply) == (first.conversation,)


def test_mention_goes_on_with_its_thread_alone(claims: EventClaims) -> None:
    first, reply_elsewhere = build(0, channel="C1"), build(1, channel="C1")
    reply = build(2, channel="C1", thread=first.thread_ts, user="U2")
    claim(claims, first, reply_elsewhere, reply)
    assert claims.list_conversations(reply_elsewhere) == (reply_elsewhere.conversation,)
    assert claims.list_conversations(reply) == (first.conversation,)


def test_messages_of_other_people_channels_and_teams_are_never_gone_on_with(claims: EventClaims) -> None:
    claim(claims, build(0, user="U2"), build(1, channel="DU9"), build(2, team="T2"), build(3, channel="C1"))
    message = build(4)
    claim(claims, message)
    assert claims.list_conversations(message) == (message.conversation,)


def test_only_the_last_messages_count_and_each_thread_once(claims: EventClaims) -> None:
    messages = [build(number) for number in range(8)]
    again = build(7.5, thread=messages[7].thread_ts)
    claim(claims, *messages, again)
    last = build(8)
    claim(claims, last)
    expected = (*messages[-MOST_EARLIER:], last)
    assert claims.list_conversations(last) == tuple(message.conversation for message in expected)
