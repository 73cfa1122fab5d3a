"""The row in slack_events: who may answer an event, over repeats, restarts and lapsed leases."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from slack_bolt import BoltContext
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import select

from bot.claim_event import (
    CLAIMED,
    ClaimLost,
    EventClaims,
    SlackMessage,
    build_claim_middleware,
    read_message,
)
from core.clock import Clock
from core.database import Database, open_database
from core.tables import slack_events
from tests.fakes import slack_events as events

HOME = events.TEAM_ID


@dataclass(frozen=True, slots=True)
class HandClock(Clock):
    """A clock that the test moves."""

    passed: list[timedelta] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 11, 2, 12, tzinfo=UTC) + sum(self.passed, timedelta())


@pytest.fixture
def clock() -> HandClock:
    return HandClock(ZoneInfo("UTC"))


@pytest.fixture
def database(tmp_path: Path, clock: HandClock) -> Iterator[Database]:
    opened = open_database(None, home=tmp_path, clock=clock)
    yield opened
    opened.close()


def build_claims(database: Database, clock: Clock, worker: str = "one") -> EventClaims:
    return EventClaims(database, clock, worker=worker, lease_seconds=60)


def read(event: dict[str, Any], **body: Any) -> SlackMessage | None:
    wrapped = {**events.build_body(event), **body}
    return read_message(wrapped, home_team=HOME, bot_user_id=events.BOT_USER_ID)


def build_message(text: str = "may we?") -> SlackMessage:
    found = read(events.build_message("U1", "DU1", text))
    assert found is not None
    return found


def read_row(database: Database, message: SlackMessage) -> Any:
    with database.read() as connection:
        wanted = slack_events.c.event_key == message.event_key
        return connection.execute(select(slack_events).where(wanted)).one()


def test_first_claim_wins_and_every_other_one_gets_nothing(database: Database, clock: HandClock) -> None:
    one, two, message = build_claims(database, clock), build_claims(database, clock, "two"), build_message()
    assert one.claim(message) == message
    assert one.claim(message) is None
    assert two.claim(message) is None


def test_of_many_claims_at_once_exactly_one_wins(database: Database, clock: HandClock) -> None:
    message, start = build_message(), threading.Barrier(8)

    def claim(number: int) -> bool:
        claims = build_claims(database, clock, f"worker {number}")
        start.wait()
        return claims.claim(message) is not None

    with ThreadPoolExecutor(8) as executor:
        assert sum(executor.map(claim, range(8))) == 1


def test_lapsed_lease_lets_another_process_take_over_and_shuts_the_first_out(
    database: Database, clock: HandClock
) -> None:
    one, two, message = build_claims(database, clock), build_claims(database, clock, "two"), build_message()
    one.claim(message)
    clock.passed.append(timedelta(seconds=61))
    assert two.claim(message) == message
    with pytest.raises(ClaimLost):
        one.mark(message, "posting")
    two.mark(message, "posting")


def test_renewed_lease_is_not_taken_over(database: Database, clock: HandClock) -> None:
    one, two, message = build_claims(database, clock), build_claims(database, clock, "two"), build_message()
    one.claim(message)
    clock.passed.append(timedelta(seconds=40))
    one.renew()
    clock.passed.append(timedelta(seconds=40))
    assert two.take_over(everything=False) == ()


def test_sweep_takes_only_what_has_lapsed_and_a_lone_owner_takes_all(
    database: Database, clock: HandClock
) -> None:
    dead, lapsed, fresh = build_claims(database, clock, "dead"), build_message(), build_message()
    dead.claim(lapsed)
    clock.passed.append(timedelta(seconds=61))
    dead.claim(fresh)
    assert build_claims(database, clock, "sweeper").take_over(everything=False) == (lapsed,)
    assert {m.event_key for m in build_claims(database, clock, "owner").take_over(everything=True)} == {
        lapsed.event_key,
        fresh.event_key,
    }


def test_of_two_sweeps_at_once_one_gets_the_event(database: Database, clock: HandClock) -> None:
    build_claims(database, clock, "dead").claim(build_message())
    clock.passed.append(timedelta(seconds=61))
    start = threading.Barrier(4)

    def sweep(number: int) -> int:
        claims = build_claims(database, clock, f"sweeper {number}")
        start.wait()
        return len(claims.take_over(everything=False))

    with ThreadPoolExecutor(4) as executor:
        assert sum(executor.map(sweep, range(4))) == 1


def test_own_events_in_hand_are_not_taken_over_by_their_own_process(
    database: Database, clock: HandClock
) -> None:
    claims, message = build_claims(database, clock), build_message()
    claims.claim(message)
    assert claims.take_over(everything=True) == ()
    claims.let_go(message)
    assert claims.take_over(everything=True) == (message,)


def test_event_found_in_posting_is_marked_as_perhaps_posted(database: Database, clock: HandClock) -> None:
    one, message = build_claims(database, clock), build_message()
    one.claim(message)
    one.mark(message, "posting")
    [taken] = build_claims(database, clock, "two").take_over(everything=True)
    assert taken == replace(message, may_be_posted=True)


@pytest.mark.parametrize("state", ["done", "failed", "unsure"])
def test_finished_event_is_closed_for_ever_and_its_question_forgotten(
    database: Database, clock: HandClock, state: Any
) -> None:
    claims, message = build_claims(database, clock), build_message()
    claims.claim(message)
    claims.finish(message, state, posted_ts="1.2")
    row = read_row(database, message)
    assert (row.state, row.question, row.posted_ts) == (state, "", "1.2")
    clock.passed.append(timedelta(days=1))
    assert build_claims(database, clock, "two").claim(message) is None
    assert build_claims(database, clock, "two").take_over(everything=True) == ()
    assert claims.held_count == 0


def test_released_events_can_be_taken_at_once_but_not_one_that_is_being_posted(
    database: Database, clock: HandClock
) -> None:
    one, waiting, posting = build_claims(database, clock), build_message(), build_message()
    one.claim(waiting)
    one.claim(posting)
    one.mark(posting, "posting")
    one.release()
    assert build_claims(database, clock, "two").take_over(everything=False) == (waiting,)


@pytest.mark.parametrize(
    "event",
    [
        events.build_bot_message("DU1", "hello"),
        events.build_message("U1", "C1", "among people"),
        events.build_message("U1", "DU1", "joined", subtype="channel_join"),
        events.build_message(events.BOT_USER_ID, "DU1", "our own"),
        events.build_mention("U1", "C1", "by an app", bot_id="B1"),
        events.build_edit(events.build_message("U1", "DU1", "old"), "new"),
        events.build_deletion(events.build_message("U1", "DU1", "old")),
        {"type": "app_mention", "channel": "C1", "ts": "1.1", "text": "nobody"},
    ],
)
def test_what_is_no_question_of_a_person_is_not_read(event: dict[str, Any]) -> None:
    assert read(event) is None


@pytest.mark.parametrize(
    "event",
    [
        events.build_message("U1", "DU1", "hello"),
        events.build_file_share("U1", "DU1", "hello", {"id": "F1", "name": "a.png", "mimetype": "image/png"}),
        events.build_mention("U1", "C1", "hello"),
        events.build_mention("U1", "C1", "hello", subtype="thread_broadcast"),
    ],
)
def test_question_of_a_person_is_read_without_our_mention(event: dict[str, Any]) -> None:
    found = read(event)
    assert found is not None
    assert (found.question, found.thread_ts, found.is_external) == ("hello", event["ts"], False)
    assert found.is_direct == event["channel"].startswith("D")


@pytest.mark.parametrize(
    ("extra", "body"),
    [
        ({"team": "T0OTHER"}, {}),
        ({"user_team": "T0OTHER"}, {}),
        ({"source_team": "T0OTHER"}, {}),
        ({}, {"is_ext_shared_channel": True}),
        ({}, {"team_id": "T0OTHER"}),
    ],
)
def test_what_comes_from_outside_is_known_as_such_and_its_text_is_not_kept(
    extra: dict[str, Any], body: dict[str, Any]
) -> None:
    found = read(events.build_mention("U1", "C1", "what may we see?", **extra), **body)
    assert found is not None
    assert (found.is_external, found.question) == (True, "")


class Steps:
    """What the middleware did: claimed events and calls of next."""

    def __init__(self, claims: EventClaims) -> None:
        self.claimed: list[SlackMessage] = []
        self.passed_on = 0
        self._run = build_claim_middleware(claims, self.claimed.append)

    def send(self, event: dict[str, Any]) -> tuple[Any, Any]:
        home = AuthorizeResult(enterprise_id=None, team_id=HOME, bot_user_id=events.BOT_USER_ID)
        context = BoltContext({"authorize_result": home})
        response = self._run(body=events.build_body(event), context=context, next_=self.note_next)
        return response, context.get(CLAIMED)

    def note_next(self) -> None:
        self.passed_on += 1


def test_repeat_is_acknowledged_and_goes_no_further(database: Database, clock: HandClock) -> None:
    steps, event = Steps(build_claims(database, clock)), events.build_mention("U1", "C1", "hello")
    first, claimed = steps.send(event)
    second, again = steps.send(event)
    assert (first, claimed) == (None, steps.claimed[0])
    assert (second.status, again) == (200, None)
    assert steps.passed_on == len(steps.claimed) == 1


def test_event_that_is_no_message_passes_unclaimed(database: Database, clock: HandClock) -> None:
    steps = Steps(build_claims(database, clock))
    assert steps.send(events.build_home_opened("U1")) == (None, None)
    assert (steps.passed_on, steps.claimed) == (1, [])


def test_failing_database_gives_no_acknowledgement(database: Database, clock: HandClock) -> None:
    steps = Steps(build_claims(database, clock))
    with database.write() as connection:
        slack_events.drop(connection)
    with pytest.raises(Exception, match="no such table"):
        steps.send(events.build_mention("U1", "C1", "hello"))
    assert (steps.passed_on, steps.claimed) == (0, [])
