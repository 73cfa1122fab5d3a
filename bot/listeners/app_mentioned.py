"""A mention in a channel."""

from collections.abc import Callable

from slack_bolt import BoltContext

from bot.claim_event import CLAIMED, SlackMessage


def build_app_mentioned(deliver: Callable[[SlackMessage], None]) -> Callable[[BoltContext], None]:
    """The listener of `app_mention`; runs on an answer thread, after the acknowledgement."""

    def handle_app_mentioned(context: BoltContext) -> None:
        deliver(context[CLAIMED])

    return handle_app_mentioned
