"""The Web API methods the fake knows: arguments, bot scopes and calls per minute. Others are violations.

`*:read` and `*:history` stand for the family of the channel's kind (channels, groups, im, mpim).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

TIER_2: Final = 20
TIER_3: Final = 50
TIER_4: Final = 100
# Slack names no figure for its special tiers: posts have one a second and channel, apart from this table.
SPECIAL: Final = 600

FAMILIES: Final = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
EVENT_SCOPES: Final = {
    "app_mention": "app_mentions:read",
    "message": "*:history",
    "app_context_changed": "assistant:write",
    "agent_session_stopped": "chat:write",
    "agent_session_title_changed": "chat:write",
    "link_shared": "links:read",
    "reaction_added": "reactions:read",
    "file_shared": "files:read",
}


@dataclass(frozen=True, slots=True)
class Method:
    """One Web API method; `per_minute` is its rate tier."""

    required: frozenset[str]
    optional: frozenset[str]
    scopes: tuple[str, ...]
    per_minute: int


def _method(required: str, optional: str, scopes: str, per_minute: int) -> Method:
    return Method(frozenset(required.split()), frozenset(optional.split()), tuple(scopes.split()), per_minute)


_PAGE: Final = "cursor limit"
_MESSAGE: Final = "text blocks attachments markdown_text metadata parse link_names as_user"
METHODS: Final[dict[str, Method]] = {
    "auth.test": _method("", "", "", SPECIAL),
    "api.test": _method("", "error", "", TIER_4),
    "apps.connections.open": _method("", "", "", TIER_3),
    "chat.postMessage": _method(
        "channel",
        f"{_MESSAGE} thread_ts reply_broadcast unfurl_links unfurl_media mrkdwn icon_emoji icon_url username",
        "chat:write",
        SPECIAL,
    ),
    "chat.postEphemeral": _method(
        "channel user", f"{_MESSAGE} thread_ts icon_emoji icon_url username", "chat:write", TIER_4
    ),
    "chat.update": _method(
        "channel ts", f"{_MESSAGE} file_ids reply_broadcast unfurl_links unfurl_media", "chat:write", TIER_3
    ),
    "chat.delete": _method("channel ts", "as_user", "chat:write", TIER_3),
    "chat.getPermalink": _method("channel message_ts", "", "", SPECIAL),
    "users.info": _method("user", "include_locale", "users:read users:read.email", TIER_4),
    "users.lookupByEmail": _method("email", "", "users:read.email", TIER_3),
    "conversations.info": _method("channel", "include_locale include_num_members", "*:read", TIER_3),
    "conversations.members": _method("channel", _PAGE, "*:read", TIER_4),
    "conversations.list": _method("", f"{_PAGE} types exclude_archived team_id", "channels:read", TIER_2),
    "conversations.open": _method("", "users channel return_im prevent_creation", "im:write", TIER_3),
    "conversations.replies": _method(
        "channel ts", f"{_PAGE} include_all_metadata inclusive latest oldest", "*:history", TIER_3
    ),
    "conversations.history": _method(
        "channel", f"{_PAGE} include_all_metadata inclusive latest oldest", "*:history", TIER_3
    ),
    "assistant.threads.setStatus": _method(
        "channel_id thread_ts status", "loading_messages icon_emoji icon_url username", "chat:write", SPECIAL
    ),
    "assistant.threads.setTitle": _method("channel_id thread_ts title", "", "assistant:write", TIER_4),
    "assistant.threads.setSuggestedPrompts": _method(
        "channel_id prompts", "thread_ts title", "assistant:write", TIER_4
    ),
    "agents.sessions.setStatus": _method(
        "channel_id thread_ts status",
        "title initiator_user_id icon_emoji icon_url username",
        "chat:write",
        TIER_3,
    ),
    "agents.sessions.rename": _method("channel_id thread_ts title", "", "chat:write", TIER_3),
    "views.publish": _method("user_id view", "hash", "", TIER_4),
    "views.open": _method("view", "trigger_id interactivity_pointer", "", TIER_4),
    "views.update": _method("view", "view_id external_id hash", "", TIER_4),
    "reactions.add": _method("channel timestamp name", "", "reactions:write", TIER_3),
}
# Not a method: the one-time address that comes with commands and actions. Checked like one.
RESPONSE_URL: Final = "response_url"
_RESPONSE: Final = _method(
    "", "text blocks response_type replace_original delete_original thread_ts", "", SPECIAL
)


def find_method(name: str) -> Method | None:
    """Return the entry of a method (or of `response_url`), or None when the fake does not know it."""
    return _RESPONSE if name == RESPONSE_URL else METHODS.get(name)


def list_scopes(scopes: Iterable[str], channel_kind: str) -> frozenset[str]:
    """Spell out `*:read` and `*:history` for a channel kind (`channel`, `group`, `im`, `mpim`)."""
    family = FAMILIES.get(channel_kind, "channels")
    return frozenset(scope.replace("*", family) for scope in scopes)
