"""What the fake answers to each Web API method once a call is accepted.

Called by slack_calls.py; every function takes the workspace and the arguments and returns Slack's JSON.
"""

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.fakes.slack_events import BOT_ID, BOT_USER_ID, TEAM_ID, Payload
from tests.fakes.slack_workspace import Channel, User, Workspace

Arguments = Mapping[str, Any]
Answer = Callable[[Workspace, Arguments], Payload]


def fail(error: str, **extra: Any) -> Payload:
    """Build the answer of a refused call."""
    return {"ok": False, "error": error, **extra}


def _test_auth(_: Workspace, __: Arguments) -> Payload:
    return {
        "ok": True,
        "url": "https://home.slack.invalid/",
        "team": "Home",
        "user": "onbrand",
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def _post_message(workspace: Workspace, arguments: Arguments) -> Payload:
    channel = workspace.find_channel(str(arguments["channel"]))
    if channel is None:
        return fail("channel_not_found")
    if channel.is_archived:
        return fail("is_archived")
    if channel.kind != "im" and BOT_USER_ID not in channel.members:
        return fail("not_in_channel")
    message = workspace.store_post(channel.id, arguments)
    workspace.record_crawl("chat.postMessage", channel.id, message["ts"], arguments)
    return {"ok": True, "channel": channel.id, "ts": message["ts"], "message": message}


def _post_ephemeral(workspace: Workspace, arguments: Arguments) -> Payload:
    channel = workspace.find_channel(str(arguments["channel"]))
    if channel is None:
        return fail("channel_not_found")
    if str(arguments["user"]) not in channel.members:
        return fail("user_not_in_channel")
    ts = f"{next(workspace.numbers)}.000000"
    workspace.record_crawl("chat.postEphemeral", channel.id, ts, arguments)
    return {"ok": True, "message_ts": ts}


def _update_message(workspace: Workspace, arguments: Arguments) -> Payload:
    channel, ts = str(arguments["channel"]), str(arguments["ts"])
    with workspace.lock:
        message = workspace.find_message(channel, ts)
        if message is None:
            return fail("message_not_found")
        if message.get("user") != BOT_USER_ID:
            return fail("cant_update_message")
        message |= {key: arguments[key] for key in ("text", "blocks", "metadata") if key in arguments}
    workspace.record_crawl("chat.update", channel, ts, arguments)
    return {
        "ok": True,
        "channel": channel,
        "ts": ts,
        "text": message.get("text", ""),
        "message": dict(message),
    }


def _delete_message(workspace: Workspace, arguments: Arguments) -> Payload:
    channel, ts = str(arguments["channel"]), str(arguments["ts"])
    with workspace.lock:
        message = workspace.find_message(channel, ts)
        if message is None:
            return fail("message_not_found")
        workspace.messages[channel].remove(message)
    return {"ok": True, "channel": channel, "ts": ts}


def _get_permalink(_: Workspace, arguments: Arguments) -> Payload:
    channel, ts = str(arguments["channel"]), str(arguments["message_ts"])
    link = f"https://home.slack.invalid/archives/{channel}/p{ts.replace('.', '')}"
    return {"ok": True, "channel": channel, "permalink": link}


def describe_user(user: User) -> Payload:
    """Build the user object of users.info."""
    profile = {"real_name": user.name, "display_name": user.name, "email": user.email, "team": user.team_id}
    flags = {key: getattr(user, key) for key in ("is_bot", "is_restricted", "is_ultra_restricted", "deleted")}
    if user.team_id != TEAM_ID:
        flags["is_stranger"] = True
        profile.pop("email")
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name.lower().replace(" ", "."),
        "real_name": user.name,
        "tz": "Etc/UTC",
        "is_app_user": False,
        "profile": {key: value for key, value in profile.items() if value},
        **flags,
    }


def _describe_found(user: User | None) -> Payload:
    return {"ok": True, "user": describe_user(user)} if user else fail("user_not_found")


def _get_user(workspace: Workspace, arguments: Arguments) -> Payload:
    return _describe_found(workspace.users.get(str(arguments["user"])))


def _find_user(workspace: Workspace, arguments: Arguments) -> Payload:
    email = str(arguments["email"]).lower()
    found = [u for u in workspace.users.values() if u.email.lower() == email and not u.deleted]
    return fail("users_not_found") if not found else _describe_found(found[0])


def describe_channel(channel: Channel) -> Payload:
    """Build the channel object of conversations.info."""
    base: Payload = {
        "id": channel.id,
        "is_archived": channel.is_archived,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_shared": channel.is_ext_shared,
        "is_member": BOT_USER_ID in channel.members,
        "context_team_id": TEAM_ID,
    }
    if channel.kind == "im":
        return {**base, "user": next((user for user in channel.members if user != BOT_USER_ID), "")}
    return {**base, "name": channel.name}


def _get_channel(workspace: Workspace, arguments: Arguments) -> Payload:
    channel = workspace.find_channel(str(arguments["channel"]))
    if channel is None:
        return fail("channel_not_found")
    count = {"num_members": len(channel.members)} if arguments.get("include_num_members") else {}
    return {"ok": True, "channel": {**describe_channel(channel), **count}}


def _cut_page(items: list[Any], arguments: Arguments) -> tuple[list[Any], Payload]:
    """Cut a page of `limit` items at an opaque cursor, as Slack does."""
    cursor = str(arguments.get("cursor") or "")
    start = int(base64.b64decode(cursor)) if cursor else 0
    end = start + int(arguments.get("limit") or 100)
    following = base64.b64encode(str(end).encode()).decode() if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": following}, "has_more": bool(following)}


def _list_members(workspace: Workspace, arguments: Arguments) -> Payload:
    channel = workspace.find_channel(str(arguments["channel"]))
    if channel is None:
        return fail("channel_not_found")
    page, paging = _cut_page(list(channel.members), arguments)
    return {"ok": True, "members": page, "response_metadata": paging["response_metadata"]}


def _list_channels(workspace: Workspace, arguments: Arguments) -> Payload:
    names = {"channel": "public_channel", "group": "private_channel"}
    wanted = str(arguments.get("types") or "public_channel").replace(" ", "").split(",")
    with workspace.lock:
        found = [c for c in workspace.channels.values() if names.get(c.kind, c.kind) in wanted]
    page, paging = _cut_page([describe_channel(channel) for channel in found], arguments)
    return {"ok": True, "channels": page, "response_metadata": paging["response_metadata"]}


def _open_conversation(workspace: Workspace, arguments: Arguments) -> Payload:
    user = str(arguments.get("users") or "")
    if user not in workspace.users:
        return fail("user_not_found")
    return {"ok": True, "channel": {"id": workspace.open_im(user).id}}


def _show_messages(messages: list[Payload], arguments: Arguments) -> Payload:
    oldest, latest = str(arguments.get("oldest") or "0"), str(arguments.get("latest") or "9999999999")
    shown = [m for m in messages if float(oldest) <= float(m["ts"]) <= float(latest)]
    if not arguments.get("include_all_metadata"):
        shown = [{key: value for key, value in m.items() if key != "metadata"} for m in shown]
    page, paging = _cut_page(shown, arguments)
    return {"ok": True, "messages": page, **paging}


def _list_replies(workspace: Workspace, arguments: Arguments) -> Payload:
    channel = workspace.find_channel(str(arguments["channel"]))
    if channel is None:
        return fail("channel_not_found")
    thread = workspace.list_thread(channel.id, str(arguments["ts"]))
    return _show_messages(thread, arguments) if thread else fail("thread_not_found")


def _list_history(workspace: Workspace, arguments: Arguments) -> Payload:
    channel = workspace.find_channel(str(arguments["channel"]))
    if channel is None:
        return fail("channel_not_found")
    with workspace.lock:
        listed = workspace.messages.get(channel.id, [])
        roots = [m for m in reversed(listed) if m.get("thread_ts") in (None, m["ts"])]
    return _show_messages(roots, arguments)


def _set_status(workspace: Workspace, arguments: Arguments) -> Payload:
    key = (str(arguments["channel_id"]), str(arguments["thread_ts"]))
    with workspace.lock:
        workspace.statuses[key] = str(arguments["status"])
    return {"ok": True}


def _set_prompts(workspace: Workspace, arguments: Arguments) -> Payload:
    with workspace.lock:
        workspace.prompts[str(arguments["channel_id"])] = dict(arguments)
    return {"ok": True}


def _store_view(workspace: Workspace, arguments: Arguments, identifier: str) -> Payload:
    state: Payload = {"values": {}}
    view = {"state": state, **arguments["view"], "id": identifier, "hash": f"h{next(workspace.numbers)}"}
    with workspace.lock:
        workspace.views[identifier] = view
    return {"ok": True, "view": view}


def _publish_home(workspace: Workspace, arguments: Arguments) -> Payload:
    user = str(arguments["user_id"])
    answer = _store_view(workspace, arguments, f"VHOME{user}")
    workspace.homes[user] = answer["view"]
    return answer


def _open_view(workspace: Workspace, arguments: Arguments) -> Payload:
    trigger = str(arguments.get("trigger_id") or arguments.get("interactivity_pointer") or "")
    if error := workspace.use_trigger(trigger):
        return fail(error)
    return _store_view(workspace, arguments, f"V{next(workspace.numbers)}")


def _update_view(workspace: Workspace, arguments: Arguments) -> Payload:
    known = workspace.views.get(str(arguments.get("view_id")))
    if known is None:
        return fail("not_found")
    if arguments.get("hash") not in (None, known["hash"]):
        return fail("hash_conflict")
    return _store_view(workspace, arguments, str(known["id"]))


def _agree(_: Workspace, __: Arguments) -> Payload:
    return {"ok": True}


ANSWERS: Final[dict[str, Answer]] = {
    "auth.test": _test_auth,
    "api.test": _agree,
    "chat.postMessage": _post_message,
    "chat.postEphemeral": _post_ephemeral,
    "chat.update": _update_message,
    "chat.delete": _delete_message,
    "chat.getPermalink": _get_permalink,
    "users.info": _get_user,
    "users.lookupByEmail": _find_user,
    "conversations.info": _get_channel,
    "conversations.members": _list_members,
    "conversations.list": _list_channels,
    "conversations.open": _open_conversation,
    "conversations.replies": _list_replies,
    "conversations.history": _list_history,
    "assistant.threads.setStatus": _set_status,
    "assistant.threads.setTitle": _agree,
    "assistant.threads.setSuggestedPrompts": _set_prompts,
    "agents.sessions.setStatus": _set_status,
    "agents.sessions.rename": _agree,
    "views.publish": _publish_home,
    "views.open": _open_view,
    "views.update": _update_view,
    "reactions.add": _agree,
    "response_url": _agree,
}
