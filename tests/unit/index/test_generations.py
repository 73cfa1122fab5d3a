"""What is in use stays open until its last user has left; what begins after an exchange finds the new one."""

import threading
from dataclasses import dataclass
from typing import Any, cast

import pytest

from core.errors import PermanentError
from index import generations as module
from index.generations import Generation, Generations


@dataclass
class Store:
    closed: int = 0

    def close(self) -> None:
        self.closed += 1


def make(number: int) -> Generation:
    return Generation(number, cast(Any, Store()), cast(Any, None), cast(Any, None))


def is_closed(generation: Generation) -> bool:
    return cast(Store, generation.store).closed > 0


def test_old_one_is_closed_when_its_last_user_leaves_and_not_before() -> None:
    old, new = make(1), make(2)
    generations = Generations(old)
    with generations.using() as first:
        with generations.using() as second:
            generations.exchange(new)
            assert first is second is old
        assert not is_closed(old)
        assert not generations.wait_until_closed(1, seconds=0)
        with generations.using() as later:
            assert later is new
    assert is_closed(old)
    assert not is_closed(new)
    assert generations.wait_until_closed(1, seconds=0)


def test_old_one_without_users_is_closed_at_once() -> None:
    old = make(1)
    generations = Generations(old)
    generations.exchange(make(2))
    assert is_closed(old)


def test_user_who_fails_has_left_all_the_same() -> None:
    old = make(1)
    generations = Generations(old)

    def fail() -> None:
        with generations.using():
            generations.exchange(make(2))
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert is_closed(old)


def test_closing_closes_also_what_somebody_still_uses() -> None:
    old, new = make(1), make(2)
    generations = Generations(old)
    with generations.using():
        generations.exchange(new)
        generations.close()
        assert is_closed(old)
        assert is_closed(new)


def test_without_one_every_use_is_refused_until_there_is_one() -> None:
    generations = Generations(None, refusal=PermanentError("built by another"))
    with pytest.raises(PermanentError, match="built by another"), generations.using():
        pass
    generations.exchange(make(2))
    with generations.using() as now:
        assert now.number == 2


def test_many_threads_meet_no_closed_store() -> None:
    generations = Generations(make(1))
    stop, met = threading.Event(), []

    def use() -> None:
        while not stop.is_set():
            with generations.using() as now:
                if is_closed(now):
                    met.append(now.number)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(2, 300):
        generations.exchange(make(number))
    stop.set()
    for thread in threads:
        thread.join()
    assert met == []
    assert all(generations.wait_until_closed(number, seconds=1) for number in range(1, 299))


def test_switch_of_another_process_is_followed_and_a_failure_to_follow_leaves_the_old_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "FOLLOW_SECONDS", 0.0)
    answers: list[Any] = [None, make(2), PermanentError("of another embedder")]

    def follow(_number: int) -> Generation | None:
        answer = answers.pop(0)
        if isinstance(answer, PermanentError):
            raise answer
        return cast("Generation | None", answer)

    generations = Generations(make(1), follow=follow)
    seen = []
    for _ in range(3):
        with generations.using() as now:
            seen.append(now.number)
    assert seen == [1, 2, 2]
    assert "of another embedder" in caplog.text
