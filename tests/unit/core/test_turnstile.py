"""Promises of core/turnstile.py."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock

import pytest

from core.clock import pause
from core.turnstile import Turnstile


def test_no_more_than_its_places_are_inside_and_all_get_through() -> None:
    gate, lock = Turnstile(2), Lock()
    inside, most, passed = 0, 0, 0
    together = Barrier(12)

    def visit() -> None:
        nonlocal inside, most, passed
        together.wait(5)
        with gate.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            pause(0.002)
            with lock:
                inside -= 1
                passed += 1

    with ThreadPoolExecutor(12) as pool:
        for visited in [pool.submit(visit) for _ in range(12)]:
            visited.result(10)
    assert (most, passed) == (2, 12)


def test_who_came_first_goes_first() -> None:
    gate, order = Turnstile(1), list[int]()
    holding, release = Event(), Event()

    def hold() -> None:
        with gate.turn():
            holding.set()
            release.wait(5)

    def visit(number: int) -> None:
        with gate.turn():
            order.append(number)

    with ThreadPoolExecutor(6) as pool:
        pool.submit(hold)
        holding.wait(5)
        visits = []
        for number in range(5):
            visits.append(pool.submit(visit, number))
            pause(0.02)
        release.set()
        for one in visits:
            one.result(5)
    assert order == [0, 1, 2, 3, 4]


def test_place_is_given_back_when_the_block_fails() -> None:
    gate = Turnstile(1)
    with pytest.raises(ValueError, match="no"), gate.turn():
        raise ValueError("no")
    with gate.turn():
        pass
