"""kill −9 at every named moment of an answer, then a restart: no question lost, no answer twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.fakes import slack_events as events
from tests.fakes.bot_process import SCRIPTED, BotProcess
from tests.fakes.slack_server import FakeSlack
from tests.faults.conftest import ASKER, DIRECT, build_environment

MOMENTS = ("claimed", "answering", "before acceptance", "after acceptance")


@dataclass(frozen=True, slots=True)
class Crash:
    """What was asked before the crash, by moment and place, and the bot after its restart."""

    slack: FakeSlack
    bot: BotProcess
    asked: dict[tuple[str, str], dict[str, Any]]

    def count_posts(self, moment: str, place: str) -> int:
        """Answers in the thread of one question."""
        return len(self.slack.posts(thread_ts=self.asked[moment, place]["ts"]))


def ask(slack: FakeSlack, place: str, text: str) -> dict[str, Any]:
    """Deliver a question and wait until it is acknowledged."""
    build = events.build_message if place == DIRECT else events.build_mention
    event = build(ASKER, place, text)
    assert slack.deliver(event).wait_for_ack()
    return event


@pytest.fixture(scope="module")
def crash(slack: FakeSlack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crash]:
    # Six threads: four hang in posting and two hold, so that what comes after them stays merely claimed.
    environment = {**build_environment(slack), "ONBRAND_ANSWER_THREADS": "6"}
    bot = BotProcess(tmp_path_factory.mktemp("bot"), environment, command=(*SCRIPTED, "30")).start()
    try:
        assert slack.wait_for_connections(1, timeout=20), bot.read_log()
        asked = ask_at_every_moment(slack, bot)
        bot.kill()
        slack.release_hung()
        bot.let_go()
        bot.start()
        crash = Crash(slack, bot, asked)
        wait_for_recovery(crash)
        yield crash
    finally:
        bot.kill()


def ask_at_every_moment(slack: FakeSlack, bot: BotProcess) -> dict[tuple[str, str], dict[str, Any]]:
    """Bring questions to each moment, the ones that hang in posting first."""
    asked = {}
    for moment in ("before acceptance", "after acceptance"):
        for place in (DIRECT, "C1"):
            tries = len(slack.calls("chat.postMessage"))
            slack.hang_next("chat.postMessage", after=moment == "after acceptance")
            asked[moment, place] = ask(slack, place, f"{moment} in {place}?")
            assert slack.wait_until(lambda: len(slack.calls("chat.postMessage")) > tries)  # noqa: B023
    for place in (DIRECT, "C1"):
        asked["answering", place] = ask(slack, place, f"hold, answering in {place}?")
    assert bot.wait_for_asked("hold", 2)
    for place in (DIRECT, "C1"):
        asked["claimed", place] = ask(slack, place, f"claimed in {place}?")
    return asked


def wait_for_recovery(crash: Crash) -> None:
    """Wait until everything that can be answered is, and until all rows in doubt were looked at."""
    expected = [key for key in crash.asked if key != ("before acceptance", "C1")]
    assert crash.slack.wait_until(lambda: all(crash.count_posts(*key) for key in expected), timeout=20)
    assert crash.slack.wait_for_connections(1, timeout=20)


@pytest.mark.parametrize("place", [DIRECT, "C1"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_question_is_answered_exactly_once_over_a_crash(crash: Crash, moment: str, place: str) -> None:
    is_lost_by_choice = (moment, place) == ("before acceptance", "C1")
    assert crash.count_posts(moment, place) == (0 if is_lost_by_choice else 1)


@pytest.mark.parametrize("place", [DIRECT, "C1"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_event_sent_again_after_the_restart_is_not_answered_again(
    crash: Crash, moment: str, place: str
) -> None:
    count = crash.count_posts(moment, place)
    assert crash.slack.deliver(crash.asked[moment, place], retry=3).wait_for_ack()
    follow_up = ask(crash.slack, place, "and now?")
    assert crash.slack.wait_for_posts(1, thread_ts=follow_up["ts"])
    assert crash.count_posts(moment, place) == count


@pytest.mark.parametrize("moment", ["before acceptance", "after acceptance"])
def test_channel_answer_in_doubt_is_logged_and_not_posted_again(crash: Crash, moment: str) -> None:
    key = f"T0HOME:C1:{crash.asked[moment, 'C1']['ts']}"
    assert f"the answer to {key} may be posted" in crash.bot.read_log()


def test_queued_question_had_not_reached_the_pipeline_before_the_crash(crash: Crash) -> None:
    asked = crash.bot.list_asked()
    assert sum("claimed in" in line for line in asked) == 2
    assert sum("hold, answering" in line for line in asked) == 4
