"""The Web API clients and who we are in the workspace. Made once by bot/app.py."""

import logging
import threading
from dataclasses import dataclass
from functools import partial

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.http_retry.handler import RetryHandler

from core.errors import TransientError
from core.settings import Settings

STATUS_TIMEOUT_SECONDS = 5


class SlackUnreachable(TransientError):
    """Slack did not say who we are: it is down, or the token is wrong."""


@dataclass(frozen=True, slots=True)
class SlackClients:
    """`patient` repeats what may be repeated; `single` and `quick` never do."""

    patient: WebClient
    single: WebClient
    quick: WebClient


def build_logger() -> logging.Logger:
    """The logger of Slack's libraries. Errors only: lower levels print events and messages."""
    logger = logging.getLogger("slack_bolt.onbrand")
    logger.setLevel(logging.ERROR)
    return logger


def build_clients(settings: Settings, *, timeout_seconds: int) -> SlackClients:
    """All clients that carry the bot token."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    build = partial(_build_client, settings, token)
    return SlackClients(
        patient=build(timeout_seconds, _build_handlers()),
        single=build(timeout_seconds, []),
        quick=build(STATUS_TIMEOUT_SECONDS, []),
    )


def build_open_client(settings: Settings) -> WebClient:
    """The client for Bolt itself, without the bot token: Bolt gets that from Identity, with each event."""
    return _build_client(settings, None, 30, _build_handlers())


def _build_client(
    settings: Settings, token: str | None, timeout: int, handlers: list[RetryHandler]
) -> WebClient:
    address = settings.slack_api_url.rstrip("/") + "/"
    return WebClient(
        token=token, base_url=address, timeout=timeout, retry_handlers=handlers, logger=build_logger()
    )


def _build_handlers() -> list[RetryHandler]:
    return [
        ConnectionErrorRetryHandler(max_retry_count=2),
        RateLimitErrorRetryHandler(max_retry_count=2),
        ServerErrorRetryHandler(max_retry_count=2),
    ]


class Identity:
    """Who the bot is, asked once. Bolt calls `authorize` for every event."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known: AuthorizeResult | None = None
        self._lock = threading.Lock()

    def authorize(self) -> AuthorizeResult:
        """Our ids in the home workspace. Raises SlackUnreachable, on which Bolt gives no acknowledgement."""
        with self._lock:
            if self._known is None:
                self._known = self._ask()
            return self._known

    def _ask(self) -> AuthorizeResult:
        try:
            found = self._client.auth_test()
        except SlackApiError as error:
            # Bolt takes Slack's own errors for "not installed" and acknowledges: the event would be lost.
            raise SlackUnreachable(
                f"Slack does not accept SLACK_BOT_TOKEN: {error.response.get('error')}"
            ) from None
        except (OSError, SlackClientError) as error:
            raise SlackUnreachable(f"Slack cannot be reached ({type(error).__name__})") from error
        return AuthorizeResult(
            enterprise_id=found.get("enterprise_id"),
            team_id=found.get("team_id"),
            bot_id=found.get("bot_id"),
            bot_user_id=found.get("user_id"),
            bot_token=self._client.token,
        )
