"""Limits of requests that count for a credential, whichever process makes them."""

import pytest

from core.clock import Clock
from core.database import Database
from core.request_turns import RequestTurns


def open_turns(database: Database, clock: Clock, waits: list[float], credential: str = "dam") -> RequestTurns:
    return RequestTurns(database, clock, credential, 10, wait=waits.append)


def test_first_requests_of_a_second_are_not_held_up(database: Database, clock: Clock) -> None:
    waits: list[float] = []
    turns = open_turns(database, clock, waits)
    for _ in range(5):
        turns.take()
    assert waits == []


def test_requests_beyond_the_limit_wait_for_their_time(database: Database, clock: Clock) -> None:
    waits: list[float] = []
    turns = open_turns(database, clock, waits)
    for _ in range(20):
        turns.take()
    assert waits == pytest.approx([0.5, 1.0, 1.5], abs=0.2)


def test_two_processes_share_one_limit(database: Database, clock: Clock) -> None:
    waits: list[float] = []
    one, other = open_turns(database, clock, waits), open_turns(database, clock, waits)
    one.take()
    other.take()
    assert waits == pytest.approx([0.5], abs=0.2)


def test_another_credential_has_a_limit_of_its_own(database: Database, clock: Clock) -> None:
    waits: list[float] = []
    open_turns(database, clock, waits).take()
    open_turns(database, clock, waits, "wiki").take()
    assert waits == []
