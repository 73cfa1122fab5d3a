"""One claimed message becomes one message in Slack, whatever the pipeline and Slack do meanwhile."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from slack_sdk import WebClient
from sqlalchemy import select

from bot.blocks.postable import TOO_LONG
from bot.claim_event import EventClaims, SlackMessage, read_message
from bot.delivery import ASK_IN_PRIVATE, Delivery, DeliveryParts
from bot.people import REFUSAL, SlackPeople
from bot.post_once import OncePoster
from core.access import ANYONE, Person
from core.answers import Answer, AnswerEvent, Milliseconds, Progress, Question, Turn
from core.channel_settings import ChannelSettings
from core.clock import Clock
from core.database import Database, open_database
from core.tables import channel_settings, slack_events
from tests.fakes import slack_events as events
from tests.fakes.bot_process import SENTENCE, build_evidence, build_passages_answer
from tests.fakes.slack_server import Channel, FakeSlack, User

CLOCK = Clock(ZoneInfo("UTC"))
QUOTE_CHARACTERS = 60
NOTHING = Answer("not_found", "passages", (), Milliseconds(1, 0, 0, 1), why="It is not there.")


class Directory:
    """Ada is known, others are not."""

    def identify(self, email: str | None) -> Person:
        return Person(email=email, name="Ada" if email == "ada@home.example" else "")


class Pipeline:
    """Answers with `answer`; the test may replace either step."""

    def __init__(self) -> None:
        self.answer_now: Callable[[Question], Answer] = lambda _question: build_passages_answer()
        self.recheck_now: Callable[[Answer], Answer] = lambda answer: answer
        self.asked: list[Question] = []
        self.rechecks = 0

    def answer(self, question: Question) -> Iterator[AnswerEvent]:
        self.asked.append(question)
        yield Progress("searching", "Looking")
        yield self.answer_now(question)

    def recheck(self, question: Question, answer: Answer) -> Answer:
        self.rechecks += 1
        return self.recheck_now(answer)


class Turns:
    """What was asked before, by conversation."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Turn]] = {}

    def list_turns(self, conversation: str, *, limit: int) -> tuple[Turn, ...]:
        return tuple(self.kept.get(conversation, [])[-limit:])


class Desk:
    """A delivery with everything around it, the claims and the database included."""

    def __init__(self, slack: FakeSlack, database: Database, executor: ThreadPoolExecutor) -> None:
        self.slack = slack
        self.database = database
        self.pipeline = Pipeline()
        self.turns = Turns()
        self.stopping = threading.Event()
        self.claims = EventClaims(database, CLOCK, worker="one")
        client = WebClient(token=slack.bot_token, base_url=slack.url, timeout=2, retry_handlers=[])
        parts = DeliveryParts(
            pipeline=self.pipeline,
            people=SlackPeople(client, Directory(), CLOCK),
            claims=self.claims,
            poster=OncePoster(client, reader=client, claims=self.claims, stopping=self.stopping),
            channels=ChannelSettings(database, quote_characters=QUOTE_CHARACTERS),
            clock=CLOCK,
            status_client=client,
            status_executor=executor,
            max_question_characters=100,
            turns=self.turns,
        )
        self.delivery = Delivery(parts)

    def ask(self, channel: str = "DU1", text: str = "may we?", **extra: Any) -> SlackMessage:
        """Claim a question and deliver its answer."""
        message = self.claim(channel, text, **extra)
        self.delivery.deliver(message)
        return message

    def claim(self, channel: str = "DU1", text: str = "may we?", **extra: Any) -> SlackMessage:
        build = events.build_message if channel.startswith("D") else events.build_mention
        event = build(extra.pop("user", "U1"), channel, text, **extra)
        self.slack.workspace.remember_event(event)
        body = events.build_body(event)
        message = read_message(body, home_team=events.TEAM_ID, bot_user_id=events.BOT_USER_ID)
        assert message is not None
        claimed = self.claims.claim(message)
        assert claimed is not None
        return claimed

    def limit_channel(self, characters: int, *, team: str = "", channel: str = "C1") -> None:
        """Give a channel a limit of its own."""
        row = {"team_id": team, "channel_id": channel, "quote_characters": characters}
        with self.database.write() as connection:
            connection.execute(channel_settings.insert().values(**row))

    def read_state(self, message: SlackMessage) -> str:
        wanted = slack_events.c.event_key == message.event_key
        with self.database.read() as connection:
            return str(connection.execute(select(slack_events.c.state).where(wanted)).scalar_one())

    def read_post(self, message: SlackMessage) -> str:
        [post] = self.slack.posts(thread_ts=message.thread_ts)
        return str(post["text"])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = open_database(None, home=tmp_path, clock=CLOCK)
    with FakeSlack() as slack, ThreadPoolExecutor(2) as executor:
        slack.add(
            User("U1", "Ada", email="ada@home.example"),
            User("U2", "Bo"),
            User("U3", "Guest", is_restricted=True),
        )
        slack.add(Channel("DU1", kind="im", members=("U1", events.BOT_USER_ID)))
        slack.add_channel("C1", "U1", "U2", "U3")
        yield Desk(slack, database, executor)
        assert slack.violations == []
    database.close()


def test_direct_question_is_asked_as_the_person_and_closed_as_done(desk: Desk) -> None:
    message = desk.ask()
    assert desk.pipeline.asked[0].asker == Person("ada@home.example", "Ada")
    assert desk.pipeline.asked[0].on == CLOCK.today()
    assert desk.read_state(message) == "done"
    assert desk.claims.held_count == 0


def test_channel_question_is_asked_as_anyone(desk: Desk) -> None:
    desk.ask("C1")
    assert desk.pipeline.asked[0].asker is ANYONE


@pytest.mark.parametrize(
    ("channel", "user", "is_given"), [("C1", "U1", True), ("C1", "U2", False), ("DU1", "U1", False)]
)
def test_hint_to_ask_in_private_is_for_known_people_in_channels(
    desk: Desk, channel: str, user: str, is_given: bool
) -> None:
    desk.pipeline.answer_now = lambda _question: NOTHING
    message = desk.ask(channel, user=user)
    assert (ASK_IN_PRIVATE in desk.read_post(message)) is is_given


def test_guest_is_refused_before_anything_is_looked_up(desk: Desk) -> None:
    message = desk.ask("C1", user="U3")
    assert desk.read_post(message) == REFUSAL
    assert desk.pipeline.asked == []


def test_what_is_withdrawn_between_answer_and_post_is_not_posted(desk: Desk) -> None:
    desk.pipeline.recheck_now = lambda _answer: NOTHING
    message = desk.ask()
    assert "encrypt" not in desk.read_post(message)
    assert "It is not there." in desk.read_post(message)


def test_answer_is_checked_again_before_each_attempt(desk: Desk) -> None:
    desk.slack.fail_next("chat.postMessage", status=429, retry_after=1)
    changed = build_passages_answer(build_evidence(title="Renamed meanwhile"))
    desk.pipeline.recheck_now = lambda answer: changed if desk.pipeline.rechecks > 1 else answer
    message = desk.ask()
    assert desk.pipeline.rechecks == 2
    assert "Renamed meanwhile" in desk.read_post(message)


def test_row_says_posting_before_the_call_and_not_before_the_last_check(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[str] = []
    message = desk.claim()

    def recheck(answer: Answer) -> Answer:
        states.append(f"rechecked while {desk.read_state(message)}")
        return answer

    desk.pipeline.recheck_now = recheck
    original = desk.claims.mark

    def note(marked: SlackMessage, state: Any) -> None:
        original(marked, state)
        states.append(f"{state}, {len(desk.slack.calls('chat.postMessage'))} posts")

    monkeypatch.setattr(desk.claims, "mark", note)
    desk.delivery.deliver(message)
    assert states == ["answering, 0 posts", "rechecked while answering", "posting, 0 posts"]


def test_failed_question_is_closed_and_its_error_id_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(question: Question) -> Answer:
        raise ValueError(question.text)

    desk.pipeline.answer_now = explode
    with caplog.at_level(logging.DEBUG, logger="bot"):
        message = desk.ask(text="canary-99")
    error_id = desk.read_post(message).rpartition(" ")[2]
    assert f"error {error_id}" in caplog.text
    assert "canary-99" not in caplog.text
    assert desk.read_state(message) == "failed"


def test_answer_that_slack_refuses_is_replaced_by_one_sentence(desk: Desk) -> None:
    desk.slack.fail_next("chat.postMessage", error="msg_blocks_too_long")
    message = desk.ask()
    assert desk.read_post(message).startswith("Sorry, something went wrong")
    assert desk.read_state(message) == "failed"


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "restricted_action"])
def test_place_that_takes_no_message_is_given_up_and_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    desk.slack.fail_next("chat.postMessage", error=error, count=2)
    message = desk.ask()
    assert desk.slack.posts() == []
    assert desk.read_state(message) == "failed"
    assert error in caplog.text


def test_event_that_another_process_took_over_is_not_posted(desk: Desk) -> None:
    message = desk.claim()
    rival = EventClaims(desk.database, CLOCK, worker="rival")

    def take_over(answer: Answer) -> Answer:
        rival.take_over(everything=True)
        return answer

    desk.pipeline.recheck_now = take_over
    desk.delivery.deliver(message)
    assert desk.slack.posts() == []
    assert desk.read_state(message) == "answering"


def test_stopping_leaves_the_event_to_the_next_process(desk: Desk) -> None:
    desk.stopping.set()
    message = desk.ask()
    assert desk.slack.posts() == []
    desk.claims.release()
    assert EventClaims(desk.database, CLOCK, worker="next").take_over(everything=False) == (message,)


def test_direct_answer_that_is_already_there_is_closed_and_not_made_again(desk: Desk) -> None:
    message = desk.ask()
    with desk.database.write() as connection:
        connection.execute(slack_events.update().values(state="posting"))
    [found] = EventClaims(desk.database, CLOCK, worker="one").take_over(everything=True)
    desk.delivery.deliver(found)
    assert found == replace(message, question="", may_be_posted=True)
    assert len(desk.slack.posts()) == len(desk.pipeline.asked) == 1
    assert desk.read_state(message) == "done"


def test_answers_in_one_channel_wait_their_turn(desk: Desk) -> None:
    for number in range(3):
        desk.ask("C1", f"question {number}?")
    times = [call.at for call in desk.slack.calls("chat.postMessage")]
    assert 1.9 <= times[-1] - times[0] <= 3.5


def test_status_is_shown_at_once_and_not_again_within_two_seconds(desk: Desk) -> None:
    message = desk.claim()
    desk.delivery.show_first_status(message)
    assert desk.slack.wait_until(lambda: len(desk.slack.calls("assistant.threads.setStatus")) == 1)
    desk.delivery.deliver(message)
    assert [call.method for call in desk.slack.calls()].count("assistant.threads.setStatus") == 1


def test_status_that_fails_costs_nothing(desk: Desk) -> None:
    desk.slack.fail_next("assistant.threads.setStatus", status=500, count=5)
    message = desk.ask()
    assert desk.read_state(message) == "done"


def test_pipeline_without_an_answer_is_an_error_for_the_asker(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.pipeline, "answer", lambda _question: iter(()))
    message = desk.ask()
    assert desk.read_post(message).startswith("Sorry, something went wrong")


@pytest.mark.parametrize("team", ["", events.TEAM_ID])
def test_sentence_longer_than_the_limit_of_its_channel_is_linked_there_and_quoted_elsewhere(
    desk: Desk, team: str
) -> None:
    desk.limit_channel(len(SENTENCE) - 1, team=team)
    desk.slack.add_channel("C2", "U1")
    limited, elsewhere = desk.ask("C1"), desk.ask("C2")
    assert TOO_LONG in desk.read_post(limited)
    assert "We encrypt" not in str(desk.slack.posts(thread_ts=limited.thread_ts))
    assert "We encrypt" in desk.read_post(elsewhere)


def test_limit_of_the_same_channel_id_in_another_workspace_does_not_count(desk: Desk) -> None:
    desk.limit_channel(0, team="T0OTHER")
    assert "We encrypt" in desk.read_post(desk.ask("C1"))


def test_direct_message_follows_the_setting(desk: Desk) -> None:
    long = build_evidence(sentence="x" * (QUOTE_CHARACTERS + 1))
    whole = build_evidence(sentence="y" * QUOTE_CHARACTERS, sentence_id="d2:1:0:0", title="Guide")
    desk.pipeline.answer_now = lambda _question: build_passages_answer(long, whole)
    shown = desk.read_post(desk.ask("DU1"))
    assert "xx" not in shown
    assert "y" * QUOTE_CHARACTERS in shown


def test_limit_that_is_set_between_two_attempts_holds_at_the_second(desk: Desk) -> None:
    desk.slack.fail_next("chat.postMessage", status=429, retry_after=1)

    def recheck(answer: Answer) -> Answer:
        if desk.pipeline.rechecks == 2:
            desk.limit_channel(0)
        return answer

    desk.pipeline.recheck_now = recheck
    message = desk.ask("C1")
    assert desk.pipeline.rechecks == 2
    assert "We encrypt" not in desk.read_post(message)


def keep_turn(desk: Desk, question: Question) -> Answer:
    """What receipts do: the question is an earlier turn of its conversation from now on."""
    desk.turns.kept.setdefault(question.conversation, []).append(Turn(question.text))
    return build_passages_answer()


def test_question_in_a_thread_carries_the_turns_of_this_thread_alone(desk: Desk) -> None:
    desk.pipeline.answer_now = lambda question: keep_turn(desk, question)
    first = desk.ask("C1", "may we say leading?")
    desk.ask("C1", "what is our tagline?")
    desk.ask("C1", "and in Germany?", user="U2", thread_ts=first.thread_ts)
    asked = desk.pipeline.asked
    assert [one.earlier for one in asked] == [(), (), (Turn("may we say leading?"),)]
    assert asked[2].conversation == asked[0].conversation == first.conversation != asked[1].conversation


def test_direct_messages_one_after_the_other_are_one_conversation(desk: Desk) -> None:
    desk.pipeline.answer_now = lambda question: keep_turn(desk, question)
    texts = [f"question {number}?" for number in range(6)]
    for text in texts:
        desk.ask(text=text)
    assert desk.pipeline.asked[-1].earlier == tuple(Turn(text) for text in texts[1:5])


def test_direct_turns_never_reach_a_channel(desk: Desk) -> None:
    desk.pipeline.answer_now = lambda question: keep_turn(desk, question)
    desk.ask(text="what is the secret price?")
    desk.ask("C1", "and in Germany?")
    assert desk.pipeline.asked[-1].earlier == ()
