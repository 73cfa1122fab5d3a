"""Something that never answers holds one thread, and nobody else for long."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from core.clock import Stopwatch
from core.errors import TransientError
from core.lookout import Lookout, NoAnswerInTime

SHORT = 0.1


class Slow:
    """Answers when it is let go."""

    def __init__(self) -> None:
        self.let_go = Event()
        self.asked = 0

    def ask(self) -> int:
        self.asked += 1
        self.let_go.wait(10)
        return self.asked


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.let_go.set()


def test_answer_and_error_are_passed_on_and_asked_anew_each_time() -> None:
    answers = iter((1, 2))
    lookout = Lookout("numbers", lambda: next(answers), seconds=5)
    assert (lookout.read(), lookout.read()) == (1, 2)

    def fail() -> int:
        raise TransientError("away")

    with pytest.raises(TransientError, match="away"):
        Lookout("numbers", fail, seconds=5).read()


def test_time_out_of_what_is_asked_is_its_own_error() -> None:
    def fail() -> int:
        raise TimeoutError("the socket timed out")

    with pytest.raises(TimeoutError, match="the socket"):
        Lookout("numbers", fail, seconds=5).read()


def test_nobody_waits_for_long_and_what_is_stuck_is_not_asked_again(slow: Slow) -> None:
    lookout = Lookout("database", slow.ask, seconds=SHORT)
    with pytest.raises(NoAnswerInTime, match=r"database has not answered within 0\.1 s"):
        lookout.read()
    watch = Stopwatch()
    for _ in range(20):
        with pytest.raises(NoAnswerInTime):
            lookout.read()
    assert watch.milliseconds() < SHORT * 1000
    assert slow.asked == 1


def test_many_readers_share_one_question(slow: Slow) -> None:
    lookout = Lookout("database", slow.ask, seconds=5)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(lookout.read) for _ in range(8)]
        while not slow.asked:
            pass
        slow.let_go.set()
        assert {one.result() for one in waiting} <= {1, 2, 3, 4, 5, 6, 7, 8}
    assert lookout.read() == slow.asked


def test_after_a_stuck_question_ended_the_next_one_is_asked(slow: Slow) -> None:
    lookout = Lookout("database", slow.ask, seconds=SHORT)
    with pytest.raises(NoAnswerInTime):
        lookout.read()
    slow.let_go.set()
    lookout.close()
    assert lookout.read() == 2


def test_closing_waits_for_what_is_under_way_but_not_for_ever(slow: Slow) -> None:
    never_asked = Lookout("index", slow.ask, seconds=5)
    never_asked.close()
    lookout = Lookout("index", slow.ask, seconds=SHORT)
    with pytest.raises(NoAnswerInTime):
        lookout.read()
    watch = Stopwatch()
    lookout.close()
    assert watch.milliseconds() < 1000
