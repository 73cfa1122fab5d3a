"""The real Slack side in a process of its own, over a scripted pipeline. Started and killed by fault tests.

Words in a question steer it: `hold` waits for a file named `go` in ONBRAND_HOME, `explode` raises.
Each question that reaches the pipeline is a line of the file `asked`.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, Self
from zoneinfo import ZoneInfo

from bot.app import SlackService, SlackTimings
from core.answers import Answer, AnswerEvent, Claim, Evidence, Milliseconds, Progress, Question
from core.clock import Clock, Stopwatch, pause
from core.database import open_database
from core.people import People
from core.settings import Settings
from tests.network_guard import guarded_path

SENTENCE: Final = "We encrypt <every> record & keep it in your region."
SCRIPTED: Final = (sys.executable, "-m", "tests.fakes.bot_process")
ROOT: Final = Path(__file__).parents[2]
TIMINGS: Final = SlackTimings(request=2, lease=2.0, sweep=0.5, ping=2.0, grace=2.0)


def build_evidence(**changes: object) -> Evidence:
    """One approved sentence with everything a citation can show."""
    fields: dict[str, object] = {
        "sentence_id": "d1:1:0:0",
        "document_id": "d1",
        "revision": 1,
        "source": "company",
        "path": "messaging/security.md",
        "title": "Security messaging",
        "heading": "Data security",
        "page": 3,
        "url": "https://brand.example/security?a=1&b=2",
        "sentence": SENTENCE,
        "status": "approved",
        "updated": None,
    }
    return Evidence(**(fields | changes))  # type: ignore[arg-type]


def build_passages_answer(*evidence: Evidence) -> Answer:
    """An answer in passages mode of these sentences (one by default)."""
    claims = tuple(Claim(text=found.sentence, evidence=(found,)) for found in evidence or (build_evidence(),))
    return Answer(verdict="answered", mode="passages", claims=claims, milliseconds=Milliseconds(1, 0, 0, 1))


class ScriptedPipeline:
    """Answers everything with the same sentence; see the module's text for the words that steer it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()

    def answer(self, question: Question) -> Iterator[AnswerEvent]:
        """Note the question, then do what it says."""
        with self._lock, (self._home / "asked").open("a") as asked:
            asked.write(f"{question.asker.label()}: {question.text}\n")
        yield Progress("searching", "Looking through the approved documents")
        while "hold" in question.text and not (self._home / "go").exists():
            pause(0.02)
        if "explode" in question.text:
            raise RuntimeError(f"cannot answer {question.text}")
        yield build_passages_answer()

    def recheck(self, question: Question, answer: Answer) -> Answer:
        """Confirm everything."""
        return answer


def build_environment(home: Path) -> dict[str, str]:
    """The environment of a command that lives in `home`; settings of the developer's own shell do not count."""
    own = {key: value for key, value in os.environ.items() if not key.startswith(("ONBRAND_", "SLACK_"))}
    return {**own, "ONBRAND_HOME": str(home), "PYTHONPATH": guarded_path(ROOT)}


class BotProcess:
    """A bot as a child process: this module's by default, or any command such as `onbrand up`."""

    def __init__(self, home: Path, environment: Mapping[str, str], *, command: tuple[str, ...] = ()) -> None:
        self.home = home
        self._environment = {**build_environment(home), **environment}
        self._command = command or SCRIPTED
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it; returns before it is connected."""
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self.home, env=self._environment, stdout=log, stderr=log
            )
        return self

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL, nothing is tidied up."""
        self._send(signal.SIGKILL)
        self.wait()

    def stop(self) -> None:
        """Ask it to end; `wait` waits until it has."""
        self._send(signal.SIGTERM)

    def wait(self) -> None:
        """Wait until it has ended."""
        if self._process:
            self._process.wait(timeout=15)

    def read_log(self) -> str:
        """All it has logged, over restarts."""
        return (self.home / "log").read_text()

    def list_asked(self) -> list[str]:
        """The questions that reached the pipeline, over restarts, as `asker: text`."""
        asked = self.home / "asked"
        return asked.read_text().splitlines() if asked.exists() else []

    def wait_for_asked(self, words: str, count: int = 1) -> bool:
        """Wait until `count` questions with these words have reached the pipeline."""
        watch = Stopwatch()
        while sum(words in line for line in self.list_asked()) < count and watch.milliseconds() < 10_000:
            pause(0.02)
        return sum(words in line for line in self.list_asked()) >= count

    def let_go(self) -> None:
        """Let the held questions go on."""
        (self.home / "go").touch()

    def _send(self, number: int) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)


def main() -> None:
    """Run until SIGTERM."""
    logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s: %(message)s")
    settings = Settings.from_environment()
    clock = Clock(ZoneInfo("UTC"))
    database = open_database(settings.database_url, home=settings.home, clock=clock)
    service = SlackService(
        settings=settings,
        pipeline=ScriptedPipeline(settings.home),
        people=People(database, admins=settings.admins),
        database=database,
        clock=clock,
        worker_name="test",
        # Tests of a crash in mid-post need a request that outlives their slowest moment.
        timings=replace(TIMINGS, request=int(sys.argv[1])) if sys.argv[1:] else TIMINGS,
    )
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    service.start()
    stopped.wait()
    service.stop()


if __name__ == "__main__":
    main()
