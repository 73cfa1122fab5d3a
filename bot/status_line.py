"""The status under a question ("is searching …"): shown at once, refreshed seldom, gone before the answer is posted.

Held by bot/delivery.py. It is a courtesy: whatever fails here is only noted.
"""

import logging
import threading

from slack_sdk import WebClient

from bot.claim_event import SlackMessage
from core.clock import Stopwatch

SECONDS_BETWEEN = 2.0
FIRST_STATUS = "is looking it up …"

logger = logging.getLogger(__name__)


class StatusLine:
    """The status of one message. Thread-safe; after `close` nothing more is sent."""

    def __init__(self, client: WebClient, message: SlackMessage) -> None:
        self._client = client
        self._message = message
        self._lock = threading.Lock()
        self._since_last: Stopwatch | None = None
        self._closed = False

    def show(self, text: str) -> None:
        """Show a status, unless the last one is younger than two seconds or the answer is on its way."""
        with self._lock:
            if not self._closed and self._is_due():
                self._since_last = Stopwatch()
                self._send(text)

    def close(self) -> None:
        """Wait for a status that is being sent and send no other: a late one would stay under the answer."""
        with self._lock:
            self._closed = True

    def _is_due(self) -> bool:
        return self._since_last is None or self._since_last.milliseconds() >= SECONDS_BETWEEN * 1000

    def _send(self, text: str) -> None:
        message = self._message
        try:
            self._client.assistant_threads_setStatus(
                channel_id=message.channel_id, thread_ts=message.thread_ts, status=text[:100]
            )
        except Exception as error:  # noqa: BLE001 - a missing status must never cost the answer
            logger.debug("status of %s was not shown: %s", message.event_key, type(error).__name__)
