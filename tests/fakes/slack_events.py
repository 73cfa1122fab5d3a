"""Builders of everything Slack sends: events, their envelopes' bodies, interactions, commands, signatures.

Used by tests, which hand the result to FakeSlack.deliver or deliver_http.
"""

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

APP_ID: Final = "A0ONBRAND"
TEAM_ID: Final = "T0HOME"
BOT_USER_ID: Final = "U0ONBRAND"
BOT_ID: Final = "B0ONBRAND"
Payload = dict[str, Any]

_CHANNEL_TYPES: Final = {"C": "channel", "G": "group", "D": "im"}
_lock = threading.Lock()
_newest = [0]
_numbers = itertools.count(1)


def next_ts() -> str:
    """Return a message time stamp later than every one before it."""
    with _lock:
        _newest[0] = max(_newest[0] + 1, time.time_ns() // 1000)
        return f"{_newest[0] // 1_000_000}.{_newest[0] % 1_000_000:06d}"


def build_message(
    user: str, channel: str, text: str, *, thread_ts: str | None = None, **extra: Any
) -> Payload:
    """Build a `message` event; `extra` adds or replaces fields (ts, team, subtype, bot_id, files …)."""
    ts = next_ts()
    event: Payload = {
        "type": "message",
        "user": user,
        "text": text,
        "ts": ts,
        "client_msg_id": f"client-{next(_numbers)}",
        "team": TEAM_ID,
        "channel": channel,
        "channel_type": _CHANNEL_TYPES.get(channel[:1], "channel"),
        "event_ts": ts,
        **({"thread_ts": thread_ts} if thread_ts else {}),
        **extra,
    }
    return {**event, "event_ts": event["ts"]}


def build_mention_pair(
    user: str, channel: str, text: str, *, thread_ts: str | None = None, **extra: Any
) -> tuple[Payload, Payload]:
    """Build the two events Slack sends for one mention: `app_mention` and `message`, with the same ts."""
    message = build_message(user, channel, f"<@{BOT_USER_ID}> {text}", thread_ts=thread_ts, **extra)
    mention = {key: value for key, value in message.items() if key != "channel_type"}
    return {**mention, "type": "app_mention"}, message


def build_mention(
    user: str, channel: str, text: str, *, thread_ts: str | None = None, **extra: Any
) -> Payload:
    """Build an `app_mention` event alone."""
    return build_mention_pair(user, channel, text, thread_ts=thread_ts, **extra)[0]


def build_edit(message: Mapping[str, Any], text: str) -> Payload:
    """Build the event of an edited message."""
    edited = {**message, "text": text, "edited": {"user": message["user"], "ts": next_ts()}}
    return _build_hidden(message, "message_changed", {"message": edited, "previous_message": dict(message)})


def build_deletion(message: Mapping[str, Any]) -> Payload:
    """Build the event of a deleted message."""
    gone = {"deleted_ts": message["ts"], "previous_message": dict(message)}
    return _build_hidden(message, "message_deleted", gone)


def _build_hidden(message: Mapping[str, Any], subtype: str, fields: Mapping[str, Any]) -> Payload:
    ts = next_ts()
    place = {key: message[key] for key in ("channel", "channel_type") if key in message}
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        **place,
        **fields,
    }


def build_file_share(user: str, channel: str, text: str, *files: Mapping[str, Any]) -> Payload:
    """Build the event of a message with files; a file needs at least id, name and mimetype."""
    return build_message(user, channel, text, subtype="file_share", files=[dict(file) for file in files])


def build_bot_message(channel: str, text: str, *, bot_id: str = "B0OTHER", **extra: Any) -> Payload:
    """Build a message of another bot (or of a workflow, with `workflow_id`)."""
    return build_message("U0OTHERBOT", channel, text, subtype="bot_message", bot_id=bot_id, **extra)


def build_home_opened(user: str, *, tab: str = "home", channel: str = "") -> Payload:
    """Build `app_home_opened` for the tab `home` or `messages`."""
    place = channel or f"D{user}"
    return {"type": "app_home_opened", "user": user, "channel": place, "tab": tab, "event_ts": next_ts()}


def build_context_changed(user: str, channel: str, *, seen: str) -> Payload:
    """Build `app_context_changed`: the user now looks at the channel `seen`."""
    context = {"entities": [{"type": "slack#/types/channel_id", "value": seen, "team_id": TEAM_ID}]}
    ts = next_ts()
    return {
        "type": "app_context_changed",
        "user": user,
        "channel": channel,
        "context": context,
        "event_ts": ts,
    }


def build_session_stopped(user: str, channel: str, *, thread_ts: str) -> Payload:
    """Build `agent_session_stopped`: the user pressed Stop."""
    place = {"channel": channel, "thread_ts": thread_ts, "user": user}
    return {"type": "agent_session_stopped", **place, "streaming_message_ts": [], "event_ts": next_ts()}


def build_body(event: Mapping[str, Any], *, is_ext_shared: bool = False) -> Payload:
    """Wrap an event in the body of an `event_callback`. The same event always gets the same event_id."""
    digest = hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()
    authorization = {
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "verification-token",
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": dict(event),
        "type": "event_callback",
        "event_id": f"Ev{digest[:9].upper()}",
        "event_time": int(float(event.get("event_ts", "0"))),
        "authorizations": [authorization],
        "is_ext_shared_channel": is_ext_shared,
        "event_context": f"4-{digest[:20]}",
    }


def build_block_action(
    user: str, channel: str, *, action_id: str, value: str, message: Mapping[str, Any]
) -> Payload:
    """Build the press of a button of a message."""
    action = {
        "type": "button",
        "action_id": action_id,
        "block_id": "b",
        "value": value,
        "action_ts": next_ts(),
    }
    container = {"type": "message", "message_ts": message.get("ts"), "channel_id": channel}
    return {
        **_build_interaction("block_actions", user),
        "channel": {"id": channel, "name": "channel"},
        "container": container,
        "message": dict(message),
        "actions": [{**action, "text": {"type": "plain_text", "text": action_id}}],
    }


def build_view_submission(
    user: str, view: Mapping[str, Any], *, values: Mapping[str, Any] | None = None
) -> Payload:
    """Build the submission of a modal; `values` is `{block_id: {action_id: {...}}}`."""
    return _build_view_event("view_submission", user, {**view, "state": {"values": dict(values or {})}})


def build_view_closed(user: str, view: Mapping[str, Any]) -> Payload:
    """Build the closing of a modal without submission."""
    return {**_build_view_event("view_closed", user, view), "is_cleared": False}


def _build_view_event(kind: str, user: str, view: Mapping[str, Any]) -> Payload:
    known = {
        "id": f"V{next(_numbers)}",
        "hash": "h",
        "team_id": TEAM_ID,
        "app_id": APP_ID,
        "state": {"values": {}},
    }
    return {**_build_interaction(kind, user), "view": {**known, **view}, "response_urls": []}


def build_message_shortcut(user: str, message: Mapping[str, Any], *, callback_id: str) -> Payload:
    """Build a message shortcut ("Is this on brand?") on a message event."""
    return {
        **_build_interaction("message_action", user),
        "callback_id": callback_id,
        "channel": {"id": message["channel"], "name": "channel"},
        "message_ts": message["ts"],
        "message": dict(message),
    }


def build_command(user: str, channel: str, command: str, text: str = "", **extra: Any) -> Payload:
    """Build a slash command such as `/onbrand`."""
    return {
        "command": command,
        "text": text,
        "user_id": user,
        "user_name": user.lower(),
        "channel_id": channel,
        "channel_name": "channel",
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "trigger_id": f"trigger.{next(_numbers)}",
        **extra,
    }


def _build_interaction(kind: str, user: str) -> Payload:
    return {
        "type": kind,
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM_ID},
        "team": {"id": TEAM_ID, "domain": "home"},
        "api_app_id": APP_ID,
        "token": "verification-token",
        "trigger_id": f"trigger.{next(_numbers)}",
        "is_enterprise_install": False,
    }


def name_envelope(payload: Mapping[str, Any]) -> str:
    """Return the envelope type of a payload: `events_api`, `slash_commands` or `interactive`."""
    if payload.get("type") == "event_callback":
        return "events_api"
    return "slash_commands" if "command" in payload else "interactive"


def sign_body(body: bytes, signing_secret: str, *, timestamp: int) -> dict[str, str]:
    """Return the two signature headers (v0) of an HTTP delivery."""
    base = b"v0:%d:" % timestamp + body
    digest = hmac.new(signing_secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}
