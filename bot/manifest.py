"""The Slack app as Slack wants it described, with exactly the scopes and events in use. `onbrand manifest` prints it.

A test compares the tables with the calls that the code makes.
"""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Scope:
    """One permission of the bot and why it is asked for. `methods` and `events` are what needs it."""

    name: str
    reason: str
    methods: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


SCOPES = (
    Scope("app_mentions:read", "hear questions that mention onbrand in a channel", events=("app_mention",)),
    Scope(
        "chat:write",
        "post the answer and show that it is being made",
        methods=("chat.postMessage", "assistant.threads.setStatus"),
    ),
    Scope(
        "im:history",
        "hear direct questions; after a crash, see whether the answer is already there",
        methods=("conversations.replies",),
        events=("message.im",),
    ),
    Scope("users:read", "answer full members only, and no bot or guest", methods=("users.info",)),
    Scope("users:read.email", "know whose permissions count, by e-mail", methods=("users.info",)),
)
APP_SCOPES = (
    Scope("connections:write", "Socket Mode, on the app-level token", methods=("apps.connections.open",)),
)
METHODS_WITHOUT_SCOPE = ("auth.test",)
EVENTS = tuple(sorted(event for scope in SCOPES for event in scope.events))


def build_manifest(
    *, mode: Literal["socket", "http"] = "socket", request_url: str | None = None
) -> dict[str, Any]:
    """The manifest as JSON-ready data. `request_url` is the public address of HTTP mode (…/slack/events)."""
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    if mode == "http":
        events["request_url"] = request_url or "https://onbrand.your-company.example/slack/events"
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "onbrand",
            "description": "Answers from approved brand and messaging material, with the source of every sentence.",
            "background_color": "#1f2a37",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "onbrand", "always_online": True},
        },
        "oauth_config": {"scopes": {"bot": sorted(scope.name for scope in SCOPES)}},
        "settings": {
            "event_subscriptions": events,
            "interactivity": {"is_enabled": False},
            "org_deploy_enabled": False,
            "socket_mode_enabled": mode == "socket",
            "token_rotation_enabled": False,
        },
    }
