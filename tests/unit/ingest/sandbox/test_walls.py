"""What the process that parses is kept from, tried from inside: in Python, past Python, and in programs it starts."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's")

RAISED = """
import ctypes, os, socket, subprocess, sys, urllib.request
from ingest.sandbox import walls
{before}
stands = walls.raise_walls(memory_megabytes=200)
{attempt}
"""
NO_FILTER = "walls._refuse_calls = lambda: False"
NO_SPACE = "walls._leave_network = lambda: False"
BARE = f"{NO_FILTER}; {NO_SPACE}"
CALL = "libc = ctypes.CDLL(None, use_errno=True); print(libc.{call}, os.strerror(ctypes.get_errno()))"
SEND = (
    "libc = ctypes.CDLL(None, use_errno=True); s = libc.socket(2, 2, 0); "
    "a = bytes([2, 0, 0, 9, 192, 0, 2, 1]) + bytes(8); "
    "print(libc.sendto(s, b'x', 1, 0, a, 16), os.strerror(ctypes.get_errno()))"
)
PROGRAM = "print(subprocess.run([sys.executable, '-c', 'import socket; socket.socket()'], capture_output=True).stderr)"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What should be written after all is written here."""
    monkeypatch.chdir(tmp_path)


def attempt(what: str, *, before: str = "") -> str:
    """What a process behind the walls says of it, error or not."""
    done = subprocess.run(
        [sys.executable, "-c", RAISED.format(attempt=what, before=before)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def test_every_wall_stands_that_a_machine_grants() -> None:
    """A network of its own is refused to many containers: the refused calls are there for them."""
    stands = attempt("print(', '.join(stands))").strip().split(", ")
    assert set(stands) - {"network namespace"} == {"memory", "files", "no sockets", "tripwire"}


@pytest.mark.parametrize(
    ("what", "before", "said"),
    [
        (CALL.format(call="socket(2, 1, 0)"), "", "-1 Permission denied"),
        (CALL.format(call="socket(1, 1, 0)"), "", "-1 Permission denied"),
        (CALL.format(call="syscall(425, 8, 0)"), "", "-1 Permission denied"),
        (CALL.format(call="ptrace(0, 0, 0, 0)"), "", "-1 Permission denied"),
        (PROGRAM, "", "Permission denied"),
        ("a, b = socket.socketpair(); a.send(b'x'); print('sent')", "", "sent"),
        (
            "socket.create_connection(('192.0.2.1', 9), 5)",
            BARE,
            "socket.getaddrinfo: a file is read without network",
        ),
        ("socket.socket().connect(('192.0.2.1', 9))", BARE, "socket.connect: a file is read without network"),
        ("socket.socket().bind(('127.0.0.1', 0))", BARE, "socket.bind: a file is read without network"),
        ("urllib.request.urlopen('http://192.0.2.1')", BARE, "a file is read without network"),
        ("open('written', 'wb', 0).write(b'x')", "", "File too large"),
        ("x = b'x' * 300_000_000", "", "MemoryError"),
        ("[open('/dev/null') for _ in range(200)]", "", "Too many open files"),
    ],
)
@pytest.mark.usefixtures("elsewhere")
def test_wall_holds(what: str, before: str, said: str) -> None:
    assert said in attempt(what, before=before)


def test_memory_that_is_given_back_does_not_count() -> None:
    assert attempt("for _ in range(9): x = b'x' * 100_000_000; del x\nprint('fine')") == "fine\n"


def test_processor_time_ends_the_process() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            RAISED.format(before="", attempt="walls.limit_processor(-1)\nwhile True: pass"),
        ],
        timeout=60,
        check=False,
    )
    assert done.returncode == -24


def test_network_of_its_own_leads_nowhere() -> None:
    said = attempt(SEND, before=NO_FILTER)
    is_granted = "namespace" in attempt("print(stands)")
    assert ("-1 Network is unreachable" in said) or not is_granted
