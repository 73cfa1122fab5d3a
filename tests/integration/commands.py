"""Runs the real command `onbrand` in processes of their own, each world in a folder of its own."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from unittest.mock import patch

from admin.cli import main
from core.clock import Stopwatch, pause
from core.local_socket import socket_path
from tests.network_guard import guarded_path

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "admin.cli")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its standard output as the one JSON object that it must be."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Its standard output as JSON lines."""
        return [json.loads(line) for line in self.out.split("\n") if line]


@dataclass(frozen=True)
class Commands:
    """Commands of one world. `day` is ONBRAND_TODAY; `settings` are those of every command."""

    home: Path
    day: str = "2026-10-15"
    settings: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str | bytes, code: int = 0, text: str | None = None, **settings: str) -> Ended:
        """Run one to its end and check its exit code; a traceback is always a defect."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=(text or "").encode(),
            capture_output=True,
            cwd=self.home,
            env=self._environment(settings),
            timeout=60,
            check=False,
        )
        ended = Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in ended.err, ended.err
        assert ended.code == code, (arguments, ended)
        return ended

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start one and go on when it listens for other commands; killed at the end if it still runs."""
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.home,
            env=self._environment({}),
        )
        try:
            self._wait_for_owner(process)
            yield process
        finally:
            process.kill()
            process.communicate()

    def _wait_for_owner(self, process: subprocess.Popen[bytes]) -> None:
        watch = Stopwatch()
        while not _listens(socket_path(self.home)):
            assert process.poll() is None, process.communicate()
            assert watch.milliseconds() < 20_000, "nobody listens"
            pause(0.02)

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        outside = os.environ.items()
        kept = {name: value for name, value in outside if not name.startswith(("ONBRAND_", "SLACK_"))}
        own = {"ONBRAND_HOME": str(self.home), "ONBRAND_TODAY": self.day, "PYTHONPATH": guarded_path(ROOT)}
        return {**kept, **own, **self.settings, **settings}


@dataclass(frozen=True)
class QuickCommands(Commands):
    """The same commands run in this process: what takes a second to start is started already."""

    def run(self, *arguments: str | bytes, code: int = 0, text: str | None = None, **settings: str) -> Ended:
        """Run one to its end and check its exit code, with an environment, folder and streams of its own."""
        words = [one if isinstance(one, str) else os.fsdecode(one) for one in arguments]
        streams = [TextIOWrapper(BytesIO(), encoding="utf-8") for _ in range(2)]
        with (
            patch.dict(os.environ, self._environment(settings), clear=True),
            patch.multiple(
                sys,
                argv=["onbrand", *words],
                stdin=TextIOWrapper(BytesIO((text or "").encode()), encoding="utf-8"),
                stdout=streams[0],
                stderr=streams[1],
            ),
            chdir(self.home),
        ):
            ended = Ended(_run_main(), *(_read_stream(stream) for stream in streams))
        assert ended.code == code, (arguments, ended)
        return ended


def _run_main() -> int:
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _read_stream(stream: TextIOWrapper) -> str:
    stream.flush()
    content = stream.buffer
    assert isinstance(content, BytesIO)
    return content.getvalue().decode()


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def as_lines(objects: Sequence[Mapping[str, object] | str]) -> str:
    """A batch file."""
    return "".join(
        f"{one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)}\n" for one in objects
    )


def write(folder: Path, name: str, text: str | bytes) -> None:
    """Write a file, making its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
