"""The local socket: commands reach the owner of a world, and its results and errors come back as they were."""

import logging
import socket
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from core import local_socket
from core.errors import NotAllowed, OnbrandError, PermanentError, SettingsInvalid, TransientError, UsageError
from core.local_socket import (
    LONGEST_PATH,
    HomeInUse,
    NobodyListens,
    Report,
    call_owner,
    serve_commands,
    socket_path,
)
from core.sync_ledger import PlanOutdated


def ignore(progress: Mapping[str, Any]) -> None:
    pass


def echo(command: str, arguments: Mapping[str, Any], report: Report) -> Any:
    report({"done": 1})
    report({"done": 2})
    return {"command": command, **arguments}


def fail_with(error: Exception) -> local_socket.Handler:
    def handle(command: str, arguments: Mapping[str, Any], report: Report) -> Any:
        raise error

    return handle


def test_result_comes_after_its_progress(tmp_path: Path) -> None:
    seen: list[Mapping[str, Any]] = []
    with serve_commands(tmp_path, echo):
        result = call_owner(tmp_path, "ask", {"question": "“Übung”\nline two \U0001f600"}, seen.append)
    assert result == {"command": "ask", "question": "“Übung”\nline two \U0001f600"}
    assert seen == [{"done": 1}, {"done": 2}]


@pytest.mark.parametrize("result", [None, [], 0, False, "", "x" * 300_000])
def test_any_result_arrives_as_it_was(tmp_path: Path, result: object) -> None:
    with serve_commands(tmp_path, lambda _command, _arguments, _report: result):
        assert call_owner(tmp_path, "ask", {}, ignore) == result


@pytest.mark.parametrize(
    ("raised", "arrives"),
    [
        (UsageError("which one?"), UsageError),
        (SettingsInvalid(["a", "b"]), UsageError),
        (NotAllowed("not you"), NotAllowed),
        (PermanentError("never"), PermanentError),
        (TransientError("later"), TransientError),
        (PlanOutdated("again"), TransientError),
        (OnbrandError("something"), PermanentError),
    ],
)
def test_each_error_arrives_as_its_own_kind(
    tmp_path: Path, raised: OnbrandError, arrives: type[OnbrandError]
) -> None:
    with serve_commands(tmp_path, fail_with(raised)), pytest.raises(OnbrandError) as caught:
        call_owner(tmp_path, "ask", {}, ignore)
    assert type(caught.value) is arrives
    assert str(caught.value) == str(raised)


def test_crash_of_a_handler_is_logged_and_not_shown_to_the_caller(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        serve_commands(tmp_path, fail_with(KeyError("internal detail"))),
        pytest.raises(PermanentError, match=r"^it failed inside \(KeyError\); see the log of the owner$"),
    ):
        call_owner(tmp_path, "ask", {}, ignore)
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.exc_info is not None
    assert "internal detail" in str(record.exc_info[1])


def test_owner_goes_on_after_a_crash_and_after_nonsense(tmp_path: Path) -> None:
    def handle(command: str, arguments: Mapping[str, Any], report: Report) -> Any:
        return 1 // arguments["number"]

    with serve_commands(tmp_path, handle):
        with pytest.raises(PermanentError, match="ZeroDivisionError"):
            call_owner(tmp_path, "divide", {"number": 0}, ignore)
        with socket.socket(socket.AF_UNIX) as other:
            other.connect(str(socket_path(tmp_path)))
            other.sendall(b"GET / HTTP/1.1\n")
            assert b"it failed inside (JSONDecodeError)" in other.recv(1000)
        assert call_owner(tmp_path, "divide", {"number": 1}, ignore) == 1


def test_caller_that_goes_away_harms_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone, ended = threading.Event(), threading.Event()

    def handle(command: str, arguments: Mapping[str, Any], report: Report) -> Any:
        if command == "leave":
            gone.wait(5)
            ended.set()
            raise UsageError("nobody hears this")
        return "still here"

    with serve_commands(tmp_path, handle):
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(socket_path(tmp_path)))
            caller.sendall(b'{"command": "leave", "arguments": {}}\n')
        gone.set()
        assert ended.wait(5)
        assert call_owner(tmp_path, "ask", {}, ignore) == "still here"
    assert "Traceback" not in capsys.readouterr().err


def test_nobody_listens_before_and_after(tmp_path: Path) -> None:
    with pytest.raises(NobodyListens, match="nothing listens for"):
        call_owner(tmp_path, "ask", {}, ignore)
    with serve_commands(tmp_path, echo):
        call_owner(tmp_path, "ask", {}, ignore)
    assert not socket_path(tmp_path).exists()
    with pytest.raises(NobodyListens):
        call_owner(tmp_path, "ask", {}, ignore)


def test_worlds_do_not_hear_each_other(tmp_path: Path) -> None:
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:
        home.mkdir()
    with serve_commands(homes[0], echo), pytest.raises(NobodyListens):
        call_owner(homes[1], "ask", {}, ignore)


def test_home_with_a_long_path_is_served_from_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / ("h" * 60) / ("ü" * 60)
    home.mkdir(parents=True)
    with TemporaryDirectory(dir="/tmp") as temporary:
        monkeypatch.setattr("tempfile.tempdir", temporary)
        assert socket_path(home).parent == Path(temporary)
        assert len(bytes(socket_path(home))) <= LONGEST_PATH
        assert socket_path(home) != socket_path(home.parent)
        with serve_commands(home, echo):
            assert call_owner(home, "ask", {}, ignore) == {"command": "ask"}


@pytest.mark.parametrize("is_socket", [True, False])
def test_socket_file_of_a_dead_owner_is_replaced(tmp_path: Path, is_socket: bool) -> None:
    if is_socket:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(socket_path(tmp_path)))
    else:
        socket_path(tmp_path).write_text("left over")
    with pytest.raises(NobodyListens):
        call_owner(tmp_path, "ask", {}, ignore)
    with serve_commands(tmp_path, echo):
        assert call_owner(tmp_path, "ask", {}, ignore) == {"command": "ask"}


def test_socket_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    with serve_commands(tmp_path, echo):
        assert stat.S_IMODE(socket_path(tmp_path).stat().st_mode) == 0o600
    (tmp_path / "made-later").touch()
    assert stat.S_IMODE((tmp_path / "made-later").stat().st_mode) != 0o600


def test_twenty_callers_at_once_get_each_their_own_answer(tmp_path: Path) -> None:
    everybody = threading.Barrier(20)

    def handle(command: str, arguments: Mapping[str, Any], report: Report) -> Any:
        everybody.wait(10)
        return arguments["number"]

    with serve_commands(tmp_path, handle), ThreadPoolExecutor(20) as pool:
        calls = [pool.submit(call_owner, tmp_path, "ask", {"number": number}, ignore) for number in range(20)]
        assert [call.result() for call in calls] == list(range(20))


def test_request_of_another_user_is_not_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(
        local_socket, "_is_same_user", lambda _: threading.current_thread() is threading.main_thread()
    )
    with (
        serve_commands(tmp_path, lambda command, _arguments, _report: heard.append(command)),
        pytest.raises(TransientError, match="stopped before it had answered"),
    ):
        call_owner(tmp_path, "ask", {}, ignore)
    assert heard == []


def test_nothing_is_told_to_a_socket_of_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(
        local_socket, "_is_same_user", lambda _: threading.current_thread() is not threading.main_thread()
    )
    with (
        serve_commands(tmp_path, lambda command, _arguments, _report: heard.append(command)),
        pytest.raises(NobodyListens, match="belongs to another user"),
    ):
        call_owner(tmp_path, "ask", {}, ignore)
    assert heard == []


@contextmanager
def dying_owner(home: Path, die: Callable[[socket.socket], None]) -> Iterator[None]:
    """Takes one call, does what `die` does, and closes."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(socket_path(home)))
        listener.listen()

        def take() -> None:
            connection, _ = listener.accept()
            with connection:
                die(connection)

        thread = threading.Thread(target=take)
        thread.start()
        yield
        thread.join()


def answer_half(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.sendall('{"progress": {"done": 1}}\n{"result": "halb ü'.encode()[:-1])


@pytest.mark.parametrize("die", [lambda _connection: None, lambda one: one.recv(1000), answer_half])
def test_owner_that_dies_is_worth_another_try(tmp_path: Path, die: Callable[[socket.socket], None]) -> None:
    with (
        dying_owner(tmp_path, die),
        pytest.raises(TransientError, match="stopped before it had answered; try again"),
    ):
        call_owner(tmp_path, "ask", {}, ignore)


def test_second_server_of_one_home_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with serve_commands(tmp_path, echo):
        with pytest.raises(HomeInUse, match="ONBRAND_HOME"), serve_commands(tmp_path, echo):
            pass
        assert call_owner(tmp_path, "ask", {}, ignore) == {"command": "ask"}
