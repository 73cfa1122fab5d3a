"""The guard against look-ups, tried out in a pytest run of its own, so that what it fails is not this test."""

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

from tests.guard_site import sitecustomize
from tests.network_guard import NetworkGuard, guarded_path

ROOT = Path(__file__).resolve().parents[2]

CONFTEST = """
from tests.network_guard import watch_network

def pytest_configure(config):
    watch_network(config)
"""

PLANTED = """
import asyncio, http.server, multiprocessing, os, socket, subprocess, sys, threading
from contextlib import suppress
from pathlib import Path
import pytest
from tests.network_guard import guarded_path

LOOK = "import socket\\ntry: socket.getaddrinfo('{}', 443)\\nexcept OSError: pass\\nprint('went on')"

def run_child(host, **more):
    done = subprocess.run([sys.executable, "-c", LOOK.format(host)], capture_output=True, text=True, **more)
    assert done.stdout == "went on\\n", done

def test_bad_open(): socket.getaddrinfo("open.invalid", 80)

def test_bad_swallowed():
    with suppress(OSError): socket.create_connection(("swallowed.invalid", 80))

def test_bad_name():
    with suppress(OSError): socket.gethostbyname("name.invalid")

def test_bad_name_ex():
    with suppress(OSError): socket.gethostbyname_ex("name-ex.invalid")

def test_bad_reverse():
    with suppress(OSError): socket.gethostbyaddr("198.51.100.7")

def test_bad_connect():
    with socket.socket() as one, suppress(OSError): one.connect(("198.51.100.8", 80))

def test_bad_datagram():
    with socket.socket(type=socket.SOCK_DGRAM) as one, suppress(OSError): one.sendto(b"x", ("198.51.100.9", 53))

def test_bad_thread():
    def look():
        with suppress(OSError): socket.getaddrinfo("thread.invalid", 1)
    thread = threading.Thread(target=look); thread.start(); thread.join()

def test_bad_loop():
    async def look():
        with suppress(OSError): await asyncio.get_running_loop().getaddrinfo("loop.invalid", 1)
    asyncio.run(look())

def test_bad_skip():
    with suppress(OSError): socket.getaddrinfo("skip.invalid", 80)
    pytest.skip("nothing to see")

@pytest.fixture
def looking():
    with suppress(OSError): socket.getaddrinfo("fixture.invalid", 80)

def test_bad_fixture(looking): pass

def test_bad_child(): run_child("child.invalid")

def test_bad_grandchild():
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
    subprocess.run([sys.executable, "-c", code, LOOK.format("grandchild.invalid")])

def test_bad_child_with_few_words():
    run_child("few.invalid", env={"PYTHONPATH": guarded_path(Path("/nowhere"))})

def test_bad_child_that_may_not_write():
    import resource
    def forbid(): resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    run_child("nowrite.invalid", preexec_fn=forbid)

def test_bad_fork():
    child = os.fork()
    if child == 0:
        with suppress(OSError): socket.getaddrinfo("fork.invalid", 80)
        os._exit(0)
    os.waitpid(child, 0)

def test_good_local(tmp_path):
    for host in ("localhost", "127.0.0.1", "::1", "LOCALHOST.", b"localhost", None, "", "198.51.100.7"):
        with suppress(socket.gaierror): socket.getaddrinfo(host, 80)
    socket.gethostbyname("localhost"); socket.getfqdn("127.0.0.1")
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        socket.create_connection(server.server_address).close()
        socket.create_connection(("localhost", server.server_port)).close()
    with socket.socket(socket.AF_UNIX) as one, suppress(OSError): one.connect(str(tmp_path / "s"))
    with socket.socket(socket.AF_UNIX) as one, suppress(OSError): one.connect(b"\\0abstract")
    one, other = socket.socketpair()
    with one, other: one.send(b"x"), one.sendmsg([b"x"])

def test_good_child(): run_child("localhost")

def test_good_last(): assert True
"""

HIDDEN = 'import os, sys\nsys.stdout.write("hidden ran\\n")\n'

LATE = """
import subprocess, sys
LOOK = "import socket, sys; sys.stdin.read()\\ntry: socket.getaddrinfo('late.invalid', 443)\\nexcept OSError: pass"

def test_good_but_leaves_a_child(request):
    child = subprocess.Popen([sys.executable, "-c", LOOK], stdin=subprocess.PIPE)
    class End:
        def pytest_sessionfinish(self): child.communicate()
    request.config.pluginmanager.register(End())
"""


def run_pytest(folder: Path, text: str, *more: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_planted.py").write_text(text)
    # Not our own guard: it would see what is planted there.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    options = ["-q", "-rA", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(folder)]
    command = [sys.executable, "-m", "pytest", *options, *more, str(folder)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=100
    )


def test_every_planted_look_up_fails_its_test_and_no_other(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, PLANTED)
    summary = done.stdout[done.stdout.index("short test summary") :].splitlines()
    names = {line.partition("test_planted.py::")[2].partition(" ")[0]: line.split()[0] for line in summary}
    names.pop("", None)
    expected = {
        name: "PASSED" if "_good" in name else "ERROR" if name == "test_bad_fixture" else "FAILED"
        for name in (
            line[4:].partition("(")[0] for line in PLANTED.splitlines() if line.startswith("def test")
        )
    }
    assert names == expected, done.stdout
    for host in (
        "open",
        "swallowed",
        "name",
        "name-ex",
        "thread",
        "loop",
        "skip",
        "fixture",
        "child",
        "grandchild",
    ):
        assert f" of {host}.invalid by " in done.stdout
    for host in (
        "few.invalid",
        "nowrite.invalid",
        "fork.invalid",
        "198.51.100.7",
        "198.51.100.8",
        "198.51.100.9",
    ):
        assert f" of {host} by " in done.stdout
    assert "test_planted.py" in done.stdout[done.stdout.index(" of swallowed.invalid by ") :][:120]


def test_look_up_after_the_last_test_fails_the_run(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, LATE)
    assert "1 passed" in done.stdout
    assert "late.invalid" in done.stdout
    assert done.returncode == pytest.ExitCode.TESTS_FAILED


def test_sitecustomize_that_was_there_before_still_runs(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(HIDDEN)
    environment = {**os.environ, "PYTHONPATH": guarded_path(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", "import sys; print(sys.modules['sitecustomize'].__file__)"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == ["hidden ran", str(tmp_path / "sitecustomize.py")]


def test_guard_is_on_in_this_very_run() -> None:
    place = guarded_path().partition(os.pathsep)[0]
    assert (Path(place) / sitecustomize.NOTES).is_dir()
    assert place in os.environ["PYTHONPATH"].split(os.pathsep)


def test_guard_costs_a_test_less_than_a_millisecond(request: pytest.FixtureRequest) -> None:
    guard = request.config.pluginmanager.get_plugin("network-guard")
    assert isinstance(guard, NetworkGuard)
    started = perf_counter()
    for _ in range(100):
        for phase in (guard.pytest_runtest_setup, guard.pytest_runtest_call, guard.pytest_runtest_teardown):
            assert list(phase()) == [None]
    assert (perf_counter() - started) * 1000 / 100 < 1.0
