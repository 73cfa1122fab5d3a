"""From a claimed message to its one answer in Slack: status, asker, pipeline, message, end of the row.

Called on the answer threads by bot/listeners and, for what a dead process left behind, by bot/app.py.
"""

import logging
import secrets
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from slack_sdk import WebClient

from bot.blocks.answer_blocks import Reply, build_answer, build_notice
from bot.claim_event import MOST_EARLIER, ClaimLost, EventClaims, SlackMessage, State
from bot.people import REFUSAL, SlackPeople
from bot.post_once import OncePoster, PostRefused, PostTooLate, PostUnclear, Stopping
from bot.status_line import FIRST_STATUS, StatusLine
from core.access import ANYONE, Person
from core.answers import Answer, AnswerEvent, Progress, Question, Turn
from core.channel_settings import ChannelSettings
from core.clock import Clock
from core.metrics import SLACK_EVENTS, count
from core.tracing import span

HELP = (
    "Ask me what your brand and messaging material says, for example:\n"
    "• What is our approved positioning on data security?\n"
    "• Find an approved customer quote about implementation time\n"
    "• May we say “the leading platform”?"
)
ASK_IN_PRIVATE = (
    "Here I only use what is open to everybody. In a direct message I also look at what you may read."
)

logger = logging.getLogger(__name__)


class Answers(Protocol):
    """What is needed of bot.answer's AnswerPipeline."""

    def answer(self, question: Question) -> Iterator[AnswerEvent]:
        """Any number of Progress, then one Answer."""

    def recheck(self, question: Question, answer: Answer) -> Answer:
        """The answer without what may no longer be shown, asked right before posting."""


class ReadsTurns(Protocol):
    """What is needed of core.receipts.Receipts."""

    def list_turns(self, conversation: str, *, limit: int) -> tuple[Turn, ...]:
        """The last turns of a conversation, the oldest first."""


@dataclass(frozen=True, slots=True)
class DeliveryParts:
    """What delivery works with. `status_client` must be quick to give up; `status_executor` shows first statuses."""

    pipeline: Answers
    people: SlackPeople
    claims: EventClaims
    poster: OncePoster
    channels: ChannelSettings
    clock: Clock
    status_client: WebClient
    status_executor: Executor
    max_question_characters: int
    turns: ReadsTurns | None = None
    status_lines: dict[str, StatusLine] = field(default_factory=dict)


class Delivery:
    """Answers claimed messages. One instance per process, used by many threads."""

    def __init__(self, parts: DeliveryParts) -> None:
        self._parts = parts

    def show_first_status(self, message: SlackMessage) -> None:
        """Show a status at once, even while every answer thread is busy. Returns before it is shown."""
        parts = self._parts
        line = parts.status_lines[message.event_key] = StatusLine(parts.status_client, message)
        parts.status_executor.submit(line.show, FIRST_STATUS)

    def deliver(self, message: SlackMessage) -> None:
        """Answer one message and close its row. Never raises: the asker gets a sentence, the log the rest."""
        try:
            with span("delivery", event=message.event_key):
                self._deliver(message)
        except (ClaimLost, Stopping) as reason:
            logger.info("not answered here: %s", reason)
            count(SLACK_EVENTS, "left")
        except PostUnclear as reason:
            logger.warning("%s; it is not posted again", reason)
            self._close(message, "unsure")
        except PostTooLate as reason:
            logger.warning("no answer for %s: %s", message.event_key, reason)
            self._close(message, "failed")
        except Exception as error:  # noqa: BLE001 - the last catch: whatever it is, the asker hears of it
            self._apologise(message, error)
        finally:
            self._parts.claims.let_go(message)
            self._parts.status_lines.pop(message.event_key, None)

    def _deliver(self, message: SlackMessage) -> None:
        posted_ts = self._parts.poster.find_posted(message) if message.may_be_posted else None
        if posted_ts is None:
            self._parts.claims.mark(message, "answering")
            posted_ts = self._post(message, self._prepare_reply(message))
        self._close(message, "done", posted_ts)

    def _prepare_reply(self, message: SlackMessage) -> Callable[[], Reply]:
        """Do the slow part now; what is returned does the rest right before posting."""
        asker = None if message.is_external else self._identify(message)
        limit = self._parts.max_question_characters
        if asker is None:
            return partial(build_notice, REFUSAL)
        if not message.question:
            return partial(build_notice, HELP)
        if len(message.question) > limit:
            return partial(build_notice, _describe_limit(len(message.question), limit))
        # Who reads along in a channel is not known, so nothing is shown there that is not open to all.
        # Whoever reads nothing reads nothing there either.
        audience = asker if message.is_direct or not asker.principals else ANYONE
        question = Question(
            text=message.question,
            asker=audience,
            on=self._parts.clock.today(),
            earlier=self._list_turns(message),
            conversation=message.conversation,
        )
        answer = self._ask(message, question)
        return partial(self._recheck, message, question, answer, asker)

    def _identify(self, message: SlackMessage) -> Person | None:
        return self._parts.people.identify_asker(message.user_id, home_team=message.team_id)

    def _list_turns(self, message: SlackMessage) -> tuple[Turn, ...]:
        """What was asked before in the same place: all of it was shown to whoever reads there."""
        reader = self._parts.turns
        if reader is None:
            return ()
        names = self._parts.claims.list_conversations(message)
        turns = [turn for name in names for turn in reader.list_turns(name, limit=MOST_EARLIER)]
        return tuple(turns[-MOST_EARLIER:])

    def _ask(self, message: SlackMessage, question: Question) -> Answer:
        line = self._line_of(message)
        line.show(FIRST_STATUS)
        for event in self._parts.pipeline.answer(question):
            if isinstance(event, Progress):
                line.show(event.text)
            else:
                return event
        raise RuntimeError("the pipeline ended without an answer")

    def _recheck(self, message: SlackMessage, question: Question, answer: Answer, asker: Person) -> Reply:
        checked = self._parts.pipeline.recheck(question, answer)
        is_hint_useful = checked.verdict == "not_found" and question.asker is ANYONE and _is_known(asker)
        hint = ASK_IN_PRIVATE if is_hint_useful else ""
        return build_answer(checked, quote_characters=self._find_limit(message), hint=hint)

    def _find_limit(self, message: SlackMessage) -> int:
        """The longest quotation where the message is: read with each attempt, so that an act holds at once."""
        channels = self._parts.channels
        if message.is_direct:
            return channels.quote_characters
        return channels.find_quote_characters(team_id=message.team_id, channel_id=message.channel_id)

    def _post(self, message: SlackMessage, build_reply: Callable[[], Reply]) -> str:
        self._line_of(message).close()
        with span("post"):
            return self._parts.poster.post(message, build_reply)

    def _apologise(self, message: SlackMessage, error: Exception) -> None:
        """Log the error without its text, which may hold the question, and tell the asker its id."""
        error_id = secrets.token_hex(4)
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error(
            "error %s while answering %s: %s\n%s", error_id, message.event_key, _name_error(error), where
        )
        posted_ts = None
        try:
            posted_ts = self._post(message, partial(build_notice, _describe_error(error_id)))
        except Exception as second:  # noqa: BLE001 - nothing is left to try
            logger.warning("error %s could not be told to the asker: %s", error_id, _name_error(second))
        self._close(message, "failed", posted_ts)

    def _close(self, message: SlackMessage, state: State, posted_ts: str | None = None) -> None:
        count(SLACK_EVENTS, state)
        # After a post nothing may lead to a second one: a row that cannot be closed stays `posting`.
        try:
            self._parts.claims.finish(message, state, posted_ts=posted_ts)
        except Exception as error:  # noqa: BLE001 - see above
            logger.warning(
                "the row of %s could not be closed as %s: %s", message.event_key, state, type(error).__name__
            )

    def _line_of(self, message: SlackMessage) -> StatusLine:
        lines = self._parts.status_lines
        return lines.setdefault(message.event_key, StatusLine(self._parts.status_client, message))


def _name_error(error: Exception) -> str:
    # Only Slack's own code is known to hold nothing of the question.
    return str(error) if isinstance(error, PostRefused) else type(error).__name__


def _is_known(asker: Person) -> bool:
    return asker.active and bool(asker.name or asker.role or asker.groups)


def _describe_limit(length: int, limit: int) -> str:
    return (
        f"That question has {length:,} characters and I can read {limit:,}. Please ask it in a shorter way."
    )


def _describe_error(error_id: str) -> str:
    return (
        "Sorry, something went wrong on my side and I could not answer. Please ask again in a minute; "
        f"if it happens again, give your onbrand admin this id: {error_id}"
    )
