"""One answer per event: the row in slack_events is the claim, taken before Slack gets its acknowledgement.

The middleware is installed by bot/app.py; bot/delivery.py and bot/post_once.py move the row to its end.
States: claimed → answering ⇄ posting → done | failed | unsure (it may have been posted; nobody can tell).
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any, Literal

from slack_bolt import BoltContext, BoltResponse
from sqlalchemy import ColumnElement, Connection, Row, and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.blocks.text import read_question
from core.clock import Clock
from core.database import Database
from core.errors import TransientError
from core.tables import slack_events

State = Literal["claimed", "answering", "posting", "done", "failed", "unsure"]
OPEN_STATES = ("claimed", "answering", "posting")
CLAIMED_EVENTS = ("app_mention", "message")
CLAIMED = "claimed_message"
"""Where listeners find the message in Bolt's context."""
SAME_TALK = timedelta(minutes=30)
"""In a direct conversation each message begins a thread: so long it may go on with what was asked before."""
MOST_EARLIER = 4
KEPT_SUBTYPES = (None, "file_share", "thread_broadcast")

logger = logging.getLogger(__name__)


class ClaimLost(TransientError):
    """Another process has taken this event over; this one must not answer it."""


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """One message that wants an answer. `is_external`: it comes from outside the home team, or is seen there.

    `may_be_posted`: a process died while posting the answer, so it may already be there.
    """

    event_key: str
    team_id: str
    channel_id: str
    message_ts: str
    thread_ts: str
    user_id: str
    is_direct: bool
    question: str
    is_external: bool = False
    may_be_posted: bool = False

    @property
    def begins_direct_thread(self) -> bool:
        """True for a direct message that answers in no thread."""
        return self.is_direct and self.thread_ts == self.message_ts

    @property
    def conversation(self) -> str:
        """The thread by name: what was asked and answered in it belongs together."""
        return name_conversation(self.team_id, self.channel_id, self.thread_ts)


def name_conversation(team_id: str, channel_id: str, thread_ts: str) -> str:
    """How receipts name a thread."""
    return f"slack {team_id}/{channel_id}/{thread_ts}"


def read_message(body: Mapping[str, Any], *, home_team: str, bot_user_id: str) -> SlackMessage | None:
    """The message of an event body, or None when it is none that we answer (edits, bots, other events)."""
    event = body.get("event") or {}
    channel, user, ts = event.get("channel"), event.get("user"), event.get("ts")
    if not (channel and user and ts) or not _is_for_us(event) or user == bot_user_id:
        return None
    is_external = _is_external(body, home_team)
    return SlackMessage(
        event_key=f"{home_team}:{channel}:{ts}",
        team_id=home_team,
        channel_id=channel,
        message_ts=ts,
        thread_ts=event.get("thread_ts") or ts,
        user_id=user,
        is_direct=_is_direct(event),
        # What strangers write is not kept, and so can never be looked up, not even after a restart.
        question="" if is_external else read_question(event.get("text") or "", bot_user_id),
        is_external=is_external,
    )


class EventClaims:
    """The rows of one process. `worker` must be its own in the whole installation. Thread-safe."""

    def __init__(self, database: Database, clock: Clock, *, worker: str, lease_seconds: float = 60.0) -> None:
        self._database = database
        self._clock = clock
        self._worker = worker
        self._lease = timedelta(seconds=lease_seconds)
        self._held: set[str] = set()
        self._lock = threading.Lock()

    def claim(self, message: SlackMessage) -> SlackMessage | None:
        """Take the event, or None when it is done or somebody is at it. A row whose lease ran out is taken over."""
        try:
            with self._database.write() as connection:
                connection.execute(insert(slack_events).values(self._describe(message)))
        except IntegrityError:
            return self._take(message.event_key, message)
        self._hold(message.event_key)
        return message

    def take_over(self, *, everything: bool) -> tuple[SlackMessage, ...]:
        """Take unfinished events of dead processes: all that this one does not hold, or those with a lapsed lease."""
        now = self._clock.now()
        wanted: ColumnElement[bool] = slack_events.c.state.in_(OPEN_STATES)
        if not everything:
            wanted = and_(wanted, slack_events.c.lease_until < now)
        with self._database.read() as connection:
            keys = connection.execute(select(slack_events.c.event_key).where(wanted)).scalars().all()
        taken = (self._take(key, None, everything=everything) for key in keys)
        return tuple(message for message in taken if message is not None)

    def list_conversations(self, message: SlackMessage) -> tuple[str, ...]:
        """Those that a message may go on with, oldest first: its thread, and no other one in a channel.

        A direct message outside of any thread also goes on with the same person's last ones, for SAME_TALK.
        """
        earlier = self._list_earlier_threads(message) if message.begins_direct_thread else ()
        names = (name_conversation(message.team_id, message.channel_id, thread) for thread in earlier)
        return (*names, message.conversation)

    def mark(self, message: SlackMessage, state: State) -> None:
        """Write the state before acting on it. Raises ClaimLost when the row is another process's by now."""
        self._change(message, state=state, lease_until=self._clock.now() + self._lease)

    def finish(self, message: SlackMessage, state: State, *, posted_ts: str | None = None) -> None:
        """Close the row and forget the question."""
        self._change(message, state=state, question="", posted_ts=posted_ts)
        self.let_go(message)

    def let_go(self, message: SlackMessage) -> None:
        """Stop renewing the lease of an event; an unfinished one may then be taken over."""
        with self._lock:
            self._held.discard(message.event_key)

    def renew(self) -> None:
        """Prolong the leases of everything in hand; called well within the lease."""
        with self._lock:
            held = tuple(self._held)
        if held:
            with self._database.write() as connection:
                change = update(slack_events).where(self._is_ours(), slack_events.c.event_key.in_(held))
                connection.execute(change.values(lease_until=self._clock.now() + self._lease))

    def release(self) -> None:
        """Let others have what is unfinished here. What is being posted stays: it may go out any moment."""
        with self._database.write() as connection:
            unposted = slack_events.c.state.in_(("claimed", "answering"))
            change = update(slack_events).where(self._is_ours(), unposted)
            connection.execute(change.values(lease_until=self._clock.now() - self._lease))

    @property
    def held_count(self) -> int:
        """How many events this process is working on."""
        with self._lock:
            return len(self._held)

    def _list_earlier_threads(self, message: SlackMessage) -> tuple[str, ...]:
        since = f"{float(message.message_ts) - SAME_TALK.total_seconds():.6f}"
        columns = slack_events.c
        place = and_(columns.team_id == message.team_id, columns.channel_id == message.channel_id)
        before = and_(columns.message_ts >= since, columns.message_ts < message.message_ts)
        query = select(columns.thread_ts).where(place, columns.user_id == message.user_id, before)
        with self._database.read() as connection:
            newest_first = connection.execute(query.order_by(columns.message_ts.desc())).scalars().all()
        return tuple(reversed(list(dict.fromkeys(newest_first))[:MOST_EARLIER]))

    def _describe(self, message: SlackMessage) -> dict[str, object]:
        now = self._clock.now()
        row = {column.name: getattr(message, column.name, None) for column in slack_events.columns}
        state = {
            "state": "claimed",
            "worker": self._worker,
            "claimed_at": now,
            "lease_until": now + self._lease,
        }
        return row | state

    def _take(
        self, key: str, message: SlackMessage | None, *, everything: bool = False
    ) -> SlackMessage | None:
        with self._lock:
            if key in self._held:
                return None
        with self._database.write() as connection:
            row = connection.execute(select(slack_events).where(slack_events.c.event_key == key)).one()
            now = self._clock.now()
            if row.state not in OPEN_STATES or (row.lease_until >= now and not everything):
                return None
            if not self._try_taking(connection, row):
                return None
        self._hold(key)
        logger.info("took over event %s in state %s from %s", key, row.state, row.worker)
        found = message or _read_row(row)
        return replace(found, may_be_posted=row.state == "posting")

    def _try_taking(self, connection: Connection, row: Row[Any]) -> bool:
        # Compared with what was read: of two processes that sweep at once, one finds nothing to change.
        same = and_(slack_events.c.lease_until == row.lease_until, slack_events.c.worker == row.worker)
        change = update(slack_events).where(slack_events.c.event_key == row.event_key, same)
        lease_until = self._clock.now() + self._lease
        return connection.execute(change.values(worker=self._worker, lease_until=lease_until)).rowcount == 1

    def _change(self, message: SlackMessage, **values: object) -> None:
        with self._database.write() as connection:
            change = update(slack_events).where(
                slack_events.c.event_key == message.event_key, self._is_ours()
            )
            changed = connection.execute(change.values(**values)).rowcount
        if changed != 1:
            self.let_go(message)
            raise ClaimLost(
                f"event {message.event_key!r} now belongs to another process; nothing is posted for it here"
            )

    def _is_ours(self) -> ColumnElement[bool]:
        return and_(slack_events.c.worker == self._worker, slack_events.c.state.in_(OPEN_STATES))

    def _hold(self, key: str) -> None:
        with self._lock:
            self._held.add(key)


def build_claim_middleware(
    claims: EventClaims, on_claimed: Callable[[SlackMessage], None]
) -> Callable[..., BoltResponse | None]:
    """The global middleware: claims the event, or acknowledges it and stops.

    A failing database makes it raise, so that Slack gets no acknowledgement and sends the event again.
    """

    def claim_event(
        body: dict[str, Any], context: BoltContext, next_: Callable[[], None]
    ) -> BoltResponse | None:
        if (body.get("event") or {}).get("type") not in CLAIMED_EVENTS:
            next_()
            return None
        home = context.authorize_result
        message = (
            read_message(body, home_team=home.team_id or "", bot_user_id=home.bot_user_id or "")
            if home
            else None
        )
        claimed = claims.claim(message) if message else None
        if claimed is None:
            return BoltResponse(status=200, body="")
        on_claimed(claimed)
        context[CLAIMED] = claimed
        next_()
        return None

    return claim_event


def _read_row(row: Row[Any]) -> SlackMessage:
    stored = row._asdict()
    return SlackMessage(
        **{field.name: stored[field.name] for field in fields(SlackMessage) if field.name in stored}
    )


def _is_for_us(event: Mapping[str, Any]) -> bool:
    if event.get("bot_id") or event.get("hidden") or event.get("subtype") not in KEPT_SUBTYPES:
        return False
    return event.get("type") == "app_mention" or (event.get("type") == "message" and _is_direct(event))


def _is_direct(event: Mapping[str, Any]) -> bool:
    return event.get("channel_type") == "im" or str(event.get("channel", "")).startswith("D")


def _is_external(body: Mapping[str, Any], home_team: str) -> bool:
    event = body.get("event") or {}
    teams = (body.get("team_id"), event.get("team"), event.get("user_team"), event.get("source_team"))
    is_shared = body.get("is_ext_shared_channel") or event.get("is_ext_shared_channel")
    return bool(is_shared) or any(team not in (None, "", home_team) for team in teams)
