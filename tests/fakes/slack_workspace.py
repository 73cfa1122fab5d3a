"""The workspace behind the fake: people, channels, messages, views, and what Slack's crawler would fetch.

Held by FakeSlack, changed by slack_answers.py.
"""

import itertools
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack_events import BOT_ID, BOT_USER_ID, TEAM_ID, Payload, next_ts
from tests.fakes.slack_text import find_urls


@dataclass(frozen=True, slots=True)
class User:
    """One person or bot of the workspace, or a stranger from a Slack Connect channel."""

    id: str
    name: str = ""
    email: str = ""
    team_id: str = TEAM_ID
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """One conversation; `kind` is channel, group, im or mpim."""

    id: str
    name: str = ""
    kind: str = "channel"
    members: tuple[str, ...] = ()
    is_ext_shared: bool = False
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Crawl:
    """The addresses Slack's servers would fetch because of one message."""

    method: str
    channel: str
    ts: str
    urls: tuple[str, ...]


@dataclass
class Workspace:
    """All state of the fake, guarded by one lock."""

    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, list[Payload]] = field(default_factory=dict)
    views: dict[str, Payload] = field(default_factory=dict)
    homes: dict[str, Payload] = field(default_factory=dict)
    statuses: dict[tuple[str, str], str] = field(default_factory=dict)
    prompts: dict[str, Payload] = field(default_factory=dict)
    crawls: list[Crawl] = field(default_factory=list)
    triggers: dict[str, float] = field(default_factory=dict)
    trigger_seconds: float = 3.0
    actors: set[str] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _thread_users: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.users[BOT_USER_ID] = User(BOT_USER_ID, "onbrand", is_bot=True)

    def open_im(self, user: str) -> Channel:
        """Return the direct conversation with a user, opening it when there is none."""
        with self.lock:
            for channel in self.channels.values():
                if channel.kind == "im" and user in channel.members:
                    return channel
            opened = Channel(f"D{user}", kind="im", members=(user, BOT_USER_ID))
            self.channels[opened.id] = opened
            return opened

    def find_channel(self, identifier: str) -> Channel | None:
        """Find a conversation by its id, or the direct one of a user id."""
        with self.lock:
            if identifier in self.users:
                return self.open_im(identifier)
            if identifier.startswith("DU") and identifier[1:] in self.users:
                return self.open_im(identifier[1:])
            return self.channels.get(identifier)

    def find_message(self, channel: str, ts: str) -> Payload | None:
        """Find a message by its time stamp."""
        with self.lock:
            return next((item for item in self.messages.get(channel, []) if item["ts"] == ts), None)

    def list_thread(self, channel: str, ts: str) -> list[Payload]:
        """List the root message and its replies, oldest first."""
        with self.lock:
            return [m for m in self.messages.get(channel, []) if ts in (m["ts"], m.get("thread_ts"))]

    def remember_event(self, event: Mapping[str, Any]) -> None:
        """Store the message of a delivered event once, and who spoke in which thread."""
        if event.get("type") not in ("message", "app_mention") or event.get("hidden"):
            return
        channel, ts = str(event["channel"]), str(event["ts"])
        with self.lock:
            if event.get("user"):
                root = (channel, str(event.get("thread_ts", ts)))
                self._thread_users.setdefault(root, set()).add(str(event["user"]))
            if self.find_message(channel, ts) is None:
                self.messages.setdefault(channel, []).append({**event, "type": "message"})

    def list_askers(self, channel: str, thread_ts: str | None) -> frozenset[str]:
        """List who may be mentioned: who spoke in the thread (anywhere, if unknown) or used a control."""
        with self.lock:
            if thread_ts and (speakers := self._thread_users.get((channel, thread_ts))):
                return frozenset(speakers | self.actors)
            return frozenset(self.actors).union(*self._thread_users.values())

    def store_post(self, channel: str, arguments: Mapping[str, Any]) -> Payload:
        """Store a message of the bot and return it as Slack shows it."""
        kept = ("text", "blocks", "thread_ts", "metadata")
        message = {key: arguments[key] for key in kept if arguments.get(key)}
        message |= {
            "type": "message",
            "user": BOT_USER_ID,
            "bot_id": BOT_ID,
            "team": TEAM_ID,
            "ts": next_ts(),
        }
        with self.lock:
            self.messages.setdefault(channel, []).append(message)
        return dict(message)

    def record_crawl(self, method: str, channel: str, ts: str, arguments: Mapping[str, Any]) -> None:
        """Record what Slack would fetch: every address, unless both unfurl switches are off."""
        off = arguments.get("unfurl_links") is False and arguments.get("unfurl_media") is False
        urls = find_urls([arguments.get(key) for key in ("text", "blocks", "markdown_text")])
        if urls and not off:
            with self.lock:
                self.crawls.append(Crawl(method, channel, ts, urls))

    def open_trigger(self, trigger_id: str) -> None:
        """Make a trigger id usable from now on."""
        with self.lock:
            self.triggers[trigger_id] = time.monotonic()

    def use_trigger(self, trigger_id: str) -> str | None:
        """Use up a trigger id; return Slack's error code when that fails."""
        with self.lock:
            opened = self.triggers.pop(trigger_id, None)
        if opened is None:
            return "invalid_trigger_id"
        return "expired_trigger_id" if time.monotonic() - opened > self.trigger_seconds else None

    def add(self, items: Iterable[User | Channel]) -> None:
        """Add or replace people and channels by their id."""
        with self.lock:
            for item in items:
                if isinstance(item, User):
                    self.users[item.id] = item
                else:
                    self.channels[item.id] = item
