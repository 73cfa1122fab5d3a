"""One process that parses, seen from the one that asks: started, asked within a time, stopped. Used by process.py."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from threading import Timer
from typing import cast

from core.egress import SILENCE
from core.errors import TransientError
from ingest.sandbox.limits import ParseLimits
from ingest.sandbox.wire import FrameTooLong, read_frame, write_frame

_START_SECONDS = 60.0
_MOST_WORDS_BYTES = 4096
# Nothing else of our surroundings is passed on: no home, no token, no proxy.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "TESSDATA_PREFIX")
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}


class ParserUnavailable(TransientError):
    """The process that reads files cannot be started or was closed; no file is to blame."""


class ChildLost(Exception):
    """The process has ended, or had to be stopped, before it replied."""


class RunningChild:
    """Belongs to one asker at a time. `files` counts those that it has answered for."""

    def __init__(self, limits: ParseLimits) -> None:
        self.limits, self.files = limits, 0
        self.is_late = self.is_ready = self.is_stopped = False
        self.walls: tuple[str, ...] = ()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
                [sys.executable, "-P", "-s", "-B", "-m", "ingest.sandbox.child", limits.pack()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env=_build_environment(),
                cwd=os.sep,
                start_new_session=True,
            )
        except OSError as error:
            raise ParserUnavailable(_explain_start(str(error))) from error

    def exchange(self, header: bytes, content: bytes) -> bytes:
        """The reply to one request. Raises ChildLost; FrameTooLong when the reply is longer than allowed."""
        self._wait_until_ready()
        with self._within(self.limits.seconds), _as_loss():
            write_frame(cast(FileIO, self._process.stdin), header)
            write_frame(cast(FileIO, self._process.stdin), content)
            most = self.limits.most_output_megabytes * 2**20
            reply = read_frame(cast(FileIO, self._process.stdout), most_bytes=most)
        self.files += 1
        return reply

    def kill(self) -> None:
        """At once, with all that it has started; from any thread."""
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def stop(self, *, patience: float = 0.0) -> int:
        """End it, after so many seconds in which it may end by itself; the exit code (−9: by signal 9)."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=patience)
        self.kill()
        code = self._process.wait()
        self._close_pipes()
        self.is_stopped = True
        return code

    def forget(self) -> None:
        """After a fork: it is the other process's child. Only our copies of the pipes are closed."""
        self._process.returncode = 0
        self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            cast(FileIO, pipe).close()

    def _wait_until_ready(self) -> None:
        if self.is_ready:
            return
        try:
            with self._within(_START_SECONDS), _as_loss():
                words = read_frame(cast(FileIO, self._process.stdout), most_bytes=_MOST_WORDS_BYTES)
        except (ChildLost, FrameTooLong) as error:
            raise ParserUnavailable(_explain_start(self._read_last_words())) from error
        self.walls, self.is_ready = tuple(words.decode().split(", ")), True

    def _read_last_words(self) -> str:
        if self.is_late:
            return f"it did not start within {_START_SECONDS:g} s"
        said = cast(FileIO, self._process.stderr).read(_MOST_WORDS_BYTES * 16) or b""
        lines = said.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"it ended with exit code {self._process.wait()}"

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Kills the process when the block takes longer; the block then sees the pipe end."""
        timer = Timer(seconds, self._stop_late)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _stop_late(self) -> None:
        self.is_late = True
        self.kill()


@contextmanager
def _as_loss() -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError) as error:
        raise ChildLost from error


def _build_environment() -> Mapping[str, str]:
    ours = os.environ  # noqa: TID251 - passed on, not read
    root = str(Path(__file__).parents[2])
    # Places to import from may be given from where we stand; the child stands elsewhere.
    given = [str(Path(place).resolve()) for place in ours.get("PYTHONPATH", "").split(os.pathsep) if place]
    kept = {name: ours[name] for name in _PASSED_ON if name in ours}
    return {**kept, **SILENCE, **ONE_THREAD, "PYTHONPATH": os.pathsep.join([*given, root])}


def _explain_start(reason: str) -> str:
    return (
        f"the process that reads files could not be started ({reason}); no file is to blame: look for free memory "
        "and a whole installation, then sync again"
    )
