"""Promises of core/circuit.py: what is down costs a few callers a wait, and then nobody until one has tried."""

import pytest

from core.circuit import Circuit, Outcome, Resting


class Hand:
    """A clock that stands still until it is moved."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def circuit(hand: Hand) -> Circuit:
    return Circuit(failures=2, rest_seconds=30, read_seconds=hand)


def judge(error: BaseException) -> Outcome:
    if isinstance(error, ConnectionError):
        return "is down"
    return "works" if isinstance(error, ValueError) else "says nothing"


def call(circuit: Circuit, error: Exception | None = None) -> None:
    with circuit.watch(judge):
        if error is not None:
            raise error


def fail(circuit: Circuit) -> None:
    with pytest.raises(ConnectionError):
        call(circuit, ConnectionError("no route"))


def test_failures_short_of_the_limit_change_nothing(circuit: Circuit) -> None:
    fail(circuit)
    call(circuit)
    fail(circuit)
    call(circuit)
    circuit.refuse_while_resting()


def test_failures_in_a_row_are_followed_by_a_rest_that_names_what_failed(
    circuit: Circuit, hand: Hand
) -> None:
    fail(circuit)
    fail(circuit)
    hand.seconds += 20
    with pytest.raises(Resting, match=r"another 10 s.*no route") as caught:
        call(circuit)
    assert (caught.value.seconds, caught.value.failure) == (10.0, "no route")
    with pytest.raises(Resting):
        circuit.refuse_while_resting()


def test_after_the_rest_one_caller_tries_and_the_others_are_turned_away(circuit: Circuit, hand: Hand) -> None:
    fail(circuit)
    fail(circuit)
    hand.seconds += 31
    with circuit.watch(judge):
        # However long the try takes, it stays the only one.
        hand.seconds += 300
        with pytest.raises(Resting, match="another 1 s"):
            call(circuit)
    call(circuit)


def test_try_that_fails_begins_a_whole_new_rest(circuit: Circuit, hand: Hand) -> None:
    fail(circuit)
    fail(circuit)
    hand.seconds += 31
    fail(circuit)
    hand.seconds += 29
    with pytest.raises(Resting):
        call(circuit)
    hand.seconds += 2
    call(circuit)


def test_try_that_says_nothing_lets_the_next_caller_try_at_once(circuit: Circuit, hand: Hand) -> None:
    fail(circuit)
    fail(circuit)
    hand.seconds += 31
    with pytest.raises(KeyError):
        call(circuit, KeyError("given up"))
    fail(circuit)
    with pytest.raises(Resting):
        call(circuit)


def test_error_that_is_an_answer_ends_the_row(circuit: Circuit) -> None:
    fail(circuit)
    with pytest.raises(ValueError, match="odd"):
        call(circuit, ValueError("odd"))
    fail(circuit)
    circuit.refuse_while_resting()


def test_call_from_before_the_rest_does_not_make_it_longer(circuit: Circuit, hand: Hand) -> None:
    with pytest.raises(ConnectionError), circuit.watch(judge):
        fail_late(circuit, hand)
    hand.seconds += 2
    call(circuit)


def fail_late(circuit: Circuit, hand: Hand) -> None:
    fail(circuit)
    fail(circuit)
    hand.seconds += 29
    raise ConnectionError("late")


def test_late_success_ends_the_rest(circuit: Circuit) -> None:
    with circuit.watch(judge):
        fail(circuit)
        fail(circuit)
    circuit.refuse_while_resting()
