"""Which answers of a source are asked for again and after how long, and what an answer's refusal says. Pure.

Used by web_client.py.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

TOO_MANY, SERVER_ERRORS = 429, range(500, 600)
# A single wait longer than this helps nobody: the source is asked again before that.
LONGEST_WAIT_SECONDS = 60.0
LONGEST_REASON = 200
# Where the APIs of sources put the sentence that explains a refusal, best first.
REASON_KEYS = ("error_description", "errorMessage", "message", "detail", "title", "reason", "error", "errors")
# Shorter words of a request stand in answers by chance; hiding them would only make these unreadable.
SHORTEST_SECRET = 8
HARMLESS_HEADERS = {
    *("host", "accept", "accept-encoding", "accept-language", "connection"),
    *("user-agent", "content-type", "content-length"),
}


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient a client is with one request. All times are in seconds.

    `most_seconds` bounds what all attempts and the waits between them may take (an attempt that is on its way is
    ended by the two limits below it, not by this one).
    """

    attempts: int = 6
    most_seconds: float = 180.0
    first_seconds: float = 0.5
    silent_seconds: float = 30.0  # without a byte from the other side
    body_seconds: float = 600.0  # for one body: a server that drips must not hold a worker for ever

    def choose_wait(self, attempt: int, *, spent: float, asked: float | None, jitter: float) -> float | None:
        """Seconds before attempt `attempt + 1`; None: give up. `jitter` is 0 to 1, `asked` what Retry-After says.

        What a server asks for is never cut short: where it does not fit, there is no further attempt.
        """
        if attempt >= self.attempts:
            return None
        step = min(self.first_seconds * 2.0 ** (attempt - 1), LONGEST_WAIT_SECONDS)
        wait = step * (0.5 + jitter / 2) if asked is None else asked + min(step, 1.0) * jitter
        return wait if spent + wait <= self.most_seconds else None


def is_worth_repeating(status: int) -> bool:
    """True for 429 and 5xx. Any other 4xx says the same when asked again."""
    return status == TOO_MANY or status in SERVER_ERRORS


def read_retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds that the answer asks us to wait, from a number or a date; None where it says nothing readable."""
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        return float(text)
    moment = _read_date(text)
    if moment is None:
        return None
    # Both dates from the same clock: ours may be wrong by minutes.
    return max(0.0, (moment - (_read_date(headers.get("Date", "")) or now)).total_seconds())


def read_json(content: bytes) -> Any:
    """The body as JSON; raises ValueError where it is anything else."""
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def describe_refusal(content: bytes, *, secrets: Iterable[str]) -> tuple[str, Any]:
    """A refusal's reason in at most 200 letters, none of `secrets` in it ("" where it gives none), and its JSON."""
    try:
        body = read_json(content)
    except ValueError:
        return "", None
    return hide_secrets(" ".join(_find_reason(body).split()), secrets)[:LONGEST_REASON], body


def hide_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets, without the query of any address and without control characters."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "***")
    return "".join(letter for letter in re.sub(r"\?\S*=\S*", "?***", text) if letter.isprintable())


def list_secrets(headers: Iterable[tuple[str, str]], query: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What a request carried and no text may repeat: its headers' values, each word of them, and its query's."""
    for name, value in headers:
        if name.lower() in HARMLESS_HEADERS:
            continue
        yield value
        yield from value.split()
        if value.startswith("Basic "):
            yield from _read_basic(value.removeprefix("Basic "))
    for _, value in query:
        yield value


def _read_basic(encoded: str) -> list[str]:
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        return []
    return [pair, *pair.partition(":")[::2]]


def _find_reason(body: Any, depth: int = 3) -> str:
    if isinstance(body, str):
        return body
    if not depth:
        return ""
    if isinstance(body, list):
        return _find_reason(body[0], depth - 1) if body else ""
    if not isinstance(body, dict):
        return ""
    found = (_find_reason(body[key], depth - 1) for key in REASON_KEYS if key in body)
    return next((reason for reason in found if reason), "")


def _read_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
