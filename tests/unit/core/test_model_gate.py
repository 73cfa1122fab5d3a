"""Promises of core/model_gate.py and core/withdrawal.py: who waits, for how long, and what ends the wait."""

from threading import Thread, Timer
from time import monotonic

import pytest

from core.clock import pause
from core.llm import ModelDown, ModelUnavailable, QuestionWithdrawn
from core.model_gate import InFlightGate, Patience
from core.withdrawal import Withdrawal


def test_places_are_given_in_the_order_of_coming() -> None:
    gate, order = InFlightGate(1), list[int]()

    def wait(number: int) -> None:
        with gate.take_place(Patience(5)):
            order.append(number)

    threads = [Thread(target=wait, args=(number,)) for number in range(4)]
    with gate.take_place(Patience(5)):
        for number, thread in enumerate(threads):
            thread.start()
            while len(gate._queue) <= number:
                pause(0.001)
    for thread in threads:
        thread.join(5)
    assert order == [0, 1, 2, 3]


def test_wait_for_a_place_ends_in_time_and_gives_its_turn_to_the_next() -> None:
    gate = InFlightGate(1)
    with gate.take_place(Patience(5)):
        with pytest.raises(ModelUnavailable, match=r"^it is too busy$") as caught:
            gate.take_place(Patience(0.05)).__enter__()
        assert not isinstance(caught.value, ModelDown)
    with gate.take_place(Patience(0.05)):
        assert list(gate._queue) == []


def test_place_is_given_back_after_an_error() -> None:
    gate = InFlightGate(1)
    with pytest.raises(KeyError), gate.take_place(Patience(5)):
        raise KeyError
    with gate.take_place(Patience(0.05)):
        assert gate._free == 0


def test_withdrawn_question_stops_waiting_for_a_place_at_once() -> None:
    gate, withdrawal = InFlightGate(1), Withdrawal()
    with gate.take_place(Patience(5)):
        waker = Timer(0.02, withdrawal.withdraw)
        waker.start()
        started = monotonic()
        with pytest.raises(QuestionWithdrawn):
            gate.take_place(Patience(5, withdrawal)).__enter__()
        assert monotonic() - started < 1.0
        waker.join(5)
    assert list(gate._queue) == []


def test_patience_ends_by_time_or_by_withdrawal_and_tells_them_apart() -> None:
    assert 0 < Patience(5).seconds_left() <= 5
    with pytest.raises(ModelDown, match=r"^it took too long$"):
        Patience(0).seconds_left()
    withdrawal = Withdrawal()
    withdrawal.withdraw()
    with pytest.raises(QuestionWithdrawn, match=r"^the question was withdrawn$"):
        Patience(0, withdrawal).seconds_left()


def test_withdrawal_wakes_within_the_block_only_and_late_comers_at_once() -> None:
    withdrawal, woken = Withdrawal(), list[str]()
    with withdrawal.waking(lambda: woken.append("too early")):
        assert not withdrawal.is_withdrawn
    with withdrawal.waking(lambda: woken.append("waiting")):
        withdrawal.withdraw()
        assert (withdrawal.is_withdrawn, woken) == (True, ["waiting"])
    with withdrawal.waking(lambda: woken.append("late")):
        assert woken == ["waiting", "late"]
