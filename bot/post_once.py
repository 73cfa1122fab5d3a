"""Posts the one message of an event: waits its turn in the channel, obeys Slack's 429, never posts twice.

Called by bot/delivery.py. The row says `posting` before each attempt, so that a crash leaves a trace.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from socket import gaierror
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks.answer_blocks import Reply
from bot.claim_event import EventClaims, SlackMessage
from core.clock import Stopwatch
from core.errors import PermanentError, TransientError

METADATA_TYPE = "onbrand_answer"
PATIENCE_SECONDS = 120.0
RETRY_SECONDS = 1.0
# Slack takes about one post a second and channel; a short burst is allowed.
SECONDS_BETWEEN_POSTS = 1.0
MAX_PAGES = 5
# Slack says of these that a part of the work may have been done.
UNCLEAR_ERRORS = ("internal_error", "fatal_error", "request_timeout", "service_unavailable")
BUSY_ERRORS = ("ratelimited", "rate_limited", "message_limit_exceeded")

logger = logging.getLogger(__name__)


class PostRefused(PermanentError):
    """Slack will not take this message in this place."""


class PostUnclear(PermanentError):
    """The message may or may not have arrived, and this place offers no way to look."""


class PostTooLate(TransientError):
    """Slack took no message for as long as we are patient."""


class Stopping(TransientError):
    """The process is being stopped; the event stays open for the next one."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt ended: posted (`ts`), surely not posted (`wait_seconds`), or unclear (neither)."""

    ts: str | None = None
    wait_seconds: float | None = None


class ChannelTurns:
    """Spaces the posts of one channel, so that many answers at once do not run into Slack's limit."""

    def __init__(self) -> None:
        self._watch = Stopwatch()
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, channel_id: str) -> float:
        """Reserve the next turn; return the seconds to wait for it."""
        with self._lock:
            now = self._watch.milliseconds() / 1000
            self._free_at = {key: value for key, value in self._free_at.items() if value > now}
            turn = max(now, self._free_at.get(channel_id, now))
            self._free_at[channel_id] = turn + SECONDS_BETWEEN_POSTS
            return turn - now

    def hold(self, channel_id: str, seconds: float) -> None:
        """Let nobody post in the channel for a while."""
        with self._lock:
            now = self._watch.milliseconds() / 1000
            self._free_at[channel_id] = max(self._free_at.get(channel_id, now), now + seconds)


class OncePoster:
    """Posts answers. `client` must not retry by itself: a retry after a lost reply would post twice."""

    def __init__(
        self, client: WebClient, *, reader: WebClient, claims: EventClaims, stopping: threading.Event
    ) -> None:
        self._client = client
        self._reader = reader
        self._claims = claims
        self._stopping = stopping
        self._turns = ChannelTurns()

    def post(self, message: SlackMessage, build_reply: Callable[[], Reply]) -> str:
        """Post and return the time stamp. `build_reply` is called anew right before each attempt.

        Raises PostRefused, PostUnclear, PostTooLate, Stopping, or ClaimLost.
        """
        watch = Stopwatch()
        while True:
            self._wait(self._turns.take(message.channel_id), watch)
            reply = build_reply()
            self._claims.mark(message, "posting")
            attempt = self._attempt(message, reply)
            found = attempt.ts or (None if attempt.wait_seconds is not None else self.find_posted(message))
            if found:
                return found
            self._claims.mark(message, "answering")
            self._turns.hold(message.channel_id, attempt.wait_seconds or RETRY_SECONDS)

    def find_posted(self, message: SlackMessage) -> str | None:
        """The time stamp of our answer in a direct message, by its metadata; None when it is not there.

        Channels cannot be read with the scopes we ask for: there it raises PostUnclear.
        """
        if not message.is_direct:
            raise PostUnclear(
                f"the answer to {message.event_key} may be posted; a channel cannot be read to find out"
            )
        cursor = None
        for _ in range(MAX_PAGES):
            page = self._fetch_thread(message, cursor)
            for posted in page.get("messages") or ():
                payload = (posted.get("metadata") or {}).get("event_payload") or {}
                if payload.get("event_key") == message.event_key:
                    return str(posted["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
        raise PostUnclear(f"the thread of {message.event_key} is too long to look for the answer in it")

    def _fetch_thread(self, message: SlackMessage, cursor: str | None) -> Mapping[str, Any]:
        try:
            page = self._reader.conversations_replies(
                channel=message.channel_id,
                ts=message.thread_ts,
                oldest=message.message_ts,
                include_all_metadata=True,
                limit=200,
                cursor=cursor,
            ).data
        except SlackApiError as error:
            if error.response.get("error") == "thread_not_found":
                return {}
            raise PostUnclear(f"looking for the answer to {message.event_key} failed") from error
        except (OSError, HTTPException) as error:
            raise PostUnclear(f"looking for the answer to {message.event_key} failed") from error
        return page if isinstance(page, dict) else {}

    def _wait(self, seconds: float, watch: Stopwatch) -> None:
        left = PATIENCE_SECONDS - watch.milliseconds() / 1000
        if seconds > left:
            raise PostTooLate(f"Slack took no message for {PATIENCE_SECONDS:.0f} seconds; it is given up")
        if self._stopping.wait(seconds):
            raise Stopping("the process is stopping; the event is answered after the next start")

    def _attempt(self, message: SlackMessage, reply: Reply) -> Attempt:
        try:
            return Attempt(ts=self._send(message, reply))
        except SlackApiError as error:
            return _judge_answer(error)
        except (OSError, HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else error
            # Refused and unresolved: the request never left. Everything else may have arrived.
            never_left = isinstance(reason, (ConnectionRefusedError, gaierror))
            logger.warning("posting for %s failed: %s", message.event_key, type(reason).__name__)
            return Attempt(wait_seconds=RETRY_SECONDS) if never_left else Attempt()
        except SlackClientError as error:
            raise PostRefused(f"the request to Slack could not be made ({type(error).__name__})") from error
        except Exception as error:  # noqa: BLE001 - unforeseen after the request left: it may have arrived
            logger.warning("posting for %s failed: %s", message.event_key, type(error).__name__)
            return Attempt()

    def _send(self, message: SlackMessage, reply: Reply) -> str:
        posted = self._client.chat_postMessage(
            channel=message.channel_id,
            thread_ts=message.thread_ts,
            text=reply.text,
            blocks=reply.blocks,
            unfurl_links=False,
            unfurl_media=False,
            link_names=False,
            parse="none",
            metadata={"event_type": METADATA_TYPE, "event_payload": {"event_key": message.event_key}},
        )
        return str(posted["ts"])


def _judge_answer(error: SlackApiError) -> Attempt:
    status, code = error.response.status_code, str(error.response.get("error"))
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in BUSY_ERRORS:
        return Attempt(wait_seconds=_read_retry_after(error))
    # An answer that is not JSON gives no code at all, so nobody knows what was done.
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in UNCLEAR_ERRORS or not code.isidentifier():
        return Attempt()
    raise PostRefused(f"Slack refused the message: {code}") from error


def _read_retry_after(error: SlackApiError) -> float:
    try:
        return max(RETRY_SECONDS, float(error.response.headers.get("Retry-After", RETRY_SECONDS)))
    except (TypeError, ValueError):
        return RETRY_SECONDS
