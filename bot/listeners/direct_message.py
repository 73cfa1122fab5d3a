"""A message in the bot's direct conversation."""

from collections.abc import Callable

from slack_bolt import BoltContext

from bot.claim_event import CLAIMED, SlackMessage


def build_direct_message(deliver: Callable[[SlackMessage], None]) -> Callable[[BoltContext], None]:
    """The listener of `message.im`; runs on an answer thread, after the acknowledgement."""

    def handle_direct_message(context: BoltContext) -> None:
        deliver(context[CLAIMED])

    return handle_direct_message
