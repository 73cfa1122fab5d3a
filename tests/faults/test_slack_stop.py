"""A polite stop under load: answers in hand go out, the rest is answered by the next process."""

from pathlib import Path

from tests.fakes import slack_events as events
from tests.fakes.bot_process import BotProcess
from tests.faults.conftest import ASKER, DIRECT, build_environment, build_workspace


def test_stop_finishes_what_is_in_hand_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with build_workspace() as slack:
        bot = BotProcess(tmp_path, {**build_environment(slack), "ONBRAND_ANSWER_THREADS": "1"}).start()
        try:
            assert slack.wait_for_connections(1, timeout=20), bot.read_log()
            questions = [events.build_message(ASKER, DIRECT, f"hold {number}?") for number in range(3)]
            assert all(slack.deliver(event).wait_for_ack() for event in questions)
            # Nothing lets the questions go within the time of grace: one is in hand, two have not begun.
            bot.stop()
            assert slack.hub.wait_for(lambda hub: not hub.list_connections(), 5)
            bot.let_go()
            bot.wait()
            bot.start()
            for event in questions:
                assert slack.wait_for_posts(1, thread_ts=event["ts"]), bot.read_log()
            assert len(slack.posts()) == len(questions)
        finally:
            bot.kill()
        assert slack.violations == []
