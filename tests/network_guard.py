"""Nothing in the suite looks a host up or talks to one beyond this machine: the test in which it happens fails.

Used by tests/conftest.py. Python code is seen in this process and in every Python child that is given `guarded_path`,
also where a library swallows the refusal. Code that looks up without Python is not seen.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.guard_site import sitecustomize
from tests.guard_site.sitecustomize import MODULE, NOTES

SITE = Path(__file__).parent / "guard_site" / "sitecustomize.py"
_SEARCH_PATH = "PYTHONPATH"


def watch_network(config: pytest.Config) -> None:
    """Start watching; call once from `pytest_configure`."""
    config.pluginmanager.register(NetworkGuard(), "network-guard")


def guarded_path(*places: Path) -> str:
    """A PYTHONPATH for a child whose environment a test builds itself: these places, behind the guard's own."""
    return os.pathsep.join([*_list_guards(), *map(str, places)])


class NetworkGuard:
    """Reads after each phase of a test what was refused meanwhile, here or in a child."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="network-guard-"))
        self._notes = self._folder / NOTES
        self._notes.mkdir()
        self._late: list[str] = []
        shutil.copy(SITE, self._folder)
        self._path_before = os.environ.get(_SEARCH_PATH)
        os.environ[_SEARCH_PATH] = os.pathsep.join(filter(None, (str(self._folder), self._path_before)))
        guard: Any = sys.modules.get(MODULE, sitecustomize)
        guard.install(str(self._folder))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None]:
        yield from self._watch()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None]:
        yield from self._watch()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None]:
        yield from self._watch()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A child that outlived its test has no test to fail."""
        self._late = self._take_notes()
        if self._late:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._late:
            terminalreporter.write_line(_explain(self._late), red=True)

    def pytest_unconfigure(self) -> None:
        if self._path_before is None:
            os.environ.pop(_SEARCH_PATH, None)
        else:
            os.environ[_SEARCH_PATH] = self._path_before
        shutil.rmtree(self._folder, ignore_errors=True)

    def _watch(self) -> Generator[None]:
        try:
            yield
        except BaseException as error:
            self._fail(f"; the test itself ended with {error!r}")
            raise
        self._fail("")

    def _fail(self, more: str) -> None:
        notes = self._take_notes()
        if notes:
            pytest.fail(_explain(notes) + more, pytrace=False)

    def _take_notes(self) -> list[str]:
        names = sorted(os.listdir(self._notes))  # noqa: PTH208 - three times a test: no objects for nothing
        for name in names:
            (self._notes / name).unlink()
        return [f"process {name}" for name in names]


def _list_guards() -> list[str]:
    """Nearest first."""
    places = os.environ.get(_SEARCH_PATH, "").split(os.pathsep)
    return [place for place in places if place and (Path(place) / NOTES).is_dir()]


def _explain(notes: list[str]) -> str:
    lines = "\n  ".join(notes)
    return f"a host beyond this machine was asked for or talked to, and refused:\n  {lines}"
